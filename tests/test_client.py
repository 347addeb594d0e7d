"""The control client: every operation of a real server, and every way in which it can be refused."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from oidc_harness.client import (
    ControlClient,
    ControlError,
    NewApplication,
    NewRealm,
    NewUser,
    RealmControl,
    When,
)
from oidc_harness.web.admin.table import OPERATIONS
from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import ServerSettings

WEB = NewApplication(id="a/b?c#d{e}%2F", name="Web", redirect_uris=("https://rp.example/cb",), secret="s" * 40)


class Recorded(ControlClient):
    """Remembers what it was asked for."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.asked: list[str] = []

    async def call(self, name: str, body: Any, query: Mapping[str, str], path: Mapping[str, str]) -> Any:
        self.asked.append(name)
        return await super().call(name, body, query, path)


@pytest.fixture
async def control(server: Server) -> AsyncIterator[Recorded]:
    async with Recorded(server.base_url) as opened:
        yield opened


@pytest.fixture
async def realm(control: ControlClient) -> RealmControl:
    await control.make_realm(NewRealm(name="wonder"))
    return control.realm("wonder")


async def applications(realm: RealmControl) -> None:
    made = await realm.create_application(WEB)
    assert (made.application.id, made.secret) == (WEB.id, "s" * 40)
    assert await realm.application(WEB.id) == made.application
    assert made.application.redirect_uris == WEB.redirect_uris
    edited = await realm.edit_application(WEB.id, closed=True, redirect_uris=("https://rp.example/other",))
    assert edited.secret is None
    assert (edited.application.closed, edited.application.redirect_uris) == (True, ("https://rp.example/other",))
    assert [each.id async for each in realm.applications()] == [WEB.id]
    assert (await realm.deactivate_application(WEB.id)).status == "deactivated"
    assert (await realm.reactivate_application(WEB.id)).status == "active"
    await realm.change_policy(client_secrets="viewable")
    secret = (await realm.regenerate_secret(WEB.id)).secret
    assert secret not in (None, "s" * 40)
    assert (await realm.read_secret(WEB.id)).secret == secret
    await realm.delete_application(WEB.id)
    assert [each async for each in realm.applications()] == []


async def people(realm: RealmControl) -> None:
    await realm.create_application(WEB)
    alice = await realm.create_user(NewUser(id="alice", email="alice@people.example", password="w"))
    assert (alice.username, alice.test_password) == ("alice@people.example", None)
    assert (await realm.edit_user("alice", username="al", password="x")).username == "al"
    assert [each.id async for each in realm.users(email="ALICE@people.example")] == ["alice"]
    assert [each.id async for each in realm.users(username="alice@people.example")] == []
    assert (await realm.edit_user("alice", profile={"name": "Alice"})).profile.name == "Alice"
    assert await realm.user("alice") == (await realm.unblock_user("alice"))
    assert (await realm.block_user("alice")).status == "blocked"
    member = await realm.add_member(WEB.id, "alice")
    assert (member.application_id, member.user_id, member.role) == (WEB.id, "alice", "member")
    assert member.granted is None
    assert (await realm.change_role(WEB.id, "alice", "administrator")).role == "administrator"
    assert (await realm.block_member(WEB.id, "alice")).status == "blocked"
    assert (await realm.unblock_member(WEB.id, "alice")).status == "active"
    assert await realm.end_sessions(WEB.id, "alice") == await realm.member(WEB.id, "alice")
    assert [each.user_id async for each in realm.members(WEB.id)] == ["alice"]
    await realm.remove_member(WEB.id, "alice")
    await realm.delete_user("alice")
    assert [each async for each in realm.users()] == []


async def invitations(realm: RealmControl) -> None:
    await realm.create_application(WEB)
    invited = await realm.invite(WEB.id, "bob@people.example nobody")
    assert [each.address for each in invited.refused] == ["nobody"]
    (sent,) = invited.sent
    assert await realm.invitation(sent.id) == sent
    assert (await realm.cancel_invitation(sent.id)).status == "cancelled"
    assert [each.id async for each in realm.invitations(WEB.id)] == [sent.id]


async def switches(realm: RealmControl) -> None:
    await realm.create_user(NewUser(id="alice", email="alice@people.example"))
    armed = await realm.arm("iss-wrong", {"value": "https://other.example"}, When(times=2, user="alice"))
    assert (armed.parameters, armed.when) == ({"value": "https://other.example"}, When(times=2, user="alice"))
    async with realm.arming("aud-wrong") as second:
        assert [each.id for each in await realm.armed()] == [armed.id, second.id]
    await realm.disarm(armed.id)
    async with realm.arming("aud-wrong"):
        await realm.disarm_all()
    assert await realm.armed() == []


async def journal(realm: RealmControl) -> None:
    await realm.observe(signed_in=True, subject="alice", note="seen")
    assert [each.subject for each in await realm.verdicts() if each.armed] == []
    assert [each async for each in realm.journal()] == []
    await realm.clear_journal()


async def time(realm: RealmControl) -> None:
    assert (await realm.freeze(1_000)).now == 1_000
    assert (await realm.advance(-10)).now == 990
    assert (await realm.clock()).frozen
    assert not (await realm.follow()).frozen


async def keys(realm: RealmControl) -> None:
    before = await realm.keys()
    after = await realm.rotate_key("ES256")
    assert [each.kid for each in after if each.kid not in {key.kid for key in before}] == [after[-1].kid]


async def outbox(realm: RealmControl) -> None:
    assert [each async for each in realm.outbox()] == []


