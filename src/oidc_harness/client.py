"""ControlClient: the control API of a running server, for tests and other programs.

    async with ControlClient("http://127.0.0.1:9400") as control:
        await control.make_realm(NewRealm(name="checkout", fixture="default"))
        realm = control.realm("checkout")
        async with realm.arming("iss-wrong", when=When(times=1)):
            ...  # the next sign-in gets an ID token of another issuer
        print(await realm.verdicts())

What goes in and what comes back are the dataclasses that define those things; nothing is defined here once more.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from oidc_harness.harness.conditions import ALWAYS, When
from oidc_harness.model.application import Application
from oidc_harness.model.key import KeyAlgorithm
from oidc_harness.model.member import Role
from oidc_harness.model.user import User
from oidc_harness.services.client_secrets import ApplicationWithSecret
from oidc_harness.web.admin.applications import NewApplication, SecretView
from oidc_harness.web.admin.caller import NONE, Caller, ControlError
from oidc_harness.web.admin.clock import Advance, ClockView, Freeze
from oidc_harness.web.admin.invitations import InvitationView, InvitedView, NewInvitations
from oidc_harness.web.admin.journal import ExchangeView, NewObservation, VerdictView
from oidc_harness.web.admin.keys import KeyView, NewKey, Rotation
from oidc_harness.web.admin.members import Granted, MemberView, NewMember, NewRole
from oidc_harness.web.admin.outbox import NoticeView
from oidc_harness.web.admin.realms import NewRealm, RealmView
from oidc_harness.web.admin.switches import ArmedView, NewArmed, SwitchView
from oidc_harness.web.admin.users import NewUser

__all__ = [
    "Application", "ApplicationWithSecret", "ArmedView", "ClockView", "ControlClient", "ControlError", "ExchangeView",
    "Granted", "InvitationView", "InvitedView", "KeyView", "MemberView", "NewApplication", "NewRealm", "NewUser",
    "NoticeView", "RealmControl", "RealmView", "SecretView", "SwitchView", "User", "VerdictView", "When",
]  # fmt: skip
T = TypeVar("T")


class ControlClient(Caller):
    """One server; an async context manager. Every method raises `ControlError`."""

    def realm(self, name: str) -> "RealmControl":
        """One realm of the server; whether it is there shows at its first use."""
        return RealmControl(self, name)

    def realms(self) -> AsyncIterator[RealmView]:
        """Every realm, by name."""
        return self.pages("listRealms")

    async def make_realm(self, new: NewRealm) -> RealmView:
        """Make a realm, with a world in it where a fixture is named."""
        return await self.get(RealmView, "makeRealm", new)

    def switches(self) -> AsyncIterator[SwitchView]:
        """Every switch that is installed there, by name."""
        return self.pages("listSwitches")

    async def switch(self, name: str) -> SwitchView:
        """One switch, with its parameters."""
        return await self.get(SwitchView, "viewSwitch", switch=name)


class RealmControl:
    """One realm of a server. Every method raises `ControlError`."""

    def __init__(self, control: ControlClient, name: str) -> None:
        """`control` has to be open when a method is called."""
        self._control = control
        self.name = name

    async def do(self, operation: str, body: Any = None, **path: str) -> Any:
        """Any operation on this realm by its `operationId`."""
        return await self._control.do(operation, body, realm=self.name, **path)

    async def get(self, kind: type[T], operation: str, body: Any = None, **path: str) -> T:
        """The same, where the answer is known to be of this kind."""
        return await self._control.get(kind, operation, body, realm=self.name, **path)

    def pages(
        self, operation: str, after: str = "", filters: Mapping[str, str] = NONE, **path: str
    ) -> AsyncIterator[Any]:
        """Everything an operation on this realm lists page by page."""
        return self._control.pages(operation, after, filters, realm=self.name, **path)

    async def view(self) -> RealmView:
        """Issuer, policy, time."""
        return await self.get(RealmView, "viewRealm")

    async def change_policy(self, **changes: Any) -> RealmView:
        """Set fields of `RealmPolicy`; the others stay."""
        return await self.get(RealmView, "changePolicy", changes)

    async def drop(self) -> None:
        """Forget the realm and everything in it."""
        await self.do("dropRealm")

    async def clock(self) -> ClockView:
        """The realm's time."""
        return await self.get(ClockView, "viewClock")

    async def freeze(self, at: int | None = None) -> ClockView:
        """Stop the clock: now, or at a time in seconds since 1970."""
        return await self.get(ClockView, "freezeClock", Freeze(at=at))

    async def advance(self, seconds: int) -> ClockView:
        """Move the clock; backwards where negative."""
        return await self.get(ClockView, "advanceClock", Advance(seconds=seconds))

    async def follow(self) -> ClockView:
        """Let the clock go with the system's time again."""
        return await self.get(ClockView, "followClock")

    def applications(self) -> AsyncIterator[Application]:
        """Every application, by client_id."""
        return self.pages("listApplications")

    async def application(self, application: str) -> Application:
        """One application; nothing is shown of its secret."""
        return await self.get(Application, "viewApplication", application=application)

    async def create_application(self, new: NewApplication) -> ApplicationWithSecret:
        """Create; the secret is shown here and not again."""
        return await self.get(ApplicationWithSecret, "createApplication", new)

    async def edit_application(self, application: str, **changes: Any) -> ApplicationWithSecret:
        """Set fields of `Application`, or `secret`; the others stay."""
        return await self.get(ApplicationWithSecret, "editApplication", changes, application=application)

    async def delete_application(self, application: str) -> None:
        """Delete for good."""
        await self.do("deleteApplication", application=application)

    async def deactivate_application(self, application: str) -> Application:
        """Shut it; every token dies."""
        return await self.get(Application, "deactivateApplication", application=application)

    async def reactivate_application(self, application: str) -> Application:
        """Open it again."""
        return await self.get(Application, "reactivateApplication", application=application)

    async def regenerate_secret(self, application: str) -> ApplicationWithSecret:
        """A new secret; the old one stops working at once."""
        return await self.get(ApplicationWithSecret, "regenerateSecret", application=application)

    async def read_secret(self, application: str) -> SecretView:
        """The secret, where policy keeps it viewable."""
        return await self.get(SecretView, "readSecret", application=application)

    def users(self, **filters: str) -> AsyncIterator[User]:
        """Every user, by id; with `username` or `email`, the one who has it."""
        return self.pages("listUsers", filters=filters)

    async def user(self, user: str) -> User:
        """One user; nothing is shown of the password."""
        return await self.get(User, "viewUser", user=user)

    async def create_user(self, new: NewUser) -> User:
        """Create, with a known password for tests."""
        return await self.get(User, "createUser", new)

    async def edit_user(self, user: str, **changes: Any) -> User:
        """Set fields of `User`, or `password`; the others stay."""
        return await self.get(User, "editUser", changes, user=user)

    async def delete_user(self, user: str) -> None:
        """Delete the account with its memberships."""
        await self.do("deleteUser", user=user)

    async def block_user(self, user: str) -> User:
        """Shut out of the realm; sessions and tokens die."""
        return await self.get(User, "blockUser", user=user)

    async def unblock_user(self, user: str) -> User:
        """Let in again."""
        return await self.get(User, "unblockUser", user=user)

    def members(self, application: str) -> AsyncIterator[MemberView]:
        """Every member of an application, by id."""
        return self.pages("listMembers", application=application)

    async def member(self, application: str, user: str) -> MemberView:
        """One member."""
        return await self.get(MemberView, "viewMember", application=application, user=user)

    async def add_member(self, application: str, user: str, role: Role = "member") -> MemberView:
        """Give a user access."""
        return await self.get(MemberView, "addMember", NewMember(user_id=user, role=role), application=application)

    async def change_role(self, application: str, user: str, role: Role) -> MemberView:
        """Member or administrator."""
        return await self.get(MemberView, "changeRole", NewRole(role=role), application=application, user=user)

    async def remove_member(self, application: str, user: str) -> None:
        """Take access away."""
        await self.do("removeMember", application=application, user=user)

    async def block_member(self, application: str, user: str) -> MemberView:
        """Shut out of this application."""
        return await self.get(MemberView, "blockMember", application=application, user=user)

    async def unblock_member(self, application: str, user: str) -> MemberView:
        """Let in again."""
        return await self.get(MemberView, "unblockMember", application=application, user=user)

    async def end_sessions(self, application: str, user: str) -> MemberView:
        """End everything issued to the member."""
        return await self.get(MemberView, "endSessions", application=application, user=user)

    def invitations(self, application: str) -> AsyncIterator[InvitationView]:
        """Every invitation to an application."""
        return self.pages("listInvitations", application=application)

    async def invite(self, application: str, addresses: str) -> InvitedView:
        """Invite addresses, separated as people do."""
        return await self.get(InvitedView, "invite", NewInvitations(addresses=addresses), application=application)

    async def invitation(self, invitation: str) -> InvitationView:
        """One invitation."""
        return await self.get(InvitationView, "viewInvitation", invitation=invitation)

    async def cancel_invitation(self, invitation: str) -> InvitationView:
        """Withdraw it."""
        return await self.get(InvitationView, "cancelInvitation", invitation=invitation)

    async def armed(self) -> list[ArmedView]:
        """Everything that is armed, in the order it was put in."""
        return await self.get(list[ArmedView], "listArmed")

    async def arm(self, switch: str, parameters: Mapping[str, Any] = NONE, when: When = ALWAYS) -> ArmedView:
        """Make the provider misbehave, by the name of a switch."""
        return await self.get(ArmedView, "arm", NewArmed(switch=switch, parameters=dict(parameters), when=when))

    async def disarm(self, armed: str) -> None:
        """Take one switch out, by the id it got when it was armed."""
        await self.do("disarm", armed=armed)

    async def disarm_all(self) -> None:
        """Be honest again."""
        await self.do("disarmAll")

    @asynccontextmanager
    async def arming(
        self, switch: str, parameters: Mapping[str, Any] = NONE, when: When = ALWAYS
    ) -> AsyncIterator[ArmedView]:
        """Misbehave for as long as the context lasts; it does not matter whether the switch was taken out within it."""
        armed = await self.arm(switch, parameters, when)
        try:
            yield armed
        finally:
            if armed.id in {each.id for each in await self.armed()}:
                await self.disarm(armed.id)

    def journal(self, after: int = 0) -> AsyncIterator[ExchangeView]:
        """Exchanges with a higher number, oldest first."""
        return self.pages("readJournal", str(after))

    async def clear_journal(self) -> None:
        """Forget exchanges and observations; numbers go on."""
        await self.do("clearJournal")

    async def observe(self, *, signed_in: bool, subject: str | None = None, note: str = "") -> None:
        """Report what was seen of the client; verdicts rest on it."""
        await self.do("observe", NewObservation(signed_in=signed_in, subject=subject, note=note))

    async def verdicts(self) -> list[VerdictView]:
        """What the journal says about the client."""
        return await self.get(list[VerdictView], "readVerdicts")

    async def keys(self) -> list[KeyView]:
        """Every key, by its public side."""
        return await self.get(list[KeyView], "listKeys")

    async def rotate_key(self, alg: KeyAlgorithm) -> list[KeyView]:
        """Sign with a new key from now on."""
        return await self.get(list[KeyView], "rotateKey", Rotation(alg=alg))

    def outbox(self) -> AsyncIterator[NoticeView]:
        """Every notice that was or is to be sent to an application, oldest first."""
        return self.pages("listOutbox")

    async def publish_key(self, alg: KeyAlgorithm) -> KeyView:
        """A new key in the key set, which does not sign yet."""
        return await self.get(KeyView, "publishKey", NewKey(alg=alg))

    async def use_key(self, kid: str) -> list[KeyView]:
        """Sign with a published key from now on; the one before it is retired."""
        return await self.get(list[KeyView], "useKey", key=kid)

    async def retire_key(self, kid: str) -> list[KeyView]:
        """Sign with a key no more; it stays published."""
        return await self.get(list[KeyView], "retireKey", key=kid)

    async def remove_key(self, kid: str) -> None:
        """Publish a key no more."""
        await self.do("removeKey", key=kid)
