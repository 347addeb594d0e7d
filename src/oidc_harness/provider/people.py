"""Load the people an authorization request may concern."""

from oidc_harness.model.application import Application
from oidc_harness.model.consent import Consent
from oidc_harness.model.member import Member, member_id
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.next_step import Person
from oidc_harness.protocol.request import Request
from oidc_harness.storage.look_up import find_pending_invitation, find_user
from oidc_harness.storage.port import Records


async def load_session(request: Request, records: Records, now: int) -> tuple[Session | None, User | None]:
    """The live session of the browser and its user, or nothing: expired, ended and blocked ones do not count."""
    cookie = request.cookies.get("session")
    session = await records.get(Session, fingerprint(cookie)) if cookie else None
    if session is None or (session.expires_at is not None and now >= session.expires_at):
        return None, None
    user = await records.get(User, session.user_id)
    if user is None or user.status != "active" or user.generation != session.user_generation:
        return None, None
    return session, user


async def load_person(user: User, application: Application, records: Records) -> Person:
    """The user with membership, consent and, for those who are no members yet, a pending invitation."""
    key = member_id(application.id, user.id)
    member = await records.get(Member, key)
    consent = await records.get(Consent, key)
    invitation = None
    if member is None and user.email_verified:
        invitation = await find_pending_invitation(records, application.id, user.email_key)
    return Person(user, member, consent, invitation)


async def load_candidate(hint: str | None, policy: RealmPolicy, records: Records) -> User | None:
    """Who signs in without a page under the policy `auto`: the user of `login_hint`, else the default persona."""
    name = hint or policy.default_persona
    return await find_user(records, name) if policy.sign_in == "auto" and name else None
