"""What happens next to an authorization request: sign in, consent, refusal, or the answer (OIDC Core 3.1.2.3, 3.1.2.4).

One decision table over stored facts. Pages never call each other: each returns to the authorization endpoint, which
asks this again.
"""

from dataclasses import dataclass, field

from oidc_harness.model.application import Application
from oidc_harness.model.consent import Consent
from oidc_harness.model.interaction import Interaction
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.protocol.about import About
from oidc_harness.protocol.authentication_context import check_reachable
from oidc_harness.protocol.authorization_request import AuthorizationRequest
from oidc_harness.protocol.claims_request import claim_names
from oidc_harness.protocol.errors import (
    OAuthError,
    access_denied,
    consent_required,
    login_required,
    unauthorized_client,
)
from oidc_harness.protocol.scope import CLAIMS_OF_SCOPE
from oidc_harness.protocol.spec import spec
from oidc_harness.protocol.subject import subject_of

_MODEL = {rule: spec(f"HARNESS-{rule}") for rule in ("B3", "B4", "B5", "C7")}


@dataclass(frozen=True, slots=True)
class Person:
    """A user with everything that decides whether they may have what is asked."""

    user: User
    member: Member | None = None
    consent: Consent | None = None
    invitation: Invitation | None = None
    """The pending invitation to this application for the user's verified address, if there is one."""


@dataclass(frozen=True, slots=True, eq=False)
class NextStepQuestion:
    """Given request, browser and people: what now?"""

    about: About
    request: AuthorizationRequest
    session: Session | None
    """The live session of this browser."""
    signed_in: Person | None
    """The user of that session."""
    candidate: Person | None
    """Who signs in without a page where the realm's policy is `auto`."""
    interaction: Interaction | None
    named_subjects: frozenset[str] | None
    """Whom the answer may be about, by `sub`: of `id_token_hint`, of a requested `sub` (OIDC Core 5.5.1). None: of
    anybody."""
    subject_salt: str = field(repr=False)
    policy: RealmPolicy
    now: int

    def is_named(self, person: Person) -> bool:
        """Whether this person is one the request names; True where it names none."""
        if self.named_subjects is None:
            return True
        return subject_of(person.user, self.request.application, self.subject_salt) in self.named_subjects


@dataclass(frozen=True, slots=True)
class SignIn:
    """Show the login page."""

    reason: str


@dataclass(frozen=True, slots=True)
class AskConsent:
    """Show the consent page."""

    person: Person
    scopes: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShowRefusal:
    """Show why this person gets no further, with the way back to the client."""

    error: OAuthError


@dataclass(frozen=True, slots=True)
class Proceed:
    """Answer the client."""

    person: Person
    opens_session: bool
    """Whether the person is signed in by this very answer (policy `auto`)."""
    records_consent: bool


Step = SignIn | AskConsent | ShowRefusal | Proceed


def next_step(question: NextStepQuestion) -> Step:
    """Decide. Raises `OAuthError` where the client is to be told at once."""
    refusal = why_application_refuses(question.request.application)
    if refusal is not None:
        return _refuse(question, refusal)
    _check_newly_signed_in(question)
    reason = why_sign_in(question)
    if reason is None and question.signed_in is not None:
        return _for_person(question, question.signed_in, opens_session=False)
    if question.interaction is not None and question.interaction.answer == "denied":
        raise access_denied("the person did not sign in", where=spec("OIDCC-3.1.2.6"))
    if "none" in question.request.prompts:
        raise login_required("sign-in is required", f"prompt=none, but {reason}")
    if question.policy.sign_in == "auto":
        return _automatic(question)
    return SignIn(reason or "nobody is signed in")


def why_sign_in(question: NextStepQuestion) -> str | None:
    """Why the person has to authenticate (again), or None (OIDC Core 3.1.2.3)."""
    session, request = question.session, question.request
    if session is None or question.signed_in is None:
        return "nobody is signed in in this browser"
    if not question.is_named(question.signed_in):
        return "somebody else is signed in than the one named by id_token_hint or the requested sub"
    if _is_another_hinted_at(question, question.signed_in):
        return "login_hint names another user than the one who is signed in"
    if _is_newly_signed_in(question):
        return None
    if "login" in request.prompts or "select_account" in request.prompts:
        return "prompt asks for a new sign-in"
    if request.max_age is not None and question.now - session.auth_time > request.max_age:
        return f"the sign-in is {question.now - session.auth_time} seconds old, max_age is {request.max_age}"
    if request.max_age == 0:
        return "max_age is 0"
    return None


def _is_newly_signed_in(question: NextStepQuestion) -> bool:
    """Whether the person authenticated for this very request."""
    interaction, session = question.interaction, question.session
    return interaction is not None and session is not None and interaction.signed_in == session.id


