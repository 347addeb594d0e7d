"""An application at work: what it sends to its realm, in the fewest words. What it is given goes before the oracle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

import aiohttp

from oidc_harness.harness.realm import Realm
from oidc_harness.model.application import Application
from oidc_harness.protocol.id_token import Claims
from tests.support import oracle, records
from tests.support.http import Answer, Http, Pairs, Sent

Changes = Mapping[str, str | None]
"""Parameters by name that differ from the usual ones; None: left out."""


def changed(usual: Mapping[str, str], changes: Mapping[str, Any]) -> Pairs:
    """The usual parameters with these changes; a list gives a parameter several times."""
    merged: dict[str, Any] = {**usual, **changes}
    return [
        (name, value)
        for name, given in merged.items()
        for value in (given if isinstance(given, list) else [given])
        if value is not None
    ]


@dataclass(frozen=True)
class Tokens:
    """A token response that the oracle has accepted."""

    members: Mapping[str, Any]
    claims: Claims = field(default_factory=dict)
    """Of the ID token; empty where there is none."""

    @property
    def access(self) -> str:
        return str(self.members["access_token"])

    @property
    def refresh(self) -> str:
        return str(self.members["refresh_token"])

    @property
    def id_token(self) -> str:
        return str(self.members["id_token"])


@dataclass(frozen=True)
class Client:
    """One application, which knows its secret."""

    http: Http
    realm: Realm
    application: Application
    secret: str = records.SECRET

    @property
    def id(self) -> str:
        return self.application.id

    async def authorize(self, method: str = "GET", cookies: Mapping[str, str] | None = None, **changes: Any) -> Answer:
        """Send the browser to the authorization endpoint, signed in or not."""
        usual = {
            "client_id": self.id,
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": self.application.redirect_uris[0]
            if self.application.redirect_uris
            else records.REDIRECT_URI,
            "state": "state-of-the-art",
            "nonce": "n-0S6_WzA2Mj",
        }
        pairs, url = changed(usual, changes), self.realm.issuer + "/authorize"
        if method == "GET":
            return await self.http.send(Sent(method, url, query=pairs, cookies=cookies or {}))
        return await self.http.send(Sent(method, url, form=pairs, cookies=cookies or {}))

    async def code(self, cookies: Mapping[str, str] | None = None, **changes: Any) -> str:
        """The code of an authorization response, which has to be in order."""
        answer = await self.authorize(cookies=cookies, **changes)
        expected = dict(changed({"state": "state-of-the-art"}, {k: v for k, v in changes.items() if k == "state"}))
        return oracle.accept_authorization(answer, self.addressee, expected.get("state"))

    async def post(self, path: str, form: Pairs, **headers: str) -> Answer:
        """A request to an endpoint, without any authentication."""
        return await self.http.send(Sent("POST", self.realm.issuer + path, form=form, headers=headers))

    async def ask(self, path: str, usual: Mapping[str, str], changes: Mapping[str, Any]) -> Answer:
        """A request to an endpoint, authenticated as the application is registered."""
        pairs = [*changed(usual, changes)]
        method = self.application.token_endpoint_auth_method
        if method == "client_secret_basic":
            return await self.post(path, pairs, Authorization=basic(self.id, self.secret))
        pairs.append(("client_id", self.id))
        if method == "client_secret_post":
            pairs.append(("client_secret", self.secret))
        return await self.post(path, pairs)

    async def redeem(self, code: str, **changes: Any) -> Answer:
        """Present a code at the token endpoint."""
        usual = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.application.redirect_uris[0],
        }
        return await self.ask("/token", usual, changes)

    async def refresh(self, token: str, **changes: Any) -> Answer:
        """Present a refresh token at the token endpoint."""
        return await self.ask("/token", {"grant_type": "refresh_token", "refresh_token": token}, changes)

    async def ask_token(self, grant_type: str, **changes: Any) -> Answer:
        """Any token request."""
        return await self.ask("/token", {"grant_type": grant_type}, changes)

    async def sign_in(
        self, scope: str = "openid", redemption: Mapping[str, Any] | None = None, **changes: Any
    ) -> Tokens:
        """A whole flow of the person whom the realm signs in."""
        code = await self.code(scope=scope, **changes)
        nonce = changes.get("nonce", "n-0S6_WzA2Mj")
        return await self.accept(await self.redeem(code, **(redemption or {})), nonce=nonce)

    async def renew(self, tokens: Tokens, **changes: Any) -> Tokens:
        """A refresh that has to succeed."""
        return await self.accept(await self.refresh(tokens.refresh, **changes), nonce=None)

    async def accept(self, answer: Answer, nonce: str | None = None) -> Tokens:
        """The tokens of a response that the oracle finds in order."""
        key_set = await self.http.send(Sent("GET", self.realm.issuer + "/jwks"))
        members, claims = oracle.accept_tokens(answer, self.addressee, key_set.json)
        assert claims.get("nonce") == (nonce if claims else None)
        return Tokens(members, claims)

    async def userinfo(self, token: str) -> Answer:
        """Call the userinfo endpoint with a bearer token."""
        sent = Sent("GET", self.realm.issuer + "/userinfo", headers={"Authorization": f"Bearer {token}"})
        return await self.http.send(sent)

    async def person(self, tokens: Tokens) -> Claims:
        """What userinfo says of the person; it has to be in order."""
        return oracle.accept_userinfo(await self.userinfo(tokens.access), str(tokens.claims["sub"]))

    async def introspect(self, token: str, **changes: Any) -> Answer:
        return await self.ask("/introspect", {"token": token}, changes)

    async def revoke(self, token: str, **changes: Any) -> Answer:
        return await self.ask("/revoke", {"token": token}, changes)

    async def lives(self, token: str) -> bool:
        """Whether the provider takes the access token, by userinfo and introspection alike."""
        status, told = (await self.userinfo(token)).status, (await self.introspect(token)).json
        assert told["active"] == (status == 200), (status, told)
        return status == 200

    @cached_property
    def addressee(self) -> oracle.Addressee:
        """Whom the oracle takes this client for."""
        application, clock = self.application, self.realm.clock
        return oracle.Addressee(
            self.realm.issuer, application.id, self.secret, application.id_token_signed_response_alg, clock.now
        )


def basic(client_id: str, secret: str) -> str:
    """The Authorization header of client_secret_basic: each half form-encoded first (RFC 6749 2.3.1)."""
    return aiohttp.encode_basic_auth(quote_plus(client_id), quote_plus(secret))
