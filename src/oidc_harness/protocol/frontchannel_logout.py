"""Front-channel logout: the addresses that the page after a logout opens in frames (OIDC Front-Channel Logout 3)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit


def frame_url(uri: str, added: Mapping[str, Any]) -> str:
    """The registered URI with these parameters; its own query stays."""
    separator = "&" if urlsplit(uri).query else "" if uri.endswith("?") else "?"
    return f"{uri}{separator}{urlencode(added)}"


def place_of(uri: str) -> tuple[str, str | None, int | None]:
    """What of a redirect URI a logout URI must share: scheme, host and port (2)."""
    parts = urlsplit(uri)
    port = {"http": 80, "https": 443}.get(parts.scheme) if parts.port is None else parts.port
    return parts.scheme, parts.hostname, port
