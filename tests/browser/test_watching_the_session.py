"""A client's page watches the session through the provider's iframe, in Chromium (OIDC Session Management 3)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.web.server import serving
from oidc_harness.web.settings import SelfSigned, ServerSettings
from tests.browser.conftest import ARGUMENTS
from tests.browser.tab import OpenTab, Tab, open_tab
from tests.browser.town import Town
from tests.support import records
from tests.support.http import Http
from tests.support.records import ALICE, PASSWORD
from tests.support.watching_client import WatchingClient, watching_client
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

IMPLIED = RealmPolicy(consent="implied")
MALFORMED = ("", " ", "one-word", "web ", " x", "web abc", "web abc.def", "web\nweb abc", 42, None, {"a": 1}, ["web x"])
LENGTHS = [*range(1, 131), 4000]


class Watch:
    """A browser, a client, and the realm whose session it watches."""

    def __init__(self, tab: Tab, world: World, client: WatchingClient, client_id: str) -> None:
        self.tab, self.world, self.client, self.id = tab, world, client, client_id

    async def sign_in(self, username: str = ALICE, **more: str) -> str:
        """Sign in by the page; gives the session state."""
        await self.tab.page.goto(self.client.request(self.world.issuer, self.id, **more))
        await self.tab.log_in(username, PASSWORD)
        await self.tab.page.wait_for_selector("#arrived", state="attached")
        return self.client.responses[-1]["session_state"]

    async def ask_silently(self) -> dict[str, str]:
        """The answer to prompt=none."""
        await self.tab.page.goto(self.client.request(self.world.issuer, self.id, prompt="none"))
        return self.client.responses[-1]

    async def sign_out(self) -> None:
        await self.tab.page.goto(f"{self.world.issuer}/end_session")
        await self.tab.press("logout-confirm")
        await self.tab.arrive("logged-out-page")

    async def answers(self, *messages: object, by: WatchingClient | None = None) -> list[str]:
        """What the iframe says to each message."""
        client = by or self.client
        await self.tab.page.goto(client.watch(f"{self.world.issuer}/check_session", *messages))
        await self.tab.page.wait_for_url(f"{client.url}/told?*")
        return client.answers

    async def answer(self, session_state: str) -> str:
        """What it says to the client about this session state."""
        [answer] = await self.answers(f"{self.id} {session_state}")
        return answer


@asynccontextmanager
async def watching(tab: Tab, world: World, host: str = "127.0.0.1") -> AsyncIterator[Watch]:
    async with watching_client(host) as client:
        registered = await world.client(redirect_uris=(client.redirect_uri,))
        yield Watch(tab, world, client, registered.id)


async def test_signing_out_is_noticed(tab: Tab, town: Town) -> None:
    async with watching(tab, await town.realm(policy=IMPLIED)) as watch:
        state = await watch.sign_in()
        assert await watch.answer(state) == "unchanged"
        renewed = await watch.ask_silently()
        assert await watch.answers(*(f"{watch.id} {each}" for each in (state, renewed["session_state"]))) == [
            "unchanged",
            "unchanged",
        ]
        await watch.sign_out()
        assert await watch.answer(state) == "changed"


async def test_signing_in_is_noticed(tab: Tab, town: Town) -> None:
    async with watching(tab, await town.realm(policy=IMPLIED)) as watch:
        nobody = await watch.ask_silently()
        assert nobody["error"] == "login_required"
        assert await watch.answer(nobody["session_state"]) == "unchanged"
        await watch.sign_in()
        assert await watch.answer(nobody["session_state"]) == "changed"


async def test_somebody_else_is_noticed(tab: Tab, town: Town) -> None:
    world = await town.realm(policy=IMPLIED)
    await world.add(records.user("bob"))
    async with watching(tab, world) as watch:
        alice = await watch.sign_in()
        bob = await watch.sign_in("bob", prompt="login")
        assert await watch.answers(f"{watch.id} {alice}", f"{watch.id} {bob}") == ["changed", "unchanged"]


async def test_another_realm_is_another_matter(tab: Tab, town: Town) -> None:
    first, second = await town.realm("first", IMPLIED), await town.realm("second", IMPLIED)
    async with watching(tab, first) as one, watching(tab, second) as other:
        states = await one.sign_in(), await other.sign_in()
        await other.sign_out()
        assert (await one.answer(states[0]), await other.answer(states[1])) == ("unchanged", "changed")


async def test_nobody_but_the_client_at_its_origin_learns_anything(tab: Tab, town: Town) -> None:
    async with watching(tab, await town.realm(policy=IMPLIED)) as watch, watching_client() as thief:
        state = await watch.sign_in()
        assert await watch.answers(f"{watch.id} {state}", by=thief) == ["changed"]
        assert await watch.answers(f"another {state}", f"{watch.id} {state}x") == ["changed", "changed"]


async def test_what_is_malformed_is_an_error(tab: Tab, town: Town) -> None:
    """OIDC Session Management 3.2; upon it a client does not ask again, so that no loop begins (3.1)."""
    async with watching(tab, await town.realm()) as watch:
        assert await watch.answers(*MALFORMED) == ["error"] * len(MALFORMED)


async def test_its_sha256_is_the_real_one(tab: Tab, town: Town) -> None:
    async with watching(tab, await town.realm()) as watch:
        names = ["x" * length for length in LENGTHS] + ["Grüße an 熊", "a b", "😀", "\x7f~!"]
        hashes = [sha256(f"{name} {watch.client.url}  salt".encode()).hexdigest() for name in names]
        messages = [f"{name} {digest}.salt" for name, digest in zip(names, hashes, strict=True)]
        assert set(await watch.answers(*messages)) == {"unchanged"}


@pytest_asyncio.fixture(loop_scope="session")
async def lasting_tab(chromium_path: str, tmp_path: Path) -> AsyncIterator[Tab]:
    """A tab in a profile that lets frames of other sites have cookies; a new one of Chromium's does not."""
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    settings.write_text('{"profile": {"cookie_controls_mode": 0}}')
    async with async_playwright() as playwright, AsyncExitStack() as ending:
        context = await playwright.chromium.launch_persistent_context(
            tmp_path, executable_path=chromium_path, args=list(ARGUMENTS), ignore_https_errors=True
        )
        ending.push_async_callback(context.close)
        yield await open_tab(context, ending)


@asynccontextmanager
async def secure_watching(tab: Tab) -> AsyncIterator[Watch]:
    """The provider by https, the client at another site."""
    async with serving(ServerSettings(port=0, tls=SelfSigned())) as server, Http() as http:
        world = World(await server.realms.make("secure", IMPLIED), http)
        await world.add(records.user())
        async with watching(tab, world, "localhost") as watch:
            yield watch


async def test_across_sites_it_takes_tls_and_a_browser_that_lets_frames_have_cookies(lasting_tab: Tab) -> None:
    async with secure_watching(lasting_tab) as watch:
        state = await watch.sign_in()
        assert await watch.answer(state) == "unchanged"
        await watch.sign_out()
        assert await watch.answer(state) == "changed"


async def test_a_browser_that_keeps_the_cookie_back_sends_no_client_round_in_circles(new_tab: OpenTab) -> None:
    """OIDC Session Management 5.1."""
    async with secure_watching(await new_tab(ignore_https_errors=True)) as watch:
        assert await watch.answer(await watch.sign_in()) == "error"


async def test_without_tls_other_sites_learn_nothing(tab: Tab, town: Town) -> None:
    async with watching(tab, await town.realm(policy=IMPLIED), "localhost") as watch:
        assert await watch.answer(await watch.sign_in()) == "error"
