"""Cases: what ends a record's life: sweeping, dropping the realm, closing the store."""

# ruff: noqa: S101 - assert is how a test tells

import pytest

from oidc_harness.model.write import Add, Remove, Swap
from oidc_harness.storage.conformance.probe import REALM, Probe, add, commit, stored, stored_ids
from oidc_harness.storage.port import Conflict, StorageError, Store

NOW = 1_800_000_000


def expiring(id: str, expires_at: int | None) -> Probe:
    """A probe that may be swept after that second."""
    return Probe(id=id, expires_at=expires_at, owner="anna")


async def swept(store: Store, before: int) -> int:
    """Sweep until several sweeps in a row have found nothing."""
    return sum([await store.sweep(REALM, before) for _ in range(5)])


class LifetimeCases:
    """Inherited by `StoreConformance`."""

    @pytest.mark.parametrize(
        ("expires_at", "left"),
        [(NOW - 1, []), (NOW, ["a"]), (NOW + 1, ["a"]), (0, []), (-1, []), (None, ["a"])],
    )
    async def test_what_expired_earlier_is_swept(self, store: Store, expires_at: int | None, left: list[str]) -> None:
        await add(store, expiring("a", expires_at))
        assert await store.sweep(REALM, before=NOW) == 1 - len(left)
        assert await stored_ids(store) == left
        assert await stored_ids(store, owner="anna") == left

    async def test_a_sweep_keeps_to_its_limit_and_takes_the_oldest_first(self, store: Store) -> None:
        await add(store, *(expiring(id, NOW - age) for age, id in enumerate("abcde", start=1)))
        assert await store.sweep(REALM, before=NOW, limit=2) == 2
        assert await stored_ids(store) == ["a", "b", "c"]
        assert await store.sweep(REALM, before=NOW, limit=2) == 2
        assert await stored_ids(store) == ["a"]
        assert await store.sweep(REALM, before=NOW, limit=2) == 1
        assert await store.sweep(REALM, before=NOW, limit=2) == 0

    @pytest.mark.parametrize("limit", [0, -1])
    async def test_a_sweep_without_a_limit_takes_nothing(self, store: Store, limit: int) -> None:
        await add(store, expiring("a", NOW - 1))
        assert await store.sweep(REALM, before=NOW, limit=limit) == 0
        assert await stored_ids(store) == ["a"]

    async def test_a_sweep_takes_a_hundred_unless_told_otherwise(self, store: Store) -> None:
        await add(store, *(expiring(f"{number:03}", number) for number in range(101)))
        assert await store.sweep(REALM, before=NOW) == 100
        assert await stored_ids(store) == ["100"]

    @pytest.mark.parametrize("later", [NOW, NOW + 60, None])
    async def test_a_record_that_got_a_later_expiry_survives(self, store: Store, later: int | None) -> None:
        await add(store, expiring("a", NOW - 9), expiring("b", NOW - 5))
        await commit(store, Swap(expiring("a", later)))
        assert await swept(store, before=NOW) == 1
        assert await stored_ids(store) == ["a"]
        assert await swept(store, before=NOW + 61) == (0 if later is None else 1)

    async def test_a_record_that_got_an_earlier_expiry_is_swept(self, store: Store) -> None:
        await add(store, expiring("a", None), expiring("b", NOW + 60))
        await commit(store, Swap(expiring("a", NOW - 1)), Swap(expiring("b", NOW - 2)))
        assert await swept(store, before=NOW) == 2
        assert await stored_ids(store) == []

    async def test_an_expiry_changed_there_and_back_counts_once(self, store: Store) -> None:
        await add(store, expiring("a", NOW - 1))
        for version, expires_at in enumerate((NOW + 9, NOW - 1, None, NOW - 1)):
            await commit(store, Swap(Probe(id="a", version=version, expires_at=expires_at)))
        assert await swept(store, before=NOW) == 1
        assert await stored_ids(store) == []

    async def test_a_record_removed_and_added_again_lives_by_its_new_expiry(self, store: Store) -> None:
        await add(store, expiring("a", NOW - 1))
        await commit(store, Remove(expiring("a", NOW - 1)))
        await add(store, expiring("a", NOW + 1))
        assert await swept(store, before=NOW) == 0
        assert await stored_ids(store) == ["a"]

    async def test_much_changing_of_expiries_loses_none(self, store: Store) -> None:
        await add(store, *(expiring(f"{number:03}", NOW - 200 + number) for number in range(50)))
        for version in range(8):
            for number in range(0, 50, 2):
                changed = Probe(id=f"{number:03}", version=version, expires_at=NOW + version)
                await commit(store, Swap(changed))
        assert await swept(store, before=NOW) == 25
        assert await stored_ids(store) == [f"{number:03}" for number in range(0, 50, 2)]
        assert await swept(store, before=NOW + 8) == 25

    async def test_a_swept_record_can_be_changed_by_nobody_and_its_id_is_free(self, store: Store) -> None:
        await add(store, expiring("a", NOW - 1))
        read = await stored(store, "a")
        assert read is not None
        await store.sweep(REALM, before=NOW)
        for write in (Swap(read), Remove(read)):
            with pytest.raises(Conflict):
                await commit(store, write)
        await add(store, expiring("a", NOW))
        assert await stored(store, "a") == expiring("a", NOW)

    async def test_a_dropped_realm_is_forgotten(self, store: Store) -> None:
        await add(store, expiring("a", NOW - 1), expiring("b", None))
        await store.drop(REALM)
        assert await stored(store, "a") is None
        assert await stored_ids(store) == []
        assert await stored_ids(store, owner="anna") == []
        assert await store.sweep(REALM, before=NOW) == 0

    async def test_a_dropped_realm_may_be_filled_again(self, store: Store) -> None:
        await add(store, Probe(id="a", owner="anna"))
        await store.drop(REALM)
        await add(store, Probe(id="a", owner="bert"))
        assert await stored(store, "a") == Probe(id="a", owner="bert")
        assert await stored_ids(store, owner="anna") == []

    async def test_an_unknown_realm_can_be_swept_and_dropped(self, store: Store) -> None:
        assert await store.sweep("unknown", before=NOW) == 0
        await store.drop("unknown")
        assert await stored_ids(store, realm="unknown") == []

    async def test_a_store_may_be_closed_twice(self, store: Store) -> None:
        await add(store, Probe(id="a"))
        await store.close()
        await store.close()

    async def test_a_closed_store_gives_and_takes_nothing(self, store: Store) -> None:
        async with store.begin(REALM) as unused:
            await store.close()
        with pytest.raises(StorageError):
            await unused.get(Probe, "a")
        with pytest.raises(StorageError):
            await stored_ids(store)
        with pytest.raises(StorageError):
            await commit(store, Add(Probe(id="a")))
        with pytest.raises(StorageError):
            await store.sweep(REALM, before=NOW)
        with pytest.raises(StorageError):
            await store.drop(REALM)
