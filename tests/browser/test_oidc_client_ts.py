"""A single-page application with oidc-client-ts, by people who know nothing of us: all of it happens in the page."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.relying_party.serving import base_url, listen, serving
from tests.browser.tab import Tab
from tests.browser.town import Town
from tests.support import records
from tests.support.records import ALICE, PASSWORD
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.interop, pytest.mark.asyncio(loop_scope="session")]

FOLDER = Path(__file__).with_name("node")
PAGE = Path(__file__).with_name("single_page.html")
ALICE_THERE = "user-alice alice@people.example"


@pytest.fixture(scope="session")
def library() -> Path:
    """The library as browsers load it."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed: oidc-client-ts cannot be fetched")
    if not (FOLDER / "node_modules").is_dir():
        command = [npm, "ci", "--no-audit", "--no-fund"]
        if subprocess.run(command, cwd=FOLDER, capture_output=True).returncode != 0:
            missing = "oidc-client-ts is not installed: npm ci failed in tests/browser/node"
            (pytest.fail if os.environ.get("OIDC_HARNESS_FULL") else pytest.skip)(missing)
    return FOLDER / "node_modules" / "oidc-client-ts" / "dist" / "browser" / "oidc-client-ts.min.js"


@dataclass(frozen=True)
class SinglePage:
    """The application in a tab, and its realm."""

    tab: Tab
    world: World
    url: str

    async def sign_in(self) -> None:
        """From its page over the provider's and back."""
        await self.tab.page.goto(self.url)
        await self.shows("person", "nobody")
        await self.tab.press("sign-in")
        await self.tab.log_in(ALICE, PASSWORD)
        await self.happens("signed in")
        await self.shows("person", ALICE_THERE)

    async def shows(self, identifier: str, text: str) -> None:
        await self.tab.page.locator(f"#{identifier}", has_text=text).wait_for()

    async def happens(self, event: str) -> None:
        """Wait for it; what went wrong instead is told."""
        told = self.tab.page.locator("#happened li", has_text=event).last
        await told.wait_for()
        assert await told.inner_text() == event

    async def sign_out_elsewhere(self) -> None:
        """At the provider itself, in another tab of the same browser."""
        other = await self.tab.another()
        await other.page.goto(f"{self.world.issuer}/end_session")
        await other.press("logout-confirm")
        await other.arrive("logged-out-page")

    @property
    def silent_errors(self) -> list[str | None]:
        """What the provider answered to prompt=none, in the order it was asked: an error, or nothing wrong."""
        asked = [each for each in self.world.exchanges if dict(each.request.query).get("prompt") == "none"]
        return [each.error.code if each.error else None for each in asked]


@pytest_asyncio.fixture(loop_scope="session")
async def single_page(tab: Tab, town: Town, library: Path) -> AsyncIterator[SinglePage]:
    """The application, registered as what it is: without a secret, and with an origin that may read answers."""
    world = await town.realm(policy=RealmPolicy(consent="implied"))
    listener = listen()
    url = base_url(listener)
    client = await world.client(
        redirect_uris=(f"{url}/callback",),
        post_logout_redirect_uris=(f"{url}/goodbye",),
        allowed_origins=(url,),
        token_endpoint_auth_method="none",
        secret_hash=None,
    )
    text = PAGE.read_text("utf-8").replace("ISSUER", world.issuer).replace("CLIENT_ID", client.id)
    async with serving(_served(text, library), listener):
        yield SinglePage(tab, world, url)
        # Nothing is to be asked any more once the servers are gone.
        await tab.page.goto("about:blank")


def _served(text: str, library: Path) -> web.Application:
    async def show(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type="text/html")

    async def give(_: web.Request) -> web.FileResponse:
        return web.FileResponse(library)

    application = web.Application()
    application.router.add_get("/oidc-client-ts.js", give)
    for path in ("/", "/callback", "/goodbye"):
        application.router.add_get(path, show)
    return application


async def test_the_person_signs_in_and_out(single_page: SinglePage) -> None:
    await single_page.sign_in()
    [request] = [each.request for each in single_page.world.exchanges if each.endpoint == "token"]
    assert dict(request.form).keys() >= {"code", "code_verifier"}
    await single_page.tab.press("sign-out")
    await single_page.happens("signed out")
    assert await single_page.world.all(Session) == []


async def test_tokens_are_renewed_in_a_frame(single_page: SinglePage) -> None:
    await single_page.sign_in()
    await single_page.tab.press("renew")
    await single_page.happens("renewed")
    await single_page.shows("person", ALICE_THERE)
    assert len([each for each in single_page.world.exchanges if each.endpoint == "token"]) == 2
    assert single_page.silent_errors == [None]


async def test_it_notices_that_the_person_signed_out_elsewhere(single_page: SinglePage) -> None:
    """By the iframe, and then by asking once (OIDC Session Management 3.1)."""
    await single_page.sign_in()
    await single_page.sign_out_elsewhere()
    await single_page.happens("signed out elsewhere")
    await single_page.shows("person", "nobody")
    assert single_page.silent_errors == ["login_required"]


async def test_it_notices_that_somebody_else_signed_in(single_page: SinglePage) -> None:
    await single_page.sign_in()
    await single_page.world.add(records.user("bob"), records.invitation("bob@people.example", id="tea-party"))
    other = await single_page.tab.another()
    await other.page.goto(f"{single_page.world.issuer}/login?invitation=tea-party")
    await other.log_in("bob", PASSWORD)
    await other.arrive("invitation-page")
    await single_page.happens("signed out elsewhere")
    await single_page.shows("person", "nobody")
