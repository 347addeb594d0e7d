"""Origins as browsers write them (RFC 6454 4, 6.2)."""

from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
OPAQUE = "null"
"""What browsers write for an origin that is like no other (RFC 6454 6.1)."""


def origin_of(url: str) -> str:
    """Scheme, host and port, the port only where it is not the scheme's own; `null` for all but web addresses."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return OPAQUE
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return OPAQUE
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}{'' if port in (None, _DEFAULT_PORTS[parts.scheme]) else f':{port}'}"
