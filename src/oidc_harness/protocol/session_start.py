"""The start of a session: a browser in which somebody has just authenticated (OIDC Core 2)."""

from dataclasses import replace

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.protocol.entropy import Entropy
from oidc_harness.protocol.fingerprint import fingerprint


def start_session(user: User, policy: RealmPolicy, entropy: Entropy, now: int) -> tuple[Session, str]:
    """The session, and the value of the cookie that stands for it; that is kept nowhere."""
    cookie_value = entropy.token()
    session = Session(
        id=fingerprint(cookie_value),
        expires_at=now + policy.session_lifetime,
        sid=entropy.token(16),
        user_id=user.id,
        user_generation=user.generation,
        auth_time=now,
        acr=policy.acr_values[0],
    )
    return session, cookie_value


def carried_on(session: Session, former: Session | None) -> Session:
    """The session of somebody who authenticated again in a browser: to clients it is still the `former` one.

    It keeps the `sid` (OIDC Front-Channel Logout 3), and its end concerns those whom the former one's would have.
    That of somebody else is carried on by none.
    """
    if former is None or former.user_id != session.user_id:
        return session
    return replace(session, sid=former.sid, application_ids=former.application_ids, issued_until=former.issued_until)
