"""A server that asks clients for certificates, and clients that present one to it, in real TLS connections."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import MutualTls, SelfSigned, ServerSettings
from tests.support.certificates import Held
from tests.support.http import Http
from tests.support.world import AUTOMATIC, World

TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@dataclass(frozen=True)
class Secured:
    """The server, and what is needed to speak to it."""

    server: Server
    ca_file: str
    directory: Path

    def context(self, held: Held | None = None, version: ssl.TLSVersion = TLS_1_3) -> ssl.SSLContext:
        """A client that trusts the server, and has a certificate or none."""
        context = ssl.create_default_context(cafile=self.ca_file)
        context.maximum_version = version
        if held is not None:
            held.present(context, self.directory)
        return context

    @asynccontextmanager
    async def connected(self, held: Held | None = None, version: ssl.TLSVersion = TLS_1_3) -> AsyncIterator[Http]:
        """Connections of such a client."""
        async with Http(self.context(held, version)) as http:
            yield http

    @asynccontextmanager
    async def world(self, held: Held | None = None) -> AsyncIterator[World]:
        """A realm as clients with this certificate see it."""
        realm = self.server.realms.find("shop") or await self.server.realms.make("shop", AUTOMATIC)
        async with self.connected(held) as http:
            yield World(realm, http)


@asynccontextmanager
async def secured(
    directory: Path, vouching: Held | None = None, url: str | None = None, **settings: Any
) -> AsyncIterator[Secured]:
    """A server with a made certificate and a port that asks for certificates, on which one authority may vouch.

    `url`: what that port is called; `settings`: of the server, beside these.
    """
    ca_file, authorities = str(directory / "server-ca.pem"), directory / "authorities.pem"
    if vouching is not None:
        authorities.write_bytes(vouching.pem)
    asking = MutualTls(port=0, url=url, ca_file=str(authorities) if vouching else None)
    tls = SelfSigned("localhost", ca_file)
    async with serving(ServerSettings(port=0, tls=tls, mutual_tls=asking, **settings)) as server:
        yield Secured(server, ca_file, directory)
        traces = [exchange.trace for realm in server.realms for exchange in realm.journal.exchanges()]
    assert not any(traces), "\n".join(trace for trace in traces if trace)
