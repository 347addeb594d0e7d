"""What a server on SQLite finds again when it is started once more on the same file."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path

import pytest

from oidc_harness.harness.furnishings import Furnishings, RealmFurnishings, furnish
from oidc_harness.harness.realm import Realm
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.user import User
from oidc_harness.model.write import Add
from oidc_harness.services import keys
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.storage.sqlite import SqliteStore
from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import ServerSettings
from tests.resilience.served import Place
from tests.support import records
from tests.support.http import Http
from tests.support.world import AUTOMATIC, World
from tests.web.admin.api import Api

Start = Callable[[], AbstractAsyncContextManager[Server]]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
def start(database: Path) -> Start:
    """Starts a server on one file, as often as needed."""

    @asynccontextmanager
    async def started() -> AsyncIterator[Server]:
        async with serving(ServerSettings(port=0, store=f"sqlite:{database}")) as server:
            yield server
            traces = [exchange.trace for realm in server.realms for exchange in realm.journal.exchanges()]
        assert not any(traces), "\n".join(trace for trace in traces if trace)

    return started


def found(server: Server, name: str) -> Realm:
    realm = server.realms.find(name)
    assert realm is not None
    return realm


def kept(realm: Realm) -> tuple[object, ...]:
    """What a restart must not change. The order of keys made within one second is nobody's concern."""
    signing = [realm.keys.signing_key(alg) for alg in realm.keys.algorithms()]
    return realm.policy, realm.clock.state, signing, {key.kid: key for key in realm.keys.published()}


async def rotate(realm: Realm, alg: str) -> None:
    """A new key signs from now on; the old one stays published."""

    async def act(circumstances: Circumstances) -> None:
        await keys.rotate(circumstances, realm.keys, await keys.make(circumstances, alg))

    await realm.transact(act)
    await realm.reload_keys()


async def test_policy_clock_and_keys_come_back(start: Start, http: Http) -> None:
    async with start() as server:
        api = Api(http, server.base_url)
        await server.realms.make("untouched")
        for name in ("moved", "frozen"):
            await server.realms.make(name)
        await api.done("PATCH", "/realms/moved/policy", {"code_lifetime": 7, "journal_limit": 20})
        await api.done("POST", "/realms/moved/clock/advance", {"seconds": 5000})
        await api.done("POST", "/realms/frozen/clock/freeze", {"at": 1_234_567_890})
        for alg in ("RS256", "ES256", "RS256"):
            await api.done("POST", "/realms/moved/keys/rotate", {"alg": alg})
        before = {realm.name: kept(realm) for realm in server.realms}
    async with start() as server:
        assert {realm.name: kept(realm) for realm in server.realms} == before
        assert (found(server, "moved").policy.code_lifetime, found(server, "frozen").clock.now()) == (7, 1_234_567_890)
        for _ in range(30):
            await World(found(server, "moved"), http).get_page("/jwks")
        assert len(found(server, "moved").journal.exchanges()) == 20


async def test_tokens_from_before_are_worth_as_much_as_before(start: Start, http: Http) -> None:
    async with start() as server:
        world = World(await server.realms.make("default", AUTOMATIC), http)
        client = await world.people()
        tokens = await client.sign_in("openid offline_access")
        await rotate(world.realm, "RS256")
        newer = await client.sign_in()
        world.realm.clock.advance(3000)
        await server.realms.save(world.realm)
    async with start() as server:
        # Another port: what was issued under the former issuer is not verified here, but looked up.
        client = type(client)(http, found(server, "default"), client.application)
        for access in (tokens.access, newer.access):
            assert await client.lives(access)
        assert (await client.renew(tokens)).claims["iss"] == client.realm.issuer
        client.realm.clock.advance(700)
        for access in (tokens.access, newer.access):
            assert not await client.lives(access)


@pytest.mark.parametrize("seed", [None, "a seed"])
async def test_pairwise_subjects_come_back(seed: str | None, start: Start, http: Http) -> None:
    subjects = []
    for turn in range(3):
        async with start() as server:
            if turn == 0:
                world = World(await server.realms.make("default", AUTOMATIC, seed), http)
                await world.people()
                client = await world.client(id="pairwise", subject_type="pairwise")
            client = type(client)(http, found(server, "default"), client.application)
            subjects.append((await client.sign_in()).claims["sub"])
    assert len(set(subjects)) == 1


