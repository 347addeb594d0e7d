"""Why a server cannot listen, in words."""

import errno

from oidc_harness.web.settings import ServerSettings


def why_not_listening(settings: ServerSettings, error: OSError) -> str:
    """What is in the way, and what to do about it."""
    place = f"{settings.host} port {settings.port}"
    if error.errno == errno.EADDRINUSE:
        return f"{place} is in use by another program; stop it, or take another port with --port (0: any free one)"
    if error.errno == errno.EACCES:
        return f"{place} may not be used by this user; take a port above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{settings.host} is no address of this machine; take another one with --host"
    return f"cannot listen on {place}: {error.strerror or error}"
