"""ServerSettings: how one server is run."""

from dataclasses import dataclass, field
from ipaddress import ip_address


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
        """Whether only this machine can connect."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"
