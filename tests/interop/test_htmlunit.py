"""Pages and their scripts in HtmlUnit, whose engine is not that of any browser (Session Management 3.2, Form Post)."""

from collections.abc import AsyncIterator
from hashlib import sha256

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.web.server import serving
from oidc_harness.web.settings import SelfSigned, ServerSettings
from tests.interop.htmlunit_process import HtmlUnit, htmlunit_at
from tests.support import records
from tests.support.http import Http
from tests.support.watching_client import WatchingClient, watching_client
from tests.support.world import MakeWorld, World

pytestmark = pytest.mark.interop

IMPLIED = RealmPolicy(consent="implied")


@pytest.fixture
async def browser(java: str) -> AsyncIterator[HtmlUnit]:
    async with htmlunit_at(java) as started:
        yield started


@pytest.fixture
async def watching() -> AsyncIterator[WatchingClient]:
    async with watching_client() as client:
        yield client


@pytest.fixture
async def world(make_world: MakeWorld, watching: WatchingClient) -> World:
    return await furnished(await make_world(IMPLIED), watching)


async def furnished(world: World, watching: WatchingClient) -> World:
    await world.add(records.user(), records.user("bob"))
    await world.client(redirect_uris=(watching.redirect_uri,))
    return world


async def ask(browser: HtmlUnit, watching: WatchingClient, world: World, *messages: str) -> list[str]:
    """What the provider's iframe says in this browser."""
    await browser.open(watching.watch(f"{world.issuer}/check_session", *messages))
    return watching.answers


async def test_the_session_is_watched(browser: HtmlUnit, watching: WatchingClient, world: World) -> None:
    request = watching.request(world.issuer, records.CLIENT_ID)
    await browser.open(request)
    assert (await browser.log_in()).startswith(f"{watching.redirect_uri}?")
    message = f"{records.CLIENT_ID} {watching.responses[-1]['session_state']}"
    assert await ask(browser, watching, world, message) == ["unchanged"]
    await browser.open(f"{request}&prompt=login")
    await browser.log_in("bob")
    other = f"{records.CLIENT_ID} {watching.responses[-1]['session_state']}"
    assert await ask(browser, watching, world, message, other, "malformed") == ["changed", "unchanged", "error"]
    await browser.open(f"{world.issuer}/end_session")
    await browser.press("logout-confirm")
    assert await ask(browser, watching, world, other) == ["changed"]


async def test_the_session_is_watched_by_https(browser: HtmlUnit, watching: WatchingClient) -> None:
    """With the cookie that only https carries."""
    async with serving(ServerSettings(port=0, tls=SelfSigned())) as server, Http() as http:
        world = await furnished(World(await server.realms.make("secure", IMPLIED), http), watching)
        await browser.open(watching.request(world.issuer, records.CLIENT_ID))
        await browser.log_in()
        message = f"{records.CLIENT_ID} {watching.responses[-1]['session_state']}"
        assert await ask(browser, watching, world, message) == ["unchanged"]
        await browser.open(f"{world.issuer}/end_session")
        await browser.press("logout-confirm")
        assert await ask(browser, watching, world, message) == ["changed"]


async def test_its_sha256_is_the_real_one(browser: HtmlUnit, watching: WatchingClient, world: World) -> None:
    names = ["x" * length for length in range(1, 131)] + ["Grüße an 熊", "😀"]
    hashes = [sha256(f"{name} {watching.url}  salt".encode()).hexdigest() for name in names]
    messages = [f"{name} {digest}.salt" for name, digest in zip(names, hashes, strict=True)]
    assert set(await ask(browser, watching, world, *messages)) == {"unchanged"}


async def test_an_answer_posts_itself(browser: HtmlUnit, watching: WatchingClient, world: World) -> None:
    """OAuth 2.0 Form Post Response Mode."""
    await browser.open(watching.request(world.issuer, records.CLIENT_ID, response_mode="form_post"))
    assert await browser.log_in() == watching.redirect_uri
    assert watching.responses[-1].keys() == {"code", "iss", "session_state"}
