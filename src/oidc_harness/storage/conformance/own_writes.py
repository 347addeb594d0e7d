"""Cases: a transaction sees its own writes, and builds on them."""

# ruff: noqa: S101 - assert is how a test tells

import pytest

from oidc_harness.model.write import Add, Remove, Swap, Write
from oidc_harness.storage.conformance.probe import (
    REALM,
    Namesake,
    Probe,
    add,
    commit,
    ids_of,
    probes,
    stored,
    stored_ids,
)
from oidc_harness.storage.port import Conflict, Duplicate, Store

A = Probe(id="a")


class OwnWriteCases:
    """Inherited by `StoreConformance`."""

    async def test_get_sees_own_writes(self, store: Store) -> None:
        await add(store, *probes("removed", "swapped"))
        async with store.begin(REALM) as records:
            records.write(Add(A), Swap(Probe(id="swapped", text="new")), Remove(Probe(id="removed")))
            assert await records.get(Probe, "a") == A
            assert await records.get(Probe, "swapped") == Probe(id="swapped", text="new", version=1)
            assert await records.get(Probe, "removed") is None

    async def test_find_sees_own_writes(self, store: Store) -> None:
        await add(store, *probes("b", "c", "d", "e", owner="anna"))
        async with store.begin(REALM) as records:
            records.write(Add(Probe(id="a", owner="anna")), Add(Probe(id="f", owner="bert")))
            records.write(Swap(Probe(id="b", owner="bert")), Remove(Probe(id="c", owner="anna")))
            assert ids_of(await records.find(Probe)) == ["a", "b", "d", "e", "f"]
            assert ids_of(await records.find(Probe, owner="anna")) == ["a", "d", "e"]
            assert ids_of(await records.find(Probe, owner="bert")) == ["b", "f"]

    async def test_own_writes_keep_pages_full_and_in_order(self, store: Store) -> None:
        await add(store, *probes("b", "d", "f", "h", "j"))
        async with store.begin(REALM) as records:
            records.write(Remove(Probe(id="b")), Remove(Probe(id="d")), Add(Probe(id="e")), Add(Probe(id="g")))
            assert ids_of(await records.find(Probe, limit=3)) == ["e", "f", "g"]
            assert ids_of(await records.find(Probe, after="e", limit=2)) == ["f", "g"]
            assert ids_of(await records.find(Probe, after="g", limit=9)) == ["h", "j"]

    async def test_own_removals_leave_no_gap_in_a_page(self, store: Store) -> None:
        await add(store, *probes("a", "b", "c", "d", owner="anna"))
        async with store.begin(REALM) as records:
            records.write(Remove(Probe(id="a")), Swap(Probe(id="b", owner="bert")))
            assert ids_of(await records.find(Probe, limit=2)) == ["b", "c"]
            assert ids_of(await records.find(Probe, limit=2, owner="anna")) == ["c", "d"]

    async def test_own_writes_of_another_kind_are_not_found(self, store: Store) -> None:
        async with store.begin(REALM) as records:
            records.write(Add(A))
            assert await records.get(Namesake, "a") is None
            assert await records.find(Namesake) == await records.find(Namesake, owner="nobody") == []

    async def test_a_record_may_be_written_again(self, store: Store) -> None:
        await add(store, A)
        async with store.begin(REALM) as records:
            for text in ("first", "second"):
                read = await records.get(Probe, "a")
                assert read is not None
                records.write(Swap(Probe(id="a", version=read.version, text=text)))
        assert await stored(store, "a") == Probe(id="a", text="second", version=2)

    async def test_an_added_record_may_be_swapped_at_once(self, store: Store) -> None:
        await commit(store, Add(A), Swap(Probe(id="a", owner="anna")))
        assert await stored(store, "a") == Probe(id="a", owner="anna", version=1)
        assert await stored_ids(store, owner="anna") == ["a"]
        assert await stored_ids(store, owner="nobody") == []

    async def test_an_added_record_may_be_removed_at_once(self, store: Store) -> None:
        await commit(store, Add(A), Remove(A))
        assert await stored_ids(store) == []

    async def test_a_removed_record_may_be_added_anew(self, store: Store) -> None:
        await add(store, Probe(id="a", owner="anna"))
        await commit(store, Remove(Probe(id="a")), Add(Probe(id="a", owner="bert")))
        assert await stored(store, "a") == Probe(id="a", owner="bert")
        assert await stored_ids(store, owner="anna") == []

    @pytest.mark.parametrize(
        ("writes", "error"),
        [
            ([Swap(A), Swap(A)], Conflict),
            ([Swap(A), Remove(A)], Conflict),
            ([Remove(A), Swap(A)], Conflict),
            ([Remove(A), Remove(A)], Conflict),
            ([Swap(A), Add(A)], Duplicate),
            ([Add(Probe(id="new")), Add(Probe(id="new"))], Duplicate),
            ([Add(A), Remove(A)], Duplicate),
        ],
    )
    async def test_writes_that_contradict_each_other_fail_at_the_end(
        self, store: Store, writes: list[Write], error: type[Conflict]
    ) -> None:
        await add(store, A)

        async def contradict() -> None:
            async with store.begin(REALM) as records:
                records.write(Add(Probe(id="beside")), *writes)
                assert await records.get(Probe, "beside") is not None

        with pytest.raises(error):
            await contradict()
        assert await stored_ids(store) == ["a"]
        assert await stored(store, "a") == A
