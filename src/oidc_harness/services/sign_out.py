"""Signing out: end one session, or all of a user's."""

from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.model.write import Remove, Swap
from oidc_harness.protocol.session_end import ending
from oidc_harness.services import users
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.logout_notices import tell_every_application, tell_of_session
from oidc_harness.services.paging import each


async def end_session(circumstances: Circumstances, session: Session) -> None:
    """End a session and, as policy says, what was issued in it, and tell the applications it went to.

    Ending one that has ended already does nothing.
    """
    stored = await circumstances.records.get(Session, session.id)
    if stored is None:
        return
    circumstances.records.write(*ending(stored, circumstances.policy))
    await tell_of_session(circumstances, stored)


async def replace_session(circumstances: Circumstances, session: Session) -> None:
    """Forget the browser alone: the same person's next session carries this one on."""
    circumstances.records.write(Remove(session))


async def end_all_sessions(circumstances: Circumstances, user_id: str) -> User:
    """Forget all browsers of a user and end everything issued to them; they may sign in again. Raises `NotFound`."""
    user = (await users.view(circumstances, user_id)).signed_out(circumstances.entropy.token(9))
    circumstances.records.write(Swap(user))
    await tell_every_application(circumstances, user_id)
    async for session in each(circumstances.records, Session, user_id=user_id):
        circumstances.records.write(Remove(session))
    return user
