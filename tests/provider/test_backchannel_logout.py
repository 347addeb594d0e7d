"""Applications hear of the end of a session, once it has ended (OIDC Back-Channel Logout 1.0)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from oidc_harness.harness.postman import send_due
from oidc_harness.model.application import Application
from oidc_harness.model.outbox import RETRY_AFTER_SECONDS, LogoutNotice, logout_notice
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.services import applications, consents, members, sign_out, users
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import OutboundPolicy, ServerSettings
from tests.support import records
from tests.support.client import Client
from tests.support.http import Answer
from tests.support.logout import Listener, accept_logout_token, listening
from tests.support.world import MakeWorld, World

FORM = RealmPolicy(consent="implied")
PRIVATE = OutboundPolicy(allow_private=True)
AFTERWARDS = "https://rp.example/signed-out"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving(ServerSettings(port=0, outbound=PRIVATE)) as running:
        yield running
        assert not [each.trace for realm in running.realms for each in realm.journal.exchanges() if each.trace]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as listener:
        yield listener


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    world = await make_world(FORM)
    await world.add(records.user())
    return world


async def told_client(world: World, listener: Listener, id: str = "web", **changes: Any) -> Client:
    """An application that wants to be told."""
    usual = {"backchannel_logout_uri": f"{listener.base}/{id}?of=client", "post_logout_redirect_uris": (AFTERWARDS,)}
    return await world.client(**{"id": id, **usual, **changes})


async def leave(world: World, cookies: dict[str, str], hint: str) -> Answer:
    query = [("id_token_hint", hint), ("post_logout_redirect_uri", AFTERWARDS), ("state", "s")]
    return await world.get_page("/end_session", query, cookies)


async def settled(world: World, *states: str) -> list[LogoutNotice]:
    """The notices of the realm after its outbox was looked through, which must leave them in these states."""
    await send_due(world.realm)
    notices = await world.all(LogoutNotice)
    assert sorted(notice.state for notice in notices) == sorted(states)
    return notices


ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "HS256"]


@pytest.mark.parametrize("alg", ALGORITHMS)
async def test_oidcc_backchannel_rp_initiated_logout(alg: Any, world: World, listener: Listener) -> None:
    client = await told_client(world, listener, id_token_signed_response_alg=alg)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    answer = await leave(world, cookies, tokens.id_token)
    # The redirect came after the notice.
    [form] = listener.forms
    assert answer.location == f"{AFTERWARDS}?state=s"
    claims = await accept_logout_token(form, client)
    assert (claims["sub"], claims["sid"]) == (tokens.claims["sub"], tokens.claims["sid"])
    assert listener.heard == ["/web?of=client"]
    [notice] = await world.all(LogoutNotice)
    assert (notice.state, notice.attempts) == ("delivered", 1)


async def test_who_takes_unsigned_id_tokens_is_told_with_a_signature(world: World, listener: Listener) -> None:
    client = await told_client(world, listener, id_token_signed_response_alg="none")
    cookies = await world.sign_in(records.user())
    await client.sign_in(cookies=cookies)
    await world.realm.transact(lambda given: members.end_sessions(given, "web", "user-alice"))
    await settled(world, "delivered")
    await accept_logout_token(listener.forms[0], client)


async def test_oidcc_backchannel_discovery_endpoint_verification(world: World) -> None:
    told = (await world.get_page("/.well-known/openid-configuration")).json
    assert told["backchannel_logout_supported"] is True
    assert told["backchannel_logout_session_supported"] is True


async def test_every_application_of_the_session_hears_and_no_other(world: World, listener: Listener) -> None:
    cookies = await world.sign_in(records.user())
    elsewhere = await world.sign_in(records.user(), "d" * 43)
    reached = [await told_client(world, listener, id) for id in ("web", "shop", "mail")]
    other = await told_client(world, listener, "other")
    silent = await world.client(id="silent")
    tokens = [await client.sign_in(cookies=cookies) for client in (*reached, silent)]
    await reached[0].sign_in(cookies=cookies)
    await other.sign_in(cookies=elsewhere)
    await leave(world, cookies, tokens[0].id_token)
    assert sorted(listener.heard) == ["/mail?of=client", "/shop?of=client", "/web?of=client"]
    await leave(world, cookies, tokens[0].id_token)
    assert len(listener.heard) == 3


@pytest.mark.parametrize(("named", "expected"), [("sub_and_sid", {"sub", "sid"}), ("sub", {"sub"}), ("sid", {"sid"})])
async def test_whom_a_logout_token_names(named: Any, expected: set[str], world: World, listener: Listener) -> None:
    client = await told_client(world, listener, backchannel_logout_claims=named)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)
    claims = await accept_logout_token(listener.forms[0], client)
    assert {name: claims[name] for name in ("sub", "sid") if name in claims} == {
        name: tokens.claims[name] for name in expected
    }


async def test_who_is_never_told_the_user_hears_of_each_session(world: World, listener: Listener) -> None:
    client = await told_client(world, listener, backchannel_logout_claims="sid")
    browsers = [await world.sign_in(records.user(), letter * 43) for letter in "cd"]
    signed_in = [await client.sign_in(cookies=cookies) for cookies in browsers]
    await world.realm.transact(lambda given: members.end_sessions(given, "web", "user-alice"))
    await settled(world, "delivered", "delivered")
    told = [await accept_logout_token(form, client) for form in listener.forms]
    assert {claims["sid"] for claims in told} == {tokens.claims["sid"] for tokens in signed_in}
    assert not any("sub" in claims for claims in told)


async def test_a_pairwise_subject_is_that_of_the_id_token(world: World, listener: Listener) -> None:
    client = await told_client(world, listener, subject_type="pairwise")
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)
    assert (await accept_logout_token(listener.forms[0], client))["sub"] == tokens.claims["sub"] != "user-alice"


async def test_the_question_on_the_page_ends_nothing_yet(world: World, listener: Listener) -> None:
    client = await told_client(world, listener)
    cookies = await world.sign_in(records.user())
    await client.sign_in(cookies=cookies)
    question = await world.get_page("/end_session", (), cookies)
    assert question.page.has("logout-page")
    assert listener.forms == []
    form, control = question.page.form_of("logout-confirm")
    await world.send("POST", "/end_session", form=form.pairs({}, control), cookies=cookies)
    assert len(listener.forms) == 1


@pytest.mark.parametrize(
    ("statuses", "state", "attempts"),
    [
        ([200], "delivered", 1),
        ([204], "delivered", 1),
        ([400], "failed", 1),
        ([303], "failed", 1),
        ([404], "failed", 1),
        ([503, 200], "delivered", 2),
        ([0, 429, 200], "delivered", 3),
        ([500], "failed", len(RETRY_AFTER_SECONDS) + 1),
    ],
)
async def test_what_does_not_arrive_is_sent_again(
    statuses: list[int], state: str, attempts: int, world: World, listener: Listener
) -> None:
    listener.statuses = list(statuses)
    world.realm.clock.freeze(world.now)
    client = await told_client(world, listener)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    assert (await leave(world, cookies, tokens.id_token)).status == 303
    for attempt in range(1, attempts):
        [notice] = await world.all(LogoutNotice)
        assert (notice.state, notice.attempts) == ("pending", attempt)
        world.realm.clock.advance(RETRY_AFTER_SECONDS[attempt - 1])
        await send_due(world.realm)
    [notice] = await settled(world, state)
    assert (notice.attempts, len(listener.forms)) == (attempts, attempts)
    assert (str(statuses[-1]) in notice.last_outcome) == (state == "failed" or statuses[-1] in (200, 204))
    tried = [await accept_logout_token(form, client) for form in listener.forms]
    assert len({claims["jti"] for claims in tried}) == attempts


Deed = Callable[[Circumstances], Awaitable[object]]
DEEDS: dict[str, Deed] = {
    "block the member": lambda given: members.block(given, "web", "user-alice"),
    "end the member's sessions": lambda given: members.end_sessions(given, "web", "user-alice"),
    "remove the member": lambda given: members.remove(given, "web", "user-alice"),
    "withdraw the consent": lambda given: consents.withdraw(given, "web", "user-alice"),
    "deactivate the application": lambda given: applications.deactivate(given, "web"),
    "block the user": lambda given: users.block(given, "user-alice"),
    "end the user's sessions": lambda given: sign_out.end_all_sessions(given, "user-alice"),
    "delete the user": lambda given: users.delete(given, "user-alice"),
}


@pytest.mark.parametrize("named", [False, True], ids=["all sessions", "each session"])
@pytest.mark.parametrize("deed", DEEDS)
async def test_who_ends_sessions_from_here_has_applications_told(
    deed: str, named: bool, world: World, listener: Listener
) -> None:
    client = await told_client(world, listener, backchannel_logout_session_required=named)
    other = await told_client(world, listener, "other")
    browsers = [await world.sign_in(records.user(), letter * 43) for letter in "cde"]
    signed_in = [await client.sign_in(cookies=cookies) for cookies in browsers[:2]]
    await other.sign_in(cookies=browsers[2])
    await world.realm.transact(DEEDS[deed])
    to_other = 1 if "the user" in deed else 0
    await settled(world, *["delivered"] * ((2 if named else 1) + to_other))
    forms = [form for form, path in zip(listener.forms, listener.heard, strict=True) if path.startswith("/web")]
    told = [await accept_logout_token(form, client) for form in forms]
    assert {claims["sub"] for claims in told} == {"user-alice"}
    sids = {tokens.claims["sid"] for tokens in signed_in}
    assert {claims.get("sid") for claims in told} == (sids if named else {None})


async def test_what_sqlite_kept_is_sent_after_a_restart(tmp_path: Any, http: Any, listener: Listener) -> None:
    settings = ServerSettings(port=0, store=f"sqlite:{tmp_path}/records.db", outbound=PRIVATE)
    listener.statuses = [503, 200]
    async with serving(settings) as first:
        world = World(await first.realms.make("kept", FORM), http)
        world.realm.clock.freeze(world.now)
        await world.add(records.user())
        client = await told_client(world, listener)
        cookies = await world.sign_in(records.user())
        tokens = await client.sign_in(cookies=cookies)
        await leave(world, cookies, tokens.id_token)
    async with serving(settings) as second:
        realm = second.realms.find("kept")
        assert realm is not None
        again = World(realm, http)
        [notice] = await again.all(LogoutNotice)
        assert notice.state == "pending"
        listener.asked.clear()
        realm.clock.advance(10_000)
        # Nobody has to do anything for it.
        await asyncio.wait_for(listener.asked.wait(), 10)
        await settled(again, "delivered")


async def test_an_application_that_is_gone_hears_nothing(world: World, listener: Listener) -> None:
    client = await told_client(world, listener)
    cookies = await world.sign_in(records.user())
    await client.sign_in(cookies=cookies)

    async def end_and_delete(given: Circumstances) -> None:
        await members.end_sessions(given, "web", "user-alice")
        await applications.delete(given, "web")

    await world.realm.transact(end_and_delete)
    [notice] = await settled(world, "failed")
    assert "gone" in notice.last_outcome
    assert listener.forms == []


@pytest.mark.parametrize("uri", [None, "http://127.0.0.1:9/elsewhere"])
async def test_where_no_notice_is_wanted_any_more_none_is_sent(uri: Any, world: World, listener: Listener) -> None:
    """Withdrawn, changed, or by somebody else who has the client_id now."""
    listener.statuses = [503, 200]
    world.realm.clock.freeze(world.now)
    client = await told_client(world, listener)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)
    await world.change(Application, client.id, backchannel_logout_uri=uri)
    world.realm.clock.advance(11)
    await settled(world, "failed")
    [notice] = await world.all(LogoutNotice)
    assert "wants no notice there now" in notice.last_outcome
    assert len(listener.forms) == 1


async def test_another_application_of_the_same_id_and_address_is_told_nothing(world: World, listener: Listener) -> None:
    """It is somebody else's now: what the one before it was to hear is not theirs to know."""
    listener.statuses = [503, 200]
    world.realm.clock.freeze(world.now)
    former = await _registered(world, listener)
    cookies = await world.sign_in(records.user())
    tokens = await former.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)
    await world.realm.transact(lambda given: applications.delete(given, former.id))
    latter = await _registered(world, listener)
    assert latter.application.backchannel_logout_uri == former.application.backchannel_logout_uri
    world.realm.clock.advance(11)
    await settled(world, "failed")
    assert len(listener.forms) == 1
    # Its own are sent.
    cookies = await world.sign_in(records.user(), "d" * 43)
    tokens = await latter.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)
    await accept_logout_token(listener.forms[1], latter)


