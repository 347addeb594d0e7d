"""From aiohttp to `Request`: parameters in order, repetitions kept, cookies under their realm's names."""

from urllib.parse import parse_qsl

from aiohttp import web

from oidc_harness.protocol.request import Pairs, Request

LARGEST_BODY = 262_144
"""Bytes of a request body; larger ones get 413."""
MOST_FIELDS = 1000
"""Parameters that are parsed at all; the protocol refuses far fewer."""
FORM = "application/x-www-form-urlencoded"


class Unreadable(Exception):
    """The request cannot be taken apart; the message says why."""


def cookie_name(name: str, realm: str) -> str:
    """The name a realm's cookie has in the browser; realms under one host must not share them."""
    return f"oidc_{name}_{realm}"


async def adapt(request: web.Request, realm: str, path: str) -> Request:
    """The request as the provider sees it. Raises `Unreadable` for what is no form."""
    headers = request.headers
    cookies: dict[str, str] = {}
    if "Cookie" in headers:
        for name in ("session", "browser"):
            value = request.cookies.get(cookie_name(name, realm))
            if value:
                cookies[name] = value
    form: Pairs = ()
    if request.method == "POST" and request.content_type == FORM:
        form = parse(await _body(request))
    query = request.rel_url.raw_query_string
    return Request(request.method, path, parse(query) if query else (), form, headers, cookies)


async def _body(request: web.Request) -> str:
    try:
        return (await request.read()).decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("the form is not UTF-8 text") from None


def parse(text: str) -> Pairs:
    """Form-encoded text as pairs. Raises `Unreadable` for more than is sensible."""
    try:
        return tuple(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace"))
    except ValueError:
        raise Unreadable(f"more than {MOST_FIELDS} parameters") from None
