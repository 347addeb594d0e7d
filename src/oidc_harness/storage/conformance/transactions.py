"""Cases: what one transaction writes, all or nothing, and what the next one reads."""

# ruff: noqa: S101 - assert is how a test tells

from dataclasses import replace

import pytest

from oidc_harness.model.record import Record
from oidc_harness.model.write import Add, Remove, Swap, Write
from oidc_harness.storage.conformance.probe import REALM, Namesake, Probe, add, commit, probes, stored, stored_ids
from oidc_harness.storage.conformance.sample import record_kinds, sample
from oidc_harness.storage.port import Conflict, Duplicate, StorageError, Store

STRANGE_IDS = ["'; DROP TABLE records; --", "a\x00b", "%", "Å", "\u212b", "\U0001f511", " ", "A", "a"]
GONE = Probe(id="gone")


class TransactionCases:
    """Inherited by `StoreConformance`."""

    @pytest.mark.parametrize("kind", record_kinds(), ids=lambda kind: kind.kind)
    async def test_a_record_comes_back_as_it_was(self, store: Store, kind: type[Record]) -> None:
        record = sample(kind)
        await add(store, record)
        async with store.begin(REALM) as records:
            assert await records.get(kind, record.id) == record
            assert await records.find(kind) == [record]

    @pytest.mark.parametrize("kind", record_kinds(), ids=lambda kind: kind.kind)
    async def test_a_swap_counts_the_version_up_and_changes_nothing_else(
        self, store: Store, kind: type[Record]
    ) -> None:
        record = sample(kind)
        await add(store, record)
        await commit(store, Swap(record))
        async with store.begin(REALM) as records:
            assert await records.get(kind, record.id) == replace(record, version=record.version + 1)

    async def test_strange_ids_stay_apart(self, store: Store) -> None:
        await add(store, *(Probe(id=id, text=id) for id in STRANGE_IDS))
        for id in STRANGE_IDS:
            assert await stored(store, id) == Probe(id=id, text=id)
        assert await stored_ids(store) == sorted(STRANGE_IDS)

    @pytest.mark.parametrize("id", ["unknown", "", "half a pair \ud800", "\udc80"])
    async def test_an_unknown_id_gives_nothing(self, store: Store, id: str) -> None:
        await add(store, Probe(id="known"))
        assert await stored(store, id) is None
        assert await stored_ids(store, owner=id) == []

    async def test_records_of_two_kinds_may_have_one_id(self, store: Store) -> None:
        other = Namesake(id="same", owner="anna")
        await add(store, Probe(id="same", owner="anna"), other)
        await commit(store, Remove(Probe(id="same")))
        async with store.begin(REALM) as records:
            assert await records.get(Probe, "same") is None
            assert await records.get(Namesake, "same") == other
            assert await records.find(Namesake, owner="anna") == [other]

    async def test_a_swap_replaces_and_a_removal_removes(self, store: Store) -> None:
        await add(store, *probes("swapped", "removed"))
        await commit(store, Swap(Probe(id="swapped", text="new")), Remove(Probe(id="removed")))
        assert await stored(store, "swapped") == Probe(id="swapped", text="new", version=1)
        assert await stored_ids(store) == ["swapped"]

    async def test_a_removed_id_is_free_again(self, store: Store) -> None:
        await add(store, Probe(id="a", text="old"))
        await commit(store, Remove(Probe(id="a")))
        await add(store, Probe(id="a", text="new"))
        assert await stored(store, "a") == Probe(id="a", text="new")

    async def test_a_taken_id_is_a_duplicate(self, store: Store) -> None:
        await add(store, Probe(id="a", text="first"))
        with pytest.raises(Duplicate):
            await add(store, Probe(id="a", text="second"))
        assert await stored(store, "a") == Probe(id="a", text="first")

    async def test_a_swap_that_lost_changes_nothing(self, store: Store) -> None:
        await add(store, Probe(id="a"))
        await commit(store, Swap(Probe(id="a", text="winner")))
        with pytest.raises(Conflict):
            await commit(store, Swap(Probe(id="a", text="loser")))
        assert await stored(store, "a") == Probe(id="a", text="winner", version=1)

    async def test_a_removal_that_lost_removes_nothing(self, store: Store) -> None:
        await add(store, Probe(id="a"))
        await commit(store, Swap(Probe(id="a", text="winner")))
        with pytest.raises(Conflict):
            await commit(store, Remove(Probe(id="a")))
        assert await stored(store, "a") == Probe(id="a", text="winner", version=1)

    @pytest.mark.parametrize("write", [Swap(GONE), Remove(GONE)], ids=["swap", "remove"])
    async def test_a_record_that_is_gone_cannot_be_changed(self, store: Store, write: Write) -> None:
        with pytest.raises(Conflict):
            await commit(store, write)
        await add(store, GONE)
        await commit(store, Remove(GONE))
        with pytest.raises(Conflict):
            await commit(store, write)
        assert await stored_ids(store) == []

    async def test_a_version_from_the_future_is_a_conflict(self, store: Store) -> None:
        await add(store, Probe(id="a"))
        with pytest.raises(Conflict):
            await commit(store, Swap(Probe(id="a", version=1)))
        assert await stored(store, "a") == Probe(id="a")

    async def test_an_exception_passes_and_nothing_is_written(self, store: Store) -> None:
        await add(store, *probes("kept", "swapped"))

        async def write_and_fail() -> None:
            async with store.begin(REALM) as records:
                records.write(Add(Probe(id="new")), Remove(Probe(id="kept")))
                records.write(Swap(Probe(id="swapped", text="changed")))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await write_and_fail()
        assert await stored_ids(store) == ["kept", "swapped"]
        assert await stored(store, "swapped") == Probe(id="swapped")

    @pytest.mark.parametrize("position", range(4))
    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            (Add(Probe(id="taken")), Duplicate),
            (Swap(Probe(id="taken", version=9)), Conflict),
            (Remove(Probe(id="taken", version=9)), Conflict),
            (Remove(GONE), Conflict),
        ],
        ids=["add", "swap", "remove", "gone"],
    )
    async def test_one_failing_write_undoes_the_whole_batch(
        self, store: Store, position: int, fault: Write, error: type[Conflict]
    ) -> None:
        before = probes("removed", "swapped", "taken")
        await add(store, *before)
        batch: list[Write] = [Add(Probe(id="added")), Swap(before[1]), Remove(before[0])]
        batch.insert(position, fault)
        with pytest.raises(error):
            await commit(store, *batch)
        async with store.begin(REALM) as records:
            assert await records.find(Probe) == before
            assert await records.find(Probe, owner="nobody") == before

    async def test_a_reader_sees_nothing_before_the_end(self, store: Store) -> None:
        async with store.begin(REALM) as records:
            records.write(Add(Probe(id="a")))
            assert await stored(store, "a") is None
        assert await stored(store, "a") == Probe(id="a")

    async def test_a_write_after_the_end_is_refused(self, store: Store) -> None:
        async with store.begin(REALM) as records:
            pass
        with pytest.raises(StorageError):
            records.write(Add(Probe(id="late")))
        assert await stored_ids(store) == []
