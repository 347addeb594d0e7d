"""The protected API: which tokens it takes, and what it says to the others."""

import json
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from socket import socket
from typing import Any

import aiohttp
import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.write import Add
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.resource import Protection, Resource
from oidc_harness.relying_party.serving import base_url, listen, serving
from tests.relying_party.worlds import SECRET, Open, Settings, World


@dataclass(frozen=True)
class Answer:
    status: int
    challenge: str | None
    document: dict[str, Any]


async def call(url: str, *authorization: str, method: str = "GET") -> Answer:
    headers = [("Authorization", value) for value in authorization]
    async with aiohttp.ClientSession() as session, session.request(method, url, headers=headers) as response:
        return Answer(response.status, response.headers.get("WWW-Authenticate"), await response.json())


async def start(at: World, stack: AsyncExitStack, protection: Protection, listener: socket | None = None) -> str:
    async with at.realm.records() as records:
        records.write(Add(Application(id="the-api", name="An API", secret_hash=fingerprint(SECRET))))
    asks = replace(protection, issuer=at.realm.issuer)
    return await stack.enter_async_context(serving(Resource(asks).web_application(), listener or listen()))


async def token_of(at: World) -> str:
    """The access token of a fresh sign-in, as the provider gave it to the client."""
    await at.login()
    (given,) = [each.reply for each in at.realm.journal.exchanges() if each.endpoint == "token"]
    assert given is not None
    assert given.members is not None
    return str(given.members["access_token"])


USERINFO = Protection("to be filled in")
INTROSPECTION = replace(USERINFO, client_id="the-api", client_secret=SECRET)


@pytest.mark.parametrize("protection", [INTROSPECTION, USERINFO], ids=["introspection", "userinfo"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_live_token_is_taken_and_a_dead_one_is_not(opened: Open, protection: Protection, method: str) -> None:
    at = await opened(CarefulClient)
    token = await token_of(at)
    async with AsyncExitStack() as stack:
        url = await start(at, stack, protection)
        alive = await call(url, f"Bearer {token}", method=method)
        await at.change((await at.user()).blocked("another-generation"))
        dead = await call(url, f"Bearer {token}", method=method)
    assert (alive.status, alive.document["sub"]) == (200, "user-ann")
    assert (dead.status, dead.challenge) == (401, 'Bearer realm="resource", error="invalid_token"')


@pytest.mark.parametrize(
    ("scope", "status", "challenge"),
    [
        ("email", 200, None),
        ("admin", 403, 'Bearer realm="resource", error="insufficient_scope", scope="admin"'),
        ("emai", 403, 'Bearer realm="resource", error="insufficient_scope", scope="emai"'),
    ],
)
async def test_the_scope_is_demanded(opened: Open, scope: str, status: int, challenge: str | None) -> None:
    at = await opened(CarefulClient)
    token = await token_of(at)
    async with AsyncExitStack() as stack:
        answer = await call(await start(at, stack, replace(INTROSPECTION, scope=scope)), f"Bearer {token}")
    assert (answer.status, answer.challenge) == (status, challenge)


@pytest.mark.parametrize(
    ("authorization", "status", "challenge"),
    [
        ((), 401, 'Bearer realm="resource"'),
        (("Bearer",), 400, 'Bearer realm="resource", error="invalid_request"'),
        (("Bearer ",), 400, 'Bearer realm="resource", error="invalid_request"'),
        (("Basic YTpi",), 400, 'Bearer realm="resource", error="invalid_request"'),
        (("Bearer a", "Bearer b"), 400, 'Bearer realm="resource", error="invalid_request"'),
        (("Bearer a b",), 400, 'Bearer realm="resource", error="invalid_request"'),
        (("Bearer a,b",), 400, 'Bearer realm="resource", error="invalid_request"'),
        (("Bearer made-up",), 401, 'Bearer realm="resource", error="invalid_token"'),
        (("bearer made-up",), 401, 'Bearer realm="resource", error="invalid_token"'),
    ],
)
async def test_a_request_without_a_good_token(
    opened: Open, authorization: tuple[str, ...], status: int, challenge: str
) -> None:
    at = await opened(CarefulClient)
    async with AsyncExitStack() as stack:
        answer = await call(await start(at, stack, INTROSPECTION), *authorization)
    assert (answer.status, answer.challenge) == (status, challenge)


async def test_wrong_credentials_of_its_own_are_no_verdict_on_the_token(opened: Open) -> None:
    at = await opened(CarefulClient)
    async with AsyncExitStack() as stack:
        url = await start(at, stack, replace(INTROSPECTION, client_secret="another secret"))
        answer = await call(url, "Bearer made-up")
    assert (answer.status, answer.document) == (502, {"error": "provider_failed"})


async def test_a_provider_that_is_not_there() -> None:
    resource = Resource(Protection("http://127.0.0.1:1"))
    async with serving(resource.web_application(), listen()) as url:
        answer = await call(url, "Bearer made-up")
    assert (answer.status, answer.document) == (502, {"error": "provider_unreachable"})


async def test_a_client_calls_it(opened: Open) -> None:
    """The client's `/api` goes to the resource where its registration names one."""
    listener = listen()
    at = await opened(CarefulClient, Settings(registration={"resource_url": f"{base_url(listener)}/"}))
    async with AsyncExitStack() as stack:
        await start(at, stack, replace(INTROSPECTION, scope="email"), listener)
        await at.login()
        visit = await at.post("/api")
    assert (visit.page.status, at.asked("introspection")) == (200, 1)


async def test_a_client_is_told_that_its_token_is_not_enough(opened: Open) -> None:
    listener = listen()
    at = await opened(CarefulClient, Settings(registration={"resource_url": f"{base_url(listener)}/"}))
    async with AsyncExitStack() as stack:
        await start(at, stack, replace(INTROSPECTION, scope="admin"), listener)
        await at.login()
        visit = await at.post("/api")
    assert (visit.page.status, json.loads(visit.page.text)["error"]) == (400, "insufficient_scope")
    assert await at.signed_in_as() == "user-ann"
