"""Arrival: from where a request comes, and by which address, as the connection or a trusted proxy tells it.

Of what proxies tell, nothing loosens a rule: the issuer, and with it where forms and cookies belong, is that of the
settings. A certificate that one sends on is believed where the settings say so (RFC 9440 4).
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from aiohttp import web

from oidc_harness.protocol.certificate import ClientCertificate
from oidc_harness.protocol.errors import OAuthError, invalid_request
from oidc_harness.protocol.spec import spec
from oidc_harness.web.settings import Network, ServerSettings

UNKNOWN = "unknown"
"""What is told in the place of an address that nobody tells (RFC 7239 6.2)."""
MOST_CERTIFICATES = 10
"""Certificates of one chain that a proxy may send on."""
_SENDER = re.compile(r"([0-9.]+)(?::\d{1,5})?|\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?|([0-9A-Fa-f:.]+)")
"""An address as proxies write it, with a port or without (RFC 7239 6)."""
_HIDDEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")
_OCTETS = re.compile(r":([A-Za-z0-9+/]*={0,2}):")
"""A byte sequence (RFC 8941 3.3.5)."""
_HEADER = spec("RFC9440-2.2")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who asked, and what they asked for."""

    client_address: str
    """The address of the client, or the word by which a proxy hides it."""
    asked_at: str
    """Scheme and host, as the client knows them: `https://idp.test`."""


@dataclass(frozen=True, slots=True)
class _Hop:
    """What one server saw of the one that asked it."""

    sender: str
    scheme: str
    host: str


@dataclass(frozen=True, slots=True)
class Proxies:
    """Those whose word counts."""

    networks: tuple[Network, ...] = ()
    send_certificates: bool = False
    """Whether clients present their certificates to them, and never here."""

    def arrival(self, request: web.Request) -> Arrival:
        """From where the request comes: the last one that nobody is asked to believe."""
        sender, scheme, host = _peer(request), request.scheme, request.headers.get("Host", "")
        if self.trust(sender):
            for hop in reversed(_hops(request)):
                sender, scheme, host = hop.sender, hop.scheme or scheme, hop.host or host
                if not self.trust(sender):
                    break
        return Arrival(sender, f"{scheme}://{host}")

    def certificate(self, request: web.Request) -> ClientCertificate | None:
        """What the client presented. Raises `OAuthError` where a trusted proxy sends on what cannot be read."""
        if not self.send_certificates:
            return _of_connection(request)
        return _sent_on(request) if self.trust(_peer(request)) else None

    def trust(self, sender: str) -> bool:
        """Whether it is one of them."""
        if not self.networks:
            return False
        try:
            address = ip_address(sender)
        except ValueError:
            return False
        plain = (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
        return any(plain in network for network in self.networks)


PROXIES = web.AppKey("proxies", Proxies)


def proxies_of(settings: ServerSettings) -> Proxies:
    """Those that the settings trust."""
    by_proxy = settings.mutual_tls is not None and settings.mutual_tls.port is None
    return Proxies(settings.trusted_networks, by_proxy)


def _peer(request: web.Request) -> str:
    place = None if request.transport is None else request.transport.get_extra_info("peername")
    return str(place[0]).partition("%")[0] if place else UNKNOWN


def _hops(request: web.Request) -> list[_Hop]:
    """What proxies tell, the one nearest to the client first: by RFC 7239, or else by the names in use before it."""
    if "Forwarded" in request.headers:
        told = request.forwarded
        return [_hop(each.get("for", ""), each.get("proto", ""), each.get("host", "")) for each in told]
    names = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host")
    senders, schemes, hosts = (_listed(request, name) for name in names)
    count = max(len(senders), 1 if schemes or hosts else 0)
    return [
        _hop(*(_from_the_end(values, count - number) for values in (senders, schemes, hosts)))
        for number in range(count)
    ]


def _listed(request: web.Request, name: str) -> list[str]:
    return [each.strip() for line in request.headers.getall(name, ()) for each in line.split(",")]


def _from_the_end(values: Sequence[str], place: int) -> str:
    """Each proxy adds to the end, so that is where lists agree; one that is shorter holds for all before."""
    return values[-min(place, len(values))] if values else ""


def _hop(sender: str, scheme: str, host: str) -> _Hop:
    known = scheme.lower() if scheme.lower() in ("http", "https") else ""
    return _Hop(_address(sender), known, host if _HOST.fullmatch(host) else "")


def _address(sender: str) -> str:
    found = _SENDER.fullmatch(sender)
    if found is None:
        return sender if _HIDDEN.fullmatch(sender) else UNKNOWN
    try:
        return str(ip_address(next(filter(None, found.groups()))))
    except ValueError:
        return UNKNOWN


def _of_connection(request: web.Request) -> ClientCertificate | None:
    """What came with the connection, where it was asked for (`web/asking.py`)."""
    if request.transport is None or request.scheme != "https":
        return None
    secured = request.transport.get_extra_info("ssl_object")
    chain = getattr(secured, "client_chain", ())
    return ClientCertificate(chain) if chain else None


def _sent_on(request: web.Request) -> ClientCertificate | None:
    """What the client presented to the proxy (RFC 9440 2.2, 2.3)."""
    own, others = _listed(request, "Client-Cert"), _listed(request, "Client-Cert-Chain")
    if not own:
        return None
    if len(own) > 1 or len(others) > MOST_CERTIFICATES:
        raise _unreadable(
            f"expected one, and at most {MOST_CERTIFICATES} in the chain; {len(own)} and {len(others)} came"
        )
    return ClientCertificate(tuple(map(_octets, (*own, *others))))


def _octets(text: str) -> bytes:
    found = _OCTETS.fullmatch(text)
    try:
        octets = b64decode(found[1], validate=True) if found is not None else b""
    except (Base64Error, ValueError):
        octets = b""
    if not octets:
        raise _unreadable("expected the DER of a certificate in base64 between two colons (RFC 8941 3.3.5)")
    return octets


def _unreadable(detail: str) -> OAuthError:
    return invalid_request("the certificate that the proxy sent on cannot be read", f"Client-Cert: {detail}", _HEADER)
