"""Cases: finding records by declared index and page by page."""

# ruff: noqa: S101 - assert is how a test tells

from typing import Any

import pytest

from oidc_harness.model.write import Remove, Swap
from oidc_harness.storage.conformance.probe import REALM, Namesake, Probe, add, commit, ids_of, probes, stored_ids
from oidc_harness.storage.port import Store, Unindexed

# In the order of their code points; an order by UTF-16 or by a language differs.
ORDERED = ["0", "A", "Z", "a", "b", "é", "\uffff", "\U0001f511"]


class QueryCases:
    """Inherited by `StoreConformance`."""

    @pytest.mark.parametrize("where", [{}, {"owner": "anna"}], ids=["kind", "index"])
    async def test_records_come_in_the_order_of_their_ids(self, store: Store, where: dict[str, Any]) -> None:
        for id in reversed(ORDERED):
            await add(store, Probe(id=id, owner="anna"))
            await stored_ids(store, **where)
        assert await stored_ids(store, **where) == ORDERED

    @pytest.mark.parametrize("where", [{}, {"owner": "anna"}], ids=["kind", "index"])
    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 100])
    async def test_pages_join_without_gap_or_overlap(self, store: Store, where: dict[str, Any], limit: int) -> None:
        await add(store, *probes(*ORDERED, owner="anna"), Probe(id="other", owner="bert"))
        expected = sorted([*ORDERED, *([] if where else ["other"])])
        seen: list[str] = []
        async with store.begin(REALM) as records:
            while page := await records.find(Probe, after=seen[-1] if seen else "", limit=limit, **where):
                assert len(page) == min(limit, len(expected) - len(seen))
                seen += ids_of(page)
        assert seen == expected

    @pytest.mark.parametrize("where", [{}, {"owner": "anna"}], ids=["kind", "index"])
    @pytest.mark.parametrize(
        ("after", "expected"),
        [("", ["b", "d"]), ("a", ["b", "d"]), ("b", ["d"]), ("c", ["d"]), ("d", []), ("e", [])],
    )
    async def test_a_page_begins_after_an_id_whether_stored_or_not(
        self, store: Store, where: dict[str, Any], after: str, expected: list[str]
    ) -> None:
        await add(store, *probes("b", "d", owner="anna"))
        async with store.begin(REALM) as records:
            assert ids_of(await records.find(Probe, after=after, **where)) == expected

    @pytest.mark.parametrize("limit", [0, -1])
    async def test_no_limit_finds_nothing(self, store: Store, limit: int) -> None:
        await add(store, *probes("a", "b"))
        async with store.begin(REALM) as records:
            assert await records.find(Probe, limit=limit) == []
            assert await records.find(Probe, limit=limit, owner="nobody") == []

    async def test_a_page_has_a_hundred_records_unless_told_otherwise(self, store: Store) -> None:
        await add(store, *probes(*(f"{number:03}" for number in range(101))))
        assert await stored_ids(store) == [f"{number:03}" for number in range(100)]

    async def test_an_index_finds_only_its_value(self, store: Store) -> None:
        await add(store, *probes("a", "b", owner="anna"), *probes("c", owner="bert"))
        assert await stored_ids(store, owner="anna") == ["a", "b"]
        assert await stored_ids(store, owner="bert") == ["c"]
        assert await stored_ids(store, owner="nobody") == []
        assert await stored_ids(store, place="anna") == []

    async def test_another_kind_is_not_found(self, store: Store) -> None:
        await add(store, Probe(id="a", owner="anna"), Namesake(id="b", owner="anna"))
        async with store.begin(REALM) as records:
            wheres: list[dict[str, Any]] = [{}, {"owner": "anna"}]
            for where in wheres:
                assert ids_of(await records.find(Probe, **where)) == ["a"]
                assert ids_of(await records.find(Namesake, **where)) == ["b"]

    async def test_two_indexes_narrow_each_other(self, store: Store) -> None:
        for id, owner, place in (("a", "anna", "here"), ("b", "anna", "there"), ("c", "bert", "here")):
            await add(store, Probe(id=id, owner=owner, place=place))
        assert await stored_ids(store, owner="anna", place="here") == ["a"]
        assert await stored_ids(store, place="here", owner="bert") == ["c"]
        assert await stored_ids(store, owner="bert", place="there") == []
        assert await stored_ids(store, owner="nobody", place="here") == []

    async def test_two_indexes_page_alike(self, store: Store) -> None:
        await add(store, *(Probe(id=id, owner="anna", place="here") for id in "abcde"))
        async with store.begin(REALM) as records:
            page = await records.find(Probe, after="b", limit=2, owner="anna", place="here")
        assert ids_of(page) == ["c", "d"]

    async def test_an_index_without_a_value_is_not_found_by_it(self, store: Store) -> None:
        await add(store, Probe(id="a"), Probe(id="b", place=""))
        assert await stored_ids(store, place="") == ["b"]
        assert await stored_ids(store) == ["a", "b"]
        await commit(store, Swap(Probe(id="a", place="here")), Swap(Probe(id="b")))
        assert await stored_ids(store, place="here") == ["a"]
        assert await stored_ids(store, place="") == []
        await commit(store, Swap(Probe(id="a", version=1)))
        assert await stored_ids(store, place="here") == await stored_ids(store, place="") == []

    async def test_an_index_follows_a_swap(self, store: Store) -> None:
        await add(store, Probe(id="a", owner="anna", place="here"), Probe(id="b", owner="anna"))
        assert await stored_ids(store, owner="anna") == ["a", "b"]
        await commit(store, Swap(Probe(id="a", owner="bert")), Swap(Probe(id="b", owner="anna", place="there")))
        assert await stored_ids(store, owner="anna") == ["b"]
        assert await stored_ids(store, owner="bert") == ["a"]
        assert await stored_ids(store, place="here") == []
        assert await stored_ids(store, place="there") == ["b"]

    async def test_an_index_follows_a_swap_there_and_back(self, store: Store) -> None:
        await add(store, *probes("a", "b", owner="anna"))
        for version, owner in enumerate(("bert", "anna", "bert", "anna")):
            await commit(store, Swap(Probe(id="a", owner=owner, version=version)))
            assert await stored_ids(store, owner=owner) == sorted({"a", *("b" if owner == "anna" else "")})

    async def test_an_index_follows_a_removal(self, store: Store) -> None:
        await add(store, *probes("a", "b", "c", owner="anna"))
        assert await stored_ids(store, owner="anna") == ["a", "b", "c"]
        await commit(store, Remove(Probe(id="b", owner="the caller's copy does not count")))
        assert await stored_ids(store, owner="anna") == ["a", "c"]
        assert await stored_ids(store) == ["a", "c"]

    @pytest.mark.parametrize("field", ["text", "id", "version", "no_such_field"])
    async def test_any_other_look_up_is_refused(self, store: Store, field: str) -> None:
        where: dict[str, Any] = {field: "a"}
        await add(store, Probe(id="a"))
        async with store.begin(REALM) as records:
            with pytest.raises(Unindexed, match=field):
                await records.find(Probe, **where)
            with pytest.raises(Unindexed, match=field):
                await records.find(Probe, owner="nobody", **where)
