"""A small protected API: it takes a bearer access token and asks the provider what the token is worth."""

import re
from base64 import b64encode
from dataclasses import dataclass
from time import time
from urllib.parse import quote_plus, urlencode

from aiohttp import web

from .back_channel import BackChannel
from .client import Document, ProviderFault
from .metadata import discovery_url

NO_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Protection:
    """Whom the API asks, and what it demands.

    With credentials of its own (`client_id`, `client_secret`) it asks the introspection endpoint (RFC 7662);
    with None it asks userinfo, which knows no scope. `scope` is the one value a token must have, or empty.
    """

    issuer: str
    client_id: str | None = None
    client_secret: str = ""
    scope: str = ""
    timeout_seconds: float = 5.0


class TokenRefused(Exception):
    """A request without a good token: `status` and `error` of RFC 6750 3.1; no error when none was sent."""

    def __init__(self, status: int, error: str = "", scope: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.scope = scope

    def challenge(self) -> str:
        """The WWW-Authenticate header (RFC 6750 3)."""
        values = {"realm": "resource", "error": self.error, "scope": self.scope}
        return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in values.items() if value)


class Resource:
    """The API: `/` answers GET and POST with the subject and the scope of the token."""

    def __init__(self, protection: Protection) -> None:
        self._protection = protection
        self._http = BackChannel(protection.timeout_seconds, time)
        self._metadata: Document | None = None

    def web_application(self) -> web.Application:
        """The aiohttp application; it closes its connections when it is cleaned up."""
        application = web.Application()
        application.add_routes([web.get("/", self._answer), web.post("/", self._answer)])
        application.on_cleanup.append(self._close)
        return application

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            facts = await self._token_facts(_bearer_token(request.headers.getall("Authorization", [])))
        except TokenRefused as refusal:
            headers = {**NO_STORE, "WWW-Authenticate": refusal.challenge()}
            return web.json_response({"error": refusal.error}, status=refusal.status, headers=headers)
        except ProviderFault as fault:
            return web.json_response({"error": fault.code}, status=fault.status, headers=NO_STORE)
        return web.json_response({"sub": facts.get("sub"), "scope": facts.get("scope")}, headers=NO_STORE)

    async def _token_facts(self, token: str) -> Document:
        if self._protection.client_id is None:
            return await self._ask_userinfo(token)
        facts = await self._introspect(token, self._protection.client_id)
        if facts.get("active") is not True:
            raise TokenRefused(401, "invalid_token")
        if self._protection.scope and self._protection.scope not in str(facts.get("scope", "")).split():
            raise TokenRefused(403, "insufficient_scope", self._protection.scope)
        return facts

    async def _introspect(self, token: str, client_id: str) -> Document:
        secret = self._protection.client_secret
        pair = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()
        headers = {"Authorization": f"Basic {b64encode(pair).decode()}"}
        answer = await self._http.post(
            await self._endpoint("introspection_endpoint"), urlencode({"token": token}), headers
        )
        if answer.status != 200:
            raise ProviderFault("provider_failed", f"{answer.url} answered {answer.status}")
        return answer.document()

    async def _ask_userinfo(self, token: str) -> Document:
        url = await self._endpoint("userinfo_endpoint")
        answer = await self._http.get(url, {"Authorization": f"Bearer {token}"})
        if answer.status in (401, 403):
            raise TokenRefused(401, "invalid_token")
        if answer.status != 200:
            raise ProviderFault("provider_failed", f"{url} answered {answer.status}")
        return answer.document()

    async def _endpoint(self, name: str) -> str:
        if self._metadata is None:
            document = (await self._http.get(discovery_url(self._protection.issuer))).document()
            if document.get("issuer") != self._protection.issuer:
                raise ProviderFault("wrong_issuer", f"the document is of {document.get('issuer')!r}")
            self._metadata = document
        if not isinstance(self._metadata.get(name), str):
            raise ProviderFault("bad_metadata", f"{name} is not among the provider's metadata")
        return str(self._metadata[name])

    async def _close(self, _: web.Application) -> None:
        await self._http.close()


def _bearer_token(headers: list[str]) -> str:
    """The token of the Authorization header (RFC 6750 2.1); raises TokenRefused."""
    if not headers:
        raise TokenRefused(401)
    scheme, _, token = headers[0].partition(" ")
    token = token.strip()
    if len(headers) != 1 or scheme.lower() != "bearer" or not re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", token):
        raise TokenRefused(400, "invalid_request")
    return token
