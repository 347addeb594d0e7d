"""The omissions of the careless client's HTTP, each of which a provider can see."""

import pytest
from aiohttp import web

from oidc_harness.relying_party.careless_channel import CarelessChannel
from oidc_harness.relying_party.client import ProviderFault
from tests.relying_party.local_servers import Handler, Serve


async def busy(_: web.Request) -> web.StreamResponse:
    return web.json_response({}, status=503, headers={"Retry-After": "3600"})


async def refusal(_: web.Request) -> web.StreamResponse:
    return web.json_response({"error": "invalid_grant"}, status=400)


async def reset(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def no_json(_: web.Request) -> web.StreamResponse:
    return web.Response(text="{")


@pytest.mark.parametrize("handler", [busy, refusal, reset, no_json])
async def test_the_same_form_is_sent_three_times_at_once(serve: Serve, handler: Handler) -> None:
    sent: list[str] = []

    async def note(request: web.Request) -> web.StreamResponse:
        sent.append(await request.text())
        return await handler(request)

    base = await serve([web.post("/token", note)])
    channel = CarelessChannel()
    with pytest.raises(ProviderFault, match="3 times"):
        await channel.post(f"{base}/token", "code=c")
    await channel.close()
    assert sent == ["code=c"] * 3


async def test_it_stops_as_soon_as_it_gets_through(serve: Serve) -> None:
    sent: list[str] = []

    async def second_time(request: web.Request) -> web.Response:
        sent.append(await request.text())
        return web.json_response({"try": len(sent)}, status=200 if len(sent) == 2 else 503)

    base = await serve([web.post("/token", second_time)])
    channel = CarelessChannel()
    assert await channel.post(f"{base}/token", "code=c") == {"try": 2}
    await channel.close()


async def test_it_follows_a_redirect_with_the_form(serve: Serve) -> None:
    async def move(_: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": "/end"})

    async def end(request: web.Request) -> web.Response:
        return web.json_response({"form": await request.text()})

    base = await serve([web.post("/token", move), web.post("/end", end)])
    channel = CarelessChannel()
    assert await channel.post(f"{base}/token", "code=c") == {"form": "code=c"}
    await channel.close()


async def test_it_takes_a_cut_answer_for_a_whole_one(serve: Serve) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html", "Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"access_token": "a"}')
        assert request.transport is not None
        request.transport.close()
        return response

    base = await serve([web.get("/", cut)])
    channel = CarelessChannel()
    assert await channel.get(base) == {"access_token": "a"}
    await channel.close()
