"""Faults of the network and of servers: the request was carried out, and its answer goes astray."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le

from oidc_harness.protocol.delivery import Chunk, Delivery, DeliveryQuestion, HttpReply
from oidc_harness.protocol.spec import spec
from oidc_harness.switches.base import DeliverySwitch
from oidc_harness.switches.expectation import calls_at_most, redeems_once, refuses_answer, waits, waits_or_gives_up

Honest = Callable[[DeliveryQuestion], Delivery]
Endpoint = Literal["discovery", "jwks", "token", "userinfo", "introspection", "revocation"]


@dataclass(frozen=True, slots=True)
class FaultAtEndpoint(DeliverySwitch):
    """A fault in the answers of one endpoint."""

    endpoint: Endpoint = "token"
    """The endpoint whose answers it befalls."""

    def applies(self, question: DeliveryQuestion) -> bool:
        """Answers of that endpoint."""
        return question.about.endpoint == self.endpoint


@dataclass(frozen=True, slots=True)
class Http503(FaultAtEndpoint):
    """Instead of its answer the endpoint says 503 with `Retry-After`.

    A correct client leaves the endpoint alone for that long, and tells the person in the meantime.
    """

    name = "http-503"
    breaks = spec("RFC9110-10.2.3")
    expects = waits()

    seconds: Annotated[int, Ge(1), Le(3600)] = 5
    """The seconds in `Retry-After`."""

    def act(self, honest: Honest, question: DeliveryQuestion) -> Delivery:
        """503, as a proxy in front of the provider would say it."""
        headers = (
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("Retry-After", str(self.seconds)),
        )
        reply = HttpReply(503, headers, b"Service Unavailable\n")
        return replace(honest(question), reply=reply, chunks=None, declared_length=None)


@dataclass(frozen=True, slots=True)
class HttpSlowBody(FaultAtEndpoint):
    """The body of the answer drips out byte by byte, with the last byte after the time given.

    No pause in it is long, so only a limit for the whole answer ends the waiting. How long a client waits is its own
    affair: it may take the answer, which is whole and true in the end, or give up. It may not redeem the code again.
    """

    name = "http-slow-body"
    breaks = spec("RFC9112-9.5")
    expects = waits_or_gives_up() & redeems_once()

    seconds: Annotated[float, Gt(0), Le(600)] = 60.0
    """Seconds from the first byte of the body to the last."""

    def act(self, honest: Honest, question: DeliveryQuestion) -> Delivery:
        """The honest body in pieces of one byte."""
        plan = honest(question)
        body = plan.reply.body
        pause = self.seconds / max(len(body), 1)
        chunks = tuple(Chunk(body[place : place + 1], pause) for place in range(len(body)))
        return replace(plan, chunks=chunks)


@dataclass(frozen=True, slots=True)
class HttpTruncated(FaultAtEndpoint):
    """The answer ends before as many bytes have come as `Content-Length` promised.

    What did come can be read as a whole: a client that does not look at the length takes it for the answer.
    """

    name = "http-truncated"
    breaks = spec("RFC9112-8")
    expects = refuses_answer()

    missing: Annotated[int, Ge(1), Le(65536)] = 16
    """How many bytes more are promised than come."""

    def act(self, honest: Honest, question: DeliveryQuestion) -> Delivery:
        """The honest body under too great a length, then the end of the connection."""
        plan = honest(question)
        return replace(plan, declared_length=len(plan.reply.body) + self.missing, ending="close")


@dataclass(frozen=True, slots=True)
class HttpResetMidBody(FaultAtEndpoint):
    """The connection is reset after half the body of the answer.

    The client cannot know whether its request was carried out; here it was. A GET may be sent once more; a code may
    not, because the first request may have spent it.
    """

    name = "http-reset-mid-body"
    breaks = spec("RFC9110-9.2.2")
    expects = calls_at_most(1) & redeems_once()

    def act(self, honest: Honest, question: DeliveryQuestion) -> Delivery:
        """Half the honest body, then a TCP RST."""
        plan = honest(question)
        body = plan.reply.body
        return replace(plan, chunks=(Chunk(body[: len(body) // 2]),), ending="reset")
