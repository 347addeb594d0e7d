"""A client of the suite: what it asks, and how it judges what it gets. Messages and signatures go before the oracle."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.conformance import checks, keys
from tests.conformance.person import Person
from tests.support import assertions, oracle
from tests.support.client import basic, changed
from tests.support.http import Answer, Pairs, Sent

if TYPE_CHECKING:
    from tests.conformance.suite import Suite


@dataclass(frozen=True)
class Asked:
    """An authorization request, and where it has led a browser."""

    request: Mapping[str, str]
    answer: Answer


@dataclass(frozen=True)
class Outcome:
    """A sign-in that was found in order."""

    parameters: Mapping[str, str]
    """Of the authorization response, without state and iss."""
    tokens: Mapping[str, Any] = field(default_factory=dict)
    """The token response, where there is a code."""

    @property
    def id_token(self) -> str:
        """The first there is."""
        return str(self.parameters.get("id_token") or self.tokens["id_token"])

    @property
    def claims(self) -> Mapping[str, Any]:
        """Those of the ID token."""
        return oracle.plain(self.id_token)

    @property
    def access_token(self) -> str:
        """Empty where the response type gives none."""
        return str(self.tokens.get("access_token") or self.parameters.get("access_token", ""))


@dataclass(frozen=True)
class Client:
    """One registered client."""

    suite: "Suite"
    metadata: Mapping[str, Any]
    """What it wants to be registered with."""
    registration: Mapping[str, Any]
    """What it was told then; of one that was registered beforehand, only how it proves who it is."""
    key: str = ""
    """The kid of what it signs assertions with."""

    audience: str = ""
    """For whom they are, where it is not the token endpoint."""

    @property
    def id(self) -> str:
        return str(self.registration["client_id"])

    @property
    def secret(self) -> str:
        return str(self.registration.get("client_secret") or "")

    def request(self, **changes: Any) -> dict[str, str]:
        """The parameters of an authorization request, changed so; None: without."""
        plan = self.suite.plan
        usual = {
            "client_id": self.id,
            "response_type": plan.response_type,
            "redirect_uri": self.metadata["redirect_uris"][0],
            "scope": "openid",
            "state": self.suite.random(),
            "nonce": self.suite.random(),
            "response_mode": "form_post" if plan.form_post else None,
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    async def ask(self, person: Person, **changes: Any) -> Asked:
        """Send a browser to the authorization endpoint; nobody answers what is asked there."""
        request = self.request(**changes)
        return Asked(request, await person.open(self.suite.metadata["authorization_endpoint"], [*request.items()]))

    async def sign_in(self, person: Person, **changes: Any) -> Outcome:
        """The same, with a person who answers whatever is asked."""
        asked = await self.ask(person, **changes)
        return await self.accept(Asked(asked.request, await person.sign_in(asked.answer)))

    async def accept(self, asked: Asked, **redemption: str) -> Outcome:
        """What a successful answer gives in the end; `redemption` goes with the code."""
        parameters = await self._accept_response(asked)
        if "code" not in parameters:
            return Outcome(parameters)
        checks.check_secret(parameters["code"])
        answer = await self.redeem(parameters["code"], **redemption)
        return Outcome(parameters, await self._accept_tokens(answer, asked, parameters))

    async def _accept_response(self, asked: Asked) -> Mapping[str, str]:
        """The authorization response, judged (RFC 6749 4.1.2, OIDC Core 3.2.2.5, 3.3.2.5)."""
        request, answer, plan = asked.request, asked.answer, self.suite.plan
        assert answer.redirect.mode == plan.response_mode
        assert answer.redirect.target == request["redirect_uri"].partition("?")[0]
        if plan.response_type == "code":
            return {"code": oracle.accept_authorization(answer, self.addressee, request.get("state"))}
        key_set, nonce = await self.suite.key_set(), request.get("nonce")
        parameters = oracle.accept_front_channel(
            answer, plan.response_type, self.addressee, key_set, request["state"], nonce
        )
        if "id_token" in parameters:
            self._check_id_token(oracle.plain(parameters["id_token"]), request)
        if "access_token" in parameters:
            checks.check_secret(parameters["access_token"])
            assert int(parameters["expires_in"]) > 0
        return parameters

    async def _accept_tokens(self, answer: Answer, asked: Asked, front: Mapping[str, str]) -> Mapping[str, Any]:
        """The token response, judged (OIDC Core 3.1.3.3, 3.1.3.7, 3.3.3.6)."""
        checks.check_token_response(answer)
        tokens, claims = oracle.accept_tokens(answer, self.addressee, await self.suite.key_set())
        self._check_id_token(claims, asked.request)
        assert claims.get("nonce") == asked.request.get("nonce")
        if "id_token" in front:
            other = oracle.plain(front["id_token"])
            assert (other["iss"], other["sub"]) == (claims["iss"], claims["sub"])
        return tokens

    def _check_id_token(self, claims: Mapping[str, Any], request: Mapping[str, str]) -> None:
        requested = set(json.loads(request.get("claims", "{}")).get("id_token", ()))
        if self.suite.plan.response_type == "id_token":
            given = (checks.CLAIMS_OF_SCOPE.get(word, set()) for word in request["scope"].split())
            requested = requested.union(*given)
        checks.check_id_token(claims, self.suite.now, self.id, requested)

    async def redeem(self, code: str, **changes: str) -> Answer:
        """Present a code at the token endpoint."""
        redirect_uri = self.metadata["redirect_uris"][0]
        usual = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        return await self._ask_for_tokens({**usual, **changes})

    async def refresh(self, token: str) -> Answer:
        """Present a refresh token there."""
        return await self._ask_for_tokens({"grant_type": "refresh_token", "refresh_token": token})

    async def accept_refreshed(self, answer: Answer, before: Outcome) -> Outcome:
        """The new tokens, judged beside the first (OIDC Core 12.2)."""
        checks.check_token_response(answer)
        tokens, claims = oracle.accept_tokens(answer, self.addressee, await self.suite.key_set())
        for name in ("iss", "sub", "aud"):
            assert claims[name] == before.claims[name]
        assert claims["iat"] > before.claims["iat"]
        return Outcome({}, tokens)

    async def _ask_for_tokens(self, parameters: Mapping[str, str]) -> Answer:
        url, method = self.suite.metadata["token_endpoint"], self.metadata["token_endpoint_auth_method"]
        pairs: Pairs = changed(parameters, {})
        if method == "client_secret_basic":
            headers = {"Authorization": basic(self.id, self.secret)}
            return await self.suite.http.send(Sent("POST", url, form=pairs, headers=headers))
        if method == "private_key_jwt":
            proof = assertions.form(self.assertion())
        else:
            proof = [("client_id", self.id), ("client_secret", self.secret)]
        return await self.suite.http.send(Sent("POST", url, form=[*pairs, *proof]))

    def assertion(self) -> str:
        """Who the client is, signed, for the token endpoint (OIDC Core 9)."""
        now, audience = self.suite.now, self.audience or self.suite.metadata["token_endpoint"]
        claims = {"iss": self.id, "sub": self.id, "aud": audience, "jti": self.suite.random()}
        return keys.signed({**claims, "iat": now, "exp": now + 60}, self.key)

    async def userinfo(self, token: str, how: str = "GET") -> Answer:
        """Ask who the person is: by `GET`, with the token in the `header` of a POST, or in its `body`."""
        url, headers = self.suite.metadata["userinfo_endpoint"], {"Authorization": f"Bearer {token}"}
        if how == "body":
            return await self.suite.http.send(Sent("POST", url, form=[("access_token", token)]))
        return await self.suite.http.send(Sent("GET" if how == "GET" else "POST", url, headers=headers))

    async def told(self, outcome: Outcome) -> Mapping[str, Any]:
        """The person's claims, from where they have to be: userinfo, or without access token the ID token."""
        if not outcome.access_token:
            return outcome.claims
        told = oracle.accept_userinfo(await self.userinfo(outcome.access_token), outcome.claims["sub"])
        checks.check_claims(told)
        return told

    async def manage(self, method: str) -> Answer:
        """Read or delete the registration (RFC 7592)."""
        url = self.registration["registration_client_uri"]
        headers = {"Authorization": f"Bearer {self.registration['registration_access_token']}"}
        return await self.suite.http.send(Sent(method, url, headers=headers))

    @property
    def addressee(self) -> oracle.Addressee:
        """Whom the oracle takes this client for."""
        alg = self.metadata.get("id_token_signed_response_alg", "RS256")
        return oracle.Addressee(self.suite.issuer, self.id, self.secret, alg, lambda: self.suite.now)
