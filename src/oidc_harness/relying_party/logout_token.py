"""What a careful client checks in a logout token (Back-Channel Logout 2.6), and which sessions it ends (2.7).

pyoidc judges the claims, with `events`; its signature check is used with the one algorithm that the client is
registered for. Added here: `typ`, the exact audience, `exp`, any `nonce`, and types.
"""

import time
from typing import Any

from .client import Document, Ends, Refused, Session
from .signing_keys import usable_keys
from .verification import (
    KEY_REFUSALS,
    LEEWAY_SECONDS,
    Expected,
    KeyProblem,
    check_audience,
    check_header,
    check_times,
    unpack,
)

TYPES = (None, "jwt", "logout+jwt")
"""Recommended is the last (2.4); what is typed as anything else is anything else (RFC 8725 3.11)."""


def verified_logout(text: str, key_set: Document, expected: Expected) -> Document:
    """The claims of a logout token; raises Refused, or KeyProblem."""
    header, claims = unpack(text)
    _check_type(header.get("typ"))
    check_header(header, expected.registration.id_token_alg)
    _check_signature(text, usable_keys(key_set, expected.registration, header.get("kid")), header["alg"])
    _check_claims(claims)
    _ask_pyoidc(claims, expected)
    check_audience(claims, expected.registration.client_id)
    check_times(claims, expected)
    return claims


def ended_by(claims: Document) -> Ends:
    """All sessions of the `sub`, the one of the `sid`, or the one that is of both."""
    named = {name: claims[name] for name in ("sub", "sid") if name in claims}

    def ends(session: Session) -> bool:
        return all(session.id_claims.get(name) == value for name, value in named.items())

    return ends


def _check_type(typ: object) -> None:
    # A media type is compared without regard to case, and may leave out "application/" (RFC 7515 4.1.9).
    plain = typ.lower().removeprefix("application/") if isinstance(typ, str) else typ
    if plain not in TYPES:
        raise Refused("logout_token_type", f"typ is {typ!r}; a logout token has logout+jwt")


def _check_signature(text: str, keys: list[Any], algorithm: str) -> None:
    from jwkest.jws import JWS

    try:
        JWS().verify_compact(text, keys=keys or [None], sigalg=algorithm)
    # pyjwkest tells of a bad signature by several exceptions, and by IndexError and the like in odd ones.
    except Exception as error:
        name = type(error).__name__
        kind = KeyProblem if not keys or name in KEY_REFUSALS else Refused
        raise kind("logout_token_signature", f"the signature can't be verified: {name} {error}".rstrip()) from error


def _check_claims(claims: Document) -> None:
    for name in ("iss", "jti"):
        if not isinstance(claims.get(name), str) or not claims[name]:
            raise Refused("logout_token_claim", f"{name} must be a text, it is {claims.get(name)!r}")
    for name in ("sub", "sid"):
        if not isinstance(claims.get(name, ""), str):
            raise Refused("logout_token_claim", f"{name} must be a text, it is {claims[name]!r}")
    for name in ("iat", "exp"):
        if type(claims.get(name)) not in (int, float):
            raise Refused("logout_token_claim", f"{name} must be a number, it is {claims.get(name)!r}")
    _check_purpose(claims)


def _check_purpose(claims: Document) -> None:
    """That it is a logout token at all, and could be no ID token."""
    if not isinstance(claims.get("events"), dict):
        raise Refused("logout_token_claim", f"events must be an object, it is {claims.get('events')!r}")
    # pyoidc passes over a nonce that is empty.
    if "nonce" in claims:
        raise Refused("logout_token_claim", "a logout token has no nonce")


def _ask_pyoidc(claims: Document, expected: Expected) -> None:
    from oic.oic.message import LogoutToken

    registration = expected.registration
    # pyoidc reads the system clock: allow for the distance of this client's; check_times then is exact.
    skew = LEEWAY_SECONDS + abs(expected.now - time.time())
    token: Any = LogoutToken
    try:
        token(**claims).verify(iss=registration.issuer, aud=registration.client_id, skew=skew)
    # pyoidc tells of a bad token by several exceptions without a common base.
    except Exception as error:
        raise Refused("logout_token_refused", f"{type(error).__name__} {error}".rstrip()) from error
