"""Drives any client through any login: a browser that knows the element ids of the provider's pages.

Of the client it knows nothing but the address where a login starts and the one that says who is signed in.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from .browser import Browser, Visit
from .page import Page

LOGIN_PAGE = "login-page"
CONSENT_PAGE = "consent-page"
LOGOUT_PAGE = "logout-page"
ERROR_PAGE = "error-page"
RETURN_LINK = "return-to-application"

Consent = Literal["approve", "deny"]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a client says of the browser's person: `sub` is None when nobody is signed in there."""

    status: int
    document: Mapping[str, Any]

    @property
    def sub(self) -> str | None:
        """The subject the client shows, or None."""
        value = self.document.get("sub") if self.status == 200 else None
        return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class _Step:
    """The answer to one kind of page: a button to press, or a link to follow when there is no button."""

    page_id: str
    button: str = ""
    filled: Mapping[str, str] = field(default_factory=dict)


class UserAgent(Browser):
    """A browser and somebody at it, who answers each kind of page once.

    A page that comes a second time, as after a wrong password, ends the visit: what a client does by itself
    is not to be mixed up with the patience of a person.
    """

    async def sign_in(
        self,
        login_url: str,
        username: str,
        password: str,
        consent: Consent = "approve",
        *,
        leaves_error_pages: bool = False,
    ) -> Visit:
        """Start a login and answer the provider's pages until none is left; raises BrowserError.

        `leaves_error_pages`: from a page on which the provider refuses, an error page or the login page that comes
        again, go back to the application by the link or the button it has for that.
        """
        steps = [
            _Step(LOGIN_PAGE, "login-submit", {"login-username": username, "login-password": password}),
            _Step(CONSENT_PAGE, f"consent-{consent}"),
        ]
        if leaves_error_pages:
            steps += [_Step(ERROR_PAGE), _Step(LOGIN_PAGE, "login-cancel")]
        return await self._answer_pages(await self.get(login_url), steps)

    async def sign_out(self, logout_url: str, *, confirms: bool = True) -> Visit:
        """Start a logout and answer the provider's question, if it asks; raises BrowserError."""
        button = "logout-confirm" if confirms else "logout-cancel"
        return await self._answer_pages(await self.get(logout_url), [_Step(LOGOUT_PAGE, button)])

    async def probe(self, url: str) -> Probe:
        """Ask a client's JSON address who is signed in; raises BrowserError."""
        page = (await self.get(url)).page
        try:
            document = json.loads(page.text)
        except (ValueError, RecursionError):
            document = None
        return Probe(page.status, document if isinstance(document, dict) else {})

    async def _answer_pages(self, visit: Visit, steps: list[_Step]) -> Visit:
        left = list(steps)
        while (step := next((each for each in left if _is_for(each, visit.page)), None)) is not None:
            left.remove(step)
            following = await self._take(step, visit.page)
            visit = replace(following, hops=visit.hops + following.hops)
        return visit

    async def _take(self, step: _Step, page: Page) -> Visit:
        if not step.button:
            return await self.follow(page, RETURN_LINK)
        # Asked for the password alone, one has no name to fill in.
        filled = {name: value for name, value in step.filled.items() if page.has(name)}
        return await self.submit(page, step.button, filled)


def _is_for(step: _Step, page: Page) -> bool:
    # A client's error page has no link of this name; it is where the visit ends.
    can_be_taken = page.has(step.button) if step.button else RETURN_LINK in page.links
    return page.has(step.page_id) and can_be_taken