@pytest.mark.parametrize("seed", [None, "a seed"])
async def test_a_realm_from_before_there_were_salts_gets_one(seed: str | None, start: Start, database: Path) -> None:
    async with start() as server:
        await server.realms.make("default", AUTOMATIC, seed)
    with closing(sqlite3.connect(database)) as file, file:
        file.execute("UPDATE records SET body = json_remove(body, '$.subject_salt') WHERE kind = 'realm'")
    salts = []
    for _ in range(2):
        async with start() as server:
            salts.append(found(server, "default").subject_salt)
    assert len(salts[0]) == 43
    assert salts[0] == salts[1]


async def test_a_seeded_realm_draws_nothing_again(start: Start, http: Http) -> None:
    """Exchanges are counted from one again, and what was drawn for the first ones is in the store already."""
    codes: list[str] = []
    for turn in range(3):
        async with start() as server:
            if turn == 0:
                client = await World(await server.realms.make("seeded", AUTOMATIC, "a seed"), http).people()
            client = type(client)(http, found(server, "seeded"), client.application)
            codes += [await client.code() for _ in range(3)]
            await client.accept(await client.redeem(codes[-1]), nonce="n-0S6_WzA2Mj")
    assert len(set(codes)) == 9


async def test_every_realm_however_many(start: Start) -> None:
    names = [f"realm-{number:03}" for number in range(250)]
    async with start() as server:
        for name in names:
            await server.realms.make(name)
    async with start() as server:
        assert [realm.name for realm in server.realms] == names


async def test_a_start_that_was_cut_short_is_done_again(start: Start, database: Path) -> None:
    """Killed between the records of a realm and its registration: whole the next time, and nothing of before in it."""
    async with start():
        pass
    store = SqliteStore(database)
    async with store.begin("default") as opened:
        opened.write(Add(records.user()), Add(records.user("hatter")), Add(records.application()))
    await store.close()
    furnishings = Furnishings(realms={"default": RealmFurnishings(users=(records.user(),))})
    async with start() as server:
        assert server.realms.find("default") is None
        [realm] = await furnish(server.realms, furnishings)
        async with realm.records() as opened:
            assert [user.id for user in await opened.find(User)] == ["user-alice"]
    async with start() as server:
        assert await furnish(server.realms, furnishings) == []


async def test_a_realm_that_could_not_be_furnished_is_not_there(start: Start) -> None:
    class Failed(Exception):
        pass

    async def furnish_in_part(realm: Realm) -> None:
        async with realm.records() as opened:
            opened.write(Add(records.user()))
        assert server.realms.find("default") is None
        raise Failed

    async with start() as server:
        with pytest.raises(Failed):
            await server.realms.make("default", furnish=furnish_in_part)
        assert server.realms.find("default") is None
    async with start() as server:
        assert list(server.realms) == []
        realm = await server.realms.make("default", RealmPolicy(), furnish=furnish_nothing)
        async with realm.records() as opened:
            assert await opened.find(User) == []


async def furnish_nothing(realm: Realm) -> None:
    pass


async def test_the_command_plants_its_fixture_once_and_says_so(tmp_path: Path, http: Http) -> None:
    place = Place(tmp_path)
    async with place.served() as served:
        assert "as the store kept it" not in served.banner
        api = Api(http, served.issuer)
        await api.done("PATCH", "/realms/default/applications/ferry", {"name": "Ship"})
        await api.done("DELETE", "/realms/default/users/charon")
        await api.done("POST", "/realms/default/users", {"id": "caronte", "email": "caronte@people.example"})
        served.process.terminate()
        await served.process.wait()
    async with place.served() as served:
        assert "as the store kept it" in served.banner
        api = Api(http, served.issuer)
        assert (await api.done("GET", "/realms/default/applications/ferry"))["name"] == "Ship"
        users = (await api.done("GET", "/realms/default/users"))["items"]
        assert [user["id"] for user in users] == ["caronte"]
