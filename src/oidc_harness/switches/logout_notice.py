"""Lies in the claims of the logout token. The signature over them is right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, MinLen

from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.logout_notice import EVENT, LogoutNoticeQuestion
from oidc_harness.protocol.spec import spec
from oidc_harness.switches.base import Claims, LogoutNoticeSwitch
from oidc_harness.switches.expectation import keeps_session, refuses_notice

Honest = Callable[[LogoutNoticeQuestion], Claims]
Text = Annotated[str, MinLen(1)]
_VALIDATION = spec("OIDCBCL-2.6")


class _LogoutTokenSwitch(LogoutNoticeSwitch):
    def applies(self, question: LogoutNoticeQuestion) -> bool:
        """Logout tokens only: what the front channel says is no token."""
        return question.channel == "back"


@dataclass(frozen=True, slots=True)
class BclIssWrong(_LogoutTokenSwitch):
    """The logout token names another issuer, under a valid signature of the configured one.

    A client that takes it lets one provider sign out the users of another.
    """

    name = "bcl-iss-wrong"
    breaks = _VALIDATION
    expects = refuses_notice()

    value: Text = "https://issuer.example"
    """The `iss` it has."""

    def act(self, honest: Honest, question: LogoutNoticeQuestion) -> Claims:
        """The honest claims with another `iss`."""
        return {**honest(question), "iss": self.value}


@dataclass(frozen=True, slots=True)
class BclAudWrong(_LogoutTokenSwitch):
    """The logout token was made for another client of the same provider."""

    name = "bcl-aud-wrong"
    breaks = _VALIDATION
    expects = refuses_notice()

    value: Text = "another-client"
    """The client_id in `aud`."""

    def act(self, honest: Honest, question: LogoutNoticeQuestion) -> Claims:
        """The honest claims with another `aud`."""
        return {**honest(question), "aud": self.value}


@dataclass(frozen=True, slots=True)
class BclEventsMissing(_LogoutTokenSwitch):
    """The logout token has no `events`, which is what makes it one.

    A client that does not look takes any token of the provider for a logout token.
    """

    name = "bcl-events-missing"
    breaks = _VALIDATION
    expects = refuses_notice()

    def act(self, honest: Honest, question: LogoutNoticeQuestion) -> Claims:
        """The honest claims without `events`."""
        return _without(honest(question), "events")


@dataclass(frozen=True, slots=True)
class BclEventsWrong(_LogoutTokenSwitch):
    """The `events` of the logout token do not say that it is a back-channel logout."""

    name = "bcl-events-wrong"
    breaks = _VALIDATION
    expects = refuses_notice()

    shape: Literal["other-event", "text", "list", "no-object"] = "other-event"
    """Another event, the name of the event as a text or in a list, or a value of the event that is no object."""

    def act(self, honest: Honest, question: LogoutNoticeQuestion) -> Claims:
        """The honest claims with `events` of this shape."""
        return {**honest(question), "events": _EVENTS[self.shape]}


_EVENTS: Mapping[str, Any] = {
    "other-event": {"https://schemas.example/event/no-logout": {}},
    "text": EVENT,
    "list": [EVENT],
    "no-object": {EVENT: "yes"},
}


@dataclass(frozen=True, slots=True)
class BclNoncePresent(_LogoutTokenSwitch):
    """The logout token has a `nonce`, so that it could pass for an ID token."""

    name = "bcl-nonce-present"
    breaks = _VALIDATION
    expects = refuses_notice()

    def act(self, honest: Honest, question: LogoutNoticeQuestion) -> Claims:
        """The honest claims and a `nonce`."""
        return {**honest(question), "nonce": fingerprint(question.token_id)}


@dataclass(frozen=True, slots=True)
class BclIatOdd(_LogoutTokenSwitch):
    """The logout token does not say when it was issued, or was issued in the future."""

    name = "bcl-iat-odd"
    breaks = _VALIDATION
    expects = refuses_notice()

    shape: Literal["missing", "ahead"] = "missing"
    """Whether `iat` is missing or lies ahead."""
    seconds: Annotated[int, Ge(1)] = 3600
    """How far ahead it lies; `exp` is moved with it."""

    def act(self, honest: Honest, question: LogoutNoticeQuestion) -> Claims:
        """The honest claims with this `iat`, or none."""
        claims = honest(question)
        if self.shape == "missing":
            return _without(claims, "iat")
        return {**claims, "iat": claims["iat"] + self.seconds, "exp": claims["exp"] + self.seconds}


@dataclass(frozen=True, slots=True)
class BclExpOdd(_LogoutTokenSwitch):
    """The logout token has expired, or does not say when it will.

    A client that takes it can be signed out by whoever finds an old token.
    """

    name = "bcl-exp-odd"
    breaks = _VALIDATION
    expects = refuses_notice()

    shape: Literal["past", "missing"] = "past"
    """Whether `exp` has passed or is missing."""
    seconds: Annotated[int, Ge(1)] = 3600
    """How long ago it passed; `iat` is moved with it."""

    def act(self, honest: Honest, question: LogoutNoticeQuestion) -> Claims:
        """The honest claims with this `exp`, or none."""
        claims = honest(question)
        if self.shape == "missing":
            return _without(claims, "exp")
        ago = claims["exp"] - question.now + self.seconds
        return {**claims, "iat": claims["iat"] - ago, "exp": claims["exp"] - ago}


@dataclass(frozen=True, slots=True)
class BclJtiMissing(_LogoutTokenSwitch):
    """The logout token has no `jti`, by which it could be told that it was sent before."""

    name = "bcl-jti-missing"
    breaks = spec("OIDCBCL-2.4")
    expects = refuses_notice()

    def act(self, honest: Honest, question: LogoutNoticeQuestion) -> Claims:
        """The honest claims without `jti`."""
        return _without(honest(question), "jti")


@dataclass(frozen=True, slots=True)
class BclNoSubject(_LogoutTokenSwitch):
    """The logout token names neither user nor session.

    Some clients end every session there is then.
    """

    name = "bcl-no-subject"
    breaks = _VALIDATION
    expects = refuses_notice()

    def act(self, honest: Honest, question: LogoutNoticeQuestion) -> Claims:
        """The honest claims without `sub` and `sid`."""
        return _without(honest(question), "sub", "sid")


@dataclass(frozen=True, slots=True)
class BclSidUnknown(_LogoutTokenSwitch):
    """The logout token names a session that the client has not, of a user who is signed in there.

    It is about that one session, which may have ended long ago: a client may answer as it likes, and ends no other.
    """

    name = "bcl-sid-unknown"
    breaks = spec("OIDCBCL-2.7")
    expects = keeps_session()

    def act(self, honest: Honest, question: LogoutNoticeQuestion) -> Claims:
        """The honest claims, with the user and a `sid` that was never told."""
        return {**honest(question), "sub": question.subject, "sid": fingerprint(question.token_id)}


@dataclass(frozen=True, slots=True)
class BclSidSubConflict(_LogoutTokenSwitch):
    """The logout token names a session of one user, and as user another one.

    Nobody is both, so nobody's session ends, however the client answers.
    """

    name = "bcl-sid-sub-conflict"
    breaks = _VALIDATION
    expects = keeps_session()

    value: Text = "another-user"
    """The `sub` it has."""

    def applies(self, question: LogoutNoticeQuestion) -> bool:
        """Logout tokens about one session."""
        return question.channel == "back" and question.sid is not None

    def act(self, honest: Honest, question: LogoutNoticeQuestion) -> Claims:
        """The honest claims, with the session and another `sub`."""
        return {**honest(question), "sub": self.value, "sid": question.sid}


def _without(claims: Claims, *names: str) -> Claims:
    return {claim: value for claim, value in claims.items() if claim not in names}
