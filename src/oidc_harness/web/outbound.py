"""The one way out: every request this server sends of its own accord goes through here, under guard.

Whoever registers a URL could otherwise have this server ask addresses that only this server can reach (RFC 9101
10.4.1). So scheme and address are checked before a connection is made, and the connection goes to the address that was
checked; redirects are not followed; time and size have an end.
"""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from errno import EACCES
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from oidc_harness.harness.clock import elapsed
from oidc_harness.harness.fetching import FetchFailed, NotAsked
from oidc_harness.web.courtesy import WHILE_SECONDS, Courtesy
from oidc_harness.web.settings import OutboundPolicy

LARGEST_DOCUMENT = 262_144
"""Bytes of a document fetched from a client; a larger one counts as none."""
MOST_PER_HOST = 8
"""Requests to one host at a time. Others do not wait for it: a host that is slow is slow for its own clients alone."""
LONGEST_URL = 2048
"""Characters of a URL that is asked."""
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class OutboundError(FetchFailed):
    """A request that was not sent, or brought no answer worth reading; the message says why, for people."""


class AskedTooOften(OutboundError, NotAsked):
    """A request that this server keeps back, so that it hammers nobody."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    content_type: str
    body: bytes


class Outbound:
    """Sends requests. One per server; closed with it."""

    def __init__(self, policy: OutboundPolicy) -> None:
        """Nothing is opened before the first request. Raises `ValueError` for a `ca_file` that cannot be read."""
        self._policy = policy
        # A file that cannot be read is told of at once. The system's own authorities are read when something is sent:
        # that takes longer than all the rest of making a server, and most servers send nothing.
        self._trusted = None if policy.ca_file is None else trusted(policy.ca_file)
        self._courtesy = Courtesy(elapsed)
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str) -> Answer:
        """Fetch a document. Raises `OutboundError`, where it is asked too often or the status is not 200, too."""
        if not self._courtesy.permits(url):
            raise AskedTooOften(f"{url} is asked for too often; it is asked again {WHILE_SECONDS} seconds later")
        answer = await self._send("GET", url, None)
        if answer.status != 200:
            raise OutboundError(f"{url} answered with status {answer.status}; expected 200, and no redirect")
        return answer

    async def text(self, url: str) -> str:
        """Fetch a document that is text. Raises `OutboundError`."""
        try:
            return (await self.get(url)).body.decode("utf-8")
        except UnicodeDecodeError:
            raise OutboundError(f"{url} sent what is not UTF-8 text") from None

    async def post(self, url: str, form: dict[str, str]) -> Answer:
        """Post a form. Raises `OutboundError`; what a status means is for the caller to say."""
        return await self._send("POST", url, form)

    async def close(self) -> None:
        """Close what is open. Nothing can be sent afterwards but by opening anew."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _send(self, method: str, url: str, form: dict[str, str] | None) -> Answer:
        self._check(url)
        try:
            async with self._opened().request(method, url, data=form, allow_redirects=False) as response:
                body = await _bounded(response)
                return Answer(response.status, response.content_type, body)
        except TimeoutError:
            raise OutboundError(f"{url} took more than {self._policy.patience_seconds:g} seconds to answer") from None
        except (aiohttp.ClientError, ValueError, ssl.SSLError) as error:
            raise OutboundError(f"{url} cannot be reached: {str(error) or type(error).__name__}") from None

    def _check(self, url: str) -> None:
        """What can be told without asking anybody. Host names are checked once they are looked up."""
        reason = why_not_sent(url, self._policy)
        if reason is not None:
            raise OutboundError(reason)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = _GuardedResolver(self._policy)
            # No connection is kept: the next request to the same host is checked again.
            connector = aiohttp.TCPConnector(
                resolver=resolver,
                ssl=self._trusted or trusted(None),
                force_close=True,
                use_dns_cache=False,
                limit=0,
                limit_per_host=MOST_PER_HOST,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._policy.patience_seconds),
                headers={"Accept-Encoding": "identity", "User-Agent": "oidc-harness"},
                trust_env=False,
            )
        return self._session


