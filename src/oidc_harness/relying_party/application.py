"""A web application around a client, driven through the browser like anybody's application.

The session is found by a cookie of its own. All state belongs to the `Application` object.
"""

import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

from aiohttp import web

from . import application_pages as pages
from .browsers import Browser, Browsers
from .client import Client, Pairs, Refused, Session, SessionEnded, StartAgain

MAX_BODY_BYTES = 64 * 1024
MAX_PARAMETERS = 50
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Application:
    """The pages and JSON addresses of one client.

    `/` links to all others. `/login` starts a login, its query is passed on; `/callback` takes the answer by
    GET or POST; `/whoami` tells who is signed in; `/refresh` and `/api` use the tokens; `/logout` ends the
    session here, then at the provider, which sends the browser to `/logged-out`. At `/backchannel-logout` the
    provider tells that sessions have ended.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._browsers = Browsers()
        # Browsers share cookies between the ports of one host, so two clients there need two names.
        seed = f"{client.registration.client_id} {client.registration.redirect_uri}"
        self._cookie = "client_" + hashlib.sha256(seed.encode()).hexdigest()[:16]

    def web_application(self) -> web.Application:
        """The aiohttp application; it closes the client when it is cleaned up."""
        application = web.Application(client_max_size=MAX_BODY_BYTES)
        application.add_routes(
            [
                web.get("/", self._home),
                web.get("/login", _told_on_a_page(self._login)),
                web.get("/callback", _told_on_a_page(self._callback)),
                web.post("/callback", _told_on_a_page(self._callback)),
                web.get("/whoami", self._whoami),
                web.post("/refresh", _told_as_json(self._refresh)),
                web.get("/api", _told_as_json(self._api)),
                web.post("/api", _told_as_json(self._api)),
                web.get("/logout", self._logout),
                web.get("/logged-out", self._logged_out),
                web.post("/backchannel-logout", _told_to_provider(self._backchannel_logout)),
            ]
        )
        application.on_cleanup.append(self._close)
        return application

    async def _home(self, request: web.Request) -> web.Response:
        browser = self._browser(request)
        return pages.home(self._client.registration.client_id, browser.session)

    async def _login(self, request: web.Request) -> web.Response:
        browser = self._browser(request)
        departure = await self._client.begin(dict(_pairs(request.rel_url.raw_query_string)))
        browser.expect(departure.pending)
        return self._to(departure.url, browser)

    async def _callback(self, request: web.Request) -> web.Response:
        browser = self._browser(request)
        text = request.rel_url.raw_query_string if request.method == "GET" else await _form_text(request)
        try:
            browser.session = await self._client.finish(_pairs(text), browser.pending)
        except StartAgain as order:
            departure = await self._client.begin(order.wishes, order.attempt)
            browser.expect(departure.pending)
            return self._to(departure.url, browser)
        self._browsers.rename(browser)
        return self._to("/", browser)

    async def _whoami(self, request: web.Request) -> web.Response:
        session = self._browser(request).session
        if session is None:
            return _json({"error": "not_signed_in"}, 401)
        return _json({"sub": session.sub, "claims": session.claims})

    async def _refresh(self, request: web.Request) -> web.Response:
        browser = self._browser(request)
        async with browser.lock, _ending(browser):
            session = _signed_in(browser)
            await self._client.refresh(session)
        return _json({"sub": session.sub, "has_refresh_token": session.refresh_token is not None})

    async def _api(self, request: web.Request) -> web.Response:
        browser = self._browser(request)
        async with browser.lock, _ending(browser):
            answer = await self._client.call_api(_signed_in(browser))
        return _json({"status": answer.status, "body": answer.body})

    async def _logout(self, request: web.Request) -> web.Response:
        browser = self._browser(request)
        session, browser.session = browser.session, None
        browser.logout_state = secrets.token_urlsafe(16)
        try:
            url = await self._client.logout_url(session, browser.logout_state)
        except Refused:
            # The session here is over, whether the provider can be told or not.
            url = None
        return self._to(url or "/logged-out", browser)

    async def _logged_out(self, request: web.Request) -> web.Response:
        browser = self._browser(request)
        expected, browser.logout_state = browser.logout_state, None
        return pages.logged_out(expected is not None and request.query.get("state") == expected)

    async def _backchannel_logout(self, request: web.Request) -> web.Response:
        """Back-Channel Logout 2.5, 2.8: one form parameter counts; what else is sent is ignored."""
        tokens = [value for name, value in _pairs(await _form_text(request)) if name == "logout_token"]
        if len(tokens) != 1:
            raise Refused("bad_form", f"expected logout_token once, it came {len(tokens)} times")
        self._browsers.sign_out(await self._client.told_of_logout(tokens[0]))
        return web.Response(status=200, headers=pages.HEADERS)

    def _browser(self, request: web.Request) -> Browser:
        return self._browsers.find(request.cookies.get(self._cookie)) or Browser()

    def _to(self, url: str, browser: Browser) -> web.Response:
        self._browsers.keep(browser)
        response = web.Response(status=302, headers={**pages.HEADERS, "Location": url})
        response.set_cookie(self._cookie, browser.id, httponly=True, samesite="Lax")
        return response

    async def _close(self, _: web.Application) -> None:
        await self._client.close()


@asynccontextmanager
async def _ending(browser: Browser) -> AsyncIterator[None]:
    """Forget the session when the provider has ended it."""
    try:
        yield
    except SessionEnded:
        browser.session = None
        raise


def _signed_in(browser: Browser) -> Session:
    if browser.session is None:
        raise SessionEnded("not_signed_in", "nobody is signed in")
    return browser.session


def _told_on_a_page(handler: Handler) -> Handler:
    async def told(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as error:
            return pages.error_page(error)

    return told


def _told_as_json(handler: Handler) -> Handler:
    async def told(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as error:
            return _json({"error": error.code, "reason": error.reason}, error.status)

    return told


def _told_to_provider(handler: Handler) -> Handler:
    """A refusal as the provider expects it (Back-Channel Logout 2.8)."""

    async def told(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as error:
            return _json({"error": "invalid_request", "error_description": str(error)}, error.status)

    return told


def _json(document: dict[str, object], status: int = 200) -> web.Response:
    return web.json_response(document, status=status, headers=pages.HEADERS)


async def _form_text(request: web.Request) -> str:
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refused("bad_form", f"expected application/x-www-form-urlencoded, got {request.content_type}")
    body = await request.read()
    return body.decode("utf-8", "replace")


def _pairs(text: str) -> Pairs:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError as error:
        raise Refused("too_many_parameters", f"more than {MAX_PARAMETERS} parameters") from error
