"""The consent page says what is asked for, and what a person answers there counts."""

import json
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.consent import Consent
from oidc_harness.model.grant import Grant
from oidc_harness.model.interaction import Interaction
from oidc_harness.model.member import Member
from oidc_harness.model.session import Session
from oidc_harness.model.user import Profile
from oidc_harness.relying_party.page import Page
from tests.support import records
from tests.web.pages.conftest import MakeVisitor
from tests.web.pages.visitor import Visitor, answer_of, interaction_of

KNOWS = "Know who you are, by an identifier of your account"
CLAIMS = {"userinfo": {"email": {"essential": True}, "birthdate": None}, "id_token": {"acr": None, "x-shoe": None}}


def _asked(page: Page) -> list[str]:
    lines = page.texts["consent-asked"].splitlines()
    return [line.strip() for line in lines if line.strip()]


@pytest.mark.parametrize(
    ("request_parameters", "told"),
    [
        ({}, [KNOWS]),
        (
            {"scope": "openid profile email"},
            [KNOWS, "See your profile: your name and what else you entered there", "See your e-mail address"],
        ),
        (
            {"scope": "openid address phone offline_access"},
            [
                KNOWS,
                "See your postal address",
                "See your phone number",
                "Keep this access while you are away, until you withdraw it",
            ],
        ),
        (
            {"claims": json.dumps(CLAIMS)},
            [
                KNOWS,
                "See your e-mail address",
                "See your date of birth",
            ],
        ),
        (
            {"scope": "openid email", "claims": json.dumps({"userinfo": {"email": None}})},
            [KNOWS, "See your e-mail address"],
        ),
    ],
)
async def test_it_tells_in_plain_words_what_is_asked_for(
    visitor: Visitor, request_parameters: dict[str, str], told: list[str]
) -> None:
    page = await visitor.log_in_anew(**request_parameters)
    assert page.has("consent-page")
    assert _asked(page) == told


async def test_it_names_the_application_and_the_person(visitor: Visitor) -> None:
    page = await visitor.log_in_anew()
    assert "Allow Wonderland Web?" in page.text
    assert page.text_of("consent-user") == "Alice Liddell (alice@people.example)"


async def test_a_scope_of_the_applications_own_is_called_by_its_name(visitor: Visitor) -> None:
    await visitor.world.change(Application, visitor.application.id, allowed_scopes=("openid", "tea:pour"))
    assert _asked(await visitor.log_in_anew(scope="openid tea:pour")) == [KNOWS, "Use the permission “tea:pour”"]


async def test_without_any_scope_it_says_that_nothing_else_is_asked(visitor: Visitor) -> None:
    page = await visitor.log_in_anew(scope=None)
    assert not page.has("consent-asked")
    assert page.text_of("consent-question") == "Wonderland Web asks to know that you are signed in, and nothing else."


async def test_single_claims_are_of_openid_connect_alone(visitor: Visitor) -> None:
    page = await visitor.log_in_anew(scope="email", claims=json.dumps(CLAIMS))
    assert _asked(page) == ["See your e-mail address"]


async def test_allow_is_remembered(visitor: Visitor) -> None:
    page = await visitor.log_in_anew(scope="openid email", claims=json.dumps(CLAIMS))
    assert "code" in answer_of(await visitor.press(page, "consent-approve"))
    (consent,) = await visitor.world.all(Consent)
    assert (consent.user_id, consent.scopes) == ("user-alice", ("openid", "email"))
    assert set(consent.claims) == {"email", "birthdate"}
    assert await visitor.world.all(Interaction) == []
    assert "code" in answer_of(await visitor.ask(scope="openid email", prompt="none"))


@pytest.mark.parametrize(
    "later",
    [{"scope": "openid profile"}, {"prompt": "consent"}, {"claims": json.dumps({"userinfo": {"gender": None}})}],
)
async def test_for_more_it_asks_again(visitor: Visitor, later: dict[str, str]) -> None:
    answer_of(await visitor.press(await visitor.log_in_anew(), "consent-approve"))
    assert (await visitor.start(**later)).has("consent-page")


