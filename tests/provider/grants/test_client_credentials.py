"""The client credentials grant (RFC 6749 4.4): the application acts for itself."""

from typing import Any

import pytest

from oidc_harness.model.grant import Grant
from tests.support.client import Client
from tests.support.refusals import refused, refused_bearer
from tests.support.world import World


async def service(world: World, **changes: Any) -> Client:
    fields = {"grant_types": ("client_credentials",), "allowed_scopes": ("api:read", "api:write", "openid", "email")}
    return await world.client(**{**fields, **changes})


GRANTED = [
    ("api:read", "api:read"),
    ("api:write api:read", "api:write api:read"),
    (None, "api:read api:write"),
    ("", "api:read api:write"),
]


@pytest.mark.parametrize(("scope", "granted"), GRANTED)
async def test_an_application_gets_a_token_of_its_own(scope: str | None, granted: str, world: World) -> None:
    """Asking for no scope, one for all that it may have (RFC 6749 3.3); those about people are left out."""
    client = await service(world)
    tokens = await client.accept(await client.ask_token("client_credentials", scope=scope))
    assert tokens.members.keys() == {"access_token", "token_type", "expires_in", "scope"}
    told = (await client.introspect(tokens.access)).json
    assert told["active"] is True
    assert tokens.members["scope"] == told["scope"] == granted
    assert (told["sub"], told["client_id"]) == (client.id, client.id)
    assert "username" not in told


@pytest.mark.parametrize("allowed", [(), ("openid", "email", "offline_access")])
async def test_an_application_without_scopes_of_its_own_gets_none(allowed: tuple[str, ...], world: World) -> None:
    client = await service(world, allowed_scopes=allowed)
    tokens = await client.accept(await client.ask_token("client_credentials"))
    assert "scope" not in tokens.members


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("openid", ("openid", "api:read")),
        ("api:read email", ("email", "api:read")),
        ("offline_access", ()),
        ("openid", ()),
        ("api:delete", ("api:read",)),
        ("api:read", ()),
        ("api:read  api:write", ("api:read", "api:write")),
    ],
)
async def test_only_scopes_of_the_application_itself(scope: str, allowed: tuple[str, ...], world: World) -> None:
    client = await service(world, allowed_scopes=allowed)
    refused(await client.ask_token("client_credentials", scope=scope), "invalid_scope")


async def test_a_public_client_has_no_credentials(world: World) -> None:
    client = await service(world, token_endpoint_auth_method="none")
    refused(await client.ask_token("client_credentials"), "unauthorized_client")


async def test_the_token_is_about_nobody(world: World) -> None:
    client = await service(world)
    tokens = await client.accept(await client.ask_token("client_credentials", scope="api:read"))
    refused_bearer(await client.userinfo(tokens.access), "insufficient_scope", 403)


@pytest.mark.parametrize(
    ("ttl", "seconds", "works"), [(60, 59, True), (60, 60, False), (0, 0, False), (None, 10**8, True)]
)
async def test_how_long_it_lives(ttl: int | None, seconds: int, works: bool, world: World) -> None:
    client = await service(world, access_token_ttl=ttl)
    world.realm.clock.freeze()
    tokens = await client.accept(await client.ask_token("client_credentials"))
    assert tokens.members.get("expires_in") == ttl
    world.realm.clock.advance(seconds)
    assert (await client.introspect(tokens.access)).json["active"] is works


async def test_the_application_revokes_it(world: World) -> None:
    client = await service(world)
    tokens = await client.accept(await client.ask_token("client_credentials"))
    assert (await client.revoke(tokens.access)).status == 200
    assert (await client.introspect(tokens.access)).json == {"active": False}


async def test_it_dies_with_its_application(world: World) -> None:
    client, other = await service(world), await world.client(id="other")
    tokens = await client.accept(await client.ask_token("client_credentials"))
    assert (await other.introspect(tokens.access)).json["active"] is True
    await world.change(type(client.application), client.id, status="deactivated", generation="2")
    assert (await other.introspect(tokens.access)).json == {"active": False}
    refused(await client.ask_token("client_credentials"), "unauthorized_client")
    await world.change(type(client.application), client.id, status="active")
    assert (await other.introspect(tokens.access)).json == {"active": False}
    assert len(await world.all(Grant)) == 1
