"""ServerSettings: how one server is run, and the rules for what can be said about it."""

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
_BASE_URL = re.compile(r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~%-]+)*")


@dataclass(frozen=True, slots=True)
class OutboundPolicy:
    """Where this server may send requests."""

    allow_private: bool = False
    """Also to addresses of this machine and of private networks, and without TLS: for tests."""
    ca_file: str | None = None
    """PEM file of certificate authorities that are trusted beside the system's."""
    patience_seconds: float = 5.0
    """How long another server may take for all of its answer."""


@dataclass(frozen=True, slots=True)
class SelfSigned:
    """TLS with a certificate that is made at the start and kept nowhere."""

    hostname: str | None = None
    """A name it is good for, beside localhost and the hosts of the URLs; the issuer's host unless there is a URL."""
    ca_out: str | None = None
    """The file to which goes what clients are to trust, as PEM."""


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """TLS with a certificate of somebody's."""

    cert_file: str
    """PEM file of the certificate, followed by those it depends on."""
    key_file: str
    """PEM file of its private key, without a password."""


Tls = SelfSigned | OwnCertificate


@dataclass(frozen=True, slots=True)
class MutualTls:
    """Clients may authenticate with certificates (RFC 8705 2)."""

    port: int | None = None
    """A port of its own, at which each connection is asked for a certificate; 0: any free one. None: clients present
    theirs to a trusted proxy, which sends them on as `Client-Cert` and lets no client send that itself (RFC 9440)."""
    url: str | None = None
    """The base URL that leads there; where there is a port, from the base URL's host and the port unless given."""
    ca_file: str | None = None
    """PEM file of authorities that may vouch for clients. None: only certificates that clients register count."""


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
    outbound: OutboundPolicy = OutboundPolicy()
    """Where requests of the server itself may go."""
    tls: Tls | None = None
    """How connections are secured. None: not at all."""
    mutual_tls: MutualTls | None = None
    """Where clients may present certificates. None: nowhere."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of proxies whose word counts for whom a request is from (RFC 7239)."""

    @property
    def known_as(self) -> str:
        """The host of the base URL where no public URL is given."""
        return (isinstance(self.tls, SelfSigned) and self.tls.hostname) or self.host

    @property
    def loopback(self) -> bool:
        """Whether only this machine's own programs can connect.

        A public or internal address of another machine says that something hands requests on to here: a proxy. So do
        proxies that are trusted.
        """
        if self.trusted_proxies:
            return False
        named = (urlsplit(url).hostname or "" for url in self.urls)
        return all(is_loopback(host) for host in (self.host, self.known_as, *named))

    @property
    def trusted_networks(self) -> tuple[Network, ...]:
        """The proxies. Raises `ValueError` for what is neither an address nor a network."""
        return tuple(map(ip_network, self.trusted_proxies))

    @property
    def urls(self) -> tuple[str, ...]:
        """Every base URL that is given, the most public one first."""
        for_certificates = None if self.mutual_tls is None else self.mutual_tls.url
        return tuple(url for url in (self.public_url, self.internal_url, for_certificates) if url is not None)

    @property
    def open_to_all(self) -> bool:
        """Whether all who can connect may use the control API: without a token, on loopback."""
        return self.admin_token is None and self.loopback


def is_loopback(host: str) -> bool:
    """Whether this name or address is that of one's own machine, wherever it is looked up (RFC 6761 6.3)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def why_no_base_url(url: str) -> str | None:
    """Why issuers cannot begin with this, for a person; None if they can (Discovery 3: no query, no fragment)."""
    if _BASE_URL.fullmatch(url) and _has_place(url):
        return None
    return f"{url!a}: expected http(s)://host[:port][/path], without / at the end, query, fragment and user"


def _has_place(url: str) -> bool:
    """Whether its port and what is in its brackets can exist."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def why_no_proxy(text: str) -> str | None:
    """Why no proxy can be trusted by this address, for a person; None if those there can."""
    try:
        network = ip_network(text)
    except ValueError as reason:
        return f"{reason}; expected an address or a network, such as 127.0.0.1 or 10.1.0.0/16"
    return f"{text} is everybody; say where the proxies are" if network.prefixlen == 0 else None


def why_no_admin_token(token: str) -> str | None:
    """Why nobody could present this token, or anybody could, for a person; None if it is a good one."""
    if not token.strip():
        return "is empty, which would let everybody in; give a token, or leave the option out (is a variable unset?)"
    if token != token.strip() or not token.isprintable():
        return "has spaces around it or a character that cannot be seen, and could not be sent in a header"
    return None
