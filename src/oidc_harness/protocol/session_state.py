"""Session State: what a client compares to notice that somebody signed in or out (OIDC Session Management 2, 3.2).

The script of the OP iframe computes the same (`web/pages/templates/check_session.js`).
"""

from hashlib import sha256

from oidc_harness.model.session import Session
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.origin import origin_of


def user_agent_state(session: Session) -> str:
    """What scripts may read in the browser while this session lasts.

    It is another one after each sign-in, and tells neither who signed in nor how to be taken for them.
    """
    return fingerprint(f"user_agent_state\n{session.id}")


def session_state(client_id: str, redirect_uri: str, state: str, salt: str) -> str:
    """The parameter for one client at the origin of its redirect URI; `state` is the user agent's, empty without one.

    The salt makes it another one each time, so that nobody is recognised by it.
    """
    hashed = f"{client_id} {origin_of(redirect_uri)} {state} {salt}"
    return f"{sha256(hashed.encode('utf-8', 'surrogatepass')).hexdigest()}.{salt}"
