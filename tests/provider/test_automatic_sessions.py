"""Who signs in again without a page (policy `auto`): the session is carried on, or gives way to somebody else's."""

from collections.abc import Mapping

import pytest

from oidc_harness.model.outbox import LogoutNotice
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from tests.support import records
from tests.support.client import Client, Tokens
from tests.support.http import Answer
from tests.support.world import MakeWorld, World

AUTOMATIC = RealmPolicy(sign_in="auto", default_persona="alice", refresh_tokens="always")
TOLD = "https://127.0.0.1/told"
AGAIN: list[dict[str, str]] = [{"prompt": "login"}, {"prompt": "select_account"}, {"max_age": "60"}, {"max_age": "0"}]


class Browser:
    """A browser that keeps the cookie of its session."""

    def __init__(self, world: World, client: Client) -> None:
        self.world = world
        self.client = client
        self.cookies: dict[str, str] = {}

    async def authorize(self, **changes: str) -> Answer:
        answer = await self.client.authorize(cookies=self.cookies, **changes)
        cookie = answer.cookie("oidc_session_")
        if cookie is not None:
            self.cookies = {f"oidc_session_{self.world.realm.name}": cookie}
        return answer

    async def sign_in(self, **changes: str) -> Tokens:
        code = (await self.authorize(**changes)).redirect.parameters["code"]
        return await self.client.accept(await self.client.redeem(code), nonce="n-0S6_WzA2Mj")


@pytest.fixture
async def browser(make_world: MakeWorld) -> Browser:
    world = await make_world(AUTOMATIC)
    world.realm.clock.freeze(world.now)
    await world.add(records.user("bob"))
    return Browser(world, await world.people(backchannel_logout_uri=TOLD, require_auth_time=True))


@pytest.mark.parametrize("how", AGAIN, ids=str)
async def test_who_authenticates_again_keeps_the_sid_and_auth_time_moves(
    how: Mapping[str, str], browser: Browser
) -> None:
    world = browser.world
    first, cookies = await browser.sign_in(), browser.cookies
    world.realm.clock.advance(120)
    second = await browser.sign_in(**how)
    assert second.claims["sid"] == first.claims["sid"]
    assert second.claims["auth_time"] == first.claims["auth_time"] + 120
    # The cookie is a new one, and the one before it is worth nothing.
    assert browser.cookies != cookies
    [session] = await world.all(Session)
    assert (session.sid, session.application_ids) == (first.claims["sid"], ("web",))
    assert await world.all(LogoutNotice) == []
    assert await browser.client.lives(first.access)
    browser.cookies = cookies
    answer = await browser.authorize(prompt="none")
    assert answer.redirect.parameters["error"] == "login_required"


async def test_the_notice_of_a_later_logout_reaches_those_from_before(browser: Browser) -> None:
    world = browser.world
    first = browser.client
    await browser.sign_in()
    browser.client = await world.client(id="shop", backchannel_logout_uri=TOLD)
    tokens = await browser.sign_in(prompt="login")
    await world.get_page("/end_session", [("id_token_hint", tokens.id_token)], browser.cookies)
    notices = await world.all(LogoutNotice)
    assert {(notice.application_id, notice.sid) for notice in notices} == {
        (first.id, tokens.claims["sid"]),
        ("shop", tokens.claims["sid"]),
    }


async def test_somebody_else_ends_the_session_that_was_there(browser: Browser) -> None:
    world = browser.world
    alice = await browser.sign_in()
    bob = await browser.sign_in(login_hint="bob")
    assert (bob.claims["sub"], bob.claims["sid"] != alice.claims["sid"]) == ("user-bob", True)
    [session] = await world.all(Session)
    assert session.sid == bob.claims["sid"]
    [notice] = await world.all(LogoutNotice)
    assert (notice.user_id, notice.sid) == ("user-alice", alice.claims["sid"])
    assert not await browser.client.lives(alice.access)
    assert await browser.client.lives(bob.access)


async def test_a_session_that_is_there_serves(browser: Browser) -> None:
    first, cookies = await browser.sign_in(), browser.cookies
    browser.world.realm.clock.advance(120)
    second = await browser.sign_in()
    assert browser.cookies == cookies
    for name in ("sid", "auth_time"):
        assert second.claims[name] == first.claims[name]
