"""Somebody at a browser who was sent to the provider by an application."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from oidc_harness.model.application import Application
from oidc_harness.model.session import Session
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.relying_party.browser import Visit
from oidc_harness.relying_party.page import Page
from oidc_harness.relying_party.user_agent import UserAgent
from tests.support.client import changed
from tests.support.records import ALICE, PASSWORD
from tests.support.world import World

CALLBACK = "photos.example:/callback"
"""A native application's: the browser hands it over, so that no server of the client is needed."""


@dataclass(frozen=True)
class Visitor:
    """A browser, and the realm it visits."""

    world: World
    application: Application
    agent: UserAgent

    async def start(self, **changes: Any) -> Page:
        """Begin at the application; gives the page where the provider stops."""
        return (await self.ask(**changes)).page

    async def ask(self, **changes: Any) -> Visit:
        """Begin at the application, and go wherever that leads."""
        return await self.agent.get(self.request_url(**changes))

    def request_url(self, **changes: Any) -> str:
        """An authorization request of the application."""
        usual = {
            "client_id": self.application.id,
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": CALLBACK,
            "state": "state-of-the-art",
        }
        return f"{self.world.issuer}/authorize?{urlencode(changed(usual, changes))}"

    async def log_in(self, page: Page, username: str = ALICE, password: str = PASSWORD) -> Visit:
        """Fill in the login page."""
        filled = {"login-username": username, "login-password": password}
        return await self.agent.submit(page, "login-submit", filled)

    async def log_in_anew(self, username: str = ALICE, **changes: Any) -> Page:
        """Begin at the application and log in; gives the page behind."""
        return (await self.log_in(await self.start(**changes), username)).page

    async def press(self, page: Page, button: str) -> Visit:
        """Press a button of a page, and leave its fields as they are."""
        return await self.agent.submit(page, button)

    def cookie(self, name: str) -> str | None:
        """The value of a cookie of the realm."""
        return self.agent.cookies(f"{self.world.issuer}/").get(f"oidc_{name}_{self.world.realm.name}")

    async def session(self) -> Session | None:
        """The session of this browser, as the realm knows it."""
        cookie = self.cookie("session")
        return await self.world.find(Session, fingerprint(cookie)) if cookie else None


def answer_of(visit: Visit) -> dict[str, str]:
    """What the application was told at the end of a visit."""
    assert visit.handed_over is not None, f"{visit.page.status} {visit.page.url}: {visit.page.text[:1000]}"
    return answer_in(visit.handed_over)


def answer_in(url: str) -> dict[str, str]:
    """What the application is told by an address that leads to it."""
    target, _, query = url.partition("?")
    assert target == CALLBACK
    return dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True))


def interaction_of(page: Page) -> str:
    """The id of the waiting request that a page is about."""
    return dict(parse_qsl(urlsplit(page.url).query))["interaction"]
