"""The consent page: what an application asks for, in plain words; Allow and Deny (F1, F2, OIDC Core 3.1.2.4)."""

from dataclasses import dataclass
from hmac import compare_digest

from oidc_harness.model.application import Application
from oidc_harness.model.interaction import Interaction
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.protocol.about import About
from oidc_harness.protocol.claims_request import claim_names, parse_claims
from oidc_harness.protocol.errors import access_denied
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.scope import parse_scope, permitted_scopes
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.decision import Decision, Page, Redirect
from oidc_harness.provider.people import load_session
from oidc_harness.provider.provider import Provider
from oidc_harness.services import consents
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.consents import Approval
from oidc_harness.web.pages.errand import Errand, load_errand


@dataclass(frozen=True, slots=True)
class _Question:
    """Whom an application asks, and in which request."""

    interaction: Interaction
    application: Application
    session: Session
    user: User

    def confirmation(self) -> str:
        """What the form carries: its answer counts for the session that was asked, and for no other."""
        return fingerprint(f"consent\n{self.session.id}\n{self.interaction.id}")


async def show(request: Request, circumstances: Circumstances, provider: Provider) -> Decision:
    """Ask; who is not signed in any more goes back to where that is decided."""
    errand = await load_errand(request, circumstances.records, circumstances.now)
    question = await _load(errand, request, circumstances)
    if question is None:
        return Decision(Redirect(errand.way_on(provider)), about=About("consent_form", errand.application))
    scopes, claims = _asked(question)
    facts = {
        "application": question.application,
        "client": errand.client(),
        "user": question.user,
        "scopes": scopes,
        "claims": claims,
        "confirmation": question.confirmation(),
        "action": errand.url("/consent", provider),
        "login_url": errand.url("/login", provider),
        "ui_locales": errand.parameter("ui_locales"),
    }
    return Decision(Page("consent", facts), about=About("consent_form", question.application, question.user))


async def answer(request: Request, circumstances: Circumstances, provider: Provider) -> Decision:
    """Write the answer down; the authorization endpoint acts on it. Anything but Allow and Deny asks again."""
    errand = await load_errand(request, circumstances.records, circumstances.now)
    question = await _load(errand, request, circumstances)
    said = _said(request, question) if question else None
    if question is None or said is None:
        return Decision(Redirect(errand.way_on(provider)), about=About("consent", errand.application))
    about = About("consent", question.application, question.user)
    if said == "deny":
        await consents.deny(circumstances, question.interaction, question.user.id)
        denial = access_denied("the person denied the request", where=spec("OIDCC-3.1.2.6"))
        return Decision(Redirect(errand.way_on(provider)), about=about, error=denial)
    scopes, claims = _asked(question)
    approval = Approval(question.application.id, question.user.id, scopes, claims)
    await consents.approve(circumstances, question.interaction, approval)
    return Decision(Redirect(errand.way_on(provider)), about=about)


async def _load(errand: Errand, request: Request, circumstances: Circumstances) -> _Question | None:
    session, user = await load_session(request, circumstances.records, circumstances.now)
    if errand.interaction is None or errand.application is None or session is None or user is None:
        return None
    return _Question(errand.interaction, errand.application, session, user)


def _said(request: Request, question: _Question) -> str | None:
    form = Parameters(request.form)
    said = form.get("answer")
    if not compare_digest(form.get("confirmation", "").encode(), question.confirmation().encode()):
        return None
    return said if said in ("approve", "deny") else None


def _asked(question: _Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Scopes and single claims of the request, as the authorization endpoint reads them."""
    parameters = Parameters(question.interaction.parameters)
    scopes = permitted_scopes(parse_scope(parameters.get("scope")), question.application)
    asked = parse_claims(parameters.get("claims")) if "openid" in scopes else {}
    claims = claim_names(asked, question.user.sourced)
    return scopes, claims
