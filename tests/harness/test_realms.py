"""Realms of two servers over one store: a name that the other has given is taken, and nothing of its realm is lost."""

import pytest

from oidc_harness.harness.realm import Realm, Surroundings
from oidc_harness.harness.realms import Furnish, Realms, RealmTaken
from oidc_harness.harness.sealing import Sealing
from oidc_harness.harness.shipped_keys import keys_for
from oidc_harness.model.user import User
from oidc_harness.model.write import Add
from oidc_harness.protocol.metadata import Addresses
from oidc_harness.storage.memory import MemoryStore
from tests.support import records

ADDRESSES = Addresses("http://idp.example", "http://idp.example")


@pytest.fixture
def both() -> tuple[Realms, Realms]:
    surroundings = Surroundings(MemoryStore(), Sealing())
    return Realms(surroundings, ADDRESSES, None, keys_for), Realms(surroundings, ADDRESSES, None, keys_for)


async def add_alice(realm: Realm) -> None:
    async with realm.records() as opened:
        opened.write(Add(records.user()))


async def users_of(realm: Realm) -> list[str]:
    async with realm.records() as opened:
        return [user.id for user in await opened.find(User)]


@pytest.mark.parametrize("furnish", [None, add_alice], ids=["bare", "furnished"])
async def test_a_realm_of_the_other_is_taken_and_keeps_its_users(
    both: tuple[Realms, Realms], furnish: Furnish | None
) -> None:
    one, other = both
    realm = await one.make("acme", furnish=add_alice)
    with pytest.raises(RealmTaken, match="'acme' exists already"):
        await other.make("acme", furnish=furnish)
    assert await users_of(realm) == ["user-alice"]
    assert other.find("acme") is None


async def test_a_realm_that_the_other_makes_in_the_meantime_is_taken(both: tuple[Realms, Realms]) -> None:
    one, other = both

    async def be_slower(realm: Realm) -> None:
        await one.make("acme")

    with pytest.raises(RealmTaken, match="'acme' exists already"):
        await other.make("acme", furnish=be_slower)
    assert other.find("acme") is None
