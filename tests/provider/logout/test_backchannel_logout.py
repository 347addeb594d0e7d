"""Applications hear of the end of a session, once it has ended (OIDC Back-Channel Logout 1.0)."""

import asyncio
from typing import Any

import pytest

from oidc_harness.harness.postman import send_due
from oidc_harness.model.outbox import RETRY_AFTER_SECONDS, LogoutNotice, logout_notice
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.services import members
from oidc_harness.web.server import serving
from oidc_harness.web.settings import ServerSettings
from tests.support import records
from tests.support.logout import AFTERWARDS, PRIVATE, Listener, accept_logout_token, leave, settled, told_client
from tests.support.world import World

FORM = RealmPolicy(consent="implied")


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
