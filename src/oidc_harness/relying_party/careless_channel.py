"""Requests from client to provider without a single limit: the HTTP of the careless client."""

import json
from collections.abc import Mapping

import aiohttp
from yarl import URL

from .client import Document, ProviderFault
from .connections import open_session

ATTEMPTS = 3
PATIENCE_SECONDS = 120.0


class CarelessChannel:
    """Follows redirects, repeats whatever failed at once and as it was, takes half an answer for a whole one.

    Repeated are refusals, faults and broken connections alike, POST or not, `ATTEMPTS` times in all.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Document:
        """The JSON object at this address; empty when the provider kept refusing; raises ProviderFault."""
        return await self._send("GET", url, None, headers or {})

    async def post(self, url: str, form: str, headers: Mapping[str, str] | None = None) -> Document:
        """The JSON object a form is answered with; empty when it kept being refused; raises ProviderFault."""
        form_headers = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return await self._send("POST", url, form, form_headers)

    async def _send(self, method: str, url: str, form: str | None, headers: Mapping[str, str]) -> Document:
        failure = "no answer"
        for _ in range(ATTEMPTS):
            try:
                status, body = await self._exchange(method, url, form, headers)
                document = json.loads(body)
            except (aiohttp.ClientError, OSError, ValueError, RecursionError) as error:
                failure = str(error) or type(error).__name__
                continue
            if status == 200 and isinstance(document, dict):
                return document
            failure = f"status {status}"
        raise ProviderFault("gave_up", f"{method} {url} failed {ATTEMPTS} times, at last with: {failure}")

    async def _exchange(self, method: str, url: str, form: str | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        if self._session is None:
            self._session = open_session(PATIENCE_SECONDS, aiohttp.CookieJar())
        request = self._session.request(method, URL(url, encoded=True), data=form, headers=headers)
        async with request as response:
            return response.status, await _whatever_arrives(response)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _whatever_arrives(response: aiohttp.ClientResponse) -> bytes:
    parts = bytearray()
    try:
        async for part in response.content.iter_any():
            parts += part
    except (aiohttp.ClientError, OSError):
        # The promised length is not looked at: what came so far is taken for the answer.
        return bytes(parts)
    return bytes(parts)
