"""Entry: what happens in the browser of somebody who has just shown who they are."""

from oidc_harness.model.user import User
from oidc_harness.protocol.about import About
from oidc_harness.protocol.request import Request
from oidc_harness.provider.decision import Cookie, Decision, Redirect
from oidc_harness.provider.people import load_session
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.user_agent_state import state_cookie
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.sign_in import OpenedSession, open_session
from oidc_harness.services.sign_out import end_session, replace_session
from oidc_harness.web.pages.errand import Errand


async def renew_session(user: User, request: Request, circumstances: Circumstances) -> OpenedSession:
    """A session with a new cookie, so that one planted before is worth nothing; the browser's former one ends.

    Where that was somebody else's, it ends as by a logout, and its applications are told: they have the wrong person in
    front of them.
    """
    former, _ = await load_session(request, circumstances.records, circumstances.now)
    if former is not None:
        end = replace_session if former.user_id == user.id else end_session
        await end(circumstances, former)
    return await open_session(circumstances, user, former)


def let_in(opened: OpenedSession, errand: Errand, about: About, provider: Provider) -> Decision:
    """Give the browser its cookies and send it on."""
    cookies = (Cookie("session", opened.cookie_value), state_cookie(opened.session))
    return Decision(Redirect(errand.way_on(provider)), errand.signed_in(opened.session), about, cookies)
