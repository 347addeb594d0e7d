"""A tab of Chromium that remembers everything its pages complained of."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Protocol

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, Response, TimeoutError

FAILED_DOCUMENT = "Failed to load resource: the server responded with a status of 4"
"""Chromium complains of a page that says no, too; the tests look at such a page themselves."""


@dataclass
class Tab:
    """A page, and what went wrong in it: errors and warnings of its console, uncaught exceptions."""

    page: Page
    errors: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    """Where it has been, redirects among them."""
    statuses: list[int] = field(default_factory=list)
    """What each of these addresses answered."""

    def at(self, identifier: str) -> Locator:
        """The element with this id."""
        return self.page.locator(f"#{identifier}")

    async def fill(self, **fields: str) -> None:
        """Type into fields, named by their ids with underscores."""
        for name, value in fields.items():
            await self.at(name.replace("_", "-")).fill(value)

    async def press(self, identifier: str) -> None:
        """Press a button or follow a link, and wait for the page it leads to."""
        await self.at(identifier).click()

    async def text(self, identifier: str) -> str:
        return await self.at(identifier).inner_text()

    async def arrive(self, identifier: str) -> None:
        """Wait for the page whose element this is."""
        try:
            await self.at(identifier).wait_for(state="visible")
        except TimeoutError as error:
            shown = await self.page.locator("body").inner_text()
            raise AssertionError(f"expected #{identifier}, arrived at {self.page.url}:\n{shown}") from error

    async def log_in(self, username: str, password: str) -> None:
        """Fill in the login page and send it."""
        await self.arrive("login-page")
        await self.fill(login_username=username, login_password=password)
        await self.press("login-submit")

    async def sign_in(self, url: str, username: str, password: str) -> None:
        """Sign in to the application at this URL, with consent."""
        await self.page.goto(f"{url}/login")
        await self.log_in(username, password)
        await self.press("consent-approve")
        await self.arrive("client-home")

    async def another(self) -> "Tab":
        """One more tab of the same profile; complaints are collected in one place."""
        return watched(Tab(await self.page.context.new_page(), self.errors))

    def watch_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(FAILED_DOCUMENT):
            self.errors.append(f"{self.page.url}: {message.text}")

    def watch_answer(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.addresses.append(response.url)
            self.statuses.append(response.status)
        elif response.status >= 400:
            self.errors.append(f"{response.url}: status {response.status}")


class OpenTab(Protocol):
    """The fixture that opens tabs. Its settings are those of a browser context."""

    async def __call__(self, **settings: object) -> Tab: ...


async def open_tab(context: BrowserContext, ending: AsyncExitStack) -> Tab:
    """A tab whose complaints are looked at when `ending` ends."""
    tab = watched(Tab(await context.new_page()))
    ending.callback(complain, tab.errors)
    return tab


def watched(tab: Tab) -> Tab:
    """The tab, from now on listening to its page."""
    tab.page.on("console", tab.watch_console)
    tab.page.on("pageerror", lambda error: tab.errors.append(f"{tab.page.url}: {error}"))
    tab.page.on("response", tab.watch_answer)
    return tab


def complain(errors: Sequence[str]) -> None:
    """Fail where there is anything to complain of."""
    assert not errors, "\n".join(errors)
