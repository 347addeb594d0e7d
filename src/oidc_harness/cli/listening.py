"""Where a server listens, and why it cannot, in words."""

import argparse
import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # At run time this would bring in more than a parser of arguments should.
    from oidc_harness.web.settings import ServerSettings

HIGHEST_PORT = 65535


def port(text: str) -> int:
    """The argument of `--port`; 0: any free one. Raises `ArgumentTypeError`."""
    if not text.isascii() or not text.isdigit() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r}: expected 0 to {HIGHEST_PORT}")
    return int(text)


def base_url(text: str) -> str:
    """The argument of `--public-url` and `--internal-url`. Raises `ArgumentTypeError`."""
    from oidc_harness.web.settings import why_no_base_url

    return _unless(why_no_base_url(text), text)


def proxy(text: str) -> str:
    """The argument of `--trusted-proxy`. Raises `ArgumentTypeError`."""
    from oidc_harness.web.settings import why_no_proxy

    return _unless(why_no_proxy(text), text)


def admin_token(text: str) -> str:
    """The argument of `--admin-token`. Raises `ArgumentTypeError`, which does not repeat it."""
    from oidc_harness.web.settings import why_no_admin_token

    return _unless(why_no_admin_token(text), text)


def authorities(text: str) -> str:
    """The argument of `--outbound-ca`. Raises `ArgumentTypeError`."""
    from oidc_harness.web.outbound import trusted

    try:
        trusted(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None
    return text


def _unless(fault: str | None, text: str) -> str:
    if fault is not None:
        raise argparse.ArgumentTypeError(fault)
    return text


def why_not_listening(settings: "ServerSettings", error: OSError) -> str:
    """What is in the way, and what to do about it."""
    # Which one, is known where a server was to listen at several.
    wanted = getattr(error, "port", settings.port)
    option = "--port" if wanted == settings.port else "--mtls-port"
    place = f"{settings.host} port {wanted}"
    if error.errno == errno.EADDRINUSE:
        return f"{place} is in use by another program; stop it, or take another port with {option} (0: any free one)"
    if error.errno == errno.EACCES:
        return f"{place} may not be used by this user; take a port above 1023 with {option}"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{settings.host} is no address of this machine; take another one with --host"
    return f"cannot listen on {place}: {error.strerror or error}"
