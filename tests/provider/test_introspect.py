"""The introspection endpoint (RFC 7662)."""

from typing import Any

import pytest

from oidc_harness.model.application import Application
from tests.support.client import basic
from tests.support.refusals import refused
from tests.support.world import World


async def test_a_live_access_token(world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    tokens = await client.sign_in("openid email")
    answer = await client.introspect(tokens.access)
    assert answer.json == {
        "active": True,
        "client_id": "web",
        "iat": world.now,
        "sub": "user-alice",
        "iss": world.issuer,
        "scope": "openid email",
        "exp": world.now + 3600,
        "username": "alice",
        "aud": world.issuer,
        "token_type": "Bearer",
    }
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_live_refresh_token(world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    tokens = await client.sign_in("openid offline_access")
    for hint in (None, "refresh_token", "access_token", "unknown"):
        told = (await client.introspect(tokens.refresh, token_type_hint=hint)).json
        assert (told["active"], told["scope"], told["exp"]) == (True, "openid offline_access", world.now + 90 * 86400)
        assert "token_type" not in told


async def test_a_token_that_never_expires_has_no_expiry(world: World) -> None:
    await world.people()
    client = await world.client(id="other", access_token_ttl=None, refresh_token_ttl=None)
    tokens = await client.sign_in("openid offline_access")
    assert "expires_in" not in tokens.members
    for token in (tokens.access, tokens.refresh):
        told = (await client.introspect(token)).json
        assert told["active"] is True
        assert "exp" not in told


async def test_dead_tokens_all_look_the_same(world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    spent = await client.sign_in("openid offline_access")
    await client.renew(spent)
    revoked = await client.sign_in("openid offline_access")
    await client.revoke(revoked.refresh)
    expired = await client.sign_in()
    world.realm.clock.advance(3600)
    code = await client.code()
    id_token = (await client.sign_in()).id_token
    for token in (spent.refresh, revoked.access, revoked.refresh, expired.access, code, id_token, "unknown", "é"):
        answer = await client.introspect(token)
        assert (answer.status, answer.json) == (200, {"active": False})


async def test_another_client_may_ask(world: World) -> None:
    """A resource server is a client of its own (RFC 7662 1); a pairwise subject stays that of the token's client."""
    client, other = await world.people(), await world.client(id="other", subject_type="pairwise")
    tokens, theirs = await client.sign_in(), await other.sign_in()
    assert (await other.introspect(tokens.access)).json["sub"] == tokens.claims["sub"] == "user-alice"
    assert (await client.introspect(theirs.access)).json["sub"] == theirs.claims["sub"] != "user-alice"


@pytest.mark.parametrize("form", [{}, {"token": ""}, {"token": ["a", "b"]}, {"token": "x" * 8193}])
async def test_a_malformed_request(form: dict[str, Any], world: World) -> None:
    client = await world.client()
    refused(await client.ask("/introspect", {}, form), "invalid_request")


async def test_nobody_learns_whether_a_token_lives_without_a_proof(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in()
    for token in (tokens.access, "unknown"):
        refused(await client.post("/introspect", [("token", token)]), "invalid_client", 401)
        wrong = basic(client.id, "wrong")
        refused(await client.post("/introspect", [("token", token)], Authorization=wrong), "invalid_client", 401)
        bearer = f"Bearer {tokens.access}"
        refused(await client.post("/introspect", [("token", token)], Authorization=bearer), "invalid_client", 401)


async def test_the_token_in_the_url_is_not_looked_at(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in()
    headers = {"Authorization": basic(client.id, client.secret)}
    answer = await world.send("POST", "/introspect", query=[("token", tokens.access)], form=[], headers=headers)
    refused(answer, "invalid_request")


async def test_a_deactivated_application_may_not_ask(world: World) -> None:
    """The client is disabled (B3), and told so as at the token endpoint; reactivated, it asks again."""
    client, other = await world.people(), await world.client(id="other")
    tokens = await client.sign_in()
    await world.change(Application, "other", status="deactivated")
    for token in (tokens.access, "unknown"):
        refused(await other.introspect(token), "unauthorized_client")
    await world.change(Application, "other", status="active")
    assert (await other.introspect(tokens.access)).json["active"] is True
