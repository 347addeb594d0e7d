"""End session endpoint — OIDC RP-Initiated Logout 1.0."""

from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import urlencode

from oidc_harness.model.application import Application
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.model.write import Write
from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import OAuthError, TellPerson
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.id_token_hint import Hint, HintQuestion, claimed_client, read_hint
from oidc_harness.protocol.logout_request import check_hint, return_target
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.redirection import RedirectionQuestion, location
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.session_end import ending
from oidc_harness.protocol.spec import spec
from oidc_harness.protocol.subject import subject_of
from oidc_harness.provider.client import clear_secret
from oidc_harness.provider.decision import Cookie, Decision, Page, Redirect, Reply
from oidc_harness.provider.endpoint import Phases, Refusal
from oidc_harness.provider.logout import frames, load_reached, notices
from oidc_harness.provider.people import load_session
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.refusal import as_oauth_error
from oidc_harness.provider.user_agent_state import state_cookie
from oidc_harness.storage.port import Records

LONGEST_URL = 8000
"""Characters of an address that every server and browser takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The request, the client it names, the hint it shows, and who is signed in."""

    parameters: Parameters
    application: Application | None
    hint: Hint | None
    session: Session | None
    user: User | None
    reached: tuple[Application, ...]
    """The applications the session went to, which have to hear of its end."""


async def load(request: Request, records: Records, provider: Provider) -> Facts:
    """Verify the hint (2), then look up whom it was issued to. Raises `TellPerson` for a hint that is not ours."""
    parameters = Parameters(request.form if request.method == "POST" else request.query).check_once()
    client_id, token = parameters.get("client_id"), parameters.get("id_token_hint")
    # A hint by HMAC is verified with the secret of the client it claims to be for.
    named = client_id or (claimed_client(token) if token else None)
    application = await records.get(Application, named) if named else None
    hint = _hint(token, application, provider)
    check_hint(hint, client_id)
    session, user = await load_session(request, records, provider.now)
    reached = await load_reached(session, records)
    return Facts(parameters, application, hint, session, user, reached)


def _hint(token: str | None, application: Application | None, provider: Provider) -> Hint | None:
    if token is None:
        return None
    where = spec("OIDCRPL-2")
    secret = clear_secret(application, provider)
    try:
        return read_hint(HintQuestion(token, provider.issuer, provider.keys, application, secret, where))
    except OAuthError as error:
        raise TellPerson(error.code, error.description, detail=error.detail, where=where) from None


def about(facts: Facts) -> About:
    """The client named, and the person signed in."""
    return About("end_session", facts.application, facts.user)


def decide(request: Request, facts: Facts, provider: Provider) -> Decision:
    """Who may not be sent anywhere is told so; who was not proven to ask for it is asked (2, 3)."""
    target = return_target(facts.parameters.get("post_logout_redirect_uri"), facts.application, facts.hint)
    concerns = about(facts)
    if request.method == "POST" and facts.session is None:
        return Decision(Redirect(_asked_by_get(facts, provider)), about=concerns)
    if facts.session is None:
        return Decision(_done(target, concerns, facts, provider), about=concerns)
    answer = _answer_of_person(request, facts.session)
    if answer == "cancel":
        return Decision(Page("still_signed_in", {"user": facts.user}), about=concerns)
    if answer != "confirm" and not _is_proven(facts, provider):
        return Decision(_confirmation(request, facts), about=concerns)
    reply = _done(target, concerns, facts, provider)
    ended = ending(facts.session, provider.policy)
    writes: tuple[Write, ...] = (*ended, *notices(facts.session, facts.reached, provider))
    return Decision(reply, writes, concerns, (Cookie("session", ""), state_cookie(None)))


def _asked_by_get(facts: Facts, provider: Provider) -> str:
    """The same request as an address. Raises `TellPerson` where it is too long for one.

    A form posted by a client's page comes without our cookies (SameSite=Lax), and so looks as if nobody were signed
    in; the GET that follows has them.
    """
    url = f"{provider.addresses.front_channel('/end_session')}?{urlencode(_asked(facts))}"
    if len(url) <= LONGEST_URL:
        return url
    raise TellPerson(
        "invalid_request",
        "the logout request is too long",
        detail=f"posted from another site it continues as an address of {len(url)} characters, at most {LONGEST_URL} "
        "are taken; shorten state, or send the request by GET",
        where=spec("OIDCRPL-2"),
    )


def _asked(facts: Facts) -> list[tuple[str, str]]:
    """What the client sent, without what our own page adds."""
    return [pair for pair in facts.parameters.pairs if pair[0] not in ("confirmation", "answer")]


def _is_proven(facts: Facts, provider: Provider) -> bool:
    """Whether the hint is about the very session of this browser."""
    hint, session, user, application = facts.hint, facts.session, facts.user, facts.application
    if hint is None or session is None or user is None or application is None:
        return False
    if hint.sid is not None:
        return hint.sid == session.sid
    return hint.subject == subject_of(user, application, provider.subject_salt)


def confirmation_of(session: Session) -> str:
    """What the confirmation form carries, so that no other site can post it."""
    return fingerprint(f"end_session\n{session.id}")


def _answer_of_person(request: Request, session: Session) -> str | None:
    form = Parameters(request.form)
    if not compare_digest(form.get("confirmation", "").encode(), confirmation_of(session).encode()):
        return None
    return form.get("answer")


def _confirmation(request: Request, facts: Facts) -> Page:
    session = facts.session
    confirmation = confirmation_of(session) if session else ""
    return Page(
        "logout",
        {
            "application": facts.application,
            "user": facts.user,
            "parameters": _asked(facts),
            "confirmation": confirmation,
        },
    )


def _done(target: str | None, concerns: About, facts: Facts, provider: Provider) -> Reply:
    """Onwards, or the page that says it is done; by way of that page too, where clients have to be told in frames."""
    onwards = None if target is None else _onwards(target, concerns, facts, provider)
    opened = frames(facts.session, facts.reached, facts.user, provider)
    if onwards is not None and not opened:
        return Redirect(onwards)
    kept_from = facts.parameters.get("post_logout_redirect_uri") if onwards is None else None
    return Page("logged_out", {"kept_from": kept_from, "frames": opened, "onwards": onwards})


def _onwards(target: str, concerns: About, facts: Facts, provider: Provider) -> str:
    question = RedirectionQuestion(
        about=concerns,
        purpose="logout",
        target=target,
        mode="query",
        issuer=provider.issuer,
        state=facts.parameters.get("state"),
        names_issuer=False,
    )
    return location(provider.conduct.redirection(question))


def refuse(refusal: Refusal, request: Request, provider: Provider) -> Decision:
    """Always a page: there is nowhere safe to send the browser."""
    error = as_oauth_error(refusal)
    return Decision(Page("error", {"error": error}, error.status), error.writes, error=error)


PHASES = Phases(load, decide, refuse, about)
