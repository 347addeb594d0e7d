"""Standing: whether what was granted once may still be used, given the people and applications as they are now."""

from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.model.ended_session import EndedSession
from oidc_harness.model.grant import Grant
from oidc_harness.model.member import Member
from oidc_harness.model.user import User


@dataclass(frozen=True, slots=True)
class Standing:
    """The present records behind a grant; None where a record is gone."""

    application: Application | None
    user: User | None
    member: Member | None
    ended: EndedSession | None = None
    """That the session of the grant was ended by a logout."""


def why_dead(grant: Grant, standing: Standing) -> str | None:
    """Why nothing under this grant may be used any longer, for a person; None while it lives.

    Rows B2, B3, C5 to C7 of the application model, and OIDC Back-Channel Logout 2.7. Each look is at one record,
    however much was issued.
    """
    if grant.revoked_at is not None:
        return f"the grant was revoked at {grant.revoked_at}"
    return (
        _why_application_ends_it(grant, standing.application)
        or (None if grant.user_id is None else _why_person_ends_it(grant, standing.user, standing.member))
        or _why_logout_ends_it(grant, standing.ended)
    )


def _why_application_ends_it(grant: Grant, application: Application | None) -> str | None:
    if application is None:
        return f"application {grant.application_id} was deleted"
    if application.status != "active":
        return f"application {application.id} is deactivated"
    if application.generation != grant.application_generation:
        return f"application {application.id} was deactivated after this was granted; its users authorize again"
    return None


def _why_person_ends_it(grant: Grant, user: User | None, member: Member | None) -> str | None:
    if user is None:
        return f"user {grant.user_id} was deleted"
    if user.status != "active":
        return f"user {user.username} is blocked"
    if user.generation != grant.user_generation:
        return f"all sessions of user {user.username} were ended after this was granted"
    if member is None:
        return f"user {user.username} was removed from the application"
    if member.status != "active":
        return f"member {user.username} is blocked in this application"
    if member.generation != grant.member_generation:
        return f"the sessions of {user.username} with this application were ended after this was granted"
    return None


def _why_logout_ends_it(grant: Grant, ended: EndedSession | None) -> str | None:
    if ended is None or (ended.revokes == "online_access" and "offline_access" in grant.scopes):
        return None
    return f"the session {ended.id} in which this was issued was ended, and {ended.revokes} with it (logout_revokes)"
