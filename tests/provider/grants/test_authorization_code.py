"""The authorization code grant (RFC 6749 4.1.3, OIDC Core 3.1.3): whose code, how often, how long."""

import asyncio
from typing import Any

import pytest

from oidc_harness.model.code import Code
from oidc_harness.model.grant import Grant
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.fingerprint import fingerprint
from tests.support import records
from tests.support.client import Tokens
from tests.support.refusals import refused
from tests.support.world import MakeWorld, World

ALWAYS = RealmPolicy(sign_in="auto", default_persona="alice", refresh_tokens="always")


async def test_the_response_says_all_and_no_more(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in("openid email")
    assert tokens.members.keys() == {"access_token", "token_type", "expires_in", "id_token", "scope"}
    assert tokens.members["expires_in"] == 3600
    assert tokens.members["scope"] == "openid email"
    with_refresh = await client.sign_in("openid offline_access")
    assert with_refresh.members.keys() == tokens.members.keys() | {"refresh_token"}


@pytest.mark.parametrize("scope", ["email", None])
async def test_without_openid_there_is_no_id_token(scope: str | None, world: World) -> None:
    client = await world.people()
    code = await client.code(scope=scope)
    tokens = await client.accept(await client.redeem(code))
    assert "id_token" not in tokens.members
    assert tokens.members.get("scope") == scope


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"redirect_uri": None}, "invalid_request", "redirect_uri is missing"),
    ({"redirect_uri": ""}, "invalid_request", "redirect_uri is missing"),
    ({"redirect_uri": records.REDIRECT_URI + "/"}, "invalid_grant", "redirect_uri differs"),
    ({"redirect_uri": "https://rp.example/second"}, "invalid_grant", "redirect_uri differs"),
]


@pytest.mark.parametrize(("changes", "code", "description"), WRONG)
async def test_the_redirect_uri_is_that_of_the_request(
    changes: dict[str, Any], code: str, description: str, world: World
) -> None:
    await world.people()
    client = await world.client(id="other", redirect_uris=(records.REDIRECT_URI, "https://rp.example/second"))
    issued = await client.code()
    assert description in refused(await client.redeem(issued, **changes), code)
    # What was refused has not spent the code.
    assert (await client.redeem(issued)).status == 200


async def test_any_loopback_port_and_then_the_same_one(world: World) -> None:
    await world.people()
    client = await world.client(id="app", application_type="native", redirect_uris=("http://127.0.0.1/cb",))
    code = await client.code(redirect_uri="http://127.0.0.1:5001/cb")
    refused(await client.redeem(code, redirect_uri="http://127.0.0.1:5002/cb"), "invalid_grant")
    refused(await client.redeem(code), "invalid_grant")
    assert (await client.redeem(code, redirect_uri="http://127.0.0.1:5001/cb")).status == 200


async def test_a_code_is_bound_to_its_client(world: World) -> None:
    client, other = await world.people(), await world.client(id="other")
    code = await client.code()
    refused(await other.redeem(code), "invalid_grant")
    error = world.last.error
    assert error is not None
    assert "expected 'web', came 'other'; they first differ at character 1: 'w' against 'o'" in error.detail
    first = await client.accept(await client.redeem(code), "n-0S6_WzA2Mj")
    # A spent one tells the other client nothing new, and revokes nothing.
    refused(await other.redeem(code), "invalid_grant")
    assert await client.lives(first.access)


async def test_a_second_use_revokes_what_the_first_one_gave(world: World) -> None:
    client = await world.people()
    code = await client.code(scope="openid offline_access")
    first = Tokens((await client.redeem(code)).json)
    renewed = Tokens((await client.refresh(first.refresh)).json)
    assert await client.lives(first.access)
    refused(await client.redeem(code), "invalid_grant")
    for token in (first.access, renewed.access):
        assert not await client.lives(token)
    refused(await client.refresh(renewed.refresh), "invalid_grant")
    refused(await client.redeem(code), "invalid_grant")


