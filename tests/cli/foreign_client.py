"""A client as anybody might write one, on aiohttp and joserfc: it shares nothing with the bundled ones.

It does what a client must, and no more than that: it keeps no keys, waits for every answer, and says little of errors.
Each hole leaves one of its checks out.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from socket import create_server
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

Json = dict[str, Any]
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True)
class Registration:
    """What the client and its provider agree on."""

    issuer: str
    client_id: str = "shop"
    secret: str | None = "a-secret"
    alg: str = "RS256"
    scope: str = "openid profile offline_access"


@dataclass
class Visit:
    """What the client knows of one browser."""

    state: str = field(default_factory=secrets.token_urlsafe)
    nonce: str = field(default_factory=secrets.token_urlsafe)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    tokens: Json = field(default_factory=dict)
    sub: str | None = None
    sid: str | None = None


class Refused(Exception):
    """An answer that this client does not take."""


class ForeignClient:
    """The client. `holes`: what it leaves out, by the names that are asked for below."""

    def __init__(self, registration: Registration, own: str, holes: frozenset[str] = frozenset()) -> None:
        """`own`: its own URL."""
        self.registration = registration
        self.own = own
        self.holes = holes
        self._visits: dict[str, Visit] = {}

    def web_application(self) -> web.Application:
        application = web.Application()
        application.add_routes(
            [
                web.get("/", self._home),
                web.get("/login", self._login),
                web.get("/callback", self._callback),
                web.get("/whoami", self._whoami),
                web.post("/api", self._api),
                web.post("/refresh", self._refresh),
                web.get("/logout", self._logout),
                web.post("/told", self._told),
            ]
        )
        return application

    async def _home(self, request: web.Request) -> web.Response:
        return web.Response(text="welcome")

    async def _login(self, request: web.Request) -> web.Response:
        visit, cookie = Visit(), secrets.token_urlsafe()
        self._visits[cookie] = visit
        digest = hashlib.sha256(visit.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.registration.client_id,
            "redirect_uri": f"{self.own}/callback",
            "scope": self.registration.scope,
            "state": visit.state,
            "nonce": visit.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            **request.query,
        }
        answer = _redirect((await self._metadata())["authorization_endpoint"], query)
        answer.set_cookie("visit", cookie, httponly=True)
        return answer

    async def _callback(self, request: web.Request) -> web.Response:
        visit = self._visits.get(request.cookies.get("visit", ""))
        try:
            if visit is None:
                raise Refused("nobody asked for this")
            await self._sign_in(visit, request.query)
        except (Refused, JoseError, KeyError, ValueError, aiohttp.ClientError) as error:
            return web.Response(status=400, text=f"sorry: {error}")
        return web.Response(text=f"hello {visit.sub}")

    async def _sign_in(self, visit: Visit, answer: Mapping[str, str]) -> None:
        self._check("state", answer.get("state") == visit.state)
        self._check("iss parameter", answer.get("iss") == self.registration.issuer)
        if "error" in answer:
            raise Refused(answer["error"])
        form = {"grant_type": "authorization_code", "code": answer["code"], "code_verifier": visit.verifier}
        form["redirect_uri"] = f"{self.own}/callback"
        status, visit.tokens = await self._ask_token(form)
        if "code once" in self.holes:
            await self._ask_token(form)
        if status != 200:
            raise Refused(str(visit.tokens.get("error")))
        claims = await self._claims(visit)
        if "userinfo" not in self.holes:
            status, person = await self._userinfo(visit)
            if status != 200:
                raise Refused("userinfo")
            self._check("sub at userinfo", person["sub"] == claims["sub"])
            claims = {**claims, **person}
        visit.sub, visit.sid = claims["sub"], claims.get("sid")

    def _check(self, name: str, holds: bool) -> None:
        if not holds and name not in self.holes:
            raise Refused(name)

    async def _claims(self, visit: Visit) -> Json:
        token = visit.tokens["id_token"]
        claims = _unverified(token) if "signature" in self.holes else (await self._verified(token)).claims
        wanted = {"iss": self.registration.issuer, "aud": self.registration.client_id, "nonce": visit.nonce}
        rules: Json = {name: {"essential": True, "value": value} for name, value in wanted.items()}
        rules |= {"sub": {"essential": True}, "exp": {"essential": True}}
        if "exp" in self.holes:
            claims = {**claims, "exp": 2**33}
        if "sub" in self.holes:
            claims = {"sub": "somebody", **claims}
        jwt.JWTClaimsRegistry(**{name: rule for name, rule in rules.items() if name not in self.holes}).validate(claims)
        return claims

    async def _verified(self, token: str) -> jwt.Token:
        keys = KeySet.import_key_set((await _fetch("GET", (await self._metadata())["jwks_uri"]))[1])  # type: ignore[arg-type]
        return jwt.decode(token, keys, algorithms=[self.registration.alg])

    async def _told(self, request: web.Request) -> web.Response:
        """The provider says that a session has ended."""
        try:
            claims = await self._logout_claims(str((await request.post())["logout_token"]))
        except (Refused, JoseError, KeyError, ValueError) as error:
            return web.Response(status=400, text=f"sorry: {error}")
        for visit in self._visits.values():
            if claims.get("sub", visit.sub) == visit.sub and claims.get("sid", visit.sid) == visit.sid:
                visit.sub = None
        return web.Response()

    async def _logout_claims(self, token: str) -> Json:
        if "logout token" in self.holes:
            return _unverified(token)
        verified = await self._verified(token)
        claims = verified.claims
        if verified.header.get("typ") not in (None, "logout+jwt") or "nonce" in claims:
            raise Refused("no logout token")
        events = claims["events"]
        is_logout = isinstance(events, dict) and isinstance(events.get(EVENT), dict)
        if not is_logout or not claims.keys() & {"sub", "sid"}:
            raise Refused("no logout")
        wanted = {"iss": self.registration.issuer, "aud": self.registration.client_id}
        rules: Json = {name: {"essential": True, "value": value} for name, value in wanted.items()}
        rules |= {name: {"essential": True} for name in ("iat", "exp", "jti")}
        jwt.JWTClaimsRegistry(**rules).validate(claims)
        return claims

    async def _whoami(self, request: web.Request) -> web.Response:
        visit = self._visits.get(request.cookies.get("visit", ""))
        if visit is None or visit.sub is None:
            return web.json_response({}, status=401)
        return web.json_response({"sub": visit.sub})

    async def _api(self, request: web.Request) -> web.Response:
        visit = self._visits.get(request.cookies.get("visit", ""), Visit())
        status, answer = await self._userinfo(visit)
        if status != 200 and "end of a session" not in self.holes:
            visit.sub = None
        return web.json_response(answer, status=status)

    async def _refresh(self, request: web.Request) -> web.Response:
        visit = self._visits.get(request.cookies.get("visit", ""), Visit())
        form = {"grant_type": "refresh_token", "refresh_token": visit.tokens.get("refresh_token", "")}
        status, answer = await self._ask_token(form)
        if status != 200 and "refresh once" in self.holes:
            status, answer = await self._ask_token(form)
        if status == 200:
            visit.tokens.update(answer)
        elif "end of a session" not in self.holes:
            visit.sub = None
        return web.json_response({}, status=status)

    async def _logout(self, request: web.Request) -> web.Response:
        visit = self._visits.pop(request.cookies.get("visit", ""), Visit())
        query = {"id_token_hint": visit.tokens.get("id_token", ""), "post_logout_redirect_uri": f"{self.own}/"}
        return _redirect((await self._metadata())["end_session_endpoint"], query)

    async def _metadata(self) -> Json:
        return (await _fetch("GET", self.registration.issuer + "/.well-known/openid-configuration"))[1]

    async def _userinfo(self, visit: Visit) -> tuple[int, Json]:
        bearer = {"Authorization": f"Bearer {visit.tokens.get('access_token', 'none')}"}
        return await _fetch("GET", (await self._metadata())["userinfo_endpoint"], headers=bearer)

    async def _ask_token(self, form: Mapping[str, str]) -> tuple[int, Json]:
        url = (await self._metadata())["token_endpoint"]
        client_id, secret = self.registration.client_id, self.registration.secret
        if secret is None:
            return await _fetch("POST", url, data={**form, "client_id": client_id})
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        return await _fetch("POST", url, data=form, headers={"Authorization": f"Basic {basic}"})


def _unverified(token: str) -> Json:
    claims: Json = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return claims


async def _fetch(method: str, url: str, **more: Any) -> tuple[int, Json]:
    async with aiohttp.ClientSession() as session, session.request(method, url, **more) as answer:
        return answer.status, await answer.json(content_type=None)


def _redirect(url: str, query: Mapping[str, str]) -> web.Response:
    return web.Response(status=303, headers={"Location": f"{url}?{urlencode(query)}"})


@asynccontextmanager
async def served(
    issuer: str, *, secret: str | None = "a-secret", alg: str = "RS256", holes: frozenset[str] = frozenset()
) -> AsyncIterator[str]:
    """The client, as people run theirs; gives its URL."""
    with create_server(("127.0.0.1", 0)) as socket:
        own = f"http://127.0.0.1:{socket.getsockname()[1]}"
        client = ForeignClient(Registration(issuer, secret=secret, alg=alg), own, holes)
        runner = web.AppRunner(client.web_application())
        await runner.setup()
        try:
            await web.SockSite(runner, socket).start()
            yield own
        finally:
            await runner.cleanup()
