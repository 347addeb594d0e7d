"""Authorization endpoint — RFC 6749 3.1, 4.1.1; OIDC Core 3.1.2."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from oidc_harness.model.application import Application
from oidc_harness.model.interaction import Interaction
from oidc_harness.model.user import User
from oidc_harness.model.write import Add, Remove, Swap, Write
from oidc_harness.protocol.about import About
from oidc_harness.protocol.authorization_request import AuthorizationRequest, AuthorizationRequestQuestion
from oidc_harness.protocol.claims_request import requested_values
from oidc_harness.protocol.encryption import Encryption
from oidc_harness.protocol.errors import OAuthError, TellClient
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.id_token_hint import HintQuestion, read_hint
from oidc_harness.protocol.next_step import (
    AskConsent,
    NextStepQuestion,
    Person,
    Proceed,
    ShowRefusal,
    SignIn,
    Step,
)
from oidc_harness.protocol.parameters import Parameters, first
from oidc_harness.protocol.redirection import RedirectionQuestion, location
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.response_type import canonical, gives_id_token
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.authorization_answer import Agreement, answer, send_to_client
from oidc_harness.provider.client import clear_secret
from oidc_harness.provider.client_keys import load_encryption
from oidc_harness.provider.decision import Cookie, Decision, Page, Redirect
from oidc_harness.provider.endpoint import Phases, Refusal
from oidc_harness.provider.people import load_candidate, load_person, load_session
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.request_object import load_understood
from oidc_harness.provider.session_use import BrowserSession, load_browser_session
from oidc_harness.provider.user_agent_state import held_by, session_state_for
from oidc_harness.provider.waiting import load_continued
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Everything stored that the decision depends on."""

    parameters: Parameters
    refusal: Refusal | None
    interaction: Interaction | None
    application: Application | None
    browser: BrowserSession
    signed_in: Person | None
    candidate: Person | None
    encryption: Encryption | None
    """How ID tokens are encrypted, where the response has one."""


async def load(request: Request, records: Records, provider: Provider) -> Facts:
    """Gather the facts. A request that was interrupted by a page is read from its interaction, to the letter."""
    pairs = request.form if request.method == "POST" else request.query
    interaction = await load_continued(request, records, provider.now)
    came = Parameters(interaction.parameters if interaction else pairs)
    client_id = came.get("client_id")
    application = await records.get(Application, client_id) if client_id else None
    understood = await load_understood(came, application, records, provider)
    session, user = await load_session(request, records, provider.now)
    candidate = await load_candidate(first(understood.parameters.pairs, "login_hint"), provider.policy, records)
    return Facts(
        understood.parameters,
        understood.refusal,
        interaction,
        application,
        await load_browser_session(session, candidate, records),
        await _person(user, application, records),
        await _person(candidate, application, records),
        await _encryption(understood.parameters, application, records, provider),
    )


async def _person(user: User | None, application: Application | None, records: Records) -> Person | None:
    return None if user is None or application is None else await load_person(user, application, records)


async def _encryption(
    parameters: Parameters, application: Application | None, records: Records, provider: Provider
) -> Encryption | None:
    response_type = canonical(first(parameters.pairs, "response_type") or "")
    if response_type is None or not gives_id_token(response_type):
        return None
    return await load_encryption(application, "id_token", records, provider.outside)


def about(facts: Facts) -> About:
    """The client that asks, and the person who is signed in or is about to be without a page."""
    hinted = facts.candidate if first(facts.parameters.pairs, "login_hint") else None
    person = hinted or facts.signed_in or facts.candidate
    return About("authorize", facts.application, person.user if person else None)


def decide(request: Request, facts: Facts, provider: Provider) -> Decision:
    """The section, top to bottom: accept the request, decide the next step, take it."""
    if facts.refusal is not None:
        raise facts.refusal
    concerns = about(facts)
    question = AuthorizationRequestQuestion(concerns, facts.parameters, facts.application, provider.policy)
    accepted = provider.conduct.authorization_request(question)
    if _came_from_another_site(request, facts, provider):
        return _ask_again_by_get(facts, provider)
    try:
        step = _next_step(accepted, concerns, facts, provider)
        agreement = Agreement(accepted, facts.interaction, facts.browser, facts.encryption, held_by(request))
        return _take(step, agreement, request, facts, provider)
    except OAuthError as error:
        raise TellClient(_last_word(error, facts), accepted.reply_to, accepted.application) from None


def _came_from_another_site(request: Request, facts: Facts, provider: Provider) -> bool:
    """A form posted by a client's page comes without our cookies (SameSite=Lax); the GET that follows has them."""
    return request.method == "POST" and facts.browser.session is None and provider.policy.sign_in == "form"


def _ask_again_by_get(facts: Facts, provider: Provider) -> Decision:
    """No cookie is set: it would take the place of one that was only kept back, and end what waits in other tabs."""
    interaction = _interaction("", facts, provider)
    return Decision(Redirect(_address("/authorize", interaction, provider)), (Add(interaction),), about(facts))


