"""A realm's journal keeps the order of answers, and its expired records are swept whatever else goes on."""

import asyncio

from oidc_harness.harness.journal import Journal
from oidc_harness.harness.realm import RETENTION, SWEEP_EVERY
from oidc_harness.model.session import Session
from oidc_harness.services.circumstances import Circumstances
from tests.support import records
from tests.support.world import World
from tests.switches.journal import KEYS, USED


def test_exchanges_are_numbered_as_they_are_kept() -> None:
    journal = Journal(limit=2)
    for line in (KEYS, USED, KEYS):
        journal.append(line.exchange)
    assert [(each.number, each.endpoint) for each in journal.exchanges()] == [(2, "userinfo"), (3, "jwks")]
    assert journal.exchanges(after=2) == journal.exchanges()[1:]


async def test_who_follows_the_journal_misses_no_slow_answer(world: World) -> None:
    """Hashing a password takes many times as long as telling keys."""
    await world.add(records.user())
    client = await world.client(grant_types=("password",), response_types=())
    slow = asyncio.create_task(client.ask_token("password", username="nobody", password="whatever"))
    seen: list[tuple[int, str]] = []
    while not slow.done() or len(seen) < len(world.exchanges):
        await world.send("GET", "/jwks")
        after = seen[-1][0] if seen else 0
        seen += [(each.number, each.endpoint) for each in world.realm.journal.exchanges(after)]
    assert "token" in {endpoint for _, endpoint in seen}
    assert [number for number, _ in seen] == list(range(1, len(seen) + 1))


async def nothing(circumstances: Circumstances) -> None:
    """What a service does that finds nothing to do."""


async def test_what_expired_is_kept_for_a_while_and_then_swept(world: World) -> None:
    """However many services are asked for between two exchanges."""
    world.realm.clock.freeze()
    long_ago = records.session("long-ago", 0, expires_at=world.now - RETENTION - 1)
    lately = records.session("lately", 0, expires_at=world.now - RETENTION)
    await world.add(long_ago, lately)
    for _ in range(SWEEP_EVERY - 1):
        await world.realm.transact(nothing)
        await world.send("GET", "/jwks")
    assert await world.find(Session, long_ago.id) is not None
    await world.realm.transact(nothing)
    await world.send("GET", "/jwks")
    assert await world.find(Session, long_ago.id) is None
    assert await world.find(Session, lately.id) is not None
