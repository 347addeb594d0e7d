"""The successful authorization response and the records behind it (RFC 6749 4.1.2, OIDC Core 3.1.2.5)."""

from dataclasses import dataclass

from oidc_harness.model.consent import Consent
from oidc_harness.model.grant import Grant
from oidc_harness.model.interaction import Interaction
from oidc_harness.model.member import Member, member_id
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.model.write import Add, Remove, Swap, Write
from oidc_harness.protocol.about import About
from oidc_harness.protocol.authentication_context import authentication_context
from oidc_harness.protocol.authorization_request import AuthorizationRequest
from oidc_harness.protocol.claims_request import claim_names, consented
from oidc_harness.protocol.encryption import Encryption
from oidc_harness.protocol.next_step import Proceed
from oidc_harness.protocol.redirection import Redirection, RedirectionQuestion, location
from oidc_harness.protocol.session_state import user_agent_state
from oidc_harness.provider.decision import Decision, FormPost, Redirect
from oidc_harness.provider.front_channel import Given, hand_over
from oidc_harness.provider.issue import Order, last_use
from oidc_harness.provider.membership import join
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.session_use import BrowserSession, SessionUse, begin_session, use_session
from oidc_harness.provider.user_agent_state import renewed, session_state_for


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """A request, the browser session and interaction it is answered in, and how ID tokens are encrypted."""

    request: AuthorizationRequest
    interaction: Interaction | None
    browser: BrowserSession
    encryption: Encryption | None
    user_agent_state: str
    """As the browser has it, before the answer."""


def answer(step: Proceed, agreement: Agreement, provider: Provider) -> Decision:
    """What the response type stands for; the person becomes a member, and what they approved is remembered (C1)."""
    request, person = agreement.request, step.person
    used = _session(step, agreement, provider)
    member, joining = join(person, request.application, provider)
    grant = _grant(request, person.user, used.session, provider, member)
    about = About("authorize", request.application, person.user, grant.id)
    order = Order(about, request.application, grant, person.user, request.scopes, False, agreement.encryption)
    given = hand_over(request, order, provider)
    writes = (*used.writes, *joining, *_consent(step, request, provider.now), *given.writes)
    if agreement.interaction is not None:
        writes += (Remove(agreement.interaction),)
    cookies = used.cookies + renewed(used.session, agreement.user_agent_state)
    reply = send_to_client(provider.conduct.redirection(_answer(given, about, used.session, request, provider)))
    return Decision(reply, writes, about, cookies)


def send_to_client(redirection: Redirection) -> Redirect | FormPost:
    """The reply that carries a redirection out."""
    return FormPost(redirection) if redirection.mode == "form_post" else Redirect(location(redirection))


def _answer(
    given: Given, about: About, session: Session, request: AuthorizationRequest, provider: Provider
) -> RedirectionQuestion:
    target = request.reply_to.redirect_uri
    watched = session_state_for(request.application, target, user_agent_state(session), provider)
    return RedirectionQuestion(
        about=about,
        purpose="answer",
        target=target,
        mode=request.reply_to.response_mode,
        issuer=provider.issuer,
        state=request.reply_to.state,
        names_issuer=provider.policy.iss_parameter,
        parameters={**given.parameters, "session_state": watched},
    )


def _session(step: Proceed, agreement: Agreement, provider: Provider) -> SessionUse:
    if step.opens_session or agreement.browser.session is None:
        return begin_session(step.person.user, agreement.browser, agreement.request, provider)
    return use_session(agreement.browser.session, agreement.request, provider)


def _consent(step: Proceed, request: AuthorizationRequest, now: int) -> tuple[Write, ...]:
    if not step.records_consent:
        return ()
    consent, claims = step.person.consent, claim_names(request.claims, step.person.user.sourced)
    if consent is not None:
        return (Swap(consent.widened(request.scopes, claims, now)),)
    user, application = step.person.user, request.application
    return (
        Add(
            Consent(
                id=member_id(application.id, user.id),
                application_id=application.id,
                user_id=user.id,
                scopes=request.scopes,
                claims=claims,
                given_at=now,
            )
        ),
    )


def _grant(request: AuthorizationRequest, user: User, session: Session, provider: Provider, member: Member) -> Grant:
    application = request.application
    return Grant(
        id=provider.entropy.token(16),
        application_id=application.id,
        user_id=user.id,
        scopes=request.scopes,
        claims=consented(request.claims, user.sourced),
        claims_locales=request.claims_locales,
        nonce=request.nonce,
        sid=session.sid,
        auth_time=session.auth_time,
        acr=authentication_context(request, provider.policy, session.acr),
        amr=session.amr,
        auth_time_requested=_wants_auth_time(request),
        created_at=provider.now,
        expires_at=last_use(application, request.scopes, provider.policy, provider.now),
        application_generation=application.generation,
        user_generation=user.generation,
        member_generation=member.generation,
    )


def _wants_auth_time(request: AuthorizationRequest) -> bool:
    """OIDC Core 2 and the application's own setting (A13)."""
    asked = "auth_time" in request.claims.get("id_token", {})
    return request.max_age is not None or asked or request.application.require_auth_time
