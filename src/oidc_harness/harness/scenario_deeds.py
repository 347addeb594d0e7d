"""Deeds: the steps of a scenario that happen at the provider, each done by the service that does it for people."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from oidc_harness.harness import scenario_steps as steps
from oidc_harness.harness.realm import Realm
from oidc_harness.services import applications, invitations, keys, members, users
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import NotFound


@dataclass(frozen=True, slots=True)
class Scene:
    """Whom a deed concerns where the step does not say."""

    application_id: str
    """The client_id of the client under test."""
    written_id: str
    """The same as the scenario writes it: a client of the user's may be registered under another one."""
    username: str

    def client_id(self, written: str | None) -> str:
        """The application a step is about."""
        return self.application_id if written in (None, self.written_id) else str(written)


Deed: TypeAlias = Callable[[Circumstances, Any, Scene], Awaitable[object]]


async def do(realm: Realm, step: steps.Step, scene: Scene) -> bool:
    """Do what the step says; whether it is a step of the provider's. Raises `ServiceError`."""
    argument = steps.argument(step)
    if isinstance(step, steps.Wait):
        realm.clock.advance(argument)
        return True
    if isinstance(step, steps.RotateKeys):
        await _rotate_keys(realm, scene)
        return True
    deed = _DEEDS.get(type(step))
    if deed is None:
        return False
    await realm.transact(lambda circumstances: deed(circumstances, argument, scene))
    return True


async def _rotate_keys(realm: Realm, scene: Scene) -> None:
    async def act(circumstances: Circumstances) -> None:
        application = await applications.view(circumstances, scene.application_id)
        new = await keys.make(circumstances, application.id_token_signed_response_alg)
        await keys.rotate(circumstances, circumstances.keys, new)

    await realm.transact(act)
    await realm.reload_keys()


def _to_user(act: Callable[[Circumstances, str], Awaitable[object]]) -> Deed:
    async def deed(circumstances: Circumstances, name: str | None, scene: Scene) -> None:
        await act(circumstances, await _user_id(circumstances, name or scene.username))

    return deed


def _to_member(act: Callable[[Circumstances, str, str], Awaitable[object]]) -> Deed:
    async def deed(circumstances: Circumstances, name: str | None, scene: Scene) -> None:
        await act(circumstances, scene.application_id, await _user_id(circumstances, name or scene.username))

    return deed


def _to_application(act: Callable[[Circumstances, str], Awaitable[object]]) -> Deed:
    async def deed(circumstances: Circumstances, client_id: str | None, scene: Scene) -> None:
        await act(circumstances, scene.client_id(client_id))

    return deed


def _editing(**changes: Any) -> Callable[[Circumstances, str], Awaitable[object]]:
    async def edit(circumstances: Circumstances, client_id: str) -> None:
        await applications.edit(circumstances, client_id, changes)

    return edit


async def _cancel_invitation(circumstances: Circumstances, email: str, scene: Scene) -> None:
    pending = await invitations.pending_for(circumstances, email, scene.application_id)
    if pending is None:
        raise NotFound(f"there is no pending invitation of {email} to application {scene.application_id}")
    await invitations.cancel(circumstances, pending.id)


async def _user_id(circumstances: Circumstances, name: str) -> str:
    user = await users.find(circumstances, name)
    if user is None:
        raise NotFound(f"there is no user {name!r} in this realm")
    return user.id


_DEEDS: dict[type[steps.Step], Deed] = {
    steps.BlockUser: _to_user(users.block),
    steps.UnblockUser: _to_user(users.unblock),
    steps.BlockMember: _to_member(members.block),
    steps.UnblockMember: _to_member(members.unblock),
    steps.RemoveMember: _to_member(members.remove),
    steps.EndSessions: _to_member(members.end_sessions),
    steps.CancelInvitation: _cancel_invitation,
    steps.CloseApplication: _to_application(_editing(closed=True)),
    steps.RestrictApplication: _to_application(_editing(restricted=True)),
    steps.DeactivateApplication: _to_application(applications.deactivate),
    steps.ReactivateApplication: _to_application(applications.reactivate),
    steps.DeleteApplication: _to_application(applications.delete),
}
