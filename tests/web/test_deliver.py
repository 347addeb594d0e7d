"""What goes over the wire where a delivery was planned."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from oidc_harness.switches.delivery import FaultAtEndpoint, Http503, HttpResetMidBody, HttpSlowBody, HttpTruncated
from tests.support.world import World

FAULTS = (Http503("jwks"), HttpResetMidBody("jwks"), HttpSlowBody("jwks", seconds=600), HttpTruncated("jwks"))


async def octets(world: World, method: str, path: str) -> bytes:
    """Everything that comes until the connection ends."""
    address = urlsplit(world.issuer)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"{method} {address.path}{path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n".encode())
    received = b""
    with suppress(ConnectionResetError):
        while more := await reader.read(65536):
            received += more
    writer.close()
    return received


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_an_answer_to_head_ends_with_its_header(fault: FaultAtEndpoint, world: World) -> None:
    """RFC 9110 9.3.2."""
    world.realm.arm(fault)
    header, _, body = (await octets(world, "HEAD", "/jwks")).partition(b"\r\n\r\n")
    assert header.startswith(b"HTTP/1.1 ")
    assert b"content-length: 0" not in header.lower()
    assert body == b""
    assert [fired.switch for fired in world.last.fired] == [fault.name]


async def test_an_answer_to_get_has_a_body_that_is_too_short(world: World) -> None:
    world.realm.arm(HttpTruncated("jwks"))
    _, _, body = (await octets(world, "GET", "/jwks")).partition(b"\r\n\r\n")
    assert world.last.reply is not None
    assert body == world.last.reply.body
