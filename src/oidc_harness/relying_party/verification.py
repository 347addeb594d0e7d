"""What a careful client checks in a token response: pyoidc's judgement, and what pyoidc leaves out.

pyoidc verifies signature, `iss`, `aud`, `azp`, `exp` and `iat`, with the algorithm pinned to the registered
one. It can't verify EdDSA and ES256K; a client registered for these can't sign in. Added here: types, `crit`,
the exact audience, `nonce`, `at_hash` where it is present, `auth_time`, and the comparison after a refresh.
"""

import time
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from .back_channel import parse_object
from .client import Document, Refused
from .registration import Registration
from .signing_keys import ALGORITHMS, usable_keys

LEEWAY_SECONDS = 60


class KeyProblem(Refused):
    """No key fits the ID token, or the signature is wrong: the only refusal that fresh keys may heal."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token is held against. `now` is in Unix seconds; None: nothing to compare."""

    registration: Registration
    now: float
    nonce: str | None = None
    max_age_seconds: int | None = None


def check_token_response(document: Document) -> None:
    """A Bearer token with a text of its own (RFC 6749 5.1, Core 3.1.3.3); raises Refused."""
    for name in ("access_token", "token_type"):
        if not isinstance(document.get(name), str) or not document[name]:
            raise Refused("bad_token_response", f"{name} must be a text, it is {document.get(name)!r}")
    if document["token_type"].lower() != "bearer":
        raise Refused("bad_token_response", f"token_type must be Bearer, it is {document['token_type']!r}")
    for name in ("id_token", "refresh_token"):
        if not isinstance(document.get(name), str | None):
            raise Refused("bad_token_response", f"{name} must be a text")


def verified_claims(tokens: Document, key_set: Document, expected: Expected) -> Document:
    """The claims of the ID token in a token response (Core 3.1.3.7); raises Refused, or KeyProblem."""
    header, claims = unpack(tokens["id_token"])
    check_header(header, expected.registration.id_token_alg)
    keys = usable_keys(key_set, expected.registration, header.get("kid"))
    _ask_pyoidc(tokens, keys, expected)
    _check_types(claims)
    check_audience(claims, expected.registration.client_id)
    check_times(claims, expected)
    _check_nonce(claims, expected.nonce)
    _check_access_token_hash(claims, tokens["access_token"], header["alg"])
    return claims


def unpack(text: str) -> tuple[Document, Document]:
    """Header and claims, not verified yet; raises Refused."""
    from jwkest import b64d

    parts = text.split(".")
    if len(parts) != 3:
        raise Refused("id_token_malformed", f"a signed token has three parts, this one {len(parts)}")
    try:
        header, claims = (parse_object(b64d(part.encode("ascii")), "the token") for part in parts[:2])
    # pyjwkest has exceptions of its own for base64, beside those of the standard library.
    except Exception as error:
        raise Refused("id_token_malformed", f"the token can't be read: {error}") from error
    return header, claims


def check_header(header: Document, algorithm: str) -> None:
    """The one algorithm this client is registered for, and nothing it can't understand; raises Refused."""
    if algorithm not in ALGORITHMS:
        raise Refused("id_token_algorithm", f"this client can't verify {algorithm}")
    if header.get("alg") != algorithm:
        raise Refused("id_token_algorithm", f"registered for {algorithm}, signed with {header.get('alg')!r}")
    if "crit" in header:
        raise Refused("id_token_header", "crit names extensions this client does not know (RFC 7515 4.1.11)")
    if not isinstance(header.get("kid"), str | None):
        raise Refused("id_token_header", "kid must be a text")


def _ask_pyoidc(tokens: Document, keys: list[Any], expected: Expected) -> None:
    from oic.oic.message import AccessTokenResponse

    registration = expected.registration
    # pyoidc reads the system clock: allow for the distance of this client's; check_times then is exact.
    skew = LEEWAY_SECONDS + abs(expected.now - time.time())
    response: Any = AccessTokenResponse
    judged = {name: tokens[name] for name in ("access_token", "token_type", "id_token")}
    try:
        response().from_dict(judged).verify(
            key=keys,
            iss=registration.issuer,
            client_id=registration.client_id,
            algs={"sign": registration.id_token_alg},
            skew=skew,
        )
    # pyoidc and pyjwkest tell of a bad token by some twenty exceptions without a common base.
    except Exception as error:
        raise _refusal(error) from error


