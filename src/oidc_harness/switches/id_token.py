"""Lies in the claims of the ID token. The signature over them is right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, MinLen

from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.id_token import Claims, IdTokenQuestion
from oidc_harness.protocol.spec import spec
from oidc_harness.switches.base import IdTokenSwitch
from oidc_harness.switches.expectation import refuses_sign_in

Honest = Callable[[IdTokenQuestion], Claims]
Text = Annotated[str, MinLen(1)]


@dataclass(frozen=True, slots=True)
class IssWrong(IdTokenSwitch):
    """The ID token names another issuer, under a valid signature of the configured one.

    A client that takes it would let one provider speak for the users of another.
    """

    name = "iss-wrong"
    breaks = spec("OIDCC-3.1.3.7", rule=2)
    expects = refuses_sign_in()

    value: Text = "https://issuer.example"
    """The `iss` it has."""

    def act(self, honest: Honest, question: IdTokenQuestion) -> Claims:
        """The honest claims with another `iss`."""
        return {**honest(question), "iss": self.value}


@dataclass(frozen=True, slots=True)
class AudWrong(IdTokenSwitch):
    """The ID token was made for another client of the same provider.

    A client that takes it lets whoever runs the other client sign in as any of that client's users.
    """

    name = "aud-wrong"
    breaks = spec("OIDCC-3.1.3.7", rule=3)
    expects = refuses_sign_in()

    value: Text = "another-client"
    """The client_id in `aud`."""

    def act(self, honest: Honest, question: IdTokenQuestion) -> Claims:
        """The honest claims with another `aud`."""
        return {**honest(question), "aud": self.value}


@dataclass(frozen=True, slots=True)
class NonceMissing(IdTokenSwitch):
    """The client sent a nonce, and the ID token has none.

    Without the comparison, a token stolen from another sign-in can be put in the place of this one.
    """

    name = "nonce-missing"
    breaks = spec("OIDCC-3.1.3.7", rule=11)
    expects = refuses_sign_in()

    def applies(self, question: IdTokenQuestion) -> bool:
        """Only where an honest ID token has a nonce."""
        return _has_nonce(question)

    def act(self, honest: Honest, question: IdTokenQuestion) -> Claims:
        """The honest claims without `nonce`."""
        return _without(honest(question), "nonce")


@dataclass(frozen=True, slots=True)
class NonceWrong(IdTokenSwitch):
    """The ID token has another nonce than the client sent: it was made for another sign-in."""

    name = "nonce-wrong"
    breaks = spec("OIDCC-3.1.3.7", rule=11)
    expects = refuses_sign_in()

    def applies(self, question: IdTokenQuestion) -> bool:
        """Only where an honest ID token has a nonce."""
        return _has_nonce(question)

    def act(self, honest: Honest, question: IdTokenQuestion) -> Claims:
        """The honest claims with another `nonce`: the SHA-256 of the one that was sent."""
        claims = honest(question)
        return {**claims, "nonce": fingerprint(str(claims.get("nonce", "")))}


@dataclass(frozen=True, slots=True)
class ExpPast(IdTokenSwitch):
    """The ID token has expired, by more than clocks may differ: it was born expired.

    Everything else is as always, `iat` too. An ID token that a conforming provider makes without any lifetime is realm
    policy (`id_token_ttl: 0`).
    """

    name = "exp-past"
    breaks = spec("OIDCC-3.1.3.7", rule=9)
    expects = refuses_sign_in()

    seconds: Annotated[int, Ge(1)] = 600
    """How many seconds ago it expired."""

    def act(self, honest: Honest, question: IdTokenQuestion) -> Claims:
        """The honest claims with an `exp` that has passed."""
        return {**honest(question), "exp": question.now - self.seconds}


@dataclass(frozen=True, slots=True)
class SubMissing(IdTokenSwitch):
    """The ID token does not say whom it is about."""

    name = "sub-missing"
    breaks = spec("OIDCC-2")
    expects = refuses_sign_in()

    def act(self, honest: Honest, question: IdTokenQuestion) -> Claims:
        """The honest claims without `sub`."""
        return _without(honest(question), "sub")


def _has_nonce(question: IdTokenQuestion) -> bool:
    return question.grant.nonce is not None and not question.refreshed


def _without(claims: Claims, name: str) -> Claims:
    return {claim: value for claim, value in claims.items() if claim != name}
