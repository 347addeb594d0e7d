"""Traces: what an exchange shows of codes, tokens and subjects, so that each use can be tied to its issue."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from oidc_harness.protocol.errors import WrongMethod
from oidc_harness.protocol.jose_compact import decode_unverified
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.protocol.parameters import first
from oidc_harness.provider.exchange import Exchange

_PRESENTED = ("code", "refresh_token", "token", "access_token")
_USES = ("userinfo", "introspection")


def issued_by(exchange: Exchange) -> Iterator[str]:
    """The codes and tokens that an answer carried."""
    reply = exchange.reply
    if reply is None:
        return
    for name in ("access_token", "refresh_token"):
        value = (reply.members or {}).get(name)
        if isinstance(value, str):
            yield value
    location = next((value for name, value in reply.headers if name.lower() == "location"), "")
    yield from _codes(location)


def _codes(location: str) -> Iterator[str]:
    try:
        parts = urlsplit(location)
    except ValueError:
        return
    for text in (parts.query, parts.fragment):
        yield from (value for name, value in parse_qsl(text) if name == "code")


def presented_in(exchange: Exchange) -> Iterator[str]:
    """The codes and tokens that a request carried."""
    request = exchange.request
    yield from (value for name, value in (*request.form, *request.query) if name in _PRESENTED)
    token = bearer_token(exchange)
    if token is not None:
        yield token


def bearer_token(exchange: Exchange) -> str | None:
    """The token in the `Authorization` header, or None (RFC 6750 2.1)."""
    scheme, _, token = exchange.request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def uses_tokens(exchange: Exchange) -> bool:
    """Whether the client worked with the tokens it was given: userinfo, introspection, refresh."""
    if exchange.endpoint in _USES:
        return True
    return exchange.endpoint == "token" and first(exchange.request.form, "grant_type") == "refresh_token"


def is_authorization_request(exchange: Exchange) -> bool:
    """Whether a client asked; a browser that comes back from a page has only `interaction`."""
    asked = exchange.endpoint == "authorize" and not came_in_vain(exchange)
    return asked and first(exchange.request.query, "interaction") is None


def came_in_vain(exchange: Exchange) -> bool:
    """Whether the request came by a method that is not answered there, as those of programs that only look around."""
    return isinstance(exchange.error, WrongMethod)


def refused(exchange: Exchange) -> bool:
    """Whether the provider said no."""
    return exchange.error is not None or (exchange.reply is not None and exchange.reply.status >= 400)


def subjects_told(exchange: Exchange) -> Iterator[str]:
    """Every `sub` that an answer told, in an ID token or beside it, true or false."""
    members = exchange.reply.members if exchange.reply is not None else None
    yield from _subject(members)
    id_token = (members or {}).get("id_token")
    if isinstance(id_token, str):
        try:
            yield from _subject(decode_unverified(id_token)[1])
        except JoseError:
            return


def subject_in(answer: object) -> str | None:
    """The `sub` that an answer of a seam says, or None."""
    return next(_subject(answer), None) if isinstance(answer, Mapping) else None


def _subject(claims: Mapping[str, Any] | None) -> Iterator[str]:
    subject = (claims or {}).get("sub")
    if isinstance(subject, str):
        yield subject