PYOIDC_REFUSALS = {
    "IssuerMismatch": "id_token_issuer",
    "NotForMe": "id_token_audience",
    "EXPError": "id_token_expired",
    "IATError": "id_token_issued_at",
    "MissingRequiredAttribute": "id_token_claim_missing",
    "WrongSigningAlgorithm": "id_token_algorithm",
}
KEY_REFUSALS = ("NoSuitableSigningKeys", "MissingSigningKey", "BadSignature")


def _refusal(error: Exception) -> Refused:
    name = type(error).__name__
    if name in KEY_REFUSALS:
        return KeyProblem("id_token_signature", f"the signature can't be verified: {name} {error}".rstrip())
    return Refused(PYOIDC_REFUSALS.get(name, "id_token_refused"), f"{name} {error}".rstrip())


def _check_types(claims: Document) -> None:
    sub = claims.get("sub")
    if not isinstance(sub, str) or not 0 < len(sub) <= 255:
        raise Refused("id_token_subject", f"sub must be a text of 1 to 255 characters, it is {sub!r}")
    for name in ("exp", "iat"):
        if type(claims.get(name)) not in (int, float):
            raise Refused("id_token_times", f"{name} must be a number, it is {claims.get(name)!r}")


def check_audience(claims: Document, client_id: str) -> None:
    """This client alone; raises Refused."""
    if claims.get("aud") not in (client_id, [client_id]):
        raise Refused("id_token_audience", f"aud must be {client_id!r} alone, it is {claims.get('aud')!r}")


def check_times(claims: Document, expected: Expected) -> None:
    """Neither expired nor from the future, give or take a minute; raises Refused."""
    if claims["exp"] + LEEWAY_SECONDS <= expected.now:
        raise Refused("id_token_expired", f"expired {expected.now - claims['exp']:.0f} s ago")
    if claims["iat"] - LEEWAY_SECONDS > expected.now:
        raise Refused("id_token_issued_at", f"issued {claims['iat'] - expected.now:.0f} s from now")
    if expected.max_age_seconds is not None:
        _check_auth_time(claims.get("auth_time"), expected.now - expected.max_age_seconds)


def _check_auth_time(auth_time: object, earliest: float) -> None:
    # Asked for with max_age, auth_time has to be there (Core 3.1.3.7 point 13).
    if type(auth_time) not in (int, float):
        raise Refused("id_token_auth_time", f"max_age was asked for, auth_time is {auth_time!r}")
    if auth_time + LEEWAY_SECONDS < earliest:  # type: ignore[operator]
        raise Refused("id_token_auth_time", "the sign-in is older than max_age allows")


def _check_nonce(claims: Document, nonce: str | None) -> None:
    if nonce is None:
        return
    if not compare_digest(str(claims.get("nonce")).encode(), nonce.encode()):
        raise Refused("id_token_nonce", f"nonce is {claims.get('nonce')!r}, not the one that was sent")


def _check_access_token_hash(claims: Document, access_token: str, algorithm: str) -> None:
    from jwkest.jws import left_hash

    if "at_hash" not in claims:
        return
    honest: str = left_hash(access_token, f"HS{algorithm[-3:]}")
    if not compare_digest(str(claims["at_hash"]).encode(), honest.encode()):
        raise Refused("id_token_at_hash", "at_hash is not the hash of this access token (Core 3.1.3.8)")


def check_renewed_claims(first: Document, renewed: Document) -> None:
    """An ID token from a refresh speaks of the same sign-in as the first one (Core 12.2); raises Refused."""
    for name in ("iss", "sub", "aud", "azp"):
        if renewed.get(name) != first.get(name):
            raise Refused("renewed_id_token", f"{name} was {first.get(name)!r}, is now {renewed.get(name)!r}")
    for name in ("nonce", "auth_time"):
        if name in renewed and renewed[name] != first.get(name):
            raise Refused("renewed_id_token", f"{name} differs from that of the first ID token")
