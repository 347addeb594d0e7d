"""From `Reply` to bytes: JSON, redirects, pages, cookies."""

import json
from dataclasses import dataclass

from oidc_harness.harness.realm import Realm
from oidc_harness.protocol.delivery import Headers, HttpReply
from oidc_harness.protocol.errors import WrongMethod
from oidc_harness.provider.decision import Cookie, Decision, Empty, FormPost, Iframe, Json, Jwt, Page, Redirect
from oidc_harness.web.adapter import cookie_name

NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
"""RFC 6749 5.1: for everything with a token, a code or a person in it."""
READ_BY_SCRIPT = "user_agent_state"
"""The cookie that is no secret."""
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
_READABLE = ("Access-Control-Expose-Headers", "WWW-Authenticate")
_VARY = ("Vary", "Origin")
_JSON = {
    media: ("Content-Type", media) for media in ("application/json", "application/jwk-set+json", "application/jrd+json")
}


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets a reply."""

    realm: Realm
    origin: str | None
    """The `Origin` header of the request."""
    origins: str
    """Which scripts may read the answer: `none`, `application` or `all`."""


def render(decision: Decision, audience: Audience) -> HttpReply:
    """The answer as it would go over the wire."""
    extra = _headers(decision, audience)
    match decision.reply:
        case Json() as reply:
            return _json(reply, extra)
        case Jwt(text, claims, media_type):
            return HttpReply(200, (("Content-Type", media_type), *NO_STORE, *extra), text.encode(), claims)
        case Redirect(location):
            return HttpReply(303, (("Location", location), *NO_STORE, *extra), b"")
        case Empty(status):
            return HttpReply(status, NO_STORE + extra, b"")
        case HttpReply() as reply:
            return reply
        case Page() | FormPost() | Iframe() as reply:
            return _html(reply, audience.realm, extra)


def _headers(decision: Decision, audience: Audience) -> Headers:
    """Those that do not depend on what kind of reply it is."""
    headers = cross_origin_headers(decision, audience)
    if decision.cookies:
        headers += tuple(_set_cookie(cookie, audience.realm) for cookie in decision.cookies)
    if isinstance(decision.error, WrongMethod):
        headers += (("Allow", ", ".join(decision.error.allowed)),)
    return headers


def cross_origin_headers(decision: Decision, audience: Audience) -> Headers:
    """CORS: documents for everybody, tokens for the origins their application names (A20).

    A refusal that concerns no known application is for everybody; else no script could learn that its token is unknown,
    or its request malformed. It tells nothing of anybody: it has what the request said in it, and public rules. No
    endpoint that scripts may call looks at cookies, so the page asks for itself alone. That there is a provider here
    the documents tell everybody, and which clients it knows is no secret (RFC 6749 2.2).
    """
    if audience.origins == "all":
        return (("Access-Control-Allow-Origin", "*"),)
    if audience.origin is None or audience.origins == "none":
        return ()
    application = decision.about.application
    if application is None and decision.error is not None:
        return (("Access-Control-Allow-Origin", "*"), _READABLE, _VARY)
    allowed = application.allowed_origins if application else ()
    if audience.origin in allowed or "*" in allowed:
        return (("Access-Control-Allow-Origin", audience.origin), _READABLE, _VARY)
    return (_VARY,)


def _html(reply: Page | FormPost | Iframe, realm: Realm, extra: Headers) -> HttpReply:
    from oidc_harness.web.iframe import render_iframe  # bring in jinja2, which no token request needs
    from oidc_harness.web.templates import render_page

    if isinstance(reply, Iframe):
        return render_iframe(realm, (_cache_control(reply.cacheable_seconds), *extra))
    return render_page(reply, realm, extra)


def _json(reply: Json, extra: Headers) -> HttpReply:
    caching = NO_STORE if reply.cacheable_seconds is None else (_cache_control(reply.cacheable_seconds),)
    body = _ENCODE(reply.members).encode()
    headers = (_JSON[reply.media_type], *caching, *reply.headers, *extra)
    return HttpReply(reply.status, headers, body, reply.members)


def _cache_control(seconds: int) -> tuple[str, str]:
    return ("Cache-Control", f"public, max-age={seconds}" if seconds else "no-cache")


def _set_cookie(cookie: Cookie, realm: Realm) -> tuple[str, str]:
    path = realm.issuer.partition("://")[2].partition("/")[2]
    expiry = "" if cookie.value else "; Max-Age=0"
    name = cookie_name(cookie.name, realm.name)
    attributes = _attributes(cookie.name, realm.issuer.startswith("https:"))
    return ("Set-Cookie", f"{name}={cookie.value}; Path=/{path}; {attributes}{expiry}")


def _attributes(name: str, secure: bool) -> str:
    """Lax: sent along when a client's page leads here, kept back when it posts here.

    One is there for our script in the pages of others, and without TLS browsers let it see only what is Lax.
    """
    if name == READ_BY_SCRIPT:
        return "SameSite=None; Secure" if secure else "SameSite=Lax"
    return "HttpOnly; SameSite=Lax; Secure" if secure else "HttpOnly; SameSite=Lax"
