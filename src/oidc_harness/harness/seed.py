"""Seed: from a described realm to its records, through the services, so that their rules hold for files too."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256

from oidc_harness.harness.realm import Realm
from oidc_harness.harness.world import RealmWorld, WrittenInvitation, WrittenMember, WrittenUser
from oidc_harness.harness.yaml_files import Steps, path_text
from oidc_harness.model.application import Application
from oidc_harness.model.user import User
from oidc_harness.services import applications, invitations, members, users
from oidc_harness.services.addresses import why_no_email
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import Invalid, NotFound, ServiceError, Taken
from oidc_harness.services.policy_rules import check_persona, check_policy

_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a described realm breaks."""

    steps: Steps
    """From the realm to the value at fault."""
    message: str

    def __str__(self) -> str:
        """With its place."""
        return f"{path_text(self.steps)}: {self.message}"


class SeedError(Exception):
    """A described realm that breaks rules: every fault that was found, in the order in which the realm is made."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """At least one fault."""
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


async def seed(realm: Realm, world: RealmWorld) -> Mapping[str, str]:
    """Write everything the world holds into the realm, in one transaction, or nothing.

    Returns the secret of each application that has one, by client_id, the generated ones too. Raises `SeedError`.
    """

    async def act(circumstances: Circumstances) -> Mapping[str, str]:
        faults: list[Fault] = []
        with _told_at(faults, "policy"):
            check_policy(circumstances.policy)
        if faults:
            # Every application that goes by the policy would break the same rule.
            raise SeedError(tuple(faults))
        await _seed_users(circumstances, world, faults)
        secrets = await _seed_applications(circumstances, world, faults)
        await _seed_people_of_applications(circumstances, world, faults)
        if faults:
            raise SeedError(tuple(faults))
        return secrets

    return await realm.transact(act)


async def _seed_users(circumstances: Circumstances, world: RealmWorld, faults: list[Fault]) -> None:
    for index, user in enumerate(world.users):
        with _told_at(faults, "users", index):
            await _seed_user(circumstances, user)


async def _seed_applications(circumstances: Circumstances, world: RealmWorld, faults: list[Fault]) -> Mapping[str, str]:
    secrets: dict[str, str] = {}
    for index, written in enumerate(world.applications):
        with _told_at(faults, "applications", index):
            made = await applications.create(circumstances, written.record(Application), secret=written.secret)
            if made.secret is not None:
                secrets[made.application.id] = made.secret
    return secrets


async def _seed_people_of_applications(circumstances: Circumstances, world: RealmWorld, faults: list[Fault]) -> None:
    """What follows from an application or a user that could not be made is not told a second time."""
    unmade = _unmade(world, faults)
    for index, member in enumerate(world.members):
        if unmade.isdisjoint((member.application_id, member.user)):
            with _told_at(faults, "members", index):
                await _seed_member(circumstances, member)
    for index, invitation in enumerate(world.invitations):
        if invitation.application_id not in unmade:
            with _told_at(faults, "invitations", index):
                await _seed_invitation(circumstances, invitation)
    if circumstances.policy.default_persona not in unmade:
        with _told_at(faults, "policy"):
            await check_persona(circumstances, circumstances.policy)


def _unmade(world: RealmWorld, faults: list[Fault]) -> set[str]:
    """By what names files call the applications and users at fault."""
    users = [world.users[int(fault.steps[1])] for fault in faults if fault.steps[0] == "users"]
    at_fault = [world.applications[int(fault.steps[1])] for fault in faults if fault.steps[0] == "applications"]
    return {name for user in users for name in (user.username, user.email)} | {each.id for each in at_fault}


@contextmanager
def _told_at(faults: list[Fault], *steps: str | int) -> Iterator[None]:
    """Note where in the world it is that a service refuses, and go on."""
    try:
        yield
    except ServiceError as error:
        faults += [Fault((*steps, *_steps(each.field)), each.message) for each in (error, *error.others)]


def _steps(field: str) -> Steps:
    """The path that a service names: `redirect_uris[0]`."""
    return tuple(name or int(index) for name, index in _STEP.findall(field))


def user_id(username: str) -> str:
    """The id of a user who was given none: the same at every start, so that clients know them again."""
    return "u-" + sha256(username.encode()).hexdigest()[:16]


async def _seed_user(circumstances: Circumstances, written: WrittenUser) -> None:
    draft = replace(
        written.record(User),
        id=written.id or user_id(written.username),
        test_password=written.password,
    )
    try:
        await users.create(circumstances, draft)
    except Taken as error:
        if written.id or error.field != "id":
            raise
        # The id was made of the username, and nobody wrote it.
        fault = f"{written.username!r} is in use by another user; choose another one"
        raise Taken(fault, field="username") from None


async def _seed_member(circumstances: Circumstances, written: WrittenMember) -> None:
    user = await users.find(circumstances, written.user)
    if user is None:
        raise NotFound(f"{written.user!r} is no user of this realm; add one to its users or people", field="user")
    try:
        await members.add(circumstances, written.application_id, user.id, role=written.role)
    except NotFound as error:
        raise NotFound(error.message, field="application_id") from None
    except Taken as error:
        raise Taken(error.message, field="user") from None
    if written.status == "blocked":
        await members.block(circumstances, written.application_id, user.id)


async def _seed_invitation(circumstances: Circumstances, written: WrittenInvitation) -> None:
    if written.status == "accepted":
        raise Invalid("an invitation is accepted by signing in; write a member instead", field="status")
    fault = why_no_email(written.email)
    if fault is not None:
        raise Invalid(fault, field="email")
    try:
        outcome = await invitations.invite(circumstances, written.application_id, written.email)
    except NotFound as error:
        raise NotFound(error.message, field="application_id") from None
    for refused in outcome.refused:
        raise Invalid(f"{refused.address!r} {refused.reason}", field="email")
    if written.status == "cancelled":
        await invitations.cancel(circumstances, outcome.sent[0].id)
