"""A realm behind other addresses than the server's own: for browsers one, for clients' servers another."""

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from oidc_harness.model.write import Add
from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import ServerSettings
from tests.support import assertions, records
from tests.support.client import Client
from tests.support.http import Answer, Http, Sent
from tests.support.world import AUTOMATIC

PUBLIC, INTERNAL = "https://op.example/idp", "http://op.internal:9400"


@dataclass(frozen=True)
class Behind:
    """A server and where it really listens, as a proxy in front of it knows."""

    server: Server
    http: Http
    own: str

    async def send(self, method: str, path: str, form: list[tuple[str, str]] | None = None) -> Answer:
        return await self.http.send(Sent(method, self.own + path, form=form))


@pytest.fixture
async def behind(http: Http) -> AsyncIterator[Behind]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = ServerSettings(port=port, public_url=PUBLIC, internal_url=INTERNAL)
    async with serving(settings) as server:
        yield Behind(server, http, f"http://127.0.0.1:{port}")


async def test_each_side_is_told_its_own_address(behind: Behind) -> None:
    await behind.server.realms.make("shop")
    told = (await behind.send("GET", "/shop/.well-known/openid-configuration")).json
    assert told["issuer"] == f"{PUBLIC}/shop"
    for name in ("authorization_endpoint", "end_session_endpoint"):
        assert told[name].startswith(f"{PUBLIC}/shop/")
    for name in ("token_endpoint", "userinfo_endpoint", "jwks_uri", "introspection_endpoint", "revocation_endpoint"):
        assert told[name].startswith(f"{INTERNAL}/shop/")


async def test_cookies_are_for_the_address_of_the_browser(behind: Behind) -> None:
    for name, path in (("shop", "/idp/shop"), ("default", "/idp")):
        realm = await behind.server.realms.make(name, AUTOMATIC)
        async with realm.records() as transaction:
            transaction.write(Add(records.user()), Add(records.application()))
        query = f"client_id=web&response_type=code&redirect_uri={records.REDIRECT_URI}"
        answer = await behind.send("GET", f"{'' if name == 'default' else '/shop'}/authorize?{query}")
        session, state = answer.set_cookies
        assert {f"Path={path}", "Secure", "HttpOnly", "SameSite=Lax"} <= set(session.split("; "))
        assert {f"Path={path}", "Secure", "SameSite=None"} <= set(state.split("; "))
        assert answer.redirect.parameters["iss"] == realm.issuer


async def test_pages_are_opened_at_the_address_of_the_browser(behind: Behind) -> None:
    realm = await behind.server.realms.make("shop", replace(AUTOMATIC, sign_in="form"))
    async with realm.records() as transaction:
        transaction.write(Add(records.application()))
    query = f"client_id=web&response_type=code&redirect_uri={records.REDIRECT_URI}"
    answer = await behind.send("GET", f"/shop/authorize?{query}")
    assert answer.location.startswith(f"{PUBLIC}/shop/login?interaction=")


async def test_an_assertion_is_for_the_issuer_or_the_address_of_the_endpoint(behind: Behind) -> None:
    realm = await behind.server.realms.make("shop")
    application = records.application(token_endpoint_auth_method="private_key_jwt", jwks=(assertions.public("ES256"),))
    async with realm.records() as transaction:
        transaction.write(Add(application))
    client = Client(behind.http, realm, application)
    audiences = {
        f"{PUBLIC}/shop": "invalid_grant",
        f"{INTERNAL}/shop/token": "invalid_grant",
        f"{PUBLIC}/shop/token": "invalid_client",
        f"{INTERNAL}/shop": "invalid_client",
        behind.own: "invalid_client",
    }
    for audience, error in audiences.items():
        assertion = assertions.form(assertions.by_key(client, aud=audience))
        form = [*assertion, ("grant_type", "refresh_token"), ("refresh_token", "unknown")]
        assert (await behind.send("POST", "/shop/token", form)).json["error"] == error
