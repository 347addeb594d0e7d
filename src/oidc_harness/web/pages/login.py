"""The login page: username and password, for a waiting authorization request or an invitation (OIDC Core 3.1.2.3)."""

from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import access_denied
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.decision import Decision, Page, Redirect
from oidc_harness.provider.provider import Provider
from oidc_harness.services import consents
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.sign_in import SignInRefused, authenticate
from oidc_harness.web.pages.entry import let_in, renew_session
from oidc_harness.web.pages.errand import Errand, load_errand

_WHERE = spec("OIDCC-3.1.2.3")


async def show(request: Request, circumstances: Circumstances, provider: Provider) -> Decision:
    """The empty form; with the name filled in where somebody certain is expected."""
    errand = await load_errand(request, circumstances.records, circumstances.now)
    return Decision(_form(errand, errand.hint(), provider), about=About("login_form", errand.application))


async def submit(request: Request, circumstances: Circumstances, provider: Provider) -> Decision:
    """Sign the person in and send them on, or say why not."""
    errand = await load_errand(request, circumstances.records, circumstances.now)
    form = Parameters(request.form)
    if form.get("answer") == "cancel":
        return await _cancel(errand, circumstances, provider)
    username = form.get("username", "").strip()
    found = await authenticate(circumstances, username, form.get("password", ""))
    if isinstance(found, SignInRefused):
        return _refuse(errand, username, found.reason, provider)
    opened = await renew_session(found, request, circumstances)
    return let_in(opened, errand, About("login", errand.application, found), provider)


async def _cancel(errand: Errand, circumstances: Circumstances, provider: Provider) -> Decision:
    if errand.interaction is not None:
        await consents.deny(circumstances, errand.interaction, "")
    refusal = access_denied("the person did not sign in", where=_WHERE)
    return Decision(Redirect(errand.way_on(provider)), about=About("login", errand.application), error=refusal)


def _refuse(errand: Errand, username: str, reason: str, provider: Provider) -> Decision:
    """403: the credentials came and do not suffice (RFC 9110 15.5.4). 401 would have to name an HTTP scheme."""
    refusal = access_denied("the sign-in was refused", reason, _WHERE)
    page = _form(errand, username, provider, refused=reason)
    return Decision(page, about=About("login", errand.application), error=refusal)


def _form(errand: Errand, username: str, provider: Provider, refused: str = "") -> Page:
    admits = provider.policy.registration == "open" or errand.invitation is not None
    facts = {
        "application": errand.application,
        "client": errand.client(),
        "action": errand.url("/login", provider),
        "username": username,
        "refused": refused,
        "register_url": errand.url("/sign_up", provider) if admits else None,
        "ui_locales": errand.parameter("ui_locales"),
    }
    return Page("login", facts, 403 if refused else 200)
