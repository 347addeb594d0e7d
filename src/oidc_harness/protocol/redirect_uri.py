"""Redirect URIs: exact match, loopback ports, and what a URI must be to be registered (A5, RFC 6749 3.1.2)."""

import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

from oidc_harness.model.application import Application
from oidc_harness.protocol.difference import describe_difference
from oidc_harness.protocol.errors import TellPerson
from oidc_harness.protocol.spec import Spec, spec

HIGHEST_PORT = 65535
LOCAL_SCHEMES = frozenset({"javascript", "data", "file", "vbscript", "about", "blob", "filesystem", "view-source"})
"""Schemes that run or open what is on the person's own machine."""
RESPONSE_PARAMETERS = frozenset({"code", "state", "iss", "session_state", "error", "error_description", "error_uri"})
"""What an authorization response carries (RFC 6749 4.1.2, RFC 9207 2, OIDC Session Management 2)."""
_NO_URI = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}|[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]")
"""What RFC 3986 2 leaves no place for: half an encoded octet, and any other character."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts of URIs that never leave the person's own machine (RFC 8252 7.3)."""
_LOOPBACK_URI = re.compile(
    r"http://(?P<host>127\.0\.0\.1|\[::1\]|localhost)(?::(?P<port>[0-9]{1,5}))?(?P<rest>(?:[/?][\x21-\x7e]*)?)"
)


def match_redirect_uri(asked: str, registered: tuple[str, ...], application: Application) -> bool:
    """Whether the URI is registered: compared character by character (OIDC Core 3.1.2.1, RFC 9700 2.1).

    For a native application any port of a registered loopback URI matches (RFC 8252 7.3).
    """
    if asked in registered:
        return True
    if application.application_type != "native":
        return False
    bare = _without_port(asked)
    return bare is not None and any(bare == _without_port(uri) for uri in registered)


def accept_redirect_uri(asked: str | None, application: Application, *, first_only: bool) -> str:
    """The URI to answer to. Raises `TellPerson`: nobody is sent to an unregistered place (F5, RFC 6749 4.1.2.1).

    OpenID Connect requires the parameter (Core 3.1.2.1), so one registered URI does not stand in for a missing one.
    """
    registered = application.redirect_uris[:1] if first_only else application.redirect_uris
    if asked is None:
        raise _unregistered("redirect_uri is missing", _expected(registered), spec("OIDCC-3.1.2.1"))
    if match_redirect_uri(asked, registered, application):
        return asked
    differences = [describe_difference("redirect_uri", uri, asked) for uri in registered[:3]] or ["none is registered"]
    raise _unregistered(
        "redirect_uri is not registered for this client",
        "\n".join([*differences, f"Register it for application {application.id}, or send a registered one"]),
        spec("RFC6749-3.1.2.4"),
    )


def why_not_registrable(uri: str, application_type: str) -> str | None:
    """Why a URI cannot be registered, for a person; None if it can (A5, RFC 6749 3.1.2, RFC 8252 7)."""
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"{uri!r} is not a URI: {error}"
    if not parts.scheme or any(character.isspace() or not character.isprintable() for character in uri):
        return f"{uri!r} is not an absolute URI"
    fault = _why_no_uri(uri, parts) or _why_not_exact(uri, parts)
    if fault is not None:
        return fault
    if parts.scheme in ("http", "https"):
        return _why_not_web(uri, parts.scheme, host, application_type)
    if application_type == "web":
        return f"{uri!r}: a web application needs http or https; private-use schemes are for native applications"
    if parts.scheme in LOCAL_SCHEMES:
        return f"{uri!r}: scheme {parts.scheme} can run or open local content"
    return None


def why_query_collides(uri: str, added: frozenset[str]) -> str | None:
    """Why the client could not tell our parameters from those of its own query; None if it can (RFC 6749 3.1)."""
    own = {name for name, _ in parse_qsl(urlsplit(uri).query, keep_blank_values=True)}
    doubled = ", ".join(sorted(own & added))
    return f"{uri!r}: its query has {doubled}, which the answer adds once more; name it otherwise" if doubled else None


def _why_no_uri(uri: str, parts: SplitResult) -> str | None:
    if not uri.isascii():
        return f"{uri!r} is not ASCII; encode what is not by percent signs, and the host by IDNA (RFC 3986 2)"
    found = _NO_URI.search(uri)
    if found is not None:
        return f"{uri!r} is not a URI: {found[0]!r} cannot stand in one; encode it by percent signs (RFC 3986 2)"
    if set("[]") & set(parts.path + parts.query):
        return f"{uri!r} is not a URI: brackets stand around an IPv6 address alone; encode others (RFC 3986 3.2.2)"
    return None


def _why_not_exact(uri: str, parts: SplitResult) -> str | None:
    if "#" in uri:
        return f"{uri!r} has a fragment; a redirect URI must have none (RFC 6749 3.1.2)"
    if "*" in uri:
        return f"{uri!r}: no wildcards; register each URI, and write an asterisk that is one as %2A"
    if "@" in parts.netloc:
        return f"{uri!r} has a user before the host, which can pass for the host; leave it out (RFC 3986 7.6)"
    return None


def _why_not_web(uri: str, scheme: str, host: str | None, application_type: str) -> str | None:
    if not host:
        return f"{uri!r} has no host"
    if application_type == "native" and scheme == "http" and host not in LOOPBACK:
        return f"{uri!r}: a native application may use http on the loopback interface only (RFC 8252 7.3)"
    return None


def _without_port(uri: str) -> tuple[str, str] | None:
    """What stands before and after the port of a loopback URI, to the letter; None for any other URI.

    Not by `urlsplit`, which overlooks control characters, and text behind the bracket of an IPv6 address.
    """
    found = _LOOPBACK_URI.fullmatch(uri)
    if found is None or int(found["port"] or 0) > HIGHEST_PORT:
        return None
    return found["host"], found["rest"]


def _expected(registered: tuple[str, ...]) -> str:
    return "the request has no redirect_uri; registered: " + (", ".join(registered) or "none")


def _unregistered(description: str, detail: str, where: Spec) -> TellPerson:
    return TellPerson("invalid_request", description, detail=detail, where=where)
