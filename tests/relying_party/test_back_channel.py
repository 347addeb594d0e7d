"""The limits a careful client keeps when it talks to a provider."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from oidc_harness.relying_party.back_channel import (
    MAX_BODY_BYTES,
    Answer,
    BackChannel,
    parse_object,
    pause_seconds,
)
from oidc_harness.relying_party.client import ProviderFault
from tests.relying_party.local_servers import Handler, Serve

NOON = 1_750_000_000.0


@asynccontextmanager
async def channel(timeout_seconds: float = 5.0, now: float = NOON) -> AsyncIterator[BackChannel]:
    open_channel = BackChannel(timeout_seconds, lambda: now)
    try:
        yield open_channel
    finally:
        await open_channel.close()


async def hang(_: web.Request) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError


async def drip(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"a":')
    await asyncio.Event().wait()
    return response


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"a": 1}')
    assert request.transport is not None
    request.transport.close()
    return response


async def reset(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def too_large(_: web.Request) -> web.StreamResponse:
    return web.Response(body=b" " * (MAX_BODY_BYTES + 1), content_type="application/json")


@pytest.mark.parametrize("handler", [hang, drip, cut, reset, too_large])
async def test_an_answer_that_never_comes_whole_is_refused_and_not_asked_again(serve: Serve, handler: Handler) -> None:
    asked: list[str] = []

    async def count(request: web.Request) -> web.StreamResponse:
        asked.append(request.method)
        return await handler(request)

    base = await serve([web.route("*", "/", count)])
    async with channel(timeout_seconds=0.5) as open_channel:
        with pytest.raises(ProviderFault, match="provider_unreachable"):
            await open_channel.post(base, "code=c")
        with pytest.raises(ProviderFault, match="provider_unreachable"):
            await open_channel.get(base)
    assert asked == ["POST", "GET"]


async def test_nobody_listens() -> None:
    async with channel() as open_channel:
        with pytest.raises(ProviderFault, match="provider_unreachable"):
            await open_channel.get("http://127.0.0.1:1/")


@pytest.mark.parametrize("url", ["", "no address", "http://", "http://[bad/", "ftp://127.0.0.1/"])
async def test_what_is_no_address_is_refused(url: str) -> None:
    async with channel() as open_channel:
        with pytest.raises(ProviderFault):
            await open_channel.get(url)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(serve: Serve, status: int) -> None:
    reached: list[str] = []

    async def end(request: web.Request) -> web.Response:
        reached.append(await request.text())
        return web.json_response({})

    async def move(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": "/end"})

    base = await serve([web.post("/", move), web.route("*", "/end", end)])
    async with channel() as open_channel:
        with pytest.raises(ProviderFault, match="unexpected_redirect"):
            await open_channel.post(base, "code=c")
    assert reached == []


async def test_cookies_are_not_kept(serve: Serve) -> None:
    seen: list[dict[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(dict(request.cookies))
        response = web.json_response({})
        response.set_cookie("tracking", "1")
        return response

    base = await serve([web.get("/", answer)])
    async with channel() as open_channel:
        await open_channel.get(base)
        await open_channel.get(base)
    assert seen == [{}, {}]


@pytest.mark.parametrize("status", [429, 503])
async def test_a_pause_is_kept_until_it_is_over(serve: Serve, status: int) -> None:
    asked: list[str] = []

    async def busy(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Retry-After": "30"})

    now = NOON
    base = await serve([web.get("/busy", busy), web.get("/other", busy)])
    open_channel = BackChannel(5.0, lambda: now)
    for moment in (NOON, NOON + 29, NOON + 31):
        now = moment
        with pytest.raises(ProviderFault, match="provider_busy"):
            await open_channel.get(f"{base}/busy")
    with pytest.raises(ProviderFault, match="provider_busy"):
        await open_channel.get(f"{base}/other")
    await open_channel.close()
    assert asked == ["/busy", "/busy", "/other"]


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        (None, 1.0),
        ("0", 0.0),
        ("120", 120.0),
        ("  7 ", 7.0),
        ("31536000", 3600.0),
        ("9" * 400, 3600.0),
        ("-5", 1.0),
        ("soon", 1.0),
        ("", 1.0),
        ("١٢", 1.0),
        ("Sun, 15 Jun 2025 15:07:50 GMT", 70.0),
        ("Sun, 15 Jun 2025 15:00:00 GMT", 0.0),
        ("Sun, 15 Jun 2026 15:00:00 GMT", 3600.0),
        ("Sun, 99 Jun 2026 15:00:00 GMT", 1.0),
    ],
)
def test_retry_after_is_read(retry_after: str | None, seconds: float) -> None:
    assert pause_seconds(retry_after, NOON) == seconds


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b'{"a": 1} {}',
        b'{"a": 1, "a": 2}',
        b'{"x": {"a": 1, "a": 2}}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a":' * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(ProviderFault, match="bad_json"):
        parse_object(body, "http://op.example/token")


@pytest.mark.parametrize(
    ("content_type", "is_read"),
    [
        ("application/json", True),
        ("application/json;charset=UTF-8", True),
        ("Application/JSON", True),
        ("application/jwk-set+json", True),
        ("text/html", False),
        ("application/jwt", False),
        ("application/json-seq", False),
        ("", False),
    ],
)
def test_only_json_is_read_as_json(content_type: str, is_read: bool) -> None:
    answer = Answer("http://op.example/", 200, {"content-type": content_type}, b'{"a": 1}')
    if is_read:
        assert answer.document() == {"a": 1}
    else:
        with pytest.raises(ProviderFault, match="not_json"):
            answer.document()
