"""What a logout does to what was issued in the session (policy `logout_revokes`, OIDC Back-Channel Logout 2.7)."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.ended_session import EndedSession
from oidc_harness.model.grant import Grant
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from tests.support import records
from tests.support.client import Client, Tokens
from tests.support.world import MakeWorld, World

OFFLINE = "openid offline_access"
POLICY = RealmPolicy(consent="implied", refresh_tokens="always")
BOTH = {"openid": True, OFFLINE: True}
NONE = {"openid": False, OFFLINE: False}
ONLINE_ALONE = {"openid": False, OFFLINE: True}


@dataclass(frozen=True)
class Browser:
    """A browser in which Alice has signed in at an application, for as long as she does and for longer."""

    world: World
    client: Client
    cookies: dict[str, str]
    tokens: dict[str, Tokens]

    async def leave(self) -> None:
        query = [("id_token_hint", self.tokens["openid"].id_token)]
        answer = await self.world.get_page("/end_session", query, self.cookies)
        assert answer.page.has("logged-out-page")

    async def living(self) -> dict[str, bool]:
        """By scope, whether access token and refresh token work; they have to agree."""
        return {scope: await self._lives(tokens) for scope, tokens in self.tokens.items()}

    async def _lives(self, tokens: Tokens) -> bool:
        lives = await self.client.lives(tokens.access)
        introspected = (await self.client.introspect(tokens.refresh)).json["active"]
        answer = await self.client.refresh(tokens.refresh)
        assert answer.status == (200 if lives else 400), answer.json
        assert introspected == lives
        if not lives:
            assert answer.json["error"] == "invalid_grant"
        return lives


async def open_browser(world: World, client: Client, cookie: str = "c" * 43) -> Browser:
    cookies = await world.sign_in(records.user(), cookie)
    tokens = {scope: await client.sign_in(scope, cookies=cookies) for scope in ("openid", OFFLINE)}
    return Browser(world, client, cookies, tokens)


async def furnished(make_world: MakeWorld, revokes: Any, **policy: Any) -> tuple[World, Client]:
    world = await make_world(replace(POLICY, logout_revokes=revokes, **policy))
    world.realm.clock.freeze(world.now)
    return world, await world.people()


@pytest.mark.parametrize(
    ("revokes", "living"), [("nothing", BOTH), ("online_access", ONLINE_ALONE), ("everything", NONE)]
)
@pytest.mark.parametrize("rotation", [True, False])
async def test_what_ends_with_a_session(
    revokes: str, living: dict[str, bool], rotation: bool, make_world: MakeWorld
) -> None:
    world, client = await furnished(make_world, revokes, refresh_rotation=rotation)
    browser = await open_browser(world, client)
    elsewhere = await open_browser(world, client, "d" * 43)
    await browser.leave()
    assert await browser.living() == living
    assert await elsewhere.living() == BOTH


async def test_unless_said_otherwise_online_access_ends() -> None:
    assert RealmPolicy().logout_revokes == "online_access"


@pytest.mark.parametrize(("revokes", "status"), [("nothing", 200), ("online_access", 400)])
async def test_a_code_that_waits_ends_too(revokes: str, status: int, make_world: MakeWorld) -> None:
    world, client = await furnished(make_world, revokes)
    browser = await open_browser(world, client)
    code = await client.code(cookies=browser.cookies)
    await browser.leave()
    assert (await client.redeem(code)).status == status


async def test_the_next_session_begins_anew(make_world: MakeWorld) -> None:
    world, client = await furnished(make_world, "everything")
    browser = await open_browser(world, client)
    await browser.leave()
    again = await open_browser(world, client, "e" * 43)
    assert (await browser.living(), await again.living()) == (NONE, BOTH)


async def test_a_session_that_only_expires_revokes_nothing(make_world: MakeWorld) -> None:
    world, client = await furnished(make_world, "everything", session_lifetime=60, access_token_ttl=7200)
    browser = await open_browser(world, client)
    world.realm.clock.advance(3600)
    assert await browser.living() == BOTH


async def test_what_died_stays_dead_under_another_policy(make_world: MakeWorld) -> None:
    world, client = await furnished(make_world, "everything")
    browser = await open_browser(world, client)
    await browser.leave()
    world.realm.policy = replace(world.realm.policy, logout_revokes="nothing")
    assert await browser.living() == NONE


async def test_a_logout_leaves_one_record_whatever_was_issued(make_world: MakeWorld) -> None:
    world, client = await furnished(make_world, "everything")
    browser = await open_browser(world, client)
    for _ in range(5):
        await client.sign_in(cookies=browser.cookies)
    grants = await world.all(Grant)
    await browser.leave()
    assert len(await world.all(EndedSession)) == 1
    assert await world.all(Grant) == grants


async def test_nothing_is_left_where_nothing_was_issued(make_world: MakeWorld) -> None:
    world, client = await furnished(make_world, "everything")
    browser = await open_browser(world, client)
    other = await world.sign_in(records.user(), "d" * 43)
    question = await world.get_page("/end_session", (), other)
    form, control = question.page.form_of("logout-confirm")
    await world.send("POST", "/end_session", form=form.pairs({}, control), cookies=other)
    assert await world.all(EndedSession) == []
    assert len(await world.all(Session)) == 1
    assert await browser.living() == BOTH


DAY = 86400


async def test_the_end_is_remembered_until_the_last_grant_has_expired(make_world: MakeWorld) -> None:
    """Lifetimes may be raised, used, and lowered again before the logout."""
    world, client = await furnished(make_world, "everything", refresh_token_ttl=DAY)
    browser = await open_browser(world, client)
    await world.change(Application, client.id, refresh_token_ttl=50 * DAY)
    tokens = await client.renew(browser.tokens[OFFLINE])
    await world.change(Application, client.id, refresh_token_ttl=DAY)
    await browser.leave()
    for _ in range(4):
        world.realm.clock.advance(12 * DAY)
        await world.sweep()
        assert (await client.refresh(tokens.refresh)).json["error"] == "invalid_grant"


async def test_the_end_is_forgotten_when_nothing_of_it_can_live(make_world: MakeWorld) -> None:
    world, client = await furnished(make_world, "everything", refresh_token_ttl=DAY)
    browser = await open_browser(world, client)
    await browser.leave()
    world.realm.clock.advance(5 * DAY)
    await world.sweep()
    assert (await world.all(EndedSession), await world.all(Grant)) == ([], [])


async def test_the_end_is_remembered_for_ever_where_tokens_live_for_ever(make_world: MakeWorld) -> None:
    world, client = await furnished(make_world, "everything", refresh_token_ttl=None)
    browser = await open_browser(world, client)
    await browser.leave()
    world.realm.clock.advance(5000 * DAY)
    await world.sweep()
    assert (await client.refresh(browser.tokens[OFFLINE].refresh)).json["error"] == "invalid_grant"


async def test_a_password_grant_belongs_to_no_session(make_world: MakeWorld) -> None:
    world, client = await furnished(make_world, "everything")
    await world.change(Application, client.id, grant_types=("authorization_code", "refresh_token", "password"))
    browser = await open_browser(world, client)
    answer = await client.ask_token("password", username="alice", password=records.PASSWORD, scope="openid")
    tokens = await client.accept(answer)
    await browser.leave()
    assert await client.lives(tokens.access)
