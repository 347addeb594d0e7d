"""Requests at the edge of what is read at all: our own limits speak, and what is no request is not repeated."""

import asyncio
import json
import logging
from urllib.parse import urlsplit

import pytest

from oidc_harness.protocol.parameters import LONGEST_VALUE
from oidc_harness.web.connection import LONGEST_LINE
from tests.support.world import World

SECRET = b"s3cr3t-of-the-walrus"
LONG = b"x" * LONGEST_LINE
CHUNKED = b"POST /token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
UNREADABLE = {
    "a line that is too long": b"GET /token?client_secret=" + SECRET + LONG + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a line without an end": b"GET /token?client_secret=" + SECRET + LONG,
    "a header that is too long": b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + SECRET + LONG + b"\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nAuthorization " + SECRET + b"\r\n\r\n",
    "a method that is none": SECRET + b" / HTTP/1.1\r\nHost: x\r\n\r\n",
    "the beginning of TLS": b"\x16\x03\x01" + SECRET + b"\r\n\r\n",
}


@pytest.mark.parametrize("character", ["x", "ü", "😀"])
async def test_a_parameter_may_be_as_long_in_a_query_as_in_a_form(character: str, world: World) -> None:
    client = await world.people()
    for method in ("GET", "POST"):
        longest = await client.authorize(method, state=character * LONGEST_VALUE)
        assert longest.redirect.parameters["state"] == character * LONGEST_VALUE
        longer = await client.authorize(method, state=character * (LONGEST_VALUE + 1))
        assert longer.page.text_of("error-description") == "state is too long"


async def test_cookies_of_other_servers_on_this_machine_do_no_harm(world: World) -> None:
    """Browsers send a host's cookies to each of its ports."""
    assert (await world.get_page("/jwks", cookies={"other": "x" * 30_000})).status == 200


@pytest.mark.parametrize("sent", UNREADABLE.values(), ids=list(UNREADABLE))
async def test_what_is_no_request_is_not_repeated(sent: bytes, world: World, caplog: pytest.LogCaptureFixture) -> None:
    address = urlsplit(world.issuer)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    with caplog.at_level(logging.DEBUG, "aiohttp"):
        writer.write(sent)
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    assert head.split()[1] == b"400"
    assert b"Cache-Control: no-store" in head
    told = json.loads(body)
    assert told["error"] == "invalid_request"
    assert str(LONGEST_LINE) in told["error_description"]
    assert SECRET not in body
    assert SECRET.decode() not in caplog.text


@pytest.mark.parametrize("path", ["/token", "/userinfo", "/login", "/authorize", "/end_session"])
async def test_a_client_that_hangs_up_in_mid_request_stands_in_the_journal(
    path: str, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    address = urlsplit(world.issuer + path)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"POST {address.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\ngrant".encode())
    await writer.drain()
    writer.close()
    while not world.exchanges:  # noqa: ASYNC110 - nothing else says that the server has noticed
        await asyncio.sleep(0)
    [exchange] = world.exchanges
    assert exchange.error is not None
    assert exchange.error.detail == "the client hung up before its request was whole"
    assert caplog.text == ""
