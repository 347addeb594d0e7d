"""HTTP as a test speaks it: one request, one answer, no redirect followed and no cookie kept unasked."""

import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from oidc_harness.relying_party.page import Page
from oidc_harness.relying_party.page_reader import read_page

Pairs = Sequence[tuple[str, str]]
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Sent:
    """What a test wants to send."""

    method: str
    url: str
    query: Pairs = ()
    form: Pairs | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    url: str
    status: int
    headers: Mapping[str, str]
    set_cookies: tuple[str, ...]
    text: str

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body, which has to be a JSON object."""
        document = json.loads(self.text)
        assert isinstance(document, dict), self.text
        return document

    @cached_property
    def page(self) -> Page:
        """The body as a browser sees it."""
        return read_page(self.url, self.status, {k.lower(): v for k, v in self.headers.items()}, self.text)

    @property
    def location(self) -> str:
        """Where the browser is sent."""
        assert self.status == 303, f"{self.status}: {self.text[:2000]}"
        return self.headers["Location"]

    @cached_property
    def redirect(self) -> "Redirect":
        """The authorization response in this answer, whichever way it goes to the client."""
        if self.status == 200:
            form = self.page.forms[0]
            assert self.page.submits_itself, self.text
            return Redirect(form.action, "form_post", tuple(form.pairs({})))
        url = urlsplit(self.location)
        target = self.location.partition("?")[0].partition("#")[0]
        mode, text = ("fragment", url.fragment) if url.fragment else ("query", url.query)
        return Redirect(target, mode, tuple(parse_qsl(text, keep_blank_values=True)))

    def cookie(self, name: str) -> str | None:
        """The value an answer sets a cookie to, by the beginning of its name."""
        for line in self.set_cookies:
            key, _, value = line.partition(";")[0].partition("=")
            if key.startswith(name):
                return value
        return None


@dataclass(frozen=True)
class Redirect:
    """An answer that goes to the client through the browser."""

    target: str
    mode: str
    pairs: Pairs

    @property
    def parameters(self) -> dict[str, str]:
        """By name; no name may be there twice."""
        assert len({name for name, _ in self.pairs}) == len(self.pairs), self.pairs
        return dict(self.pairs)


class Http:
    """A connection to servers, which trusts `trusted` where they speak TLS; an async context manager."""

    def __init__(self, trusted: ssl.SSLContext | None = None) -> None:
        self._trusted: ssl.SSLContext | bool = trusted or True
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=30),
            connector=aiohttp.TCPConnector(limit=0, ssl=self._trusted),
            max_line_size=1_000_000,
            max_field_size=1_000_000,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._session is not None
        await self._session.close()

    async def send(self, sent: Sent) -> Answer:
        """Send exactly this, and read the whole answer."""
        assert self._session is not None
        url = f"{sent.url}?{urlencode(sent.query)}" if sent.query else sent.url
        # A header may be sent twice.
        headers = CIMultiDict(sent.headers)
        body = sent.body
        if sent.form is not None:
            headers.setdefault("Content-Type", FORM)
            body = urlencode(sent.form).encode()
        if sent.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in sent.cookies.items())
        async with self._session.request(
            sent.method, URL(url, encoded=True), data=body, headers=headers, allow_redirects=False
        ) as response:
            text = (await response.read()).decode()
            cookies = tuple(response.headers.getall("Set-Cookie", ()))
            return Answer(url, response.status, response.headers, cookies, text)
