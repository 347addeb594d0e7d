"""Signing in: passwords, sessions, and making an account of one's own."""

import asyncio
from dataclasses import dataclass, field

from oidc_harness.model.invitation import Invitation
from oidc_harness.model.session import Session
from oidc_harness.model.user import Profile, User, email_key
from oidc_harness.model.write import Add
from oidc_harness.protocol.passwords import password_fits
from oidc_harness.protocol.session_start import carried_on, start_session
from oidc_harness.services import invitations, users
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import Forbidden, Invalid


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """Why a person was not signed in."""

    reason: str
    """For the person; the same for an unknown user and a wrong password."""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session, and the value of the cookie that stands for it; that is kept nowhere."""

    session: Session
    cookie_value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a person gives to make an account."""

    email: str
    password: str = field(repr=False)
    profile: Profile = field(default_factory=Profile)
    invitation_id: str | None = None
    """From the link of an invitation: proves the address and gives access (D5)."""


async def authenticate(circumstances: Circumstances, username_or_email: str, password: str) -> User | SignInRefused:
    """The user whose password this is. Checked off the event loop: scrypt is slow by design.

    That a user is blocked is told only to someone who knows the password.
    """
    user = await users.find(circumstances, username_or_email)
    # No password can be longer; hashing what cannot fit would be work on command.
    fits = await asyncio.to_thread(password_fits, password[: users.LONGEST_PASSWORD + 1], user)
    if user is None or not fits:
        return SignInRefused("Unknown user or wrong password.")
    if user.status != "active":
        return SignInRefused(f"The account {user.username} is blocked. Ask whoever administers this realm.")
    return user


async def open_session(circumstances: Circumstances, user: User, former: Session | None = None) -> OpenedSession:
    """Remember the browser of someone who has just authenticated; a `former` session of theirs there is carried on."""
    started, cookie_value = start_session(user, circumstances.policy, circumstances.entropy, circumstances.now)
    session = carried_on(started, former)
    circumstances.records.write(Add(session))
    return OpenedSession(session, cookie_value)


async def register(circumstances: Circumstances, registration: Registration) -> User:
    """Make an account; with an invitation, for its address alone, and access follows by itself (D5).

    Without one the address stays unverified: nobody has shown that it is theirs. Raises `Invalid`, `Taken`,
    `NotFound`, and `Forbidden` where the policy admits invited people only.
    """
    invitation = await _invitation_of(circumstances, registration)
    draft = User(
        id="",
        username="",
        email=registration.email,
        email_verified=invitation is not None,
        profile=registration.profile,
    )
    user = await users.create(circumstances, draft, password=registration.password)
    if invitation is not None:
        await invitations.accept(circumstances, invitation.id, user)
    return user


async def _invitation_of(circumstances: Circumstances, registration: Registration) -> Invitation | None:
    if registration.invitation_id is None:
        if circumstances.policy.registration == "invited":
            raise Forbidden("this realm admits invited people only; follow the link of your invitation")
        return None
    invitation = await invitations.check_pending(circumstances, registration.invitation_id)
    if invitation.email_key != email_key(registration.email):
        raise Invalid(f"the invitation is for {invitation.email}; register with that address", field="email")
    return invitation
