"""From aiohttp to `Request`: parameters in order, repetitions kept, cookies under their realm's names."""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import unquote_to_bytes

from aiohttp import web
from yarl import URL

from oidc_harness.protocol.errors import OAuthError, invalid_request
from oidc_harness.protocol.request import Pairs, Request
from oidc_harness.protocol.spec import spec
from oidc_harness.web.arrival import PROXIES

LARGEST_BODY = 262_144
"""Bytes of a request body; larger ones get 413."""
MOST_FIELDS = 1000
"""Parameters that are parsed at all; the protocol refuses far fewer."""
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
CLIENT = "{client_id}"
"""In the path of an endpoint: what a client is called."""
COOKIES = ("session", "browser", "user_agent_state")
ReadForm = Callable[[web.Request], Awaitable[str]]
"""How the text of a body is read. Raises `OAuthError` where it cannot be."""
_MADE_HERE = re.compile(r"[A-Za-z0-9_-]{16,128}")
_FORM = spec("RFC6749-B")
_REPLACED = "\ufffd"


class Unreadable(Exception):
    """A request that cannot be taken apart: as much of it as could be read, and the refusal to tell."""

    def __init__(self, request: Request, error: OAuthError) -> None:
        """`request` is without the parameters that could not be read."""
        super().__init__(str(error))
        self.request = request
        self.error = error


def cookie_name(name: str, realm: str) -> str:
    """The name a realm's cookie has in the browser; realms under one host must not share them."""
    return f"oidc_{name}_{realm}"


async def adapt(request: web.Request, realm: str, path: str, read: ReadForm) -> Request:
    """The request as the provider sees it. Raises `Unreadable` where it cannot be taken apart."""
    proxies, headers = request.app[PROXIES], request.headers
    arrival = proxies.arrival(request)
    came = partial(
        Request,
        request.method,
        path.replace(CLIENT, request.match_info.get("client_id", "")),
        headers=headers,
        cookies=_cookies(request, realm),
        client_address=arrival.client_address,
        asked_at=arrival.asked_at,
    )
    query: Pairs = ()
    certificate = None
    try:
        certificate = proxies.certificate(request)
        query = parse(request.rel_url.raw_query_string)
        form, body = await _content(request, read)
    except OAuthError as error:
        raise Unreadable(came(query, certificate=certificate), error) from None
    return came(query, form, body=body, certificate=certificate)


async def _content(request: web.Request, read: ReadForm) -> tuple[Pairs, str]:
    """The parameters of a form, or the text of what is none."""
    if read is read_json:
        return (), await read(request) if request.method in ("POST", "PUT") else ""
    return parse(await read(request)) if request.method == "POST" else (), ""


def _cookies(request: web.Request, realm: str) -> dict[str, str]:
    """Our own cookies alone; what does not look like one that was made here is not kept, and never sent back."""
    if "Cookie" not in request.headers:
        return {}
    found = {name: request.cookies.get(cookie_name(name, realm), "") for name in COOKIES}
    return {name: value for name, value in found.items() if _MADE_HERE.fullmatch(value)}


async def read_form(request: web.Request) -> str:
    """The body as text. Raises `OAuthError` where it is no form."""
    body = await _read(request)
    if body and request.content_type != FORM:
        raise invalid_request(f"the body is not {FORM}", f"its content type is {request.content_type!r}", _FORM)
    return _text(body)


async def read_form_if_any(request: web.Request) -> str:
    """The body as text if it is a form, else nothing: for where parameters may come in a form, and need not."""
    body = await _read(request)
    return _text(body) if request.content_type == FORM else ""


async def read_json(request: web.Request) -> str:
    """The body as text; what stands in it is for the endpoint to see. Raises `OAuthError` where it is no JSON."""
    body = await _read(request)
    if request.content_type != JSON:
        detail = f"its content type is {request.content_type!r}"
        raise invalid_request(f"the body is not {JSON}", detail, spec("RFC7591-3.1"))
    return _text(body)


async def _read(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        detail = f"the body is larger than {LARGEST_BODY} bytes"
        raise OAuthError(
            "invalid_request", "the request is too large", detail=detail, where=_FORM, status=413
        ) from None
    except web.RequestPayloadError as error:
        detail = f"it is not what Content-Encoding or Transfer-Encoding say: {error.__cause__ or error}"
        raise invalid_request("the body cannot be read", detail, spec("RFC9110-8.4")) from None
    except ConnectionError:
        # Nobody is there any more to be told; the journal is.
        detail = "the client hung up before its request was whole"
        raise invalid_request("the body broke off", detail, spec("RFC9112-8")) from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise invalid_request("the form is not UTF-8 text", where=_FORM) from None


def parse(text: str) -> Pairs:
    """Form-encoded text as pairs. Raises `OAuthError` for more than is sensible, and for what is not UTF-8."""
    if not text:
        return ()
    if text.count("&") >= MOST_FIELDS:
        raise invalid_request("too many parameters", f"more than {MOST_FIELDS} parameters", spec("RFC6749-3.1"))
    # Several times as fast as parse_qsl, and it puts U+FFFD in the place of what is not UTF-8.
    pairs = tuple(URL.build(query_string=text, encoded=True).query.items())
    if any(_REPLACED in name or _REPLACED in value for name, value in pairs):
        _check_encoding(text)
    return pairs


def _check_encoding(text: str) -> None:
    """A replaced character would come back to the client as part of a `state` that it never sent."""
    try:
        unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise invalid_request("a parameter is not UTF-8 text", where=_FORM) from None
