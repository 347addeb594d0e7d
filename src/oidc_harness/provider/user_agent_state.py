"""The state of the user agent: a cookie for scripts, and what authorization responses say of it to their clients."""

from oidc_harness.model.application import Application
from oidc_harness.model.session import Session
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.session_state import session_state, user_agent_state
from oidc_harness.provider.decision import Cookie
from oidc_harness.provider.provider import Provider

COOKIE = "user_agent_state"
SALT_BYTES = 16


def state_cookie(session: Session | None) -> Cookie:
    """What the browser is to keep from the beginning of a session, or from the end of one."""
    return Cookie(COOKIE, user_agent_state(session) if session is not None else "")


def held_by(request: Request) -> str:
    """The state this browser has; empty where nobody has signed in."""
    return request.cookies.get(COOKIE, "")


def renewed(session: Session, held: str) -> tuple[Cookie, ...]:
    """The cookie of the session, where it is not what the browser holds already."""
    cookie = state_cookie(session)
    return () if held == cookie.value else (cookie,)


def session_state_for(application: Application, redirect_uri: str, state: str, provider: Provider) -> str:
    """The parameter of a response, for a browser that has this state from now on (OIDC Session Management 2).

    Every answer has it, errors too, and those that are no OpenID Connect: who does not know it passes over it
    (RFC 6749 4.1.2).
    """
    return session_state(application.id, redirect_uri, state, provider.entropy.token(SALT_BYTES))
