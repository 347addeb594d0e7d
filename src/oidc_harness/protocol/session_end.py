"""The end of a session by somebody's doing, and of what was issued in it (OIDC Back-Channel Logout 2.7).

A session that just expires leaves what was issued alone: tokens have lifetimes of their own.
"""

from oidc_harness.model.ended_session import EndedSession
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.model.write import Add, Remove, Write


def ending(session: Session, policy: RealmPolicy) -> tuple[Write, ...]:
    """Forget the browser, and remember that the session was ended where that ends more than itself."""
    if policy.logout_revokes == "nothing" or session.issued_until == 0:
        return (Remove(session),)
    ended = EndedSession(id=session.sid, revokes=policy.logout_revokes, expires_at=session.issued_until)
    return (Remove(session), Add(ended))
