"""Signature: how a document becomes compact text (RFC 7515 7.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from oidc_harness.model.application import Application
from oidc_harness.model.key import MAC_ALGORITHMS, KeyRing
from oidc_harness.protocol.about import About
from oidc_harness.protocol.jose_algorithms import ALGORITHMS

Purpose = Literal["id_token", "access_token", "userinfo", "introspection", "logout_token", "claims"]
"""What the document is. A switch says in `applies` which of them it acts on."""


@dataclass(frozen=True, slots=True, eq=False)
class SignatureQuestion:
    """Sign this."""

    about: About
    purpose: Purpose
    claims: Mapping[str, Any]
    alg: str
    keys: KeyRing
    secret: str | None
    """The client secret, for the HMAC algorithms (OIDC Core 10.1)."""


UNSIGNED = "none"
REQUEST_OBJECT_ALGORITHMS = (UNSIGNED, *ALGORITHMS)
"""What a client may sign its request objects with, unless it registered one of them (OIDC Discovery 3)."""


def id_token_algorithms(of_realm: tuple[str, ...]) -> tuple[str, ...]:
    """What a client may register for, where the realm has keys for these algorithms (A12).

    `none` may be offered as long as no ID token comes from the authorization endpoint (OIDC Registration 2).
    """
    return (*introspection_algorithms(of_realm), UNSIGNED)


def introspection_algorithm(application: Application) -> str:
    """What the client registered for, else RS256 (RFC 9701 6)."""
    return application.introspection_signed_response_alg or "RS256"


def introspection_algorithms(of_realm: tuple[str, ...]) -> tuple[str, ...]:
    """The same but `none`: what a resource server shows as evidence has to be signed (RFC 9701 1)."""
    return (*of_realm, *MAC_ALGORITHMS)


_TYPES: dict[Purpose, str | None] = {
    "id_token": None,
    "access_token": "at+jwt",
    "userinfo": None,
    "introspection": "token-introspection+jwt",
    "logout_token": "logout+jwt",
    "claims": None,
}
"""The `typ` of the header (RFC 9068 2.1, RFC 9701 5, OIDC Back-Channel Logout 2.4)."""


def sign(question: SignatureQuestion) -> str:
    """The compact text, signed with the realm's current key, or the client secret for HMAC (OIDC Core 10.1).

    Unsigned where the client registered for that (RFC 7515 appendix A.5).
    """
    from oidc_harness.protocol import jose  # brings in all of JOSE, which the metadata need not: they ask what there is

    if question.alg == UNSIGNED:
        return jose.compose({"alg": UNSIGNED}, question.claims, None)
    typ = _TYPES[question.purpose]
    if question.alg in MAC_ALGORITHMS:
        if question.secret is None:
            raise ValueError(f"{question.alg} needs the client secret, which is not kept for this application")
        return jose.sign_symmetric(question.claims, alg=question.alg, secret=question.secret, typ=typ)
    return jose.sign(question.claims, key=question.keys.signing_key(question.alg), typ=typ)