def why_not_sent(url: str, policy: OutboundPolicy) -> str | None:
    """Why no request goes to this URL whatever its host's addresses are, for a person; None if one may go."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"{url!r} is not a URL: {error}"
    if len(url) > LONGEST_URL or not url.isascii() or any(character <= " " for character in url):
        return f"{url[:80]!r} is not a URL of at most {LONGEST_URL} visible ASCII characters"
    schemes = ("https", "http") if policy.allow_private else ("https",)
    if parts.scheme not in schemes or not host:
        return f"{url!r}: requests go to {' or '.join(schemes)} addresses only"
    if parts.username is not None or parts.password is not None:
        return f"{url!r} carries credentials; requests are sent without any"
    return _why_not_host(host, policy)


def _why_not_host(host: str, policy: OutboundPolicy) -> str | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return why_not_reached(address, policy)


def why_not_reached(address: Address, policy: OutboundPolicy) -> str | None:
    """Why no request goes to this address, for a person; None if one may go."""
    plain = (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
    if policy.allow_private and _is_in(_PRIVATE, plain):
        return None
    if _is_in(_TRANSLATED, plain):
        return f"{address} stands for an address of another kind, and is not looked into"
    if plain.is_global and not plain.is_multicast and not _is_in(_NOT_PUBLIC, plain):
        return None
    return f"{address} is no public address; --outbound-allow-private lets requests go to private ones"


def _is_in(networks: tuple[Network, ...], address: Address) -> bool:
    return any(address in network for network in networks if network.version == address.version)


_TRANSLATED = tuple(
    map(ip_network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)
"""IPv6 addresses with an IPv4 address inside: compatible, translated, NAT64, 6to4, Teredo (RFC 4291 2.5.5, RFC 2765,
RFC 6052, RFC 8215, RFC 3056, RFC 4380)."""
_NOT_PUBLIC = tuple(map(ip_network, ("fec0::/10", "3fff::/20", "5f00::/16", "192.88.99.0/24")))
"""Site-local, documentation, segment routing and 6to4 relays, which this Python may take for public (RFC 3879,
RFC 9637, RFC 9602, RFC 7526)."""
_PRIVATE = tuple(
    map(
        ip_network,
        (
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "::1/128",
            "fc00::/7",
            "fe80::/10",
        ),
    )
)
"""This machine, private networks and the local link (RFC 1918, RFC 3927, RFC 4193, RFC 4291 2.5)."""


class _GuardedResolver(AbstractResolver):
    """Looks a host up, and gives only addresses that may be reached: what is checked is what is connected to."""

    def __init__(self, policy: OutboundPolicy) -> None:
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises `OSError` where one of them must not be reached."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        return [self._result(host, port, kind, protocol, str(place[0])) for kind, _, protocol, _, place in found]

    def _result(self, host: str, port: int, family: int, protocol: int, place: str) -> ResolveResult:
        # An address of the local link is followed by its interface.
        address = place.partition("%")[0]
        reason = why_not_reached(ip_address(address), self._policy)
        if reason is not None:
            raise PermissionError(EACCES, reason)
        return ResolveResult(
            hostname=host, host=address, port=port, family=family, proto=protocol, flags=socket.AI_NUMERICHOST
        )

    async def close(self) -> None:
        """Nothing is kept."""


def trusted(ca_file: str | None) -> ssl.SSLContext:
    """Whom this server believes to be who they say. Raises `ValueError` for a file without certificates."""
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ValueError(f"{ca_file}: no certificates could be read from it: {error}") from None
    return context


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for chunk in response.content.iter_chunked(16_384):
        body += chunk
        if len(body) > LARGEST_DOCUMENT:
            raise OutboundError(f"{response.url} sent more than {LARGEST_DOCUMENT} bytes")
    return body
