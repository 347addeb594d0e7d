"""What happens next to an authorization request: one decision table (OIDC Core 3.1.2.3, 3.1.2.4; A, B and C rows).

A row names only the facts that differ from the usual case: Alice is signed in for 100 seconds, has consented to
`openid email`, is a member, and the application asks for just that.
"""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from oidc_harness.model.interaction import Interaction
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.about import About
from oidc_harness.protocol.authorization_request import AuthorizationRequest
from oidc_harness.protocol.errors import OAuthError, ReplyTo
from oidc_harness.protocol.next_step import (
    AskConsent,
    NextStepQuestion,
    Person,
    Proceed,
    ShowRefusal,
    SignIn,
    next_step,
)
from tests.support import records

NOW = 1_800_000_000
FORM = RealmPolicy()
AUTO = RealmPolicy(sign_in="auto")
IMPLIED = RealmPolicy(consent="implied")
ALICE = Person(records.user(), records.member(), records.consent("openid", "email"))
STRANGER = Person(records.user())
INVITED = Person(records.user(), invitation=records.invitation())
CONSENTED_LESS = replace(ALICE, consent=records.consent("openid"))
ADMINISTRATOR = replace(ALICE, member=records.member(role="administrator"))
BLOCKED_MEMBER = replace(ALICE, member=records.member(status="blocked"))
BLOCKED_USER = replace(ALICE, user=records.user(status="blocked"))
BOB = Person(records.user("bob"), records.member(user_id="user-bob"))


@dataclass(frozen=True)
class Facts:
    """One row: what differs from the usual case."""

    person: Person | None = ALICE
    """Who is signed in in the browser."""
    candidate: Person | None = None
    """Who would be signed in without a page."""
    age: int = 100
    """Seconds since the sign-in."""
    fresh: bool = False
    """Whether the person signed in for this very request."""
    answer: Any = None
    """What was said on the consent page."""
    answered_by: str = "user-alice"
    prompts: tuple[str, ...] = ()
    max_age: int | None = None
    login_hint: str | None = None
    named: tuple[str, ...] | None = None
    claims: Any = None
    scopes: tuple[str, ...] = ("openid", "email")
    policy: RealmPolicy = FORM
    application: Any = None

    @property
    def question(self) -> NextStepQuestion:
        application = records.application(**(self.application or {}))
        request = AuthorizationRequest(
            application=application,
            reply_to=ReplyTo(records.REDIRECT_URI, "query", None),
            scopes=self.scopes,
            prompts=frozenset(self.prompts),
            max_age=self.max_age,
            login_hint=self.login_hint,
            claims=self.claims or {},
        )
        session = records.session("cookie", NOW - self.age, self.person.user) if self.person else None
        interaction = None
        if self.fresh or self.answer:
            interaction = Interaction(
                id="interaction",
                browser="browser",
                parameters=(),
                application_id=application.id,
                created_at=NOW,
                signed_in=session.id if session and self.fresh else None,
                answer=self.answer,
                user_id=self.answered_by if self.answer else None,
            )
        return NextStepQuestion(
            about=About(),
            request=request,
            session=session,
            signed_in=self.person,
            candidate=self.candidate,
            interaction=interaction,
            named_subjects=None if self.named is None else frozenset(self.named),
            subject_salt="salt",
            policy=self.policy,
            now=NOW,
        )


def outcome(facts: Facts) -> str:
    try:
        step = next_step(facts.question)
    except OAuthError as error:
        return f"tell client {error.code}"
    match step:
        case SignIn():
            return "sign in"
        case AskConsent():
            return f"ask {' '.join((*step.scopes, *step.claims))}"
        case ShowRefusal(refusal):
            return f"show {refusal.code}"
        case Proceed():
            name = step.person.user.username
            extras = [" open session"] * step.opens_session + [" keep consent"] * step.records_consent
            return f"answer for {name}{''.join(extras)}"


def rows(*table: tuple[Facts, str]) -> pytest.MarkDecorator:
    names = [f"{expected}-{number}" for number, (_, expected) in enumerate(table)]
    return pytest.mark.parametrize(("facts", "expected"), table, ids=names)


