"""A server is stopped while its clients keep it busy: it ends soon, whatever they do, and complains of nothing."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from oidc_harness.switches.delivery import HttpSlowBody
from oidc_harness.web.server import serving
from oidc_harness.web.settings import ServerSettings
from tests.resilience.served import Place
from tests.support.http import Http, Sent

PATIENCE = 30
"""Seconds after which a test gives up; an answer that drips takes twenty times as long."""
DRIPPING_SECONDS = 600.0
EACH = 10
FORM = b"POST /token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
BUSY: Mapping[str, tuple[bytes, bytes]] = {
    "half a request": (b"POST /token HTT", b""),
    "half a body": (FORM + b"Content-Length: 50\r\n\r\ngrant_type=", b""),
    "an idle connection": (b"GET /jwks HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"HTTP/1.1 200"),
    "an answer on its way": (FORM + b"Content-Length: 0\r\n\r\n", b"HTTP/1.1 401"),
}
"""What a client sends, and how much of an answer it has had when the server is stopped."""


@asynccontextmanager
async def busy(port: int) -> AsyncIterator[None]:
    """Many connections of each kind."""
    async with AsyncExitStack() as stack:
        for sent, answered in [each for each in BUSY.values() for _ in range(EACH)]:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            writer.write(sent)
            assert await reader.readexactly(len(answered)) == answered
        yield


async def test_it_ends_at_a_signal(tmp_path: Path) -> None:
    place = Place(tmp_path)
    async with asyncio.timeout(PATIENCE), Http() as http, place.served() as served:
        armed = b'{"switch": "http-slow-body", "parameters": {"endpoint": "token", "seconds": 600}}'
        address = f"{served.issuer}/_harness/v1/realms/default/armed"
        answer = await http.send(Sent("POST", address, body=armed, headers={"Content-Type": "application/json"}))
        assert answer.status == 201, answer.text
        async with busy(served.port):
            served.process.send_signal(signal.SIGTERM)
            assert await served.process.wait() == 0
    assert place.complaints.read_text("utf-8") == "stopped\n"


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_it_ends_with_its_context(store: str, tmp_path: Path) -> None:
    place = f"sqlite:{tmp_path}/records.db" if store == "sqlite" else store
    settings = ServerSettings(port=0, store=place)
    # The clients are still there when the server goes.
    async with asyncio.timeout(PATIENCE), AsyncExitStack() as clients, serving(settings) as server:
        realm = await server.realms.make("default")
        realm.arm(HttpSlowBody(endpoint="token", seconds=DRIPPING_SECONDS))
        await clients.enter_async_context(busy(urlsplit(server.base_url).port or 0))
