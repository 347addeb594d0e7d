"""The people of an application: list, add, change rights, block, end sessions, remove (rows C)."""

from dataclasses import replace

from oidc_harness.model.consent import Consent
from oidc_harness.model.member import Member, Role, member_id
from oidc_harness.model.user import User
from oidc_harness.model.write import Add, Remove, Swap
from oidc_harness.services import applications, logout_notices, users
from oidc_harness.services.addresses import shown
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import NotFound, Taken


async def add(circumstances: Circumstances, application_id: str, user_id: str, *, role: Role = "member") -> Member:
    """Give a user access without an invitation (C3). Raises `NotFound`, and `Taken` for one who has it already."""
    application = await applications.view(circumstances, application_id)
    user = await _user(circumstances, user_id)
    if await circumstances.records.get(Member, member_id(application_id, user_id)) is not None:
        raise Taken(f"{user.username} is a member of {application.name} already", field="user_id")
    joined = Member.joined(application_id, user_id, circumstances.now, circumstances.entropy.token(9))
    member = replace(joined, role=role)
    circumstances.records.write(Add(member))
    return member


async def view(circumstances: Circumstances, application_id: str, user_id: str) -> Member:
    """The membership. Raises `NotFound`."""
    found = await circumstances.records.get(Member, member_id(application_id, user_id))
    if found is None:
        await applications.view(circumstances, application_id)
        raise NotFound(f"application {shown(application_id)} has no member {shown(user_id)}")
    return found


async def list_page(
    circumstances: Circumstances, application_id: str, after: str = "", limit: int = 100
) -> list[Member]:
    """Members of the application in the order of their ids, beginning behind the id `after` (C2). Raises `NotFound`."""
    await applications.view(circumstances, application_id)
    return await circumstances.records.find(Member, after=after, limit=limit, application_id=application_id)


async def change_role(circumstances: Circumstances, application_id: str, user_id: str, role: Role) -> Member:
    """Make the member an administrator of this application, or no longer one (C4). Raises `NotFound`."""
    return _swap(circumstances, replace(await view(circumstances, application_id, user_id), role=role))


async def block(circumstances: Circumstances, application_id: str, user_id: str) -> Member:
    """Shut the member out of this application; live tokens die (C7). Raises `NotFound`."""
    member = await view(circumstances, application_id, user_id)
    if member.status == "blocked":
        return member
    await logout_notices.tell_application(circumstances, application_id, user_id)
    return _swap(circumstances, member.blocked(circumstances.entropy.token(9)))


async def unblock(circumstances: Circumstances, application_id: str, user_id: str) -> Member:
    """Let the member in again; what died stays dead (C7). Raises `NotFound`."""
    member = await view(circumstances, application_id, user_id)
    return member if member.status == "active" else _swap(circumstances, member.unblocked())


async def end_sessions(circumstances: Circumstances, application_id: str, user_id: str) -> Member:
    """End everything the application holds for this user: tokens die, the user may sign in again (C5).

    The application is told so where it registered for that. Raises `NotFound`.
    """
    member = await view(circumstances, application_id, user_id)
    await logout_notices.tell_application(circumstances, application_id, user_id)
    return _swap(circumstances, member.signed_out(circumstances.entropy.token(9)))


async def remove(circumstances: Circumstances, application_id: str, user_id: str) -> None:
    """Take access away: tokens die, consent is asked again next time, the account stays (C6). Raises `NotFound`."""
    member = await view(circumstances, application_id, user_id)
    await logout_notices.tell_application(circumstances, application_id, user_id)
    circumstances.records.write(Remove(member))
    consent = await circumstances.records.get(Consent, member.id)
    if consent is not None:
        circumstances.records.write(Remove(consent))


async def _user(circumstances: Circumstances, user_id: str) -> User:
    found = await circumstances.records.get(User, user_id)
    if found is None:
        named = await users.find(circumstances, user_id)
        advice = "expected the id of one" if named is None else f"expected an id; that user's is {named.id}"
        raise NotFound(f"there is no user {shown(user_id)} in this realm; {advice}", field="user_id")
    return found


def _swap(circumstances: Circumstances, member: Member) -> Member:
    circumstances.records.write(Swap(member))
    return member
