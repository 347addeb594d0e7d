"""The revocation endpoint (RFC 7009)."""

from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.model.token import AccessToken
from tests.support.client import basic
from tests.support.refusals import refused
from tests.support.world import World

OFFLINE = "openid offline_access"


@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "unknown"])
async def test_an_access_token_dies_alone(hint: str | None, world: World) -> None:
    client = await world.people()
    first, second = await client.sign_in(OFFLINE), await client.sign_in(OFFLINE)
    answer = await client.revoke(first.access, token_type_hint=hint)
    assert (answer.status, answer.text, answer.headers["Cache-Control"]) == (200, "", "no-store")
    assert not await client.lives(first.access)
    assert await client.lives(second.access)
    renewed = await client.renew(first)
    assert await client.lives(renewed.access)


@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token"])
async def test_a_refresh_token_takes_its_access_tokens_along(hint: str | None, world: World) -> None:
    client = await world.people()
    first, other = await client.sign_in(OFFLINE), await client.sign_in(OFFLINE)
    second = await client.renew(first)
    assert (await client.revoke(second.refresh, token_type_hint=hint)).status == 200
    for tokens in (first, second):
        assert not await client.lives(tokens.access)
    refused(await client.refresh(second.refresh), "invalid_grant")
    assert await client.lives(other.access)


async def test_a_spent_refresh_token_revokes_as_well(world: World) -> None:
    client = await world.people()
    first = await client.sign_in(OFFLINE)
    second = await client.renew(first)
    assert (await client.revoke(first.refresh)).status == 200
    assert not await client.lives(second.access)


async def test_what_is_dead_or_unknown_is_no_error(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in(OFFLINE)
    for token in (tokens.access, tokens.access, tokens.refresh, tokens.refresh, "unknown", tokens.id_token, "é"):
        answer = await client.revoke(token)
        assert (answer.status, answer.text) == (200, "")
    [grant] = await world.all(Grant)
    assert grant.revoked_at is not None
    assert grant.version == 1


async def test_a_token_that_never_expires_dies_at_once(world: World) -> None:
    await world.people()
    client = await world.client(id="other", access_token_ttl=None)
    tokens = await client.sign_in()
    assert await client.lives(tokens.access)
    await client.revoke(tokens.access)
    assert not await client.lives(tokens.access)


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_nobody_revokes_the_token_of_another(kind: str, world: World) -> None:
    client, other = await world.people(), await world.client(id="other")
    tokens = await client.sign_in(OFFLINE)
    refused(await other.revoke(tokens.members[kind]), "invalid_grant")
    public = await world.client(id="public", token_endpoint_auth_method="none")
    refused(await public.revoke(tokens.members[kind]), "invalid_grant")
    assert await client.lives(tokens.access)
    await client.renew(tokens)


async def test_a_public_client_revokes_its_own(world: World) -> None:
    await world.people()
    client = await world.client(id="public", token_endpoint_auth_method="none")
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    verifier = {"code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}
    tokens = await client.sign_in(OFFLINE, redemption=verifier, code_challenge=challenge, code_challenge_method="S256")
    assert (await client.revoke(tokens.refresh)).status == 200
    assert (await client.userinfo(tokens.access)).status == 401


@pytest.mark.parametrize("form", [{}, {"token": ""}, {"token": ["a", "b"]}, {"token": "x" * 8193}])
async def test_a_malformed_request(form: dict[str, Any], world: World) -> None:
    client = await world.client()
    refused(await client.ask("/revoke", {}, form), "invalid_request")


async def test_without_a_proof_nothing_is_revoked(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in()
    form = [("token", tokens.access)]
    refused(await client.post("/revoke", form), "invalid_client", 401)
    refused(await client.post("/revoke", form, Authorization=basic(client.id, "wrong")), "invalid_client", 401)
    assert await client.lives(tokens.access)


async def test_a_deactivated_application_may_still_revoke(world: World) -> None:
    """It takes rights away and gives none (B3)."""
    client = await world.people()
    tokens = await client.sign_in()
    await world.change(Application, client.id, status="deactivated")
    assert (await client.revoke(tokens.access)).status == 200
    [record] = await world.all(AccessToken)
    assert record.revoked_at is not None
