"""A realm's clock: it follows, stands still and is moved, and everything that has a time obeys it."""

import time

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from tests.support import records
from tests.support.refusals import refused, told_client
from tests.support.world import MakeWorld, World


def real_time() -> int:
    return int(time.time())


async def test_it_follows_the_system_until_told_otherwise(world: World) -> None:
    client = await world.people()
    before = real_time()
    tokens = await client.sign_in()
    assert before <= tokens.claims["iat"] <= real_time()


async def test_it_stands_still(world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze(1_000_000_000)
    tokens = await client.sign_in("openid", max_age="60")
    assert tokens.claims["iat"] == tokens.claims["auth_time"] == 1_000_000_000
    assert (await client.introspect(tokens.access)).json["exp"] == 1_000_003_600
    assert world.last.at == 1_000_000_000
    assert abs(world.last.real_at - real_time()) < 60


async def test_it_is_moved_while_it_follows(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in("openid offline_access")
    world.realm.clock.advance(10_000)
    assert not await client.lives(tokens.access)
    renewed = await client.renew(tokens)
    assert 0 <= renewed.claims["iat"] - 10_000 - real_time() + 5 < 60
    world.realm.clock.follow()
    assert abs(world.now - real_time()) <= 1
    # Issued in what is now the future, and alive.
    assert await client.lives(renewed.access)
    assert await client.lives(tokens.access)


async def test_a_frozen_clock_is_moved_by_hand(world: World) -> None:
    clock = world.realm.clock
    clock.freeze(1000)
    clock.advance(60)
    assert clock.now() == 1060
    clock.advance(-120)
    assert clock.now() == 940
    clock.freeze()
    assert clock.now() == 940


async def test_a_day_in_the_life_of_everything(make_world: MakeWorld) -> None:
    """Each thing dies at its own second and not before."""
    policy = RealmPolicy(
        consent="implied",
        code_lifetime=60,
        access_token_ttl=600,
        refresh_token_ttl=6000,
        session_lifetime=3600,
    )
    world = await make_world(policy)
    client = await world.people()
    clock = world.realm.clock
    clock.freeze()
    cookies = await world.sign_in(records.user(), expires_at=world.now + 3600)
    code = await client.code(cookies=cookies)
    tokens = await client.sign_in("openid offline_access", cookies=cookies)
    clock.advance(60)
    refused(await client.redeem(code), "invalid_grant")
    assert await client.lives(tokens.access)
    clock.advance(540)
    assert not await client.lives(tokens.access)
    clock.advance(2999)
    assert "code" in (await client.authorize(cookies=cookies, prompt="none")).redirect.parameters
    clock.advance(1)
    told_client(await client.authorize(cookies=cookies, prompt="none"), "login_required", world.issuer)
    clock.advance(2399)
    tokens = await client.renew(tokens)
    clock.advance(6000)
    refused(await client.refresh(tokens.refresh), "invalid_grant")


async def test_what_expired_long_ago_is_swept_in_small_steps(world: World) -> None:
    """And nothing else is."""
    client = await world.people()
    for _ in range(5):
        await client.sign_in("openid offline_access")
    assert len(await world.all(Session)) == 5
    world.realm.clock.advance(365 * 86400)
    tokens = await client.sign_in("openid offline_access")
    for _ in range(20):
        assert await client.lives(tokens.access)
    assert len(await world.all(Session)) == 1
    await client.renew(tokens)
