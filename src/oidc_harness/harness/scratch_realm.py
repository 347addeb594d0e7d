"""A realm that nobody can reach: to try out whether the rules of the services take a described world."""

from oidc_harness.harness.realm import Realm, Surroundings
from oidc_harness.harness.realms import Realms
from oidc_harness.harness.sealing import Sealing
from oidc_harness.harness.shipped_keys import keys_for
from oidc_harness.harness.world import RealmWorld
from oidc_harness.protocol.metadata import Addresses
from oidc_harness.storage.memory import MemoryStore

_NOWHERE = "http://127.0.0.1"


async def scratch_realm(name: str, world: RealmWorld) -> Realm:
    """A realm with the policy of this world, and a store of its own. Raises `RealmError`."""
    realms = Realms(Surroundings(MemoryStore(), Sealing()), Addresses(_NOWHERE, _NOWHERE), None, keys_for)
    return await realms.make(name, world.policy, world.seed)
