"""Members of an application: list, add, look at, change the role of, block, end sessions of, remove (rows C)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar

from annotated_types import MaxLen

from oidc_harness.model.consent import Consent
from oidc_harness.model.member import Member, Role
from oidc_harness.services import members
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.web.admin.operation import Call, Operation
from oidc_harness.web.admin.shapes import PageOf, Shape, View

_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """A user to add."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    user_id: Annotated[str, MaxLen(255)]
    role: Role = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRole:
    """What a member may do from now on (C4)."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a member lets the application have (C1)."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    scopes: tuple[str, ...]
    claims: tuple[str, ...]
    """Single claims asked for with the `claims` parameter (OIDC Core 5.5)."""
    given_at: int
    """Seconds since 1970 in the realm's time; of the last consent that added to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView(Member):
    """A member, with what they granted."""

    granted: Granted | None = None
    """None: nothing, for they have not consented yet, or their consent was taken back."""


async def list_members(call: Call) -> list[MemberView]:
    """A page of members, by id (C2)."""
    application = call.path["application"]

    async def act(given: Circumstances) -> list[MemberView]:
        found = await members.list_page(given, application, call.after, call.limit)
        return [await _view(given, member) for member in found]

    return await call.realm.transact(act)


async def add_member(call: Call) -> MemberView:
    """Add a user directly (C3)."""
    new: NewMember = call.body
    application = call.path["application"]
    return await _shown(call, lambda given: members.add(given, application, new.user_id, role=new.role))


async def view_member(call: Call) -> MemberView:
    """One member."""
    return await _shown(call, lambda given: members.view(given, *_who(call)))


async def change_role(call: Call) -> MemberView:
    """Member or administrator (C4)."""
    role = call.body.role
    return await _shown(call, lambda given: members.change_role(given, *_who(call), role))


async def remove_member(call: Call) -> None:
    """Out of the application; the account stays (C6)."""
    await call.realm.transact(lambda given: members.remove(given, *_who(call)))


async def block(call: Call) -> MemberView:
    """Shut out of this application (C7)."""
    return await _shown(call, lambda given: members.block(given, *_who(call)))


async def unblock(call: Call) -> MemberView:
    """Let in again (C7)."""
    return await _shown(call, lambda given: members.unblock(given, *_who(call)))


async def end_sessions(call: Call) -> MemberView:
    """End everything issued to the member; they may sign in again (C5)."""
    return await _shown(call, lambda given: members.end_sessions(given, *_who(call)))


async def _shown(call: Call, act: Callable[[Circumstances], Awaitable[Member]]) -> MemberView:
    async def acted(given: Circumstances) -> MemberView:
        return await _view(given, await act(given))

    return await call.realm.transact(acted)


async def _view(given: Circumstances, member: Member) -> MemberView:
    consent = await given.records.get(Consent, member.id)
    return MemberView(
        **{each.name: getattr(member, each.name) for each in fields(Member)},
        granted=None
        if consent is None
        else Granted(scopes=consent.scopes, claims=consent.claims, given_at=consent.given_at),
    )


def _who(call: Call) -> tuple[str, str]:
    return call.path["application"], call.path["user"]


VIEW = View(MemberView, frozenset({"version", "expires_at", "generation"}))
ROLE = Shape[NewRole](
    NewRole,
    {
        "application_id": "add the user to the other application",
        "user_id": "add the other user",
        "status": "blockMember (POST …/block) and unblockMember (POST …/unblock) do that",
        "joined_at": "it is when the user became a member",
    },
)
ALL = "/realms/{realm}/applications/{application}/members"
ONE = ALL + "/{user}"

OPERATIONS = (
    Operation("listMembers", "GET", ALL, "List members", list_members, PageOf(VIEW), paged=True),
    Operation(
        "addMember",
        "POST",
        ALL,
        "Add a member",
        add_member,
        VIEW,
        Shape(NewMember),
        201,
        refuses=(409,),
        gives={"user": "/user_id"},
    ),
    Operation("viewMember", "GET", ONE, "Look at a member", view_member, VIEW),
    Operation("changeRole", "PATCH", ONE, "Change a member's role", change_role, VIEW, ROLE),
    Operation("removeMember", "DELETE", ONE, "Remove a member", remove_member),
    Operation("blockMember", "POST", ONE + "/block", "Block a member", block, VIEW),
    Operation("unblockMember", "POST", ONE + "/unblock", "Let a member in again", unblock, VIEW),
    Operation(
        "endSessions",
        "POST",
        ONE + "/end-sessions",
        "End a member's sessions",
        end_sessions,
        VIEW,
        about=(
            "Everything that was issued to the application for this user is dead (C5). The user's session with the"
            " realm is not the application's and goes on, so the same browser gets a new code without a page."
            " Block the member to keep them out."
        ),
    ),
)