@rows(
    (Facts(), "answer for alice"),
    (Facts(person=None), "sign in"),
    (Facts(person=None, prompts=("none",)), "tell client login_required"),
    (Facts(prompts=("none",)), "answer for alice"),
    (Facts(prompts=("login",)), "sign in"),
    (Facts(prompts=("login",), fresh=True), "answer for alice"),
    (Facts(prompts=("login", "consent"), fresh=True), "ask openid email"),
    (Facts(prompts=("select_account",)), "sign in"),
    (Facts(prompts=("select_account",), fresh=True), "answer for alice"),
    (Facts(max_age=99), "sign in"),
    (Facts(max_age=100), "answer for alice"),
    (Facts(max_age=10000), "answer for alice"),
    (Facts(max_age=99, prompts=("none",)), "tell client login_required"),
    (Facts(max_age=100, prompts=("none",)), "answer for alice"),
    (Facts(max_age=0, age=0), "sign in"),
    (Facts(max_age=0, age=0, prompts=("none",)), "tell client login_required"),
    (Facts(max_age=0, age=30, fresh=True), "answer for alice"),
    (Facts(max_age=5, age=30, fresh=True), "answer for alice"),
    (Facts(login_hint="bob"), "answer for alice"),
)
def test_whether_to_sign_in(facts: Facts, expected: str) -> None:
    assert outcome(facts) == expected


@rows(
    (Facts(named=("user-alice",)), "answer for alice"),
    (Facts(named=("user-alice",), prompts=("none",)), "answer for alice"),
    (Facts(named=("user-bob",)), "sign in"),
    (Facts(named=("user-bob",), prompts=("none",)), "tell client login_required"),
    (Facts(named=("user-alice", "user-bob"), prompts=("none",)), "answer for alice"),
    (Facts(named=(), prompts=("none",)), "tell client login_required"),
    (Facts(named=("user-alice",), person=None), "sign in"),
    # Signed in for this very request, and still another than the one it is about (OIDC Core 3.1.2.1).
    (Facts(named=("user-bob",), fresh=True), "tell client login_required"),
    (Facts(named=("user-bob",), person=None, policy=AUTO, candidate=ALICE), "tell client login_required"),
    (Facts(named=("user-alice",), person=None, policy=AUTO, candidate=ALICE), "answer for alice open session"),
    (Facts(named=("user-alice",), application={"subject_type": "pairwise"}), "sign in"),
)
def test_whom_the_answer_must_be_about(facts: Facts, expected: str) -> None:
    assert outcome(facts) == expected


@rows(
    (Facts(scopes=("openid",)), "answer for alice"),
    (Facts(person=CONSENTED_LESS), "ask openid email"),
    (Facts(person=CONSENTED_LESS, prompts=("none",)), "tell client consent_required"),
    (Facts(person=STRANGER), "ask openid email"),
    (Facts(prompts=("consent",)), "ask openid email"),
    (Facts(prompts=("consent",), answer="approved"), "answer for alice keep consent"),
    (Facts(person=CONSENTED_LESS, answer="approved"), "answer for alice keep consent"),
    (Facts(person=CONSENTED_LESS, answer="denied"), "tell client access_denied"),
    (Facts(answer="denied"), "tell client access_denied"),
    (Facts(person=CONSENTED_LESS, answer="approved", answered_by="user-bob"), "ask openid email"),
    (Facts(person=None, answer="denied"), "tell client access_denied"),
    (Facts(claims={"userinfo": {"name": None}}), "ask openid email name"),
    (Facts(claims={"id_token": {"name": None}}, prompts=("none",)), "tell client consent_required"),
    # Consented to by its scope; about the sign-in, not the person; unknown here and so never told.
    (Facts(claims={"userinfo": {"email": None}}), "answer for alice"),
    (Facts(claims={"id_token": {"auth_time": None, "acr": None, "sub": None}}), "answer for alice"),
    (Facts(claims={"userinfo": {"https://example.org/role": None}}), "answer for alice"),
    (
        Facts(
            person=replace(ALICE, consent=records.consent("openid", "email", claims=("name",))),
            claims={"userinfo": {"name": None}},
        ),
        "answer for alice",
    ),
    (Facts(person=STRANGER, policy=IMPLIED), "answer for alice keep consent"),
    (Facts(policy=IMPLIED), "answer for alice"),
    (Facts(person=STRANGER, policy=IMPLIED, prompts=("none",)), "answer for alice keep consent"),
    (Facts(policy=IMPLIED, prompts=("consent",)), "ask openid email"),
    (Facts(policy=IMPLIED, prompts=("consent",), answer="approved"), "answer for alice keep consent"),
    (Facts(person=STRANGER, policy=IMPLIED, answer="denied"), "tell client access_denied"),
)
def test_whether_to_ask_for_consent(facts: Facts, expected: str) -> None:
    assert outcome(facts) == expected


