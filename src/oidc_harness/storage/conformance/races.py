"""Cases: transactions that overlap, and tasks that are cancelled in the middle of one."""

# ruff: noqa: S101 - assert is how a test tells

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from oidc_harness.model.write import Add, Remove, Swap, Write
from oidc_harness.storage.conformance.probe import REALM, Probe, add, commit, stored, stored_ids
from oidc_harness.storage.port import Conflict, Duplicate, Records, Store

CONTESTANTS = 20
PATIENCE_SECONDS = 60
"""After which a race counts as a deadlock. A transaction may never wait for another to end."""

A = Probe(id="a")
B = Probe(id="b")

Contestant = Callable[[Records], Awaitable[list[Write]]]
"""Reads, and tells what it wants to write."""


async def race(store: Store, *contestants: Contestant) -> list[type[BaseException] | None]:
    """How each fared whose reads were all done before the first of their writes."""
    everyone_has_read = asyncio.Barrier(len(contestants))

    async def run(contestant: Contestant) -> None:
        async with store.begin(REALM) as records:
            writes = await contestant(records)
            await everyone_has_read.wait()
            records.write(*writes)

    async with asyncio.timeout(PATIENCE_SECONDS):
        outcomes = await asyncio.gather(*map(run, contestants), return_exceptions=True)
    return [type(outcome) if outcome is not None else None for outcome in outcomes]


async def read(records: Records, id: str) -> Probe:
    """The probe, which must be there."""
    found = await records.get(Probe, id)
    assert found is not None
    return found


def spends(id: str, name: str) -> Contestant:
    """Swaps the record, and adds one of its own beside it."""

    async def contestant(records: Records) -> list[Write]:
        return [Swap(replace(await read(records, id), text=name)), Add(Probe(id=name, owner="trace"))]

    return contestant


def removes(id: str) -> Contestant:
    """Removes the record."""

    async def contestant(records: Records) -> list[Write]:
        return [Remove(await read(records, id))]

    return contestant


def adds(record: Probe) -> Contestant:
    """Adds the record."""

    async def contestant(records: Records) -> list[Write]:
        return [Add(record)]

    return contestant


def swaps_both(first: str, second: str) -> Contestant:
    """Swaps two records in this order, so that two of these may lock each other out."""

    async def contestant(records: Records) -> list[Write]:
        return [Swap(replace(await read(records, id), text=first)) for id in (first, second)]

    return contestant


async def count_up(store: Store) -> int:
    """Count the record `a` up by one, again and again until it is done. Gives the number of conflicts."""
    for attempt in range(CONTESTANTS):
        try:
            async with store.begin(REALM) as records:
                found = await read(records, "a")
                records.write(Swap(replace(found, text=f"{int(found.text) + 1}")))
        except Conflict:
            continue
        return attempt
    raise AssertionError("each round has a winner, so nobody can lose more often than there are contestants")


async def cancel_after(steps: int, task: "asyncio.Task[None]") -> bool:
    """Let the loop take some steps, cancel the task, and tell whether it was done before."""
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    return not task.cancelled()


