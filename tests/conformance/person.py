"""A person at a browser, as the certification suite scripts one: pages, plain form posts, cookies; no scripts."""

from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from oidc_harness.relying_party.page import Page
from tests.support.http import Answer, Http, Pairs, Sent

USERNAME, PASSWORD = "alice", "wonderland"
PAGES = ("login-page", "consent-page", "logout-page", "logged-out-page", "error-page")


class Person:
    """One browser, and who sits there. `seen` are the provider's pages that came, by the ids of their contents."""

    def __init__(self, http: Http, issuer: str) -> None:
        self._http = http
        self._issuer = issuer
        self._cookies = aiohttp.CookieJar(unsafe=True, quote_cookie=False)
        self._hidden: dict[str, bool] = {}
        self.seen: list[str] = []
        self.pages: list[Page] = []

    async def open(self, url: str, query: Pairs = ()) -> Answer:
        """Go to an address, and on as long as the provider sends the browser to itself."""
        return await self._travel(Sent("GET", url, query=query))

    async def post(self, url: str, form: Pairs, origin: str) -> Answer:
        """Send a form, from a page of this origin."""
        return await self._travel(Sent("POST", url, form=form, headers={"Origin": origin}))

    async def press(self, answer: Answer, button: str, filled: Mapping[str, str] | None = None) -> Answer:
        """Fill a form in and press a button."""
        form, control = answer.page.form_of(button)
        pairs = form.pairs({name: value for name, value in (filled or {}).items() if answer.page.has(name)}, control)
        return await self.post(control.action or form.action, pairs, _origin(answer.url))

    async def sign_in(self, answer: Answer) -> Answer:
        """Answer whatever the provider asks: who it is, and whether the client may know."""
        if answer.page.has("login-page"):
            answer = await self.press(answer, "login-submit", {"login-username": USERNAME, "login-password": PASSWORD})
        if answer.page.has("consent-page"):
            answer = await self.press(answer, "consent-approve")
        return answer

    def readable_at(self, url: str) -> dict[str, str]:
        """The cookies that a script of the page at this address can read."""
        known = self._cookies.filter_cookies(URL(url))
        return {name: morsel.value for name, morsel in known.items() if not self._hidden[name]}

    async def _travel(self, sent: Sent) -> Answer:
        for _ in range(10):
            answer = await self._load(sent)
            onwards = answer.headers.get("Location", "")
            if answer.status != 303 or not onwards.startswith(self._issuer + "/"):
                return answer
            sent = Sent("GET", onwards)
        raise AssertionError(f"the provider sends the browser in circles, lately to {sent.url}")

    async def _load(self, sent: Sent) -> Answer:
        url = URL(sent.url)
        known = {name: morsel.value for name, morsel in self._cookies.filter_cookies(url).items()}
        answer = await self._http.send(
            Sent(sent.method, sent.url, sent.query, sent.form, headers=sent.headers, cookies=known)
        )
        for line in answer.set_cookies:
            cookie = SimpleCookie(line)
            self._cookies.update_cookies(cookie, url)
            self._hidden |= {name: bool(morsel["httponly"]) for name, morsel in cookie.items()}
        self.pages.append(answer.page)
        self.seen += [name for name in PAGES if answer.page.has(name)]
        return answer


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
