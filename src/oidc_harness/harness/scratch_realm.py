"""A realm that nobody can reach: to try out whether the rules of the services take a described world, and to what."""

from collections.abc import Mapping
from typing import TypeVar

from oidc_harness.harness.furnishings import RealmFurnishings
from oidc_harness.harness.realm import Realm, Surroundings
from oidc_harness.harness.realms import Realms
from oidc_harness.harness.sealing import Sealing
from oidc_harness.harness.shipped_keys import keys_for
from oidc_harness.harness.world import RealmWorld
from oidc_harness.model.application import Application
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.login_name import LoginName
from oidc_harness.model.member import Member
from oidc_harness.model.record import Record
from oidc_harness.model.user import User
from oidc_harness.protocol.metadata import Addresses
from oidc_harness.services.paging import each
from oidc_harness.storage.memory import MemoryStore
from oidc_harness.storage.port import Records

R = TypeVar("R", bound=Record)
_NOWHERE = "http://127.0.0.1"


async def scratch_realm(name: str, world: RealmWorld) -> Realm:
    """A realm with the policy of this world, and a store of its own. Raises `RealmError`."""
    realms = Realms(Surroundings(MemoryStore(), Sealing()), Addresses(_NOWHERE, _NOWHERE), None, keys_for)
    return await realms.make(name, world.policy, world.seed)


async def gathered(realm: Realm, world: RealmWorld, secrets: Mapping[str, str]) -> RealmFurnishings:
    """The records of a realm that was seeded with this world, users and applications in the order of the file.

    `secrets`: those of its applications, by client_id.
    """
    usernames = [user.username for user in world.users]
    client_ids = [application.id for application in world.applications]
    async with realm.records() as records:
        users, applications = await _all(records, User), await _all(records, Application)
        return RealmFurnishings(
            policy=world.policy,
            seed=world.seed,
            users=tuple(sorted(users, key=lambda user: usernames.index(user.username))),
            login_names=await _all(records, LoginName),
            applications=tuple(sorted(applications, key=lambda application: client_ids.index(application.id))),
            members=await _all(records, Member),
            invitations=await _all(records, Invitation),
            secrets=secrets,
        )


async def _all(records: Records, kind: type[R]) -> tuple[R, ...]:
    return tuple([record async for record in each(records, kind)])
