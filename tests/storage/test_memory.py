"""MemoryStore keeps the contract, forgets what is gone, and stays small."""

import gc
import tracemalloc
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from oidc_harness.model.write import Add, Remove, Swap
from oidc_harness.storage.conformance import StoreConformance
from oidc_harness.storage.conformance.probe import REALM, Probe, add, commit, stored, stored_ids
from oidc_harness.storage.memory import MemoryStore
from oidc_harness.storage.port import Store

LATER = 2_000_000_000


class TestMemoryStore(StoreConformance):
    @pytest.fixture
    async def store(self) -> AsyncIterator[Store]:
        store = MemoryStore()
        yield store
        await store.close()


class Watched(Probe):
    """A probe that a weak reference can point at."""


async def drop(store: Store) -> None:
    await store.drop(REALM)


async def sweep(store: Store) -> None:
    await store.sweep(REALM, before=LATER)


async def remove(store: Store) -> None:
    async with store.begin(REALM) as records:
        records.write(*map(Remove, await records.find(Probe)))


async def replace_all(store: Store) -> None:
    async with store.begin(REALM) as records:
        records.write(*(Swap(Probe(id=found.id)) for found in await records.find(Probe)))


@pytest.mark.parametrize("end", [drop, sweep, remove, replace_all, MemoryStore.close])
async def test_what_is_gone_is_freed(end: Callable[[MemoryStore], Awaitable[None]]) -> None:
    store = MemoryStore()
    watched = [Watched(id=f"{number}", owner="anna", expires_at=number) for number in range(20)]
    await add(store, *watched)
    assert len(await stored_ids(store, owner="anna")) == len(await stored_ids(store)) == 20
    references = [weakref.ref(record) for record in watched]
    watched.clear()
    assert all(reference() is not None for reference in references)
    await end(store)
    gc.collect()
    assert [reference() for reference in references] == [None] * 20


async def come_and_go(store: Store, number: int) -> None:
    record = Probe(id=f"id {number}", owner=f"owner {number}", place="here", expires_at=LATER + number)
    await commit(store, Add(record))
    await commit(store, Remove(record))


async def come_and_go_listed(store: Store, number: int) -> None:
    await come_and_go(store, number)
    await stored_ids(store)
    await stored_ids(store, place="here")


async def change_expiry(store: Store, number: int) -> None:
    found = await stored(store, "staying")
    assert found is not None
    await commit(store, Swap(Probe(id="staying", version=found.version, expires_at=LATER + number)))


async def change_index(store: Store, number: int) -> None:
    found = await stored(store, "staying")
    assert found is not None
    await commit(store, Swap(Probe(id="staying", version=found.version, owner=f"owner {number}")))


async def read_unknown_realm(store: Store, number: int) -> None:
    assert await stored(store, "a", realm=f"realm {number}") is None


async def fill_and_drop_realm(store: Store, number: int) -> None:
    await add(store, Probe(id="a"), realm=f"realm {number}")
    await store.drop(f"realm {number}")


@pytest.mark.parametrize(
    "act",
    [come_and_go, come_and_go_listed, change_expiry, change_index, read_unknown_realm, fill_and_drop_realm],
)
async def test_what_comes_and_goes_does_not_pile_up(act: Callable[[Store, int], Awaitable[None]]) -> None:
    store = MemoryStore()
    await add(store, Probe(id="staying", place="here"))
    for number in range(500):
        await act(store, number)
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(500, 2500):
            await act(store, number)
        gc.collect()
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # One id or one heap entry kept for each of 2000 rounds would be 100,000 bytes and more.
    assert grown < 50_000


async def test_a_sweep_counts_outdated_expiries_into_its_limit() -> None:
    store = MemoryStore()
    await add(store, *(Probe(id=id, expires_at=1) for id in "abcd"), Probe(id="e", expires_at=2))
    await commit(store, *(Swap(Probe(id=id)) for id in "abcd"))
    assert [await store.sweep(REALM, before=3, limit=2) for _ in range(4)] == [0, 0, 1, 0]
    assert await stored_ids(store) == ["a", "b", "c", "d"]
