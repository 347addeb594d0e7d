"""`id_token_hint`: an ID token of ours, shown to us again (OIDC Core 3.1.2.1, RP-Initiated Logout 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.key import MAC_ALGORITHMS, KeyRing
from oidc_harness.protocol.errors import invalid_request
from oidc_harness.protocol.jose_compact import decode_unverified
from oidc_harness.protocol.jose_error import JoseError, shown
from oidc_harness.protocol.jwks import document
from oidc_harness.protocol.spec import Spec


@dataclass(frozen=True, slots=True)
class Hint:
    """What a verified hint says."""

    client_id: str
    subject: str
    sid: str | None


@dataclass(frozen=True, slots=True, eq=False)
class HintQuestion:
    """Is this an ID token that we issued?"""

    token: str
    issuer: str
    keys: KeyRing
    application: Application | None
    """The client that a hint by HMAC would be for."""
    clear_secret: str | None
    where: Spec


def read_hint(question: HintQuestion) -> Hint:
    """What the hint says. It may have expired; it must be ours. Raises `invalid_request` otherwise.

    An unsigned one never is: anybody could have made it.
    """
    from oidc_harness.protocol.jose import verify  # hints are rare

    _refuse_encrypted(question)
    try:
        header, _ = decode_unverified(question.token)
        _check_type(header)
        if header.get("alg") in MAC_ALGORITHMS and question.clear_secret:
            claims = verify(question.token, question.clear_secret, algorithms=MAC_ALGORITHMS).claims
        else:
            published = document(question.keys)["keys"]
            claims = verify(question.token, published, algorithms=question.keys.algorithms()).claims
    except JoseError as error:
        raise invalid_request("id_token_hint is not acceptable", str(error), question.where) from None
    return _hint(claims, question)


def _refuse_encrypted(question: HintQuestion) -> None:
    """What we encrypted, only the client can open; it has to, before it shows us the ID token (OIDC Core 3.1.2.1)."""
    if question.token.count(".") == 4:
        raise invalid_request(
            "id_token_hint is encrypted; decrypt it and send the signed ID token that is in it",
            "an encrypted ID token is for the client alone to open; this provider has no key for it, and publishes none"
            " to encrypt to, so the hint has to be the signed ID token that was inside (OIDC Core 3.1.2.1)",
            question.where,
        )


def _check_type(header: Mapping[str, Any]) -> None:
    """An access token in the form of a JWT is ours too, and no ID token (RFC 8725 3.11, RFC 9068 2.1)."""
    if header.get("typ") not in (None, "JWT"):
        raise JoseError(f"The token's typ is {shown(header['typ'])}; an ID token has none, or JWT")


def claimed_client(token: str) -> str | None:
    """The audience a hint claims, not verified: to know whose secret may verify it. None where it claims none."""
    try:
        audience = decode_unverified(token)[1].get("aud")
    except JoseError:
        return None
    return audience if isinstance(audience, str) else None


def _hint(claims: dict[str, object], question: HintQuestion) -> Hint:
    issuer, audience, subject, sid = (claims.get(name) for name in ("iss", "aud", "sub", "sid"))
    if issuer != question.issuer or not isinstance(audience, str) or not isinstance(subject, str):
        raise invalid_request(
            "id_token_hint is not acceptable",
            f"iss is {issuer!r}, aud {audience!r}, sub {subject!r}; expected an ID token of {question.issuer}",
            question.where,
        )
    return Hint(audience, subject, sid if isinstance(sid, str) else None)
