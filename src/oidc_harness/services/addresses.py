"""Addresses people type: e-mail addresses, and the web addresses and origins of an application. Pure."""

import re
from urllib.parse import SplitResult, urlsplit

from oidc_harness.protocol.origin import origin_of
from oidc_harness.protocol.redirect_uri import LOCAL_SCHEMES

LONGEST_EMAIL = 254
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_HOST = re.compile(r"[A-Za-z0-9._~-]+|[0-9A-Fa-f:.]+:[0-9A-Fa-f:.]*")
"""A name, or an IPv6 address without its brackets."""
_WEB_SCHEMES = frozenset({"http", "https"})


def why_no_email(email: str) -> str | None:
    """Why this is no e-mail address, for a person; None if it is one (RFC 5321 4.1.2).

    ASCII alone: other letters can look alike or fold into each other, and one person could then pass for another.
    """
    local, at, domain = email.rpartition("@")
    if not at:
        return f"{shown(email)} is no e-mail address: it has no @"
    if len(email) > LONGEST_EMAIL:
        return f"{shown(email)} is no e-mail address: it has {len(email)} characters, and may have {LONGEST_EMAIL}"
    if not _LOCAL.fullmatch(local) or local[0] == "." or local[-1] == "." or ".." in local:
        return f"{shown(email)} is no e-mail address: the part before the @ is malformed"
    if not _DOMAIN.fullmatch(domain):
        return f"{shown(email)} is no e-mail address: the part after the @ is no host name"
    return None


def why_no_host(name: str) -> str | None:
    """Why this is no name of a host, for a person; None if it is one (RFC 1123 2.1)."""
    return None if len(name) <= 253 and _DOMAIN.fullmatch(name) else f"{shown(name)} is no host name"


def why_no_address(address: str, application_type: str) -> str | None:
    """Why this cannot be an application's address, for a person; None if it can (A4)."""
    parts = _split(address)
    if parts is None or not parts.scheme:
        return f"{shown(address)} is no address; expected scheme://host[:port]"
    if parts.scheme in LOCAL_SCHEMES:
        return f"{shown(address)}: scheme {parts.scheme} can run or open local content"
    if parts.scheme not in _WEB_SCHEMES and application_type != "native":
        return f"{shown(address)}: a web application's is http or https"
    bare = f"{parts.scheme}://{parts.netloc}".lower()
    if not _HOST.fullmatch(parts.hostname or "") or "@" in parts.netloc or address.lower() != bare:
        return f"{shown(address)}: expected scheme://host[:port] and nothing else"
    return None


def why_no_origin(origin: str) -> str | None:
    """Why no browser would ever send this as `Origin`, for a person; None if one may (A20, RFC 6454 6.2)."""
    if origin == "*":
        return None
    parts = _split(origin)
    if parts is None or parts.scheme not in _WEB_SCHEMES or not _HOST.fullmatch(parts.hostname or ""):
        return f"{shown(origin)} is no origin; expected * or scheme://host[:port] with http or https"
    canonical = origin_of(origin)
    return None if origin == canonical else f"{shown(origin)} is not how browsers write it; expected {canonical}"


def shown(text: str, limit: int = 100) -> str:
    """A value that came from outside, short and on one line, for a message."""
    return ascii(text) if len(text) <= limit else ascii(text[:limit]) + "…"


def _split(text: str) -> SplitResult | None:
    # urlsplit drops some of these silently, and then judges another text than the one that is stored.
    if any(character.isspace() or not character.isprintable() for character in text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts
