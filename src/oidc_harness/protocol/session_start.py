"""The start of a session: a browser in which somebody has just authenticated (OIDC Core 2)."""

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.protocol.entropy import Entropy
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.next_step import ACR_VALUES


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
        acr=ACR_VALUES[0],
    )
    return session, cookie_value
