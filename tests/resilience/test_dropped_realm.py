"""A realm is dropped while requests are under way in it: each gets a clean answer, and nothing is left behind."""

import asyncio
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from oidc_harness.harness.realm import RealmGone
from oidc_harness.model.application import Application
from oidc_harness.model.code import Code
from oidc_harness.model.consent import Consent
from oidc_harness.model.grant import Grant
from oidc_harness.model.interaction import Interaction
from oidc_harness.model.login_name import LoginName
from oidc_harness.model.member import Member
from oidc_harness.model.record import Record
from oidc_harness.model.token import AccessToken, RefreshToken
from oidc_harness.model.user import User
from oidc_harness.model.write import Add
from oidc_harness.web.server import Server
from tests.support import records
from tests.support.client import Client
from tests.support.http import Answer, Http
from tests.support.world import AUTOMATIC, World
from tests.web.admin.api import Api

pytestmark = pytest.mark.parametrize("store", ["memory", "sqlite"])
KINDS: tuple[type[Record], ...] = (
    *(Application, Code, Consent, Grant, Interaction, LoginName, Member, AccessToken, RefreshToken, User),
)
AT_WORK = 60
ENOUGH = 150
"""Answers after which the realm is dropped."""
EXPECTED = {200, 201, 303, 400, 401, 404}
"""Whatever an endpoint says to whom it does not know (any more), and no fault of its own."""


async def flow(client: Client, note: Callable[[Answer], None]) -> None:
    """A whole flow, as far as it comes."""
    note(answer := await client.authorize(scope="openid offline_access"))
    if answer.status != 303:
        return
    note(answer := await client.redeem(answer.redirect.parameters.get("code", "none")))
    if answer.status != 200:
        return
    note(await client.userinfo(answer.json["access_token"]))
    note(await client.refresh(answer.json["refresh_token"]))


@pytest.mark.parametrize("name", ["acme", "default"])
async def test_nothing_fails_and_nothing_stays(name: str, server: Server, http: Http) -> None:
    world = World(await server.realms.make(name, AUTOMATIC), http)
    client, api = await world.people(), Api(http, server.base_url)
    seen: Counter[int] = Counter()
    enough = asyncio.Event()

    def note(answer: Answer) -> None:
        seen[answer.status] += 1
        assert answer.status in EXPECTED, answer.text
        if seen.total() >= ENOUGH:
            enough.set()

    async def work(number: int) -> None:
        """Until the realm is not there any more."""
        while not seen[404]:
            if number % 3:
                await flow(client, note)
            else:
                body = {"id": f"user-{number}-{seen.total()}", "email": f"u{number}-{seen.total()}@people.example"}
                note(await api.ask("POST", f"/realms/{name}/users", body))

    async def drop() -> None:
        await enough.wait()
        assert await server.realms.drop(name)

    await asyncio.gather(drop(), *(work(number) for number in range(AT_WORK)))
    assert not [exchange.trace for exchange in world.exchanges if exchange.trace]
    await is_empty(World(await server.realms.make(name), http))


async def test_what_was_begun_before_is_not_written_after(server: Server, http: Http) -> None:
    """However long a transaction has been open, the next realm of that name has nothing of it."""
    realm = await server.realms.make("acme")

    async def write_late() -> None:
        async with realm.records() as opened:
            opened.write(Add(records.user()))
            assert await server.realms.drop("acme")
            await server.realms.make("acme")

    with pytest.raises(RealmGone):
        await write_late()
    again = server.realms.find("acme")
    assert again is not None
    await is_empty(World(again, http))


@pytest.mark.parametrize("path", ["/acme/token", "/_harness/v1/realms/acme/users"])
async def test_a_request_that_takes_longer_than_its_realm_lives(path: str, server: Server) -> None:
    await server.realms.make("acme")
    place = urlsplit(server.base_url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    body = b'{"id": "late", "email": "late@people.example"}' if "users" in path else b"grant_type=password"
    kind = "application/json" if "users" in path else "application/x-www-form-urlencoded"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}Connection: close\r\nExpect: 100-continue\r\n\r\n".encode())
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
    assert await server.realms.drop("acme")
    writer.write(body)
    assert (await reader.read()).startswith(b"HTTP/1.1 404 ")
    writer.close()
    await writer.wait_closed()


async def is_empty(world: World) -> None:
    """Whether the new realm begins with nothing."""
    for kind in KINDS:
        assert await world.all(kind) == [], kind
