"""One Chromium for all tests of this folder, and in it for each test a profile of its own."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from oidc_harness.web.server import serving
from oidc_harness.web.settings import ServerSettings
from tests.browser.tab import OpenTab, Tab, open_tab
from tests.browser.town import Town
from tests.support.http import Http

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""As scripts/find-chromium has them."""
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LONGEST_WAIT_MILLISECONDS = 10_000
"""For what never comes; nothing is expected to take this long."""


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium of this machine. Without one the full tests fail, and the others are skipped."""
    found = next((path for path in map(shutil.which, COMMANDS) if path), None)
    if found is not None:
        return found
    missing = "there is no Chromium here; install it (Debian: apt-get install chromium), or call make test-full as root"
    if os.environ.get("OIDC_HARNESS_FULL"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(chromium_path: str) -> AsyncIterator[Browser]:
    """A running browser: its start takes longer than most of the tests."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_tab(chromium: Browser) -> AsyncIterator[OpenTab]:
    """Opens tabs, each in a fresh profile. What a page complains of in any of them fails the test at its end."""
    async with AsyncExitStack() as profiles:

        async def make(**settings: Any) -> Tab:
            context = await chromium.new_context(locale="en-GB", **settings)
            profiles.push_async_callback(context.close)
            context.set_default_timeout(LONGEST_WAIT_MILLISECONDS)
            return await open_tab(context, profiles)

        yield make


@pytest_asyncio.fixture(loop_scope="session")
async def tab(new_tab: OpenTab) -> Tab:
    """A tab in a fresh profile."""
    return await new_tab()


@pytest_asyncio.fixture(loop_scope="session")
async def town() -> AsyncIterator[Town]:
    """A provider and the applications around it."""
    async with serving(ServerSettings(port=0)) as server, Http() as http, AsyncExitStack() as open_shops:
        yield Town(server, http, open_shops)
        traces = [exchange.trace for realm in server.realms for exchange in realm.journal.exchanges()]
    assert not any(traces), "\n".join(trace for trace in traces if trace)
