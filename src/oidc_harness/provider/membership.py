"""Membership: the first sign-in makes a user a member (C1)."""

from oidc_harness.model.application import Application
from oidc_harness.model.member import Member
from oidc_harness.model.write import Add, Swap, Write
from oidc_harness.protocol.next_step import Person
from oidc_harness.provider.provider import Provider


def join(person: Person, application: Application, provider: Provider) -> tuple[Member, tuple[Write, ...]]:
    """The person's membership, and the writes that make it; a pending invitation is thereby accepted (D5)."""
    if person.member is not None:
        return person.member, ()
    member = Member.joined(application.id, person.user.id, provider.now, provider.entropy.token(9))
    if person.invitation is None:
        return member, (Add(member),)
    return member, (Add(member), Swap(person.invitation.accepted(person.user.id, provider.now)))
