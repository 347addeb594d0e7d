"""BrowserDriver: the user agent in front of a client, as scenarios need it."""

import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode, urljoin

from oidc_harness.harness.driver import CannotDo, Look, NoSuchPage
from oidc_harness.relying_party.browser import BrowserError, Visit
from oidc_harness.relying_party.page import Page
from oidc_harness.relying_party.user_agent import (
    CONSENT_PAGE,
    ERROR_PAGE,
    LOGIN_PAGE,
    RETURN_LINK,
    UserAgent,
)

_LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class ClientAddresses:
    """Where a client does what: paths below its URL. None: it offers no way to."""

    url: str
    login: str
    probe: str
    refresh: str | None
    api: str | None
    logout: str | None
    probe_member: str = "sub"
    """The member of the probe's JSON that names who is signed in."""
    tells_errors: bool = True
    """Whether a page without a sign of an error tells of none. The pages of a client of the user's are not known."""


class BrowserDriver:
    """One browser on its way through one client and the provider."""

    def __init__(self, agent: UserAgent, client: ClientAddresses) -> None:
        """A browser that is open, and has been nowhere."""
        self._agent = agent
        self._client = client
        self._page: Page | None = None
        self._fault = ""

    async def start_login(self, parameters: Mapping[str, str]) -> None:
        """Open the client's login address with these parameters."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        await self._go(self._agent.get(self._url(self._client.login, "a login") + query))

    async def sign_in(self, username: str, password: str) -> None:
        """Fill in the login page."""
        page = self._at(LOGIN_PAGE)
        # Asked for the password alone, one has no name to fill in.
        typed = {"login-username": username, "login-password": password}
        filled = {name: value for name, value in typed.items() if page.has(name)}
        await self._go(self._agent.submit(page, "login-submit", filled))

    async def consent(self, answer: Literal["approve", "deny"]) -> None:
        """Answer the consent page."""
        await self._go(self._agent.submit(self._at(CONSENT_PAGE), f"consent-{answer}"))

    async def return_to_application(self) -> None:
        """Follow the link of the provider's page that tells of a refusal."""
        await self._go(self._agent.follow(self._at(RETURN_LINK), RETURN_LINK))

    async def call_api(self) -> None:
        """Have the client use its access token."""
        await self._go(self._agent.post(self._url(self._client.api, "its API call"), []))

    async def refresh(self) -> None:
        """Have the client renew its tokens."""
        await self._go(self._agent.post(self._url(self._client.refresh, "a refresh"), []))

    async def log_out(self) -> None:
        """Open the client's logout address, and confirm where the provider asks."""
        await self._go(self._agent.sign_out(self._url(self._client.logout, "a logout")))

    async def look(self) -> Look:
        """Ask the client who is signed in."""
        try:
            probe = await self._agent.probe(self._url(self._client.probe, "a probe"))
        except BrowserError as error:
            return Look(False, shows_error=True, note=f"the probe failed: {error}")
        named = probe.document.get(self._client.probe_member) if probe.status == 200 else None
        subject = named if isinstance(named, str) else None
        return Look(subject is not None, subject, self._shows_error(), self._note())

    async def _go(self, way: Awaitable[Visit]) -> None:
        self._page, self._fault = None, ""
        try:
            self._page = (await way).page
        except BrowserError as error:
            self._fault = str(error)

    def _url(self, path: str | None, what: str) -> str:
        if path is None:
            raise CannotDo(f"the client offers no address for {what}; name its path with the options of this command")
        return urljoin(self._client.url, path)

    def _at(self, element_id: str) -> Page:
        if self._page is None or not self._page.has(element_id):
            where = "nowhere" if self._page is None else f"at {self._page.url.partition('?')[0]}"
            raise NoSuchPage(f"the browser is {where}, where there is no {element_id}")
        return self._page

    def _shows_error(self) -> bool | None:
        page = self._page
        if page is None:
            return bool(self._fault) or None
        if page.status >= 400 or page.has(ERROR_PAGE):
            return True
        return False if self._client.tells_errors else None

    def _note(self) -> str:
        told = self._fault if self._page is None else _told(self._page)
        return told if len(told) <= _LONGEST_NOTE else told[:_LONGEST_NOTE] + "…"


def _told(page: Page) -> str:
    """What a page says of an error: on its page, or in its JSON."""
    if page.has(ERROR_PAGE):
        parts = (page.text_of(name) for name in ("error-code", "error-reason", "error-detail"))
        return ": ".join(dict.fromkeys(part for part in parts if part))
    try:
        document = json.loads(page.text)
    except (ValueError, RecursionError):
        return f"status {page.status}" if page.status >= 400 else ""
    error = document.get("error") if isinstance(document, dict) else None
    return f"{error}: {document['reason']}" if error and "reason" in document else str(error or "")
