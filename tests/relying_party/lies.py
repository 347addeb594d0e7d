"""Switches for these tests: each spoils one answer of the provider in the way it is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from oidc_harness.protocol.delivery import Chunk, Delivery, DeliveryQuestion, HttpReply
from oidc_harness.protocol.errors import invalid_grant
from oidc_harness.protocol.id_token import IdTokenQuestion
from oidc_harness.protocol.redemption import Redeemed, RedemptionQuestion
from oidc_harness.protocol.redirection import Redirection, RedirectionQuestion
from oidc_harness.protocol.signature import SignatureQuestion
from oidc_harness.protocol.token_response import TokenResponseQuestion
from oidc_harness.protocol.userinfo import UserinfoQuestion
from oidc_harness.switches.base import (
    DeliverySwitch,
    IdTokenSwitch,
    RedemptionSwitch,
    RedirectionSwitch,
    SignatureSwitch,
    TokenResponseSwitch,
    UserinfoSwitch,
)


@dataclass(frozen=True)
class ClaimsChanged(IdTokenSwitch):
    """The ID token says something else; None takes a claim away."""

    change: Mapping[str, Any]
    name = "claims-changed"

    def act(self, honest: Callable[[IdTokenQuestion], Mapping[str, Any]], question: IdTokenQuestion) -> dict[str, Any]:
        claims = {**honest(question), **self.change}
        return {name: value for name, value in claims.items() if value is not None}


@dataclass(frozen=True)
class Resigned(SignatureSwitch):
    """The ID token has another signature, or another header too."""

    header: str | None
    signature: str
    name = "resigned"

    def act(self, honest: Callable[[SignatureQuestion], str], question: SignatureQuestion) -> str:
        header, claims, _ = honest(question).split(".")
        return f"{self.header or header}.{claims}.{self.signature}"


@dataclass(frozen=True)
class AnswerChanged(RedirectionSwitch):
    """The answer at the callback says something else."""

    change: Mapping[str, str]
    name = "answer-changed"

    def act(self, honest: Callable[[RedirectionQuestion], Redirection], question: RedirectionQuestion) -> Redirection:
        answer = honest(question)
        return replace(answer, parameters=tuple({**dict(answer.parameters), **self.change}.items()))


@dataclass(frozen=True)
class OtherPerson(UserinfoSwitch):
    """Userinfo speaks of somebody else."""

    name = "other-person"

    def act(
        self, honest: Callable[[UserinfoQuestion], Mapping[str, Any]], question: UserinfoQuestion
    ) -> dict[str, Any]:
        return {**honest(question), "sub": "somebody-else"}


@dataclass(frozen=True)
class MembersChanged(TokenResponseSwitch):
    """The token response says something else; None takes a member away."""

    change: Mapping[str, Any]
    name = "members-changed"

    def act(
        self, honest: Callable[[TokenResponseQuestion], Mapping[str, Any]], question: TokenResponseQuestion
    ) -> dict[str, Any]:
        members = {**honest(question), **self.change}
        return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True)
class Refusal(RedemptionSwitch):
    """Refresh tokens are refused; codes are not."""

    name = "refusal"

    def act(self, honest: Callable[[RedemptionQuestion], Redeemed], question: RedemptionQuestion) -> Redeemed:
        if question.parameters.get("grant_type") == "refresh_token":
            raise invalid_grant("refused", "refused by the test")
        return honest(question)


@dataclass(frozen=True)
class Planned(DeliverySwitch):
    """The answer goes out by a plan that is made from the honest one."""

    plan: Callable[[Delivery], Delivery]
    name = "planned"

    def act(self, honest: Callable[[DeliveryQuestion], Delivery], question: DeliveryQuestion) -> Delivery:
        return self.plan(honest(question))


def busy(plan: Delivery) -> Delivery:
    return Delivery(HttpReply(503, (("Retry-After", "30"),), b""))


def slow(plan: Delivery) -> Delivery:
    body = plan.reply.body
    return replace(plan, chunks=(Chunk(body[:9]), Chunk(body[9:], wait_seconds=1.5)))


def cut(plan: Delivery) -> Delivery:
    return replace(plan, chunks=(Chunk(plan.reply.body[:40]),), ending="close")


def reset(plan: Delivery) -> Delivery:
    return replace(plan, chunks=(Chunk(plan.reply.body[:40]),), ending="reset")


def failed(plan: Delivery) -> Delivery:
    return replace(plan, reply=replace(plan.reply, status=500))


def html(plan: Delivery) -> Delivery:
    return Delivery(HttpReply(200, (("Content-Type", "text/html"),), b"<p>Please sign in to this network."))
