"""A browser without a screen: cookies, redirects, forms, form_post, and a record of every request it made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

import aiohttp
from yarl import URL

from .connections import open_session
from .cookies import CookieJar
from .page import Form, Page
from .page_reader import read_page

MAX_HOPS = 20
MAX_PAGE_BYTES = 5_000_000
REDIRECTS = (301, 302, 303, 307, 308)
METHOD_KEPT = (307, 308)
WEB_SCHEMES = ("http", "https")
FORM_TYPE = "application/x-www-form-urlencoded"


class BrowserError(Exception):
    """The browser could not go on: no answer, too many redirects, a page too large."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One request of a visit, in the order they were made."""

    method: str
    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Visit:
    """Where the browser has ended up. `hops` are all requests on the way there.

    `handed_over` is the address of a native application (`myapp://callback?code=...`) to which the last
    redirect led: a browser gives such an address to the system, so the visit ends with `page`, the redirect.
    """

    page: Page
    hops: tuple[Hop, ...]
    handed_over: str | None = None


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    body: str | None = None
    origin: str | None = None


class Browser:
    """One browser with its cookies; an async context manager.

    `timeout_seconds` bounds each request. Cookies go by host and path, and as in any browser not by port.
    """

    def __init__(self, timeout_seconds: float = 30.0, language: str = "en") -> None:
        self._timeout_seconds = timeout_seconds
        self._headers = {"Accept": "text/html,application/json;q=0.9,*/*;q=0.8", "Accept-Language": language}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._open_session()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open_session().close()
        self._session = None

    def cookies(self, url: str) -> dict[str, str]:
        """The cookies that would be sent to this address, by name."""
        jar = self._open_session().cookie_jar
        return {name: morsel.value for name, morsel in jar.filter_cookies(URL(url)).items()}

    def plant(self, url: str, name: str, value: str) -> None:
        """Keep a cookie as if that address had set it."""
        self._open_session().cookie_jar.update_cookies({name: value}, URL(url))

    async def get(self, url: str) -> Visit:
        """Open an address and go wherever it leads; raises BrowserError."""
        return await self._travel(_Request("GET", url))

    async def post(self, url: str, pairs: Sequence[tuple[str, str]], origin: str | None = None) -> Visit:
        """Send a form that is on no page; `origin` is what the browser says, by default the address's own."""
        return await self._travel(_Request("POST", url, urlencode(pairs), origin or _origin(url)))

    async def follow(self, page: Page, link_id: str) -> Visit:
        """Click a link; raises KeyError when it is not there, BrowserError."""
        return await self.get(page.link(link_id))

    async def submit(self, page: Page, button_id: str, filled: Mapping[str, str] | None = None) -> Visit:
        """Fill in fields by element id or name and press a button; raises KeyError, BrowserError."""
        form, button = page.form_of(button_id)
        return await self._travel(_form_request(page, form, form.pairs(filled or {}, button), button.action))

    async def _travel(self, request: _Request) -> Visit:
        hops: list[Hop] = []
        while len(hops) < MAX_HOPS:
            page = await self._load(request)
            hops.append(Hop(request.method, request.url, page.status))
            following = _next_request(request, page)
            if following is None:
                return Visit(page, tuple(hops))
            if urlsplit(following.url).scheme not in WEB_SCHEMES:
                return Visit(page, tuple(hops), following.url)
            request = following
        raise BrowserError(f"stopped after {MAX_HOPS} requests on the way to {request.url}")

    async def _load(self, request: _Request) -> Page:
        headers = {} if request.body is None else {"Content-Type": FORM_TYPE, "Origin": request.origin or "null"}
        try:
            # A Location is sent as it is; only what is no URL at all is quoted.
            url = URL(request.url, encoded=request.url.isascii() and " " not in request.url)
            answer = self._open_session().request(
                request.method, url, data=request.body, headers=headers, allow_redirects=False
            )
            async with answer as response:
                return await _read(request.url, response)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            detail = str(error) or type(error).__name__
            raise BrowserError(f"{request.method} {request.url} failed: {detail}") from error

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            # unsafe: hosts given by number may set cookies too, and tests live there.
            cookies = CookieJar(unsafe=True, quote_cookie=False)
            self._session = open_session(self._timeout_seconds, cookies, self._headers)
        return self._session


async def _read(url: str, response: aiohttp.ClientResponse) -> Page:
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > MAX_PAGE_BYTES:
            raise ValueError(f"the page has more than {MAX_PAGE_BYTES} bytes")
    headers = {name.lower(): value for name, value in response.headers.items()}
    try:
        text = body.decode(response.charset or "utf-8", "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    return read_page(url, response.status, headers, text)


def _next_request(request: _Request, page: Page) -> _Request | None:
    location = page.headers.get("location")
    if page.status in REDIRECTS and location is not None:
        return _redirected(request, page.status, location)
    if page.submits_itself:
        return _form_request(page, page.forms[0], page.forms[0].pairs({}))
    return None


def _redirected(request: _Request, status: int, location: str) -> _Request:
    """What a browser asks next (Fetch 4.4): a POST becomes a GET except after 307 and 308."""
    target = urljoin(request.url, location)
    fragment = urldefrag(request.url).fragment
    if fragment and not urldefrag(target).fragment:
        target = f"{target}#{fragment}"
    if status not in METHOD_KEPT or request.method == "GET":
        return _Request("GET", target)
    is_same_origin = _origin(target) == _origin(request.url)
    return replace(request, url=target, origin=request.origin if is_same_origin else "null")


def _form_request(page: Page, form: Form, pairs: Sequence[tuple[str, str]], action: str = "") -> _Request:
    target = action or form.action
    if form.method == "POST":
        return _Request("POST", target, urlencode(pairs), _origin(page.url))
    return _Request("GET", urlsplit(target)._replace(query=urlencode(pairs)).geturl())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
