"""Who may use the control API: the bearer of the admin token, or, where there is none, this machine's own programs."""

from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import urlsplit

from aiohttp import web

from oidc_harness.protocol.origin import origin_of
from oidc_harness.services.addresses import shown
from oidc_harness.web.settings import ServerSettings, is_loopback, why_no_admin_token

CHALLENGE = 'Bearer realm="control"'
"""What a request without the admin token is answered with (RFC 6750 3)."""
_SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not let in."""

    status: int
    message: str


def why_refused(request: web.Request, settings: ServerSettings, base_url: str) -> Refusal | None:
    """Why this request may not control the server; None if it may."""
    return why_no_token(request, settings) or why_foreign(request, settings, base_url)


def why_foreign(request: web.Request, settings: ServerSettings, base_url: str) -> Refusal | None:
    """Why this request is none that anybody here wanted sent; None if it may be."""
    return _foreign_host(request, settings) or _foreign_origin(request, base_url)


def why_no_token(request: web.Request, settings: ServerSettings) -> Refusal | None:
    """Why the request is not let in: 401 where the admin token is missing, 403 where none would help; or None."""
    expected = settings.admin_token
    if expected is None:
        if settings.loopback:
            return None
        return Refusal(
            403, "the server can be reached from elsewhere and has no admin token; start it with --admin-token"
        )
    if why_no_admin_token(expected) is not None:
        return Refusal(403, "the server was given an admin token that nobody can present; start it with another one")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and is_admin_token(token.strip(), expected):
        return None
    return Refusal(401, "send the admin token: Authorization: Bearer TOKEN")


def is_admin_token(presented: str, expected: str) -> bool:
    """Whether this is the token; how long that takes says nothing of how much of it is right."""
    return compare_digest(_octets(presented), _octets(expected))


def _foreign_host(request: web.Request, settings: ServerSettings) -> Refusal | None:
    """A name that somebody else's DNS points to this machine gets nothing (DNS rebinding)."""
    if settings.admin_token is not None:
        return None
    # Not request.host: without the header that asks the system for a name, which can take seconds.
    came = request.headers.get("Host", "")
    if is_loopback(_host_of(f"http://{came}")):
        return None
    return Refusal(403, f"unexpected Host {shown(came)}; expected localhost or a loopback address, such as 127.0.0.1")


def _foreign_origin(request: web.Request, base_url: str) -> Refusal | None:
    """Pages of other sites may not write, whoever's browser they run in."""
    if request.method in _SAFE:
        return None
    origin = request.headers.get("Origin")
    if origin is not None and origin.rstrip("/") != origin_of(base_url):
        return Refusal(
            403, f"the request comes from origin {shown(origin)}; only {origin_of(base_url)} may write from a browser"
        )
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return Refusal(403, "the request comes from another site")
    return None


def _octets(text: str) -> bytes:
    """What came over the wire, whether or not it was UTF-8; strings that are not ASCII cannot be compared."""
    return text.encode("utf-8", "surrogateescape")


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
