"""Lies in how an ID token is signed. Its claims are right."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import shake_256

from oidc_harness.protocol import jose
from oidc_harness.protocol.signature import UNSIGNED, SignatureQuestion
from oidc_harness.protocol.spec import spec
from oidc_harness.switches.base import SignatureSwitch
from oidc_harness.switches.expectation import refuses_sign_in

Honest = Callable[[SignatureQuestion], str]


def with_garbage(token: str) -> str:
    """The token with other signature octets, as many as there were: the same ones for the same token."""
    first_parts, _, signature = token.rpartition(".")
    octets = shake_256(first_parts.encode()).digest(len(signature) * 3 // 4)
    return f"{first_parts}.{jose.base64url(octets)}"


@dataclass(frozen=True, slots=True)
class SigGarbage(SignatureSwitch):
    """The ID token has a proper header, and a signature that nobody's key made.

    Core lets a client that got the token from the token endpoint over verified TLS go without the signature; no client
    should rely on that, and most that skip the check do so by mistake.
    """

    name = "sig-garbage"
    breaks = spec("RFC8725-3.3")
    expects = refuses_sign_in()

    def applies(self, question: SignatureQuestion) -> bool:
        """Signed ID tokens only: an access token is not for the client to verify."""
        return question.purpose == "id_token" and question.alg != UNSIGNED

    def act(self, honest: Honest, question: SignatureQuestion) -> str:
        """The honest token with other signature octets, as many as there were."""
        return with_garbage(honest(question))


@dataclass(frozen=True, slots=True)
class AlgNone(SignatureSwitch):
    """The ID token says `alg: none` and has no signature, for a client that did not register for that.

    Whoever can hand a token to a client that takes it can sign in as anybody.
    """

    name = "alg-none"
    breaks = spec("OIDCC-2")
    expects = refuses_sign_in()

    def applies(self, question: SignatureQuestion) -> bool:
        """Signed ID tokens only: an access token is not for the client to verify."""
        return question.purpose == "id_token" and question.alg != UNSIGNED

    def act(self, honest: Honest, question: SignatureQuestion) -> str:
        """The same claims, unsigned."""
        return jose.compose({"alg": "none"}, question.claims, None)
