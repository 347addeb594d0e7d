"""Software statements: what somebody the realm trusts says of a client's software (RFC 7591 2.3, 3.1.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.client_authentication import CLOCK_SKEW
from oidc_harness.protocol.client_metadata import Metadata
from oidc_harness.protocol.errors import OAuthError, invalid_software_statement, unapproved_software_statement
from oidc_harness.protocol.jose_algorithms import ALGORITHMS
from oidc_harness.protocol.jose_compact import decode_unverified
from oidc_harness.protocol.jose_error import JoseError, shown
from oidc_harness.protocol.spec import spec

MEMBER = "software_statement"
_OF_THE_JWT = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", MEMBER})
"""What a statement says of itself, or must not say: it vouches for no other statement."""


@dataclass(frozen=True, slots=True, eq=False)
class Vouched:
    """The metadata that count, and the statement behind them, to the letter."""

    metadata: Metadata
    statement: str | None = None


def vouched(metadata: Metadata, policy: RealmPolicy, issuer: str, now: int) -> Vouched:
    """What the client says of itself and, above that, what a statement says of it (RFC 7591 2.3).

    Raises `invalid_software_statement` and `unapproved_software_statement` (RFC 7591 3.2.2).
    """
    if policy.software_statements == "off":
        return Vouched(metadata)
    statement = metadata.get(MEMBER)
    if statement is None:
        if policy.software_statements == "required":
            raise unapproved_software_statement("a software_statement is required (policy software_statements)")
        return Vouched(metadata)
    if not isinstance(statement, str):
        raise invalid_software_statement("software_statement is not text", "expected a JWT")
    claims = _verified(statement, policy)
    _check_audience(claims, issuer)
    _check_times(claims, now)
    said = {name: value for name, value in claims.items() if name not in _OF_THE_JWT and value is not None}
    return Vouched({**metadata, **said}, statement)


def _verified(statement: str, policy: RealmPolicy) -> Mapping[str, Any]:
    """By a key of an issuer that is trusted here. An unsigned one says nothing, and HMAC has no public key."""
    from oidc_harness.protocol.jose import verify

    try:
        issuer = decode_unverified(statement)[1].get("iss")
        keys = policy.software_statement_issuers.get(issuer) if isinstance(issuer, str) else None
        if issuer is not None and keys is None:
            raise _unapproved(issuer, policy)
        if keys is None:
            raise JoseError("The statement has no iss, and so nobody says it (RFC 7591 2.3)")
        return verify(statement, keys, algorithms=ALGORITHMS).claims
    except JoseError as error:
        raise invalid_software_statement("software_statement cannot be verified", str(error)) from None


def _unapproved(issuer: object, policy: RealmPolicy) -> OAuthError:
    known = ", ".join(policy.software_statement_issuers) or "none"
    detail = f"iss is {shown(issuer)}; trusted here (policy software_statement_issuers): {known}"
    return unapproved_software_statement("the issuer of the software_statement is not trusted", detail)


def _check_audience(claims: Mapping[str, Any], issuer: str) -> None:
    audience = claims.get("aud")
    values = audience if isinstance(audience, list) else [audience]
    if audience is not None and issuer not in values:
        detail = f"aud is {', '.join(map(shown, values))}; expected the issuer {issuer!r}, or no aud"
        raise invalid_software_statement("software_statement is for somebody else", detail, spec("RFC7519-4.1.3"))


def _check_times(claims: Mapping[str, Any], now: int) -> None:
    """`exp` and `nbf`, where they are given (RFC 7519 4.1.4, 4.1.5)."""
    for name in ("exp", "nbf"):
        value = claims.get(name, now)
        if isinstance(value, bool) or not isinstance(value, int | float):
            detail = f"{name} is {shown(value)}; expected seconds since 1970"
            raise invalid_software_statement(f"{name} of the software_statement is no number", detail)
    if claims.get("exp", now + 1) <= now - CLOCK_SKEW:
        detail = f"it expired at {claims['exp']}; the realm's time is {now}"
        raise invalid_software_statement("software_statement has expired", detail, spec("RFC7519-4.1.4"))
    if claims.get("nbf", now) > now + CLOCK_SKEW:
        detail = f"it is good from {claims['nbf']} on; the realm's time is {now}"
        raise invalid_software_statement("software_statement is not good yet", detail, spec("RFC7519-4.1.5"))
