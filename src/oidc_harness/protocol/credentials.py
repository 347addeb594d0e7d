"""Credentials: how a request says which client it comes from (RFC 6749 2.3, OIDC Core 9)."""

from base64 import b64decode
from binascii import Error as Base64Error
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from oidc_harness.protocol.authorization_header import authorization_header
from oidc_harness.protocol.errors import OAuthError, invalid_client, invalid_request
from oidc_harness.protocol.jose_compact import decode_unverified
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True, eq=False)
class Credentials:
    """What the client presented; nothing is verified yet."""

    method: str
    """`none`, `client_secret_basic`, `client_secret_post` or `assertion`."""
    client_id: str | None
    secret: str | None = None
    undecoded_secret: str | None = None
    """What Basic carried before form-decoding: to explain to people why a secret does not fit."""
    assertion: str | None = None
    jti: str | None = None
    """The assertion's claimed `jti`, unverified: only to look up whether it was used."""


def read_credentials(request: Request, parameters: Parameters) -> Credentials:
    """The client's credentials. Raises `invalid_request` for more than one method at once (RFC 6749 2.3)."""
    authorization = authorization_header(request, spec("RFC6749-2.3"))
    offered = [authorization is not None, "client_secret" in parameters, "client_assertion" in parameters]
    if sum(offered) > 1:
        raise invalid_request(
            "more than one client authentication method",
            "the request authenticates the client in several ways at once; use the registered one alone",
            spec("RFC6749-2.3"),
        )
    if authorization is not None:
        return _basic(authorization, parameters)
    if "client_assertion" in parameters:
        return _assertion(parameters)
    method = "client_secret_post" if "client_secret" in parameters else "none"
    return Credentials(method, parameters.get("client_id"), parameters.get("client_secret"))


def named_client(request: Request) -> str | None:
    """The client_id that a request gives, whatever else is wrong with it; None where it gives none, or several."""
    pairs = request.form if request.method == "POST" else request.query
    named = {value for name, value in pairs if name == "client_id" and value}
    with suppress(OAuthError):
        named.add(_basic_pair(request.headers.get("Authorization", ""))[0])
    return named.pop() if len(named) == 1 else None


def _basic(authorization: str, parameters: Parameters) -> Credentials:
    client_id, secret = _basic_pair(authorization)
    if parameters.get("client_id", client_id) != client_id:
        raise invalid_request("client_id differs from the Authorization header", where=spec("RFC6749-3.2.1"))
    return Credentials("client_secret_basic", client_id, unquote_plus(secret), undecoded_secret=secret)


def _basic_pair(authorization: str) -> tuple[str, str]:
    """The client_id, and the secret as it came: each was form-encoded first (RFC 6749 2.3.1)."""
    scheme, space, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        # One word alone may be the secret itself, and is not repeated.
        came = f"scheme {scheme!r}" if space else "no scheme"
        raise _bad_basic(f"the Authorization header has {came}; expected Basic")
    try:
        text = b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (Base64Error, ValueError):
        raise _bad_basic("the Basic credentials are not base64 of UTF-8 text") from None
    client_id, colon, secret = text.partition(":")
    if not colon:
        raise _bad_basic("the Basic credentials have no colon between client_id and secret")
    return unquote_plus(client_id), secret


def _bad_basic(detail: str) -> OAuthError:
    return invalid_client("malformed Authorization header", detail, spec("RFC6749-2.3.1"))


def _assertion(parameters: Parameters) -> Credentials:
    kind = parameters.get("client_assertion_type")
    if kind != JWT_BEARER:
        raise invalid_request(
            "client_assertion_type is missing or unknown",
            f"client_assertion_type {kind!r}: expected {JWT_BEARER!r}",
            spec("RFC7523-2.2"),
        )
    assertion = parameters["client_assertion"]
    claims = _unverified_claims(assertion)
    subject, jti = claims.get("sub"), claims.get("jti")
    client_id = parameters.get("client_id") or (subject if isinstance(subject, str) else None)
    return Credentials("assertion", client_id, assertion=assertion, jti=jti if isinstance(jti, str) else None)


def _unverified_claims(assertion: str) -> dict[str, Any]:
    try:
        return decode_unverified(assertion)[1]
    except JoseError as error:
        raise invalid_client("client_assertion is malformed", str(error), spec("RFC7523-3")) from None