async def _registered(world: World, listener: Listener) -> Client:
    """An application made by the service that makes them for people."""
    draft = records.application(
        backchannel_logout_uri=f"{listener.base}/web", post_logout_redirect_uris=(AFTERWARDS,), secret_hash=None
    )
    made = await world.realm.transact(lambda given: applications.create(given, draft, secret=records.SECRET))
    return Client(world.http, world.realm, made.application)


@pytest.mark.parametrize("change", ["deactivate", "edit", "block"])
async def test_what_becomes_of_the_application_otherwise_holds_no_notice_back(
    change: str, world: World, listener: Listener
) -> None:
    """Its generation changes, and it is the same application."""
    listener.statuses = [503, 200]
    world.realm.clock.freeze(world.now)
    client = await _registered(world, listener)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)

    async def happen(given: Circumstances) -> None:
        if change == "deactivate":
            await members.remove(given, "web", "user-alice")
            await applications.deactivate(given, "web")
        elif change == "edit":
            await applications.edit(given, "web", {"name": "Renamed"})
        else:
            await users.block(given, "user-alice")

    await world.realm.transact(happen)
    world.realm.clock.advance(11)
    await send_due(world.realm)
    assert {notice.state for notice in await world.all(LogoutNotice)} == {"delivered"}


async def test_every_member_is_told_of_an_application_that_is_shut(world: World, listener: Listener) -> None:
    client = await told_client(world, listener)
    names = ("alice", "bob", "carol")
    for letter, name in zip("abc", names, strict=True):
        if name != "alice":
            await world.add(records.user(name))
        await client.sign_in(cookies=await world.sign_in(records.user(name), letter * 43))
    await world.realm.transact(lambda given: members.block(given, "web", "user-carol"))
    await settled(world, "delivered")
    listener.forms.clear()
    await world.realm.transact(lambda given: applications.deactivate(given, "web"))
    # Carol has nothing left there to end.
    await settled(world, *["delivered"] * 3)
    told = [await accept_logout_token(form, client) for form in listener.forms]
    assert {claims["sub"] for claims in told} == {"user-alice", "user-bob"}


async def test_a_token_that_cannot_be_made_is_given_up(world: World, listener: Listener) -> None:
    client = await told_client(world, listener, id_token_signed_response_alg="HS256", secret_hash=None)
    await world.add(logout_notice(client.application, "user-alice", None, world.now, "chance"))
    [notice] = await settled(world, "failed")
    assert "needs the client secret" in notice.last_outcome
    assert listener.forms == []


async def test_the_journal_has_what_was_sent_and_what_the_client_said(world: World, listener: Listener) -> None:
    listener.statuses = [400]
    client = await told_client(world, listener)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)
    [sent] = [exchange for exchange in world.exchanges if exchange.endpoint == "backchannel_logout"]
    assert dict(sent.request.form) == listener.forms[0]
    assert (sent.about.application, sent.reply and sent.reply.status) == (client.application, 400)