def _last_word(error: OAuthError, facts: Facts) -> OAuthError:
    """A request has one answer (RFC 6749 4.1.2): who goes back to a page of it cannot make another."""
    return error if facts.interaction is None else error.writing(Remove(facts.interaction))


def _next_step(accepted: AuthorizationRequest, concerns: About, facts: Facts, provider: Provider) -> Step:
    question = NextStepQuestion(
        about=concerns,
        request=accepted,
        session=facts.browser.session,
        signed_in=facts.signed_in,
        candidate=facts.candidate,
        interaction=facts.interaction,
        named_subjects=_named_subjects(accepted, provider),
        subject_salt=provider.subject_salt,
        policy=provider.policy,
        now=provider.now,
    )
    return provider.conduct.next_step(question)


def _named_subjects(accepted: AuthorizationRequest, provider: Provider) -> frozenset[str] | None:
    """Whom the answer may be about: `id_token_hint` (OIDC Core 3.1.2.1), a requested `sub` (5.5.1)."""
    named: list[frozenset[str]] = []
    if accepted.id_token_hint is not None:
        application = accepted.application
        secret = clear_secret(application, provider)
        where = spec("OIDCC-3.1.2.1")
        hint = HintQuestion(accepted.id_token_hint, provider.issuer, provider.keys, application, secret, where)
        named.append(frozenset({read_hint(hint).subject}))
    for place in ("id_token", "userinfo"):
        subjects = requested_values(accepted.claims, place, "sub")
        if subjects:
            named.append(frozenset(map(str, subjects)))
    return frozenset.intersection(*named) if named else None


def _take(step: Step, agreement: Agreement, request: Request, facts: Facts, provider: Provider) -> Decision:
    match step:
        case SignIn():
            return _go_to_page("/login", request, facts, provider)
        case AskConsent():
            return _go_to_page("/consent", request, facts, provider)
        case ShowRefusal(error):
            return _show_refusal(error, agreement.request, request, provider)
        case Proceed():
            return answer(step, agreement, provider)


def _go_to_page(path: str, request: Request, facts: Facts, provider: Provider) -> Decision:
    interaction = facts.interaction
    writes: tuple[Write, ...] = ()
    cookies: tuple[Cookie, ...] = ()
    if interaction is None or not interaction.browser:
        browser = request.cookies.get("browser") or provider.entropy.token()
        begun = interaction or _interaction("", facts, provider)
        interaction = replace(begun, browser=fingerprint(browser))
        writes = (Add(interaction) if begun is not facts.interaction else Swap(interaction),)
        cookies = (Cookie("browser", browser),)
    return Decision(Redirect(_address(path, interaction, provider)), writes, about(facts), cookies)


def _address(path: str, interaction: Interaction, provider: Provider) -> str:
    return provider.addresses.front_channel(path) + "?" + urlencode({"interaction": interaction.id})


def _interaction(browser: str, facts: Facts, provider: Provider) -> Interaction:
    return Interaction(
        id=provider.entropy.token(),
        browser=browser,
        parameters=facts.parameters.pairs,
        application_id=facts.application.id if facts.application else "",
        created_at=provider.now,
        expires_at=provider.now + provider.policy.interaction_lifetime,
    )


def _show_refusal(error: OAuthError, accepted: AuthorizationRequest, request: Request, provider: Provider) -> Decision:
    """The person reads why; the way back tells the client."""
    refusal = TellClient(error, accepted.reply_to, accepted.application)
    back = provider.conduct.redirection(_error_answer(refusal, request, provider))
    facts = {"error": error, "application": accepted.application, "back": back, "address": location(back)}
    concerns = About("authorize", accepted.application)
    return Decision(Page("refused", facts, 403), error.writes, concerns, error=error)


def refuse(refusal: Refusal, request: Request, provider: Provider) -> Decision:
    """To the client by redirect where that is safe, to the person by a page where it is not (RFC 6749 4.1.2.1)."""
    if isinstance(refusal, TellClient):
        reply = send_to_client(provider.conduct.redirection(_error_answer(refusal, request, provider)))
        return Decision(reply, refusal.error.writes, error=refusal.error)
    return Decision(Page("error", {"error": refusal}, refusal.status), refusal.writes, error=refusal)


def _error_answer(refusal: TellClient, request: Request, provider: Provider) -> RedirectionQuestion:
    error, target, application = refusal.error, refusal.reply_to.redirect_uri, refusal.application
    told = {"error": error.code, "error_description": error.description}
    if application is not None:
        told["session_state"] = session_state_for(application, target, held_by(request), provider)
    return RedirectionQuestion(
        about=About("authorize", application),
        purpose="error",
        target=target,
        mode=refusal.reply_to.response_mode,
        issuer=provider.issuer,
        state=refusal.reply_to.state,
        names_issuer=provider.policy.iss_parameter,
        parameters=told,
    )


PHASES = Phases(load, decide, refuse, about)
