"""A running server: socket first, so that its address is known, then realms, then routes."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from aiohttp import web

from oidc_harness.harness.postman import keep_sending, stop_sending
from oidc_harness.harness.realm import Surroundings
from oidc_harness.harness.realms import Realms
from oidc_harness.harness.sealing import Sealing, kept_sealing
from oidc_harness.harness.shipped_keys import keys_for
from oidc_harness.protocol.metadata import Addresses
from oidc_harness.storage.memory import MemoryStore
from oidc_harness.web.app import create_application
from oidc_harness.web.connection import HTTP, Connection
from oidc_harness.web.outbound import Outbound
from oidc_harness.web.settings import ServerSettings
from oidc_harness.web.tls import Security, client_authorities, server_security

BACKLOG = 512
"""Connections that may wait to be taken."""
GRACE_SECONDS = 0.5
"""How long a server that stops waits for answers that are on their way, and then again for those it has cut off."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    base_url: str
    realms: Realms
    settings: ServerSettings
    port: int
    """Where it listens, whatever the base URL says."""


@asynccontextmanager
async def serving(settings: ServerSettings) -> AsyncIterator[Server]:
    """Run a server for as long as the context lasts.

    Raises `OSError` where the address cannot be had, `StorageError` or `ValueError` where the store cannot be used,
    `ValueError` where the certificates for requests of its own cannot be read, and `TlsError` where TLS cannot be
    spoken as the settings say.
    """
    security, authorities = server_security(settings), client_authorities(settings)
    async with AsyncExitStack() as opened:
        doors = _doors(settings, security, opened)
        outbound = Outbound(settings.outbound)
        opened.push_async_callback(outbound.close)
        surroundings = replace(
            await _open_store(settings.store, opened),
            fetch=outbound.text,
            post=outbound.post,
            client_authorities=authorities,
        )
        addresses = _addresses(settings, doors)
        base_url = addresses.issuer
        realms = Realms(surroundings, addresses, settings.root_realm, keys_for)
        await realms.restore()
        _send_mail(realms, opened)
        await _answer(doors, create_application(realms, settings, base_url), opened)
        yield Server(base_url, realms, settings, doors[0].listener.getsockname()[1])


def _send_mail(realms: Realms, opened: AsyncExitStack) -> None:
    """Send what is in the outboxes until the stack is closed, which is after the last request was answered."""
    postman = asyncio.get_running_loop().create_task(keep_sending(realms))

    async def stop() -> None:
        postman.cancel()
        await asyncio.gather(postman, return_exceptions=True)
        await stop_sending(realms)

    opened.push_async_callback(stop)


@dataclass(frozen=True, slots=True)
class _Door:
    """Where connections come in, and what they are secured with."""

    listener: socket.socket
    security: ssl.SSLContext | None


def _doors(settings: ServerSettings, security: Security, opened: AsyncExitStack) -> tuple[_Door, ...]:
    """Where everybody comes in; then, where there is such a port, where a certificate is asked for."""
    ports = [(settings.port, security.ordinary)]
    if settings.mutual_tls is not None and settings.mutual_tls.port is not None:
        ports.append((settings.mutual_tls.port, security.asking))
    return tuple(_Door(opened.enter_context(_listen(settings.host, port)), context) for port, context in ports)


async def _answer(doors: Sequence[_Door], application: web.Application, opened: AsyncExitStack) -> None:
    """Take connections until the stack is closed; then no new ones, and those there are end soon."""
    loop = asyncio.get_running_loop()
    runner = web.AppRunner(application, handle_signals=False, shutdown_timeout=GRACE_SECONDS)
    opened.push_async_callback(runner.cleanup)
    await runner.setup()
    connection = partial(Connection, cast(web.Server, runner.server), loop=loop, **HTTP)
    for door in doors:
        # How long those who were told goodbye may take to say so too.
        patience = GRACE_SECONDS if door.security is not None else None
        server = await loop.create_server(
            connection, sock=door.listener, backlog=BACKLOG, ssl=door.security, ssl_shutdown_timeout=patience
        )
        opened.callback(server.close)


class PortTaken(OSError):
    """A port cannot be listened at; which one, and why."""

    def __init__(self, port: int, error: OSError) -> None:
        """`error`: what the system said."""
        super().__init__(error.errno, error.strerror or str(error))
        self.port = port


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise PortTaken(port, error) from error
    listener.setblocking(False)
    return listener


def _addresses(settings: ServerSettings, doors: Sequence[_Door]) -> Addresses:
    """Where browsers, clients, and clients with a certificate reach this server."""
    scheme = "http" if settings.tls is None else "https"
    ordinary, *asking = (door.listener.getsockname()[1] for door in doors)
    base = settings.public_url or _url(scheme, settings.known_as, ordinary)
    back = settings.internal_url or base
    given = None if settings.mutual_tls is None else settings.mutual_tls.url
    made = _url("https", urlsplit(back).hostname or "", asking[0]) if asking else None
    return Addresses(base, back, given or made)


def _url(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


async def _open_store(name: str, opened: AsyncExitStack) -> Surroundings:
    kind, _, path = name.partition(":")
    if kind == "sqlite" and path == ":memory:":
        raise ValueError(f"store {name!r} would be a file called {path}; say memory, or sqlite:FILE with another name")
    if kind == "sqlite" and path:
        from oidc_harness.storage.sqlite import SqliteStore  # only who asks for it pays for it

        store = SqliteStore(path)
        opened.push_async_callback(store.close)
        store.claim()
        return Surroundings(store, await kept_sealing(store, Path(f"{path}.key")))
    if name != "memory":
        raise ValueError(f"store {name!r}: expected memory, or sqlite:FILE")
    return Surroundings(MemoryStore(), Sealing())