def _check_newly_signed_in(question: NextStepQuestion) -> None:
    """Who signed in and is not the one the request names ends it; asking again would go round in circles."""
    person = question.signed_in
    if person is not None and _is_newly_signed_in(question) and not question.is_named(person):
        raise login_required(
            "another user is required",
            f"{person.user.username} signed in, but id_token_hint or a requested sub names somebody else",
        )


def _is_another_hinted_at(question: NextStepQuestion, person: Person) -> bool:
    """Under `auto` the hint says who signs in, and so whose session counts; elsewhere it only helps to fill a form."""
    if question.policy.sign_in != "auto" or question.request.login_hint is None:
        return False
    return question.candidate is None or question.candidate.user.id != person.user.id


def why_application_refuses(application: Application) -> OAuthError | None:
    """Why nobody gets in (B3)."""
    if application.status == "active":
        return None
    detail = f"application {application.name} ({application.id}) is deactivated; reactivate it to let people in"
    return unauthorized_client("the application is closed", detail, _MODEL["B3"])


def why_person_is_refused(application: Application, person: Person) -> OAuthError | None:
    """Why this person does not get in (C7, B4, B5)."""
    member, who = person.member, person.user.username
    if person.user.status == "blocked":
        return access_denied("the user is blocked", f"user {who} is blocked in this realm", _MODEL["C7"])
    if member is not None and member.status == "blocked":
        return access_denied("the user is blocked", f"{who} is blocked in {application.name}", _MODEL["C7"])
    if application.restricted and (member is None or member.role != "administrator"):
        detail = f"{application.name} admits its administrators only; {who} is not one of them"
        return access_denied("only administrators may sign in", detail, _MODEL["B4"])
    if application.closed and member is None and person.invitation is None:
        detail = f"{application.name} admits members and invited people only; {_why_not_invited(person.user)}"
        return access_denied("the application is closed to outsiders", detail, _MODEL["B5"])
    return None


def _why_not_invited(user: User) -> str:
    """An invitation counts for a verified address alone (D4)."""
    if user.email_verified:
        return f"no invitation is pending for {user.username}"
    return f"{user.email} is not verified as the address of {user.username}, so an invitation to it does not count"


def _automatic(question: NextStepQuestion) -> Step:
    person = question.candidate
    if person is None:
        hint = question.request.login_hint or question.policy.default_persona
        raise access_denied(
            "no user to sign in",
            f"sign_in is auto, and no user is named {hint!r}; send login_hint or set default_persona",
        )
    if not question.is_named(person):
        raise login_required("another user is required", "id_token_hint or a requested sub names somebody else")
    return _for_person(question, person, opens_session=True)


def _for_person(question: NextStepQuestion, person: Person, *, opens_session: bool) -> Step:
    refusal = why_person_is_refused(question.request.application, person)
    if refusal is not None:
        return _refuse(question, refusal)
    check_reachable(question.request, question.policy)
    return _consent(question, person, opens_session=opens_session)


def _refuse(question: NextStepQuestion, refusal: OAuthError) -> ShowRefusal:
    if "none" in question.request.prompts or question.policy.sign_in == "auto":
        raise refusal
    return ShowRefusal(refusal)


def _consent(question: NextStepQuestion, person: Person, *, opens_session: bool) -> Step:
    interaction, request = question.interaction, question.request
    answer = None
    if interaction is not None and interaction.user_id == person.user.id:
        answer = interaction.answer
    if answer == "denied":
        raise access_denied("the person denied the request", where=spec("OIDCC-3.1.2.6"))
    if answer == "approved":
        return Proceed(person, opens_session, records_consent=True)
    missing = "consent" in request.prompts or not _covers(person, request)
    if _is_implied(question):
        return Proceed(person, opens_session, records_consent=missing)
    if not missing:
        return Proceed(person, opens_session, records_consent=False)
    if "none" in request.prompts:
        raise consent_required("consent is required", "prompt=none, but the person has not consented to all of this")
    return AskConsent(person, request.scopes, claim_names(request.claims, person.user.sourced))


def _is_implied(question: NextStepQuestion) -> bool:
    """Whether signing in is consent enough. A client may still have the person asked (OIDC Core 3.1.2.1)."""
    prompts = question.request.prompts
    if question.policy.sign_in == "auto":
        return "none" not in prompts or question.policy.consent == "implied"
    return question.policy.consent == "implied" and "consent" not in prompts


def _covers(person: Person, request: AuthorizationRequest) -> bool:
    """Whoever let an application have a scope let it have each claim of it."""
    consent = person.consent
    if consent is None:
        return False
    asked = claim_names(request.claims, person.user.sourced)
    approved = {claim for scope in consent.scopes for claim in CLAIMS_OF_SCOPE.get(scope, ())}.union(consent.claims)
    return set(request.scopes).issubset(consent.scopes) and approved.issuperset(asked)
