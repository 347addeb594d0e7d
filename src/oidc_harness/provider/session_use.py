"""The browser session that an authorization is answered in: the one that is there, or one that begins with it."""

from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.model.write import Add, Remove, Swap, Write
from oidc_harness.protocol.authorization_request import AuthorizationRequest
from oidc_harness.protocol.session_end import ending
from oidc_harness.protocol.session_start import carried_on, start_session
from oidc_harness.provider.decision import Cookie
from oidc_harness.provider.issue import last_use
from oidc_harness.provider.logout import load_reached, notices
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class BrowserSession:
    """The live session of a browser, and whom its end would concern."""

    session: Session | None
    reached: tuple[Application, ...] = ()
    """The applications it went to, where somebody else is about to take its place without a page."""


@dataclass(frozen=True, slots=True, eq=False)
class SessionUse:
    """The session after the answer, with what has to be written and set for it."""

    session: Session
    cookies: tuple[Cookie, ...]
    writes: tuple[Write, ...]


async def load_browser_session(session: Session | None, candidate: User | None, records: Records) -> BrowserSession:
    """The session with those it went to, if the candidate's would take its place."""
    is_displaced = session is not None and candidate is not None and session.user_id != candidate.id
    return BrowserSession(session, await load_reached(session, records) if is_displaced else ())


def use_session(session: Session, request: AuthorizationRequest, provider: Provider) -> SessionUse:
    """The answer is given in the session that is there."""
    used = _used(session, request, provider)
    return SessionUse(used, (), () if used is session else (Swap(used),))


def begin_session(user: User, browser: BrowserSession, request: AuthorizationRequest, provider: Provider) -> SessionUse:
    """The person is signed in by the answer itself, as the page would (policy `auto`): with a new cookie.

    Their own session is carried on; somebody else's ends as by a logout.
    """
    started, cookie = start_session(user, provider.policy, provider.entropy, provider.now)
    session = _used(carried_on(started, browser.session), request, provider)
    writes = (*_make_room(browser, user, provider), Add(session))
    return SessionUse(session, (Cookie("session", cookie),), writes)


def _make_room(browser: BrowserSession, user: User, provider: Provider) -> tuple[Write, ...]:
    former = browser.session
    if former is None:
        return ()
    if former.user_id == user.id:
        return (Remove(former),)
    return (*ending(former, provider.policy), *notices(former, browser.reached, provider))


def _used(session: Session, request: AuthorizationRequest, provider: Provider) -> Session:
    """The session after the person went to the application. What may be issued up to its very end is foreseen."""
    end = max(provider.now, session.expires_at or 0)
    until = last_use(request.application, request.scopes, provider.policy, end)
    return session.reaching(request.application.id).issuing(until)