@pytest.mark.parametrize(("seconds", "works"), [(0, True), (599, True), (600, False), (3000, False), (100_000, False)])
async def test_a_code_lives_ten_minutes(seconds: int, works: bool, world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    code = await client.code()
    world.realm.clock.advance(seconds)
    answer = await client.redeem(code)
    if works:
        assert answer.status == 200
    else:
        assert "expired" in refused(answer, "invalid_grant")


async def test_the_life_of_a_code_is_policy(make_world: MakeWorld) -> None:
    world = await make_world(RealmPolicy(sign_in="auto", default_persona="alice", code_lifetime=60))
    client = await world.people()
    world.realm.clock.freeze()
    code = await client.code()
    world.realm.clock.advance(60)
    refused(await client.redeem(code), "invalid_grant")


async def test_a_late_second_use_revokes_as_well(world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    code = await client.code()
    first = Tokens((await client.redeem(code)).json)
    world.realm.clock.advance(900)
    assert await client.lives(first.access)
    refused(await client.redeem(code), "invalid_grant")
    assert not await client.lives(first.access)


async def test_a_second_use_revokes_as_long_as_there_is_something_to_revoke(world: World) -> None:
    """F6, also when a code that was not redeemed would be forgotten."""
    client = await world.people()
    world.realm.clock.freeze()
    code, left = await client.code(scope="openid offline_access"), await client.code()
    first = Tokens((await client.redeem(code)).json)
    world.realm.clock.advance(80 * 86400)
    await world.sweep()
    assert [record.id for record in await world.all(Code)] == [fingerprint(code)]
    assert "unknown" in refused(await client.redeem(left), "invalid_grant")
    refused(await client.redeem(code), "invalid_grant")
    refused(await client.refresh(first.refresh), "invalid_grant")


async def test_a_spent_code_is_forgotten_with_its_grant(world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    await client.sign_in()
    world.realm.clock.advance(100 * 86400)
    await world.sweep()
    assert [*await world.all(Code), *await world.all(Grant)] == []


@pytest.mark.parametrize("ttl", [100_000, None])
async def test_a_longer_life_given_before_the_redemption_reaches_the_grant(ttl: int | None, world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    code = await client.code()
    await world.change(type(client.application), client.id, access_token_ttl=ttl)
    tokens = Tokens((await client.redeem(code)).json)
    world.realm.clock.advance(99_999)
    await world.sweep()
    assert await client.lives(tokens.access)


async def test_a_code_is_kept_as_its_hash_alone(world: World) -> None:
    client = await world.people()
    code = await client.code()
    [record] = await world.all(Code)
    assert record.id == fingerprint(code)
    assert code not in repr(record)


@pytest.mark.parametrize(
    ("scope", "policy", "grant_types", "given"),
    [
        (
            "openid",
            RealmPolicy(sign_in="auto", default_persona="alice"),
            ("authorization_code", "refresh_token"),
            False,
        ),
        ("openid offline_access", RealmPolicy(sign_in="auto", default_persona="alice"), ("authorization_code",), False),
        ("openid", ALWAYS, ("authorization_code", "refresh_token"), True),
        ("email", ALWAYS, ("authorization_code", "refresh_token"), True),
        ("openid", ALWAYS, ("authorization_code",), False),
    ],
)
async def test_when_a_refresh_token_is_given(
    scope: str, policy: RealmPolicy, grant_types: tuple[str, ...], given: bool, make_world: MakeWorld
) -> None:
    world = await make_world(policy)
    await world.people()
    client = await world.client(id="other", grant_types=grant_types)
    answer = await client.redeem(await client.code(scope=scope))
    assert ("refresh_token" in answer.json) is given


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_of_twenty_redemptions_at_once_one_succeeds(world: World) -> None:
    """And what it gave is revoked, as by any second use (RFC 6749 4.1.2)."""
    client = await world.people()
    code = await client.code(scope="openid offline_access")
    answers = await asyncio.gather(*(client.redeem(code) for _ in range(20)))
    [success] = [answer for answer in answers if answer.status == 200]
    for answer in answers:
        if answer is not success:
            refused(answer, "invalid_grant")
    tokens = Tokens(success.json)
    assert not await client.lives(tokens.access)
    refused(await client.refresh(tokens.refresh), "invalid_grant")