@rows(
    (Facts(person=None, policy=AUTO, candidate=STRANGER), "answer for alice open session keep consent"),
    (Facts(person=None, policy=AUTO, candidate=ALICE), "answer for alice open session"),
    (Facts(person=None, policy=AUTO), "tell client access_denied"),
    (Facts(person=None, policy=AUTO, candidate=ALICE, prompts=("none",)), "tell client login_required"),
    (Facts(policy=AUTO, candidate=ALICE), "answer for alice"),
    (Facts(policy=AUTO, candidate=ALICE, prompts=("none",)), "answer for alice"),
    (Facts(policy=AUTO, candidate=ALICE, prompts=("login",)), "answer for alice open session"),
    (Facts(policy=AUTO, candidate=ALICE, max_age=99), "answer for alice open session"),
    (Facts(person=CONSENTED_LESS, policy=AUTO, prompts=("none",)), "tell client consent_required"),
    # The hint decides who it is, whoever is signed in; the default persona does not.
    (Facts(policy=AUTO, candidate=BOB, login_hint="bob"), "answer for bob open session keep consent"),
    (Facts(policy=AUTO, candidate=BOB, login_hint="bob", prompts=("none",)), "tell client login_required"),
    (Facts(policy=AUTO, candidate=None, login_hint="nobody"), "tell client access_denied"),
    (Facts(policy=AUTO, candidate=BOB), "answer for alice"),
    (Facts(policy=AUTO, candidate=ALICE, login_hint="alice"), "answer for alice"),
)
def test_sign_in_without_a_page(facts: Facts, expected: str) -> None:
    assert outcome(facts) == expected


CLOSED, RESTRICTED, DEACTIVATED = {"closed": True}, {"restricted": True}, {"status": "deactivated"}


@rows(
    (Facts(application=CLOSED), "answer for alice"),
    (Facts(application=CLOSED, person=STRANGER), "show access_denied"),
    (Facts(application=CLOSED, person=INVITED), "ask openid email"),
    (Facts(application=CLOSED, person=STRANGER, prompts=("none",)), "tell client access_denied"),
    (Facts(application=CLOSED, person=None), "sign in"),
    (Facts(application=CLOSED, person=None, policy=AUTO, candidate=STRANGER), "tell client access_denied"),
    (
        Facts(application=CLOSED, person=None, policy=AUTO, candidate=INVITED),
        "answer for alice open session keep consent",
    ),
    (Facts(application=RESTRICTED), "show access_denied"),
    (Facts(application=RESTRICTED, person=STRANGER), "show access_denied"),
    (Facts(application=RESTRICTED, person=INVITED), "show access_denied"),
    (Facts(application=RESTRICTED, person=ADMINISTRATOR), "answer for alice"),
    (Facts(application=RESTRICTED | CLOSED, person=ADMINISTRATOR), "answer for alice"),
    (Facts(application=RESTRICTED, prompts=("none",)), "tell client access_denied"),
    (Facts(application=RESTRICTED, prompts=("login",)), "sign in"),
    (Facts(application=DEACTIVATED), "show unauthorized_client"),
    (Facts(application=DEACTIVATED, person=None), "show unauthorized_client"),
    (Facts(application=DEACTIVATED, prompts=("none",)), "tell client unauthorized_client"),
    (Facts(application=DEACTIVATED, policy=AUTO, candidate=ALICE), "tell client unauthorized_client"),
    (Facts(person=BLOCKED_MEMBER), "show access_denied"),
    (Facts(person=BLOCKED_MEMBER, prompts=("none",)), "tell client access_denied"),
    (Facts(person=BLOCKED_MEMBER, application=CLOSED), "show access_denied"),
    (Facts(person=BLOCKED_USER), "show access_denied"),
    (Facts(person=None, policy=AUTO, candidate=BLOCKED_USER), "tell client access_denied"),
    (Facts(person=BLOCKED_MEMBER, answer="approved"), "show access_denied"),
)
def test_who_gets_in(facts: Facts, expected: str) -> None:
    assert outcome(facts) == expected


def acr(**request: Any) -> dict[str, Any]:
    return {"id_token": {"acr": request}}


UNMET = "tell client unmet_authentication_requirements"


@rows(
    (Facts(claims=acr(essential=True, values=["1", "2"])), "answer for alice"),
    (Facts(claims=acr(essential=True, value="1")), "answer for alice"),
    (Facts(claims=acr(essential=True)), "answer for alice"),
    (Facts(claims=acr(essential=True, values=[])), "answer for alice"),
    (Facts(claims=acr(values=["gold"])), "answer for alice"),
    (Facts(claims=acr(essential="yes", values=["gold"])), "answer for alice"),
    (Facts(claims=acr(essential=True, values=["gold"])), UNMET),
    (Facts(claims=acr(essential=True, value="gold")), UNMET),
    (Facts(claims=acr(essential=True, value={"1": 1})), UNMET),
    (Facts(claims=acr(essential=True, value="gold"), prompts=("none",)), UNMET),
    (Facts(claims=acr(essential=True, value="gold"), person=None), "sign in"),
)
def test_an_essential_authentication_context(facts: Facts, expected: str) -> None:
    assert outcome(facts) == expected
