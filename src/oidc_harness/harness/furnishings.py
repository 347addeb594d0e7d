"""Furnishings: the records that a world came to when its rules were tried, ready to be put into realms.

A server starts from these. What it takes to read and check a world costs more than all the rest of its start.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from oidc_harness.harness.persona_board import PersonaBoard
from oidc_harness.harness.realm import Realm
from oidc_harness.harness.realms import Realms
from oidc_harness.model.application import Application
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.login_name import LoginName
from oidc_harness.model.member import Member
from oidc_harness.model.preset import PresetName, preset_policy
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.record import Record
from oidc_harness.model.user import User
from oidc_harness.model.write import Add
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.paging import each


@dataclass(frozen=True, slots=True, kw_only=True)
class RealmFurnishings:
    """What one realm holds from the beginning."""

    policy: RealmPolicy = field(default_factory=RealmPolicy)
    stated: tuple[str, ...] = ()
    """The policies that the fixture states itself, which no preset given later changes."""
    seed: str | None = None
    users: tuple[User, ...] = ()
    login_names: tuple[LoginName, ...] = ()
    applications: tuple[Application, ...] = ()
    members: tuple[Member, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Client secrets in the clear, by client_id: to be shown, and sealed where a rule needs the clear text."""

    def under(self, preset: PresetName) -> "RealmFurnishings":
        """The same under another preset. Raises `Invalid` where an application could not be used under it."""
        # A server whose fixture is as it was checked needs no rules.
        from oidc_harness.services.flow_rules import check_permitted
        from oidc_harness.services.policy_rules import check_policy

        stated = {name: getattr(self.policy, name) for name in self.stated}
        policy = preset_policy(preset, stated)
        check_policy(policy)
        for application in self.applications:
            check_permitted(application, policy)
        return replace(self, policy=policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnishings:
    """What a server holds from the beginning."""

    kind: ClassVar[str] = "furnishings"

    realms: Mapping[str, RealmFurnishings]
    """By name."""


async def furnish(realms: Realms, furnishings: Furnishings) -> list[Realm]:
    """Make each realm that is not there yet; what a store kept from before stays as it is. Raises `RealmError`."""
    return [
        await _make(realms, name, furnished)
        for name, furnished in furnishings.realms.items()
        if realms.find(name) is None
    ]


async def _make(realms: Realms, name: str, furnished: RealmFurnishings) -> Realm:
    async def act(circumstances: Circumstances) -> None:
        circumstances.records.write(*(Add(record) for record in _records(furnished, circumstances)))

    async def put_in(realm: Realm) -> None:
        await realm.transact(act)
        admit_personas(realm, furnished.users)

    return await realms.make(name, furnished.policy, furnished.seed, put_in)


def _records(furnished: RealmFurnishings, circumstances: Circumstances) -> Iterator[Record]:
    yield from furnished.users
    yield from furnished.login_names
    for application in furnished.applications:
        yield _sealed(application, furnished.secrets, circumstances)
    yield from furnished.members
    yield from furnished.invitations


def _sealed(application: Application, secrets: Mapping[str, str], circumstances: Circumstances) -> Application:
    """Each server seals with a key of its own."""
    if application.secret_sealed is None:
        return application
    return replace(application, secret_sealed=circumstances.seal(secrets[application.id]))


def admit_personas(realm: Realm, users: Iterable[User]) -> None:
    """Give a realm a board on which its personas arm what they arm. What was armed there before is gone."""
    personas = tuple(user for user in users if user.arms)
    if personas:
        realm.switchboard = PersonaBoard(personas)


async def readmit_personas(realm: Realm) -> None:
    """The same for the users that a store has kept."""
    async with realm.records() as records:
        users = [user async for user in each(records, User) if user.arms]
    admit_personas(realm, users)