async def test_deny_tells_the_application_and_grants_nothing(visitor: Visitor) -> None:
    told = answer_of(await visitor.press(await visitor.log_in_anew(), "consent-deny"))
    assert (told["error"], told["state"]) == ("access_denied", "state-of-the-art")
    for kind in (Consent, Grant, Member):
        assert await visitor.world.all(kind) == []
    denials = [(each.endpoint, each.error.code) for each in visitor.world.exchanges if each.error]
    assert denials == [("consent", "access_denied"), ("authorize", "access_denied")]


async def test_somebody_else_can_take_over(visitor: Visitor) -> None:
    await visitor.world.add(records.user("bob", profile=Profile()))
    page = await visitor.log_in_anew()
    before = await visitor.session()
    page = (await visitor.agent.follow(page, "consent-other-user")).page
    assert page.has("login-page")
    page = (await visitor.log_in(page, "bob")).page
    assert page.text_of("consent-user") == "bob"
    assert "code" in answer_of(await visitor.press(page, "consent-approve"))
    assert [grant.user_id for grant in await visitor.world.all(Grant)] == ["user-bob"]
    assert before is not None
    assert await visitor.world.find(Session, before.id) is None


async def test_allow_on_a_page_shown_to_somebody_else_does_not_count(visitor: Visitor) -> None:
    await visitor.world.add(records.user("bob"))
    for_alice = await visitor.log_in_anew()
    login = (await visitor.agent.follow(for_alice, "consent-other-user")).page
    await visitor.log_in(login, "bob")
    page = (await visitor.press(for_alice, "consent-approve")).page
    assert page.has("consent-page")
    assert await visitor.world.all(Consent) == []


@pytest.mark.parametrize("said", [None, "", "yes", "approved"])
async def test_what_is_neither_allow_nor_deny_asks_again(visitor: Visitor, said: str | None) -> None:
    page = await visitor.log_in_anew()
    form, _ = page.form_of("consent-approve")
    pairs = form.pairs({}) + ([("answer", said)] if said is not None else [])
    assert (await visitor.agent.post(page.url, pairs)).page.has("consent-page")


async def test_an_answer_without_the_confirmation_of_the_form_does_not_count(visitor: Visitor) -> None:
    page = await visitor.log_in_anew()
    assert (await visitor.agent.post(page.url, [("answer", "approve")])).page.has("consent-page")
    assert await visitor.world.all(Consent) == []


async def test_who_is_not_signed_in_is_sent_to_sign_in(visitor: Visitor) -> None:
    waiting = interaction_of(await visitor.start())
    page = (await visitor.agent.get(f"{visitor.world.issuer}/consent?interaction={waiting}")).page
    assert page.has("login-page")


async def test_a_session_that_ended_meanwhile_does_not_count(visitor: Visitor) -> None:
    page = await visitor.log_in_anew()
    session = await visitor.session()
    assert session is not None
    await visitor.world.remove(Session, session.id)
    assert (await visitor.press(page, "consent-approve")).page.has("login-page")
    assert await visitor.world.all(Consent) == []


@pytest.mark.parametrize("change", [{"closed": True}, {"restricted": True}, {"status": "deactivated"}])
async def test_an_application_closed_meanwhile_lets_nobody_in(visitor: Visitor, change: dict[str, Any]) -> None:
    page = await visitor.log_in_anew()
    await visitor.world.change(Application, visitor.application.id, **change)
    refused = (await visitor.press(page, "consent-approve")).page
    assert refused.has("error-page")
    assert refused.status == 403
    assert await visitor.world.all(Grant) == []


async def test_two_requests_in_one_browser_do_not_mix(visitor: Visitor) -> None:
    first, second = await visitor.start(state="first"), await visitor.start(state="second", scope="openid email")
    consent = (await visitor.log_in(second)).page
    assert answer_of(await visitor.press(consent, "consent-approve"))["state"] == "second"
    assert answer_of(await visitor.log_in(first))["state"] == "first"


async def test_one_request_is_answered_once(visitor: Visitor) -> None:
    page = await visitor.log_in_anew()
    answer_of(await visitor.press(page, "consent-approve"))
    again = (await visitor.press(page, "consent-approve")).page
    assert again.has("error-page")
    assert len(await visitor.world.all(Grant)) == 1


async def test_no_other_browser_sees_who_is_asked(visitor: Visitor, make_visitor: MakeVisitor) -> None:
    page = await visitor.log_in_anew()
    other = await make_visitor()
    seen = (await other.agent.get(page.url)).page
    assert seen.has("error-page")
    assert "Alice" not in seen.text