class RaceCases:
    """Inherited by `StoreConformance`."""

    async def test_of_twenty_that_spend_a_record_one_wins(self, store: Store) -> None:
        await add(store, A)
        names = [f"{number:02}" for number in range(CONTESTANTS)]
        outcomes = await race(store, *(spends("a", name) for name in names))
        assert Counter(outcomes) == {None: 1, Conflict: CONTESTANTS - 1}
        winner = names[outcomes.index(None)]
        assert await stored(store, "a") == Probe(id="a", text=winner, version=1)
        assert await stored_ids(store, owner="trace") == [winner]

    async def test_of_twenty_that_remove_a_record_one_wins(self, store: Store) -> None:
        await add(store, A)
        outcomes = await race(store, *(removes("a") for _ in range(CONTESTANTS)))
        assert Counter(outcomes) == {None: 1, Conflict: CONTESTANTS - 1}
        assert await stored_ids(store) == []

    async def test_of_twenty_that_add_one_id_one_wins(self, store: Store) -> None:
        candidates = [Probe(id="a", owner=f"{number}") for number in range(CONTESTANTS)]
        outcomes = await race(store, *map(adds, candidates))
        assert Counter(outcomes) == {None: 1, Duplicate: CONTESTANTS - 1}
        winner = candidates[outcomes.index(None)]
        assert await stored(store, "a") == winner
        for candidate in candidates:
            assert await stored_ids(store, owner=candidate.owner) == (["a"] if candidate == winner else [])

    async def test_twenty_that_touch_different_records_all_win(self, store: Store) -> None:
        names = [f"{number:02}" for number in range(CONTESTANTS)]
        await add(store, *(Probe(id=f"mine {name}") for name in names))
        outcomes = await race(store, *(spends(f"mine {name}", name) for name in names))
        assert outcomes == [None] * CONTESTANTS
        assert await stored_ids(store, owner="trace") == names

    async def test_twenty_that_count_lose_no_count(self, store: Store) -> None:
        await add(store, Probe(id="a", text="0"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*(count_up(store) for _ in range(CONTESTANTS)))
        assert await stored(store, "a") == Probe(id="a", text=f"{CONTESTANTS}", version=CONTESTANTS)

    @pytest.mark.parametrize("swap_first", [True, False], ids=["swap first", "removal first"])
    async def test_of_a_swap_and_a_removal_one_wins(self, store: Store, swap_first: bool) -> None:
        await add(store, A)
        contestants = [spends("a", "swapped"), removes("a")]
        outcomes = await race(store, *(contestants if swap_first else reversed(contestants)))
        assert Counter(outcomes) == {None: 1, Conflict: 1}
        swap_won = (outcomes[0] is None) == swap_first
        assert await stored_ids(store) == (["a", "swapped"] if swap_won else [])

    async def test_of_two_that_swap_in_opposite_order_one_wins_both(self, store: Store) -> None:
        await add(store, A, B)
        outcomes = await race(store, swaps_both("a", "b"), swaps_both("b", "a"))
        assert Counter(outcomes) == {None: 1, Conflict: 1}
        winner = "ab"[outcomes.index(None)]
        for id in "ab":
            assert await stored(store, id) == Probe(id=id, text=winner, version=1)

    async def test_a_page_never_shows_half_a_batch(self, store: Store) -> None:
        await add(store, A, B)

        async def flip() -> None:
            for version in range(CONTESTANTS):
                both = [Probe(id=id, version=version, text=f"{version}") for id in "ab"]
                await commit(store, *map(Swap, both))

        flipping = asyncio.create_task(flip())
        async with store.begin(REALM) as records:
            while not flipping.done():
                first, second = await records.find(Probe)
                assert first == replace(second, id="a")
                await asyncio.sleep(0)
        await flipping

    async def test_a_task_cancelled_before_the_end_writes_nothing(self, store: Store) -> None:
        await add(store, A)
        waiting = asyncio.Event()

        async def wait_for_ever() -> None:
            async with store.begin(REALM) as records:
                records.write(Swap(await read(records, "a")), Add(B))
                waiting.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(wait_for_ever())
        await waiting.wait()
        assert not await cancel_after(0, task)
        assert await stored(store, "a") == A
        assert await stored_ids(store) == ["a"]

    async def test_a_task_cancelled_at_any_moment_leaves_no_half(self, store: Store) -> None:
        for steps in range(60):
            pair = [f"{steps:02} left", f"{steps:02} right"]
            writes = [Add(Probe(id=id, owner=f"{steps}")) for id in pair]
            done = await cancel_after(steps, asyncio.create_task(commit(store, *writes)))
            left = await stored_ids(store, owner=f"{steps}")
            assert left == pair or (left == [] and not done)

    async def test_a_cancelled_reading_does_not_answer_the_next(self, store: Store) -> None:
        await add(store, A, B)

        async def read_a() -> None:
            assert await stored(store, "a") == A

        for steps in range(30):
            await cancel_after(steps, asyncio.create_task(read_a()))
            assert await stored(store, "b") == B
