"""Cases: realms never see each other's records; each operation is tried from the realm next door."""

# ruff: noqa: S101 - assert is how a test tells

import pytest

from oidc_harness.model.write import Add, Remove, Swap, Write
from oidc_harness.storage.conformance.probe import OTHER, REALM, Probe, add, commit, stored, stored_ids
from oidc_harness.storage.port import Conflict, Store

HERS = Probe(id="a", owner="anna", expires_at=10)
HIS = Probe(id="a", owner="bert", expires_at=10)


class IsolationCases:
    """Inherited by `StoreConformance`."""

    async def test_get_stays_in_its_realm(self, store: Store) -> None:
        await add(store, HERS)
        assert await stored(store, "a", realm=OTHER) is None

    async def test_find_stays_in_its_realm(self, store: Store) -> None:
        await add(store, HERS)
        await add(store, Probe(id="b", owner="bert"), realm=OTHER)
        assert await stored_ids(store, realm=OTHER) == ["b"]
        assert await stored_ids(store, realm=OTHER, owner="anna") == []
        assert await stored_ids(store, owner="bert") == []

    async def test_one_id_can_be_added_in_each_realm(self, store: Store) -> None:
        await add(store, HERS)
        await add(store, HIS, realm=OTHER)
        assert await stored(store, "a") == HERS
        assert await stored(store, "a", realm=OTHER) == HIS

    @pytest.mark.parametrize("write", [Swap(HERS), Remove(HERS)], ids=["swap", "remove"])
    async def test_a_record_of_another_realm_cannot_be_changed(self, store: Store, write: Write) -> None:
        await add(store, HERS)
        with pytest.raises(Conflict):
            await commit(store, write, realm=OTHER)
        assert await stored(store, "a") == HERS

    @pytest.mark.parametrize("write", [Swap(HIS), Remove(HIS)], ids=["swap", "remove"])
    async def test_a_change_leaves_the_same_id_next_door_alone(self, store: Store, write: Write) -> None:
        await add(store, HERS)
        await add(store, HIS, realm=OTHER)
        await commit(store, write, realm=OTHER)
        assert await stored(store, "a") == HERS
        assert await stored_ids(store, owner="anna") == ["a"]

    async def test_an_index_that_changes_leaves_the_one_next_door_alone(self, store: Store) -> None:
        await add(store, HERS)
        await add(store, HERS, realm=OTHER)
        await commit(store, Swap(HIS), realm=OTHER)
        assert await stored_ids(store, owner="anna") == ["a"]
        assert await stored_ids(store, realm=OTHER, owner="anna") == []

    async def test_own_writes_are_not_seen_next_door(self, store: Store) -> None:
        async with store.begin(REALM) as hers, store.begin(OTHER) as his:
            hers.write(Add(HERS))
            assert await his.get(Probe, "a") is None
            assert await his.find(Probe) == []

    async def test_a_sweep_stays_in_its_realm(self, store: Store) -> None:
        await add(store, HERS)
        await add(store, HIS, realm=OTHER)
        assert await store.sweep(OTHER, before=11) == 1
        assert await stored(store, "a") == HERS
        assert await stored_ids(store, owner="anna") == ["a"]
        assert await stored(store, "a", realm=OTHER) is None

    async def test_a_drop_stays_in_its_realm(self, store: Store) -> None:
        await add(store, HERS)
        await add(store, HIS, realm=OTHER)
        await store.drop(OTHER)
        assert await stored(store, "a") == HERS
        assert await stored_ids(store, owner="anna") == ["a"]
        assert await store.sweep(REALM, before=11) == 1

    @pytest.mark.parametrize("realm", ["", "ONE", "one ", "one%", "o_e", "one\x00", "one/two"])
    async def test_names_of_realms_are_compared_to_the_letter(self, store: Store, realm: str) -> None:
        await add(store, HERS)
        await add(store, HIS, realm=realm)
        assert await stored(store, "a", realm=realm) == HIS
        await store.drop(realm)
        assert await stored(store, "a") == HERS