async def life_of_a_key(realm: RealmControl) -> None:
    first = next(key for key in await realm.keys() if key.alg == "ES256")
    new = await realm.publish_key("ES256")
    assert (new.alg, new.status) == ("ES256", "next")
    used = {key.kid: key.status for key in await realm.use_key(new.kid)}
    assert (used[first.kid], used[new.kid]) == ("retired", "current")
    assert {key.kid: key.status for key in await realm.retire_key(new.kid)}[new.kid] == "retired"
    await realm.remove_key(first.kid)
    assert first.kid not in {key.kid for key in await realm.keys()}


async def realm_itself(realm: RealmControl) -> None:
    assert (await realm.change_policy(name_limit=20)).policy.name_limit == 20
    assert (await realm.view()).name == "wonder"
    await realm.drop()


STORIES = [applications, people, invitations, switches, journal, time, keys, life_of_a_key, outbox, realm_itself]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_a_realm_is_controlled(realm: RealmControl, story: Any) -> None:
    await story(realm)


async def test_it_can_ask_for_every_operation(control: Recorded) -> None:
    for number, story in enumerate(STORIES):
        await control.make_realm(NewRealm(name=f"realm-{number}"))
        if story is not realm_itself:
            await story(control.realm(f"realm-{number}"))
    await control.make_realm(NewRealm(name="wonder"))
    await realm_itself(control.realm("wonder"))
    assert [each.name async for each in control.realms()] == sorted(f"realm-{n}" for n in range(len(STORIES)))
    names = [each.name async for each in control.switches()]
    assert (await control.switch(names[0])).name == names[0]
    assert set(control.asked) == {operation.name for operation in OPERATIONS}


async def test_whatever_is_listed_is_listed_to_its_end(realm: RealmControl) -> None:
    await realm.create_application(WEB)
    sent = await realm.invite(WEB.id, " ".join(f"guest{number}@people.example" for number in range(205)))
    listed = [each async for each in realm.invitations(WEB.id)]
    assert {each.id for each in listed} == {each.id for each in sent.sent}
    assert len(listed) == 205


async def test_a_switch_is_disarmed_when_the_test_fails(realm: RealmControl) -> None:
    with pytest.raises(ZeroDivisionError):
        async with realm.arming("iss-wrong"):
            raise ZeroDivisionError
    assert await realm.armed() == []


async def refused(act: Any) -> tuple[int, str, str]:
    with pytest.raises(ControlError) as caught:
        await act
    assert caught.value.message in str(caught.value)
    return caught.value.status, caught.value.code, caught.value.field


async def test_refusals(control: ControlClient, realm: RealmControl) -> None:
    assert await refused(control.realm("nowhere").view()) == (404, "not_found", "realm")
    assert await refused(control.realm("..").view()) == (404, "not_found", "realm")
    assert await refused(control.make_realm(NewRealm(name="wonder"))) == (409, "conflict", "name")
    assert await refused(control.make_realm(NewRealm(name="Wonder"))) == (400, "invalid", "name")
    assert await refused(realm.change_policy(sign_in="never")) == (400, "invalid", "sign_in")
    assert await refused(realm.arm("iss-wrong", {"value": 3})) == (400, "invalid", "parameters.value")
    assert await refused(realm.create_application(NewApplication(name=" "))) == (400, "invalid", "name")
    assert await refused(realm.user("nobody")) == (404, "not_found", "")
    assert await refused(anext(control.realm("nowhere").users())) == (404, "not_found", "realm")


@pytest.mark.parametrize(("token", "told"), [(None, 401), ("wrong", 401), ("öffne", 401), ("öffne dich", None)])
async def test_it_sends_the_admin_token(token: str | None, told: int | None) -> None:
    settings = ServerSettings(port=0, admin_token="öffne dich")
    async with serving(settings) as server, ControlClient(server.base_url + "/", token) as control:
        if told is None:
            assert (await control.make_realm(NewRealm(name="sesame"))).name == "sesame"
        else:
            assert await refused(control.make_realm(NewRealm(name="sesame"))) == (told, "unauthorized", "")


async def test_where_nobody_listens() -> None:
    async with serving(ServerSettings(port=0)) as server:
        gone = server.base_url
    async with ControlClient(gone) as control:
        assert await refused(control.switch("iss-wrong")) == (0, "unreachable", "")


@pytest.mark.parametrize("address", ["", "127.0.0.1:9400", "http://", "ftp://127.0.0.1", "http://[", "http://a:b"])
async def test_what_is_no_address(address: str) -> None:
    async with ControlClient(address) as control:
        assert await refused(control.switch("iss-wrong")) == (0, "unreachable", "")


OTHERS = [
    (200, "text/html", "<h1>Welcome</h1>"),
    (200, "application/json", "[]"),
    (200, "application/json", '{"name": "iss-wrong"}'),
    (404, "text/html", "<h1>Not found</h1>"),
    (404, "application/json", "[]"),
    (404, "application/json", '{"error": "not_found"}'),
    (302, "text/html", "elsewhere"),
]


@pytest.mark.parametrize(("status", "kind", "text"), OTHERS)
async def test_where_something_else_listens(status: int, kind: str, text: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text=text, content_type=kind, headers={"Location": "/elsewhere"})

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    async with TestServer(application) as other, ControlClient(str(other.make_url("/"))) as control:
        assert await refused(control.switch("iss-wrong")) == (status, "not_a_harness", "")


async def test_it_has_to_be_opened(server: Server) -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await ControlClient(server.base_url).switch("iss-wrong")
