"""The refresh token grant (RFC 6749 6, OIDC Core 12, RFC 9700 4.14): rotation, reuse, grace, scope, life (F3, A16)."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.token import RefreshToken
from tests.support.client import Client, Tokens
from tests.support.refusals import refused
from tests.support.world import AUTOMATIC, MakeWorld, World

OFFLINE = "openid email offline_access"


async def test_a_refresh_gives_new_tokens_of_the_same_sign_in(world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    first = await client.sign_in(OFFLINE, max_age="1000")
    world.realm.clock.advance(50)
    second = await client.renew(first)
    assert second.members.keys() == first.members.keys()
    assert second.members["scope"] == OFFLINE
    assert second.access != first.access
    assert second.refresh != first.refresh
    for name in ("iss", "sub", "aud", "auth_time", "acr", "amr", "sid"):
        assert second.claims[name] == first.claims[name]
    assert second.claims["iat"] == first.claims["iat"] + 50
    assert "nonce" not in second.claims
    # The old access token goes on living until it expires.
    assert await client.lives(first.access)
    assert await client.lives(second.access)


async def test_a_spent_token_kills_the_whole_family(world: World) -> None:
    client = await world.people()
    first = await client.sign_in(OFFLINE)
    second = await client.renew(first)
    third = await client.renew(second)
    refused(await client.refresh(first.refresh), "invalid_grant")
    refused(await client.refresh(third.refresh), "invalid_grant")
    for tokens in (first, second, third):
        assert not await client.lives(tokens.access)


async def test_another_sign_in_is_another_family(world: World) -> None:
    client = await world.people()
    first, other = await client.sign_in(OFFLINE), await client.sign_in(OFFLINE)
    await client.renew(first)
    refused(await client.refresh(first.refresh), "invalid_grant")
    assert await client.lives(other.access)
    await client.renew(other)


async def test_a_token_is_bound_to_its_client(world: World) -> None:
    client, other = await world.people(), await world.client(id="other")
    tokens = await client.sign_in(OFFLINE)
    refused(await other.refresh(tokens.refresh), "invalid_grant")
    second = await client.renew(tokens)
    # Another client's attempt with a spent token revokes nothing.
    refused(await other.refresh(tokens.refresh), "invalid_grant")
    assert await client.lives(second.access)


@pytest.mark.parametrize("kind", ["access_token", "code", "id_token"])
async def test_nothing_else_is_a_refresh_token(kind: str, world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in(OFFLINE)
    other: Any = await client.code() if kind == "code" else tokens.members[kind]
    refused(await client.refresh(other), "invalid_grant")


@pytest.mark.parametrize(("seconds", "works"), [(0, True), (29, True), (30, False)])
async def test_a_spent_token_is_taken_for_a_while_where_policy_says_so(
    seconds: int, works: bool, make_world: MakeWorld
) -> None:
    world = await make_world(replace(AUTOMATIC, refresh_grace=30))
    client = await world.people()
    world.realm.clock.freeze()
    first = await client.sign_in(OFFLINE)
    second = await client.renew(first)
    world.realm.clock.advance(seconds)
    answer = await client.refresh(first.refresh)
    if works:
        again = await client.accept(answer)
        assert len({first.refresh, second.refresh, again.refresh}) == 3
        # A client that lost the answer does not win time by it: the grace runs from the first use.
        world.realm.clock.advance(30 - seconds)
    refused(await client.refresh(first.refresh), "invalid_grant")
    refused(await client.refresh(second.refresh), "invalid_grant")


async def test_without_rotation_a_token_serves_again_and_again(make_world: MakeWorld) -> None:
    world = await make_world(replace(AUTOMATIC, refresh_rotation=False))
    client = await world.people()
    first = await client.sign_in(OFFLINE)
    for _ in range(3):
        renewed = await client.renew(first)
        assert "refresh_token" not in renewed.members
        assert await client.lives(renewed.access)
    [record] = await world.all(RefreshToken)
    assert record.spent_at is None


NARROWED = [
    (None, OFFLINE),
    ("", OFFLINE),
    ("openid", "openid"),
    ("email openid", "email openid"),
    ("offline_access email", "offline_access email"),
]


@pytest.mark.parametrize(("asked", "granted"), NARROWED)
async def test_a_refresh_may_ask_for_less(asked: str | None, granted: str, world: World) -> None:
    client = await world.people()
    first = await client.sign_in(OFFLINE)
    second = await client.renew(first, scope=asked)
    assert second.members["scope"] == granted
    assert (await client.introspect(second.access)).json["scope"] == granted
    assert ("id_token" in second.members) is ("openid" in granted)
    # The new refresh token stands for what the first one stood for (RFC 6749 6).
    assert (await client.renew(second)).members["scope"] == OFFLINE


@pytest.mark.parametrize("asked", ["openid profile", "phone", "openid unknown", "OPENID"])
async def test_and_never_for_more(asked: str, world: World) -> None:
    client = await world.people()
    first = await client.sign_in(OFFLINE)
    refused(await client.refresh(first.refresh, scope=asked), "invalid_scope")
    await client.renew(first)


async def test_the_narrowed_token_knows_less(world: World) -> None:
    client = await world.people()
    first = await client.sign_in(OFFLINE)
    assert "email" in await client.person(first)
    second = await client.renew(first, scope="openid")
    assert (await client.person(second)).keys() == {"sub"}


LIVES: list[tuple[Any, Any, int, bool]] = [
    ("default", 90 * 86400, 90 * 86400 - 1, True),
    ("default", 90 * 86400, 90 * 86400, False),
    ("default", 100, 100, False),
    ("default", 0, 0, False),
    ("default", None, 9 * 365 * 86400, True),
    (0, 100, 0, False),
    (100, 0, 99, True),
    (100, 0, 100, False),
    (None, 0, 9 * 365 * 86400, True),
]


@pytest.mark.parametrize(("own", "policy", "seconds", "works"), LIVES)
async def test_how_long_a_token_lives(own: Any, policy: Any, seconds: int, works: bool, make_world: MakeWorld) -> None:
    world = await make_world(replace(AUTOMATIC, refresh_token_ttl=policy))
    await world.people()
    client = await world.client(id="other", refresh_token_ttl=own)
    world.realm.clock.freeze()
    tokens = await client.sign_in(OFFLINE)
    world.realm.clock.advance(seconds)
    answer = await client.refresh(tokens.refresh)
    if works:
        await client.accept(answer)
    else:
        assert "expired" in refused(answer, "invalid_grant")


async def test_each_refresh_gives_a_whole_life(world: World) -> None:
    """Also to the grant behind it, which is swept some time after the last token it can have."""
    client = await world.people()
    world.realm.clock.freeze()
    tokens = await client.sign_in(OFFLINE)
    for _ in range(40):
        world.realm.clock.advance(89 * 86400)
        tokens = Tokens((await client.refresh(tokens.refresh)).json)
    assert await client.lives(tokens.access)


async def test_a_longer_life_given_later_reaches_the_grant(world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    tokens = await client.sign_in(OFFLINE)
    await world.change(type(client.application), client.id, refresh_token_ttl=None, access_token_ttl=None)
    tokens = await client.renew(tokens)
    for _ in range(40):
        world.realm.clock.advance(365 * 86400)
        assert await client.lives(tokens.access)
    await client.renew(tokens)


@pytest.mark.parametrize("rotation", [True, False])
async def test_the_grant_outlives_every_token(rotation: bool, make_world: MakeWorld) -> None:
    """Also where the application's tokens live longer now than when it was made."""
    world = await make_world(replace(AUTOMATIC, refresh_rotation=rotation, refresh_token_ttl=7200))
    client = await world.people()
    world.realm.clock.freeze()
    tokens = await client.sign_in(OFFLINE)
    await world.change(type(client.application), client.id, access_token_ttl=100_000)
    renewed = Tokens((await client.refresh(tokens.refresh)).json)
    for seconds in (50_000, 49_999):
        world.realm.clock.advance(seconds)
        await world.sweep()
        assert await client.lives(renewed.access)
    world.realm.clock.advance(1)
    assert not await client.lives(renewed.access)


async def redeem_at_once(client: Client, tokens: Tokens, number: int) -> list[Tokens]:
    answers = await asyncio.gather(*(client.refresh(tokens.refresh) for _ in range(number)))
    for answer in answers:
        if answer.status != 200:
            refused(answer, "invalid_grant")
    return [Tokens(answer.json) for answer in answers if answer.status == 200]


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_of_twenty_refreshes_at_once_one_succeeds_and_the_family_dies(world: World) -> None:
    client = await world.people()
    [winner] = await redeem_at_once(client, await client.sign_in(OFFLINE), 20)
    assert not await client.lives(winner.access)
    refused(await client.refresh(winner.refresh), "invalid_grant")


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_within_the_grace_they_all_succeed(make_world: MakeWorld) -> None:
    world = await make_world(RealmPolicy(sign_in="auto", default_persona="alice", refresh_grace=60))
    client = await world.people()
    winners = await redeem_at_once(client, await client.sign_in(OFFLINE), 10)
    assert len({tokens.refresh for tokens in winners}) == 10
    for tokens in winners:
        assert await client.lives(tokens.access)
