"""Lies in how a logout token is signed, and in what kind of token its header says that it is."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from oidc_harness.protocol import jose
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.signature import SignatureQuestion
from oidc_harness.protocol.spec import spec
from oidc_harness.switches.base import SignatureSwitch
from oidc_harness.switches.expectation import refuses_notice
from oidc_harness.switches.signature import with_garbage

Honest = Callable[[SignatureQuestion], str]
_VALIDATION = spec("OIDCBCL-2.6")


class _LogoutTokenSwitch(SignatureSwitch):
    def applies(self, question: SignatureQuestion) -> bool:
        """Logout tokens only."""
        return question.purpose == "logout_token"


@dataclass(frozen=True, slots=True)
class BclBadSignature(_LogoutTokenSwitch):
    """The logout token has a proper header, and a signature that nobody's key made.

    A client that does not verify it can be signed out by everybody who can reach it.
    """

    name = "bcl-bad-signature"
    breaks = _VALIDATION
    expects = refuses_notice()

    def act(self, honest: Honest, question: SignatureQuestion) -> str:
        """The honest token with other signature octets, as many as there were."""
        return with_garbage(honest(question))


@dataclass(frozen=True, slots=True)
class BclAlgNone(_LogoutTokenSwitch):
    """The logout token says `alg: none` and has no signature."""

    name = "bcl-alg-none"
    breaks = _VALIDATION
    expects = refuses_notice()

    def act(self, honest: Honest, question: SignatureQuestion) -> str:
        """The same claims, unsigned."""
        return jose.compose({"alg": "none", "typ": "logout+jwt"}, question.claims, None)


@dataclass(frozen=True, slots=True)
class BclAlgOther(_LogoutTokenSwitch):
    """The logout token is signed with a published key, by another algorithm than the client registered for.

    Nobody forged it; but a client that lets the token choose has given up the choice.
    """

    name = "bcl-alg-other"
    breaks = _VALIDATION
    expects = refuses_notice()

    def applies(self, question: SignatureQuestion) -> bool:
        """Logout tokens, where the realm has a key for another algorithm."""
        return question.purpose == "logout_token" and bool(_others(question))

    def act(self, honest: Honest, question: SignatureQuestion) -> str:
        """The honest token, signed by the first other algorithm of the realm."""
        return honest(replace(question, alg=_others(question)[0]))


def _others(question: SignatureQuestion) -> list[str]:
    return [alg for alg in question.keys.algorithms() if alg != question.alg]


@dataclass(frozen=True, slots=True)
class BclType(_LogoutTokenSwitch):
    """The header of the logout token says that it is an access token (`at+jwt`).

    `logout+jwt` is recommended and may be missing; what says that it is something else is something else.
    """

    name = "bcl-type"
    breaks = spec("RFC8725-3.11")
    expects = refuses_notice()

    def act(self, honest: Honest, question: SignatureQuestion) -> str:
        """The same claims, signed as an access token is."""
        return honest(replace(question, purpose="access_token"))


@dataclass(frozen=True, slots=True)
class BclIdTokenSent(_LogoutTokenSwitch):
    """What is posted as logout token is an ID token of the same user.

    ID tokens are shown to others as hints; a client that takes one can be signed out by whoever has seen it.
    """

    name = "bcl-id-token-sent"
    breaks = spec("OIDCBCL-4.1")
    expects = refuses_notice()

    def act(self, honest: Honest, question: SignatureQuestion) -> str:
        """What an ID token and this logout token have in common, with a nonce, signed as an ID token is."""
        shared = {name: value for name, value in question.claims.items() if name not in ("events", "jti")}
        nonce = fingerprint(str(question.claims.get("jti", "")))
        return honest(replace(question, purpose="id_token", claims={**shared, "nonce": nonce}))
