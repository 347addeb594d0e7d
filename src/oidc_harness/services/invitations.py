"""Invitations: ask addresses to join an application; cancel, accept, list (rows D of the application model)."""

import re
from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member, member_id
from oidc_harness.model.user import User, email_key
from oidc_harness.model.write import Add, Swap
from oidc_harness.services import applications, members
from oidc_harness.services.addresses import why_no_email
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import Forbidden, Invalid, NotFound, Taken
from oidc_harness.storage.look_up import find_pending_invitation

MOST_ADDRESSES = 500
"""Addresses that can be invited at once."""
_SEPARATORS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class RefusedAddress:
    """An address that was not invited, and why."""

    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of the addresses of one text."""

    sent: tuple[Invitation, ...]
    refused: tuple[RefusedAddress, ...]


async def invite(circumstances: Circumstances, application_id: str, addresses: str) -> Invited:
    """Invite every address in a text that is separated by spaces, commas, semicolons or line breaks (D1).

    Malformed addresses, repetitions, members and those with a pending invitation are reported one by one; the rest is
    invited. Raises `NotFound`, and `Invalid` for a text without an address or with too many.
    """
    application = await applications.view(circumstances, application_id)
    sent: dict[str, Invitation] = {}
    refused: list[RefusedAddress] = []
    for address in _split(addresses):
        key = email_key(address)
        reason = "is listed twice" if key in sent else await _why_not(circumstances, application, address)
        if reason is None:
            sent[key] = _send(circumstances, application, address)
        else:
            refused.append(RefusedAddress(address, reason))
    if sent:
        # Two at once would both find that nobody is invited: the application's version has the later one look again.
        circumstances.records.write(Swap(application))
    return Invited(tuple(sent.values()), tuple(refused))


async def view(circumstances: Circumstances, invitation_id: str) -> Invitation:
    """The invitation. Raises `NotFound`."""
    found = await circumstances.records.get(Invitation, invitation_id)
    if found is None:
        # The id is the secret part of a link: not to be repeated in a message that may be logged.
        raise NotFound("there is no such invitation in this realm; check that the link is complete")
    return found


async def list_page(
    circumstances: Circumstances, application_id: str, after: str = "", limit: int = 100
) -> list[Invitation]:
    """Invitations to the application, whatever became of them, beginning behind the id `after` (D6).

    Raises `NotFound`.
    """
    await applications.view(circumstances, application_id)
    return await circumstances.records.find(Invitation, after=after, limit=limit, application_id=application_id)


async def pending_for(circumstances: Circumstances, email: str, application_id: str) -> Invitation | None:
    """The pending invitation of this address to this application, or None."""
    return await find_pending_invitation(circumstances.records, application_id, email_key(email))


async def cancel(circumstances: Circumstances, invitation_id: str) -> Invitation:
    """Withdraw a pending invitation: its link is no longer valid (D7). Raises `NotFound` and `Taken`."""
    cancelled = (await check_pending(circumstances, invitation_id)).cancelled(circumstances.now)
    circumstances.records.write(Swap(cancelled))
    return cancelled


async def accept(circumstances: Circumstances, invitation_id: str, user: User) -> Member:
    """Make the addressee a member (D3, D4). A member the user already was stays as it is.

    Raises `NotFound`, `Taken` for one that was settled before, `Forbidden` for anyone but the user with exactly that
    verified address; the invitation then stays pending.
    """
    invitation = await check_pending(circumstances, invitation_id)
    _check_addressee(invitation, user)
    circumstances.records.write(Swap(invitation.accepted(user.id, circumstances.now)))
    member = await circumstances.records.get(Member, member_id(invitation.application_id, user.id))
    return member or await members.add(circumstances, invitation.application_id, user.id)


async def check_pending(circumstances: Circumstances, invitation_id: str) -> Invitation:
    """The invitation, if it can still be accepted. Raises `NotFound` and `Taken`."""
    invitation = await view(circumstances, invitation_id)
    if invitation.status == "cancelled":
        raise Taken("this invitation is no longer valid: it was cancelled; ask for a new one")
    if invitation.status == "accepted":
        raise Taken("this invitation is no longer valid: it was accepted before")
    return invitation


def _split(addresses: str) -> list[str]:
    found = [address for address in _SEPARATORS.split(addresses) if address]
    if not found:
        raise Invalid("has no e-mail address in it", field="addresses")
    if len(found) > MOST_ADDRESSES:
        raise Invalid(f"has {len(found)} addresses; at most {MOST_ADDRESSES} can be invited at once", field="addresses")
    return found


async def _why_not(circumstances: Circumstances, application: Application, address: str) -> str | None:
    fault = why_no_email(address)
    if fault is not None:
        return fault
    found = await circumstances.records.find(User, email_key=email_key(address), limit=1)
    if found and await circumstances.records.get(Member, member_id(application.id, found[0].id)) is not None:
        return f"is a member of {application.name} already"
    if await pending_for(circumstances, address, application.id) is not None:
        return "has a pending invitation already"
    return None


def _send(circumstances: Circumstances, application: Application, address: str) -> Invitation:
    invitation = Invitation(
        id=circumstances.entropy.token(24),
        application_id=application.id,
        email=address,
        email_key=email_key(address),
        sent_at=circumstances.now,
    )
    circumstances.records.write(Add(invitation))
    return invitation


def _check_addressee(invitation: Invitation, user: User) -> None:
    if user.email_key != invitation.email_key:
        raise Forbidden(
            f"this invitation is for {invitation.email}, and you are signed in as {user.username} with {user.email};"
            " sign in with that address to accept it"
        )
    if not user.email_verified:
        raise Forbidden(f"your address {user.email} is not verified; verify it to accept the invitation")
    if user.status != "active":
        raise Forbidden(f"user {user.username} is blocked")
