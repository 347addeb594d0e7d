"""Requests from client to provider, with every limit a careful client keeps."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from yarl import URL

from .client import Clock, Document, ProviderFault
from .connections import open_session

MAX_BODY_BYTES = 1_000_000
LONGEST_PAUSE_SECONDS = 3600.0
DEFAULT_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer: `headers` with lower-case names, `body` as it came."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> Document:
        """The body as a JSON object (RFC 8259); raises ProviderFault when it is anything else."""
        media_type = self.headers.get("content-type", "").split(";")[0].strip().lower()
        # RFC 6839 3.1: key sets come as application/jwk-set+json (RFC 7517 8.5.2).
        if media_type != "application/json" and not media_type.endswith("+json"):
            raise ProviderFault("not_json", f"{self.url} answered with {media_type or 'no content type'}")
        return parse_object(self.body, self.url)


def parse_object(body: bytes, url: str) -> Document:
    """A JSON object in which no member stands twice and no number is NaN; raises ProviderFault."""
    try:
        document = json.loads(body.decode(), object_pairs_hook=_members_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ProviderFault("bad_json", f"{url} answered with unreadable JSON: {error}") from error
    if not isinstance(document, dict):
        raise ProviderFault("bad_json", f"{url} answered with JSON that is not an object")
    return document


def _members_once(pairs: list[tuple[str, Any]]) -> Document:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice in one object")
    return members


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


class BackChannel:
    """One request, one answer: no redirect followed, nothing repeated, no cookie kept, time and size bounded.

    `timeout_seconds` bounds each request with its body. `clock` gives Unix seconds and tells when a pause
    that the provider asked for (RFC 9110 10.2.3) is over; until then nothing is sent to that address.
    """

    def __init__(self, timeout_seconds: float, clock: Clock) -> None:
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._paused_until: dict[str, float] = {}
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a GET; raises ProviderFault."""
        return await self._send("GET", url, None, headers)

    async def post(self, url: str, form: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a form that is already encoded; raises ProviderFault."""
        form_headers = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return await self._send("POST", url, form, form_headers)

    async def _send(self, method: str, url: str, form: str | None, headers: Mapping[str, str] | None) -> Answer:
        self._check_pause(url)
        try:
            answer = await self._exchange(method, url, form, headers)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # TimeoutError is an OSError; its text is empty, so the name of the class says more.
            detail = str(error) or type(error).__name__
            raise ProviderFault("provider_unreachable", f"{method} {url} failed: {detail}") from error
        self._note_pause(answer)
        if 300 <= answer.status < 400:
            raise ProviderFault("unexpected_redirect", f"{url} answered {answer.status}; it was not followed")
        return answer

    async def _exchange(self, method: str, url: str, form: str | None, headers: Mapping[str, str] | None) -> Answer:
        request = self._open_session().request(
            method,
            URL(url, encoded=True),
            data=form,
            headers={"Accept": "application/json", **(headers or {})},
            allow_redirects=False,
        )
        async with request as response:
            body = await _read_bounded(response)
            names = {name.lower(): value for name, value in response.headers.items()}
            return Answer(url, response.status, names, body)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = open_session(self._timeout_seconds, aiohttp.DummyCookieJar())
        return self._session

    def _check_pause(self, url: str) -> None:
        left = self._paused_until.get(url, 0.0) - self._clock()
        if left > 0:
            raise ProviderFault("provider_busy", f"{url} asked not to be called for another {left:.0f} s")

    def _note_pause(self, answer: Answer) -> None:
        if answer.status not in (429, 503):
            return
        pause = pause_seconds(answer.headers.get("retry-after"), self._clock())
        self._paused_until[answer.url] = self._clock() + pause
        raise ProviderFault("provider_busy", f"{answer.url} answered {answer.status}, try in {pause:.0f} s")

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _read_bounded(response: aiohttp.ClientResponse) -> bytes:
    parts = bytearray()
    async for part in response.content.iter_any():
        parts += part
        if len(parts) > MAX_BODY_BYTES:
            raise ValueError(f"more than {MAX_BODY_BYTES} bytes")
    return bytes(parts)


def pause_seconds(retry_after: str | None, now: float) -> float:
    """How long a Retry-After header asks to wait (RFC 9110 10.2.3): seconds or a date, within sane bounds."""
    if retry_after is None:
        return DEFAULT_PAUSE_SECONDS
    return min(max(_stated_pause(retry_after.strip(), now), 0.0), LONGEST_PAUSE_SECONDS)


def _stated_pause(text: str, now: float) -> float:
    if text.isascii() and text.isdigit():
        # Longer than any sane pause, and int() refuses very long digit strings.
        return float(int(text)) if len(text) < 12 else LONGEST_PAUSE_SECONDS
    try:
        return parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return DEFAULT_PAUSE_SECONDS
