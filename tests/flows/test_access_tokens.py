"""Access tokens: opaque, and as JWT (RFC 9068); how long they live (A16, A17)."""

from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from oidc_harness.model.token import AccessToken
from tests.support.client import Client, Tokens
from tests.support.refusals import refused
from tests.support.world import AUTOMATIC, MakeWorld, World

FORMATS = ("opaque", "jwt")


async def jwt_client(world: World, **changes: Any) -> Client:
    await world.people()
    return await world.client(id="api", access_token_format="jwt", **changes)


async def verified(world: World, token: str) -> jwt.Token:
    """The token, verified as a resource server would (RFC 9068 4)."""
    keys = (await world.send("GET", "/jwks")).json["keys"]
    [key] = [key for key in keys if key.get("alg") == "RS256"]
    return jwt.decode(token, RSAKey.import_key(key), algorithms=["RS256"])


async def test_a_jwt_says_what_it_must(world: World) -> None:
    client = await jwt_client(world)
    world.realm.clock.freeze()
    tokens = await client.sign_in("openid email")
    token = await verified(world, tokens.access)
    assert (token.header["typ"], token.header["alg"]) == ("at+jwt", "RS256")
    jti = token.claims.pop("jti")
    assert len(jti) >= 16
    assert token.claims == {
        "iss": world.issuer,
        "sub": "user-alice",
        "aud": world.issuer,
        "client_id": "api",
        "iat": world.now,
        "exp": world.now + 3600,
        "scope": "openid email",
    }
    again = await verified(world, (await client.sign_in()).access)
    assert again.claims["jti"] != jti


async def test_a_jwt_of_an_application_itself(world: World) -> None:
    client = await jwt_client(world, grant_types=("client_credentials",), allowed_scopes=("api:read",))
    answer = await client.ask_token("client_credentials", scope="api:read")
    claims = (await verified(world, answer.json["access_token"])).claims
    assert (claims["sub"], claims["client_id"], claims["scope"]) == ("api", "api", "api:read")
    await world.change(type(client.application), "api", allowed_scopes=())
    without = await client.ask_token("client_credentials")
    assert "scope" not in (await verified(world, without.json["access_token"])).claims


async def test_a_pairwise_jwt(world: World) -> None:
    client = await jwt_client(world, subject_type="pairwise")
    tokens = await client.sign_in()
    claims = (await verified(world, tokens.access)).claims
    assert claims["sub"] == tokens.claims["sub"] != "user-alice"


async def test_an_id_token_is_no_access_token(world: World) -> None:
    """Their types differ (RFC 9068 2.1), and neither is taken for the other."""
    client = await jwt_client(world)
    tokens = await client.sign_in()
    assert "typ" not in (await verified(world, tokens.id_token)).header
    assert (await client.userinfo(tokens.id_token)).status == 401
    answer = await client.authorize(id_token_hint=tokens.access)
    # Of this issuer, signed with its key, and yet for its own audience and not for the client.
    assert answer.redirect.parameters["error"] == "invalid_request"


@pytest.mark.parametrize("access_token_format", FORMATS)
async def test_both_kinds_are_revocable(access_token_format: str, world: World) -> None:
    await world.people()
    client = await world.client(id="api", access_token_format=access_token_format)
    tokens = await client.sign_in()
    assert await client.lives(tokens.access)
    await client.revoke(tokens.access)
    assert not await client.lives(tokens.access)


async def test_a_forged_jwt_is_unknown(world: World) -> None:
    client = await jwt_client(world)
    tokens = await client.sign_in()
    header, payload, signature = tokens.access.split(".")
    for forged in (f"{header}.{payload}.", f"{header}.{payload}.{signature[:-4]}AAAA", f"{header}.e30.{signature}"):
        assert (await client.userinfo(forged)).status == 401


LIVES: list[tuple[Any, Any, int | None]] = [
    ("default", 3600, 3600),
    ("default", 60, 60),
    ("default", 0, 0),
    ("default", None, None),
    (120, 60, 120),
    (0, 60, 0),
    (None, 60, None),
]


@pytest.mark.parametrize("access_token_format", FORMATS)
@pytest.mark.parametrize(("own", "policy", "seconds"), LIVES)
async def test_how_long_a_token_lives(
    own: Any, policy: Any, seconds: int | None, access_token_format: str, make_world: MakeWorld
) -> None:
    world = await make_world(replace(AUTOMATIC, access_token_ttl=policy))
    await world.people()
    client = await world.client(id="api", access_token_ttl=own, access_token_format=access_token_format)
    world.realm.clock.freeze()
    tokens = await client.sign_in()
    assert tokens.members.get("expires_in") == seconds
    [record] = await world.all(AccessToken)
    assert record.expires_at == (None if seconds is None else world.now + seconds)
    assert await client.lives(tokens.access) is (seconds != 0)
    world.realm.clock.advance(10**8 if seconds is None else max(seconds - 1, 0))
    assert await client.lives(tokens.access) is (seconds != 0)
    world.realm.clock.advance(1)
    assert await client.lives(tokens.access) is (seconds is None)


async def test_time_may_go_backwards(world: World) -> None:
    """A test that turns the clock back finds the token as it was then."""
    client = await world.people()
    world.realm.clock.freeze()
    tokens = await client.sign_in()
    world.realm.clock.advance(4000)
    assert not await client.lives(tokens.access)
    world.realm.clock.advance(-3000)
    assert await client.lives(tokens.access)


async def test_short_access_with_long_refresh(world: World) -> None:
    """A17: the usual strategy, by the clock."""
    await world.people()
    client = await world.client(id="api", access_token_ttl=60)
    world.realm.clock.freeze()
    tokens: Tokens = await client.sign_in("openid offline_access")
    for _ in range(5):
        world.realm.clock.advance(60)
        assert not await client.lives(tokens.access)
        tokens = await client.renew(tokens)
        assert await client.lives(tokens.access)
    refused(await client.refresh("unknown"), "invalid_grant")
