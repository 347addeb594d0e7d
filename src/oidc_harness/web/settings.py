"""ServerSettings: how one server is run."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Everything that is fixed for the life of a server."""

    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = 9400
    """0: any free port."""
    public_url: str | None = None
    """The base URL browsers use; from host and port unless given."""
    internal_url: str | None = None
    """The base URL clients' servers use; the public one unless given."""
    root_realm: str | None = "default"
    """The realm mounted at `/`. None: every realm has its name in its path."""
    admin_token: str | None = field(default=None, repr=False)
    """What the control API asks for. None: it answers on loopback only."""
    store: str = "memory"
    """`memory`, or `sqlite:FILE`."""

    @property
    def loopback(self) -> bool:
        """Whether only this machine's own programs can connect.

        A public or internal address of another machine says that something hands requests on to here: a proxy.
        """
        named = (urlsplit(url).hostname or "" for url in (self.public_url, self.internal_url) if url is not None)
        return all(_is_loopback(host) for host in (self.host, *named))

    @property
    def open_to_all(self) -> bool:
        """Whether all who can connect may use the control API: without a token, on loopback."""
        return self.admin_token is None and self.loopback


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
