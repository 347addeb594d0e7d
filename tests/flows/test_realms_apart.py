"""Realms are worlds apart: what one gave is worth nothing in another, over HTTP, on each store."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from oidc_harness.model.code import Code
from oidc_harness.model.grant import Grant
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.token import AccessToken, RefreshToken
from oidc_harness.web.server import Server
from tests.support import assertions, records
from tests.support.client import Client, Tokens
from tests.support.http import Http
from tests.support.refusals import refused, refused_bearer, told_client, told_person
from tests.support.world import AUTOMATIC, MakeWorld, World

OFFLINE = "openid offline_access"


async def twins(make_world: MakeWorld, policy: RealmPolicy = AUTOMATIC) -> tuple[Client, Client, World, World]:
    """Two realms with the same people and application, to the letter."""
    here, there = await make_world(policy), await make_world(policy)
    return await here.people(), await there.people(), here, there


async def a_code(here: Client, there: Client, tokens: Tokens) -> None:
    refused(await there.redeem(await here.code()), "invalid_grant")


async def a_refresh_token(here: Client, there: Client, tokens: Tokens) -> None:
    refused(await there.refresh(tokens.refresh), "invalid_grant")


async def an_access_token(here: Client, there: Client, tokens: Tokens) -> None:
    refused_bearer(await there.userinfo(tokens.access), "invalid_token", 401)


async def introspection(here: Client, there: Client, tokens: Tokens) -> None:
    for token in (tokens.access, tokens.refresh):
        assert (await there.introspect(token)).json == {"active": False}


async def revocation(here: Client, there: Client, tokens: Tokens) -> None:
    for token in (tokens.access, tokens.refresh):
        assert (await there.revoke(token)).status == 200


async def an_id_token_as_a_hint(here: Client, there: Client, tokens: Tokens) -> None:
    answer = await there.authorize(id_token_hint=tokens.id_token)
    told_client(answer, "invalid_request", there.realm.issuer)


ATTEMPTS: list[Callable[[Client, Client, Tokens], Awaitable[None]]] = [
    a_code,
    a_refresh_token,
    an_access_token,
    introspection,
    revocation,
    an_id_token_as_a_hint,
]


@pytest.mark.parametrize("store", ["memory", "sqlite"])
@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.__name__)
async def test_it_is_worth_nothing_elsewhere(
    attempt: Callable[[Client, Client, Tokens], Awaitable[None]], make_world: MakeWorld
) -> None:
    here, there, home, abroad = await twins(make_world)
    tokens = await here.sign_in(OFFLINE)
    await attempt(here, there, tokens)
    # And no harm is done at home.
    assert await here.lives(tokens.access)
    await here.renew(tokens)
    for kind in (Code, Grant, AccessToken, RefreshToken):
        assert await abroad.all(kind) == []
    assert await home.all(Grant)


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_a_session_is_worth_nothing_elsewhere(make_world: MakeWorld) -> None:
    here, there, home, abroad = await twins(make_world, RealmPolicy(consent="implied"))
    cookies = await home.sign_in(records.user())
    assert "code" in (await here.authorize(cookies=cookies, prompt="none")).redirect.parameters
    [(_, value)] = cookies.items()
    renamed = {f"oidc_session_{abroad.realm.name}": value}
    for given in (cookies, renamed, cookies | renamed):
        told_client(await there.authorize(cookies=given, prompt="none"), "login_required", abroad.issuer)


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_an_interaction_is_worth_nothing_elsewhere(make_world: MakeWorld) -> None:
    here, _, home, abroad = await twins(make_world, RealmPolicy(consent="implied"))
    answer = await here.authorize()
    [(_, interaction)] = parse_qsl(urlsplit(answer.location).query)
    browser = answer.cookie("oidc_browser_") or ""
    cookies = {f"oidc_browser_{world.realm.name}": browser for world in (home, abroad)}
    for path in ("/authorize", "/login", "/consent"):
        told_person(await abroad.get_page(path, [("interaction", interaction)], cookies))
    assert (await home.get_page("/authorize", [("interaction", interaction)], cookies)).status == 303


async def test_a_logout_elsewhere_ends_nothing_here(make_world: MakeWorld) -> None:
    here, _, home, abroad = await twins(make_world, RealmPolicy(consent="implied"))
    cookies = await home.sign_in(records.user())
    tokens = await here.sign_in(cookies=cookies)
    query = [("id_token_hint", tokens.id_token), ("post_logout_redirect_uri", records.REDIRECT_URI)]
    told_person(await abroad.get_page("/end_session", query, cookies))
    assert "code" in (await here.authorize(cookies=cookies, prompt="none")).redirect.parameters


async def test_an_assertion_for_one_realm_is_none_for_another(make_world: MakeWorld) -> None:
    home, abroad = await make_world(), await make_world()
    fields: dict[str, Any] = {"token_endpoint_auth_method": "private_key_jwt", "jwks": (assertions.public("ES256"),)}
    here, there = await home.client(**fields), await abroad.client(**fields)
    body = {"grant_type": "refresh_token", "refresh_token": "unknown"}
    for client, code, status in ((there, "invalid_client", 401), (here, "invalid_grant", 400)):
        refused(await client.post("/token", assertions.form(assertions.by_key(here), **body)), code, status)


async def test_what_happens_in_one_leaves_the_other_alone(make_world: MakeWorld) -> None:
    here, there, home, abroad = await twins(make_world)
    first, second = await here.sign_in(OFFLINE), await there.sign_in(OFFLINE)
    home.realm.clock.advance(10**7)
    await home.change(type(here.application), "web", status="deactivated")
    assert (await here.userinfo(first.access)).status == 401
    before = len(abroad.exchanges)
    assert await there.lives(second.access)
    assert abroad.now < home.now
    assert len(abroad.exchanges) == before + 2


async def test_a_dropped_realm_is_gone_and_its_name_free(make_world: MakeWorld, server: Server) -> None:
    here, _, home, _ = await twins(make_world)
    tokens = await here.sign_in(OFFLINE)
    name = home.realm.name
    assert await server.realms.drop(name)
    assert (await here.userinfo(tokens.access)).status == 404
    again = World(await server.realms.make(name, AUTOMATIC), home.http)
    client = await again.people()
    refused_bearer(await client.userinfo(tokens.access), "invalid_token", 401)
    assert (await client.sign_in()).claims["sub"] == "user-alice"


async def test_one_browser_is_signed_in_to_several_realms(server: Server, http: Http) -> None:
    """One of them at the root, whose cookies a browser sends to all."""
    worlds = [World(await server.realms.make(name, AUTOMATIC), http) for name in ("default", "shop", "bank")]
    clients = [await world.people() for world in worlds]
    jar: dict[str, str] = {}
    for client in clients:
        answer = await client.authorize(cookies=jar)
        given = dict(cookie.partition(";")[0].split("=", 1) for cookie in answer.set_cookies)
        assert len(given) == 2
        assert jar.keys().isdisjoint(given)
        jar |= given
    for client in clients:
        assert "code" in (await client.authorize(cookies=jar, prompt="none")).redirect.parameters
