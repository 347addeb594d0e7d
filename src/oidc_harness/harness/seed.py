"""Seed: from a described realm to its records, through the services, so that their rules hold for files too."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256

from oidc_harness.harness.realm import Realm
from oidc_harness.harness.world import RealmWorld, WrittenApplication, WrittenInvitation, WrittenMember, WrittenUser
from oidc_harness.harness.yaml_files import Steps
from oidc_harness.model.application import Application
from oidc_harness.model.user import User
from oidc_harness.services import applications, invitations, members, users
from oidc_harness.services.addresses import why_no_email
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import Invalid, NotFound, ServiceError, Taken
from oidc_harness.services.policy_rules import check_persona, check_policy

_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


class SeedError(Exception):
    """A described realm that breaks a rule: where in it, and why."""

    def __init__(self, steps: Steps, message: str) -> None:
        """`steps` lead from the realm to the value at fault."""
        super().__init__(message)
        self.steps = steps
        self.message = message


async def seed(realm: Realm, world: RealmWorld) -> None:
    """Write everything the world holds into the realm, in one transaction. Raises `SeedError`."""

    async def act(circumstances: Circumstances) -> None:
        with _told_at("policy"):
            check_policy(circumstances.policy)
        for index, user in enumerate(world.users):
            with _told_at("users", index):
                await _seed_user(circumstances, user)
        for index, application in enumerate(world.applications):
            with _told_at("applications", index):
                await _seed_application(circumstances, application)
        for index, member in enumerate(world.members):
            with _told_at("members", index):
                await _seed_member(circumstances, member)
        for index, invitation in enumerate(world.invitations):
            with _told_at("invitations", index):
                await _seed_invitation(circumstances, invitation)
        with _told_at("policy"):
            await check_persona(circumstances, circumstances.policy)

    await realm.transact(act)


@contextmanager
def _told_at(*steps: str | int) -> Iterator[None]:
    """Say where in the world it is that a service refuses."""
    try:
        yield
    except ServiceError as error:
        raise SeedError((*steps, *_steps(error.field)), error.message) from None


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
    await users.create(circumstances, draft)


async def _seed_application(circumstances: Circumstances, written: WrittenApplication) -> None:
    await applications.create(circumstances, written.record(Application), secret=written.secret)


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
