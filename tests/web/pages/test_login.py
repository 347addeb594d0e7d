"""The login page signs in whom it should, and nobody else."""

from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.model.interaction import Interaction
from oidc_harness.model.member import Member
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.services import users
from tests.support import records
from tests.support.refusals import DESCRIPTION
from tests.web.pages.conftest import MakeVisitor
from tests.web.pages.visitor import Visitor, answer_in, answer_of, interaction_of

LONG = "s" * 1500 + "~-._%41+ &=\"'<>é"
"""With everything that a form or a URL could spoil."""


async def test_it_says_for_which_application_it_asks(visitor: Visitor) -> None:
    page = await visitor.start()
    assert page.has("login-page")
    assert page.status == 200
    assert page.text_of("login-application") == "Wonderland Web"
    assert "Tea, and the end of the croquet ground." in page.text


@pytest.mark.parametrize("username", ["alice", "alice@people.example", "Alice@People.Example", "  alice "])
async def test_the_right_password_opens_a_session(visitor: Visitor, username: str) -> None:
    page = (await visitor.log_in(await visitor.start(), username)).page
    assert page.has("consent-page"), page.text
    session = await visitor.session()
    assert session is not None
    assert session.user_id == "user-alice"
    assert session.auth_time >= visitor.world.now - 60


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("alice", "wrong"),
        ("alice", ""),
        ("alice", "WONDERLAND"),
        ("alice", "wonderland "),
        ("", ""),
        ("nobody", records.PASSWORD),
        ("alice", "w" * 8000),
        ("alice\x00", records.PASSWORD),
        ("<b>", "<i>"),
    ],
)
async def test_a_wrong_name_or_password_asks_again(visitor: Visitor, username: str, password: str) -> None:
    page = (await visitor.log_in(await visitor.start(), username, password)).page
    assert page.status == 403
    assert page.has("login-page")
    assert page.text_of("login-error") == "Unknown user or wrong password."
    form, _ = page.form_of("login-submit")
    kept = {control.id: control.value for control in form.controls}
    assert kept["login-username"] == username
    assert kept["login-password"] == ""
    assert visitor.cookie("session") is None
    assert await visitor.world.all(Session) == []


async def test_after_a_wrong_password_the_right_one_goes_on(visitor: Visitor) -> None:
    page = (await visitor.log_in(await visitor.start(), password="wrong")).page
    assert (await visitor.log_in(page)).page.has("consent-page")


async def test_a_hashed_password_works_as_well(visitor: Visitor) -> None:
    async with visitor.world.realm.transaction() as circumstances:
        draft = User(id="", username="hatter", email="hatter@people.example")
        await users.create(circumstances, draft, password="ten-and-six")
    assert (await visitor.log_in(await visitor.start(), "hatter", "ten-and-seven")).page.has("login-page")
    assert (await visitor.log_in(await visitor.start(), "hatter", "ten-and-six")).page.has("consent-page")


@pytest.mark.parametrize(("password", "told"), [(records.PASSWORD, True), ("wrong", False)])
async def test_only_who_knows_the_password_hears_of_a_block(visitor: Visitor, password: str, told: bool) -> None:
    await visitor.world.change(User, "user-alice", status="blocked")
    page = (await visitor.log_in(await visitor.start(), password=password)).page
    assert page.status == 403
    assert ("blocked" in page.text_of("login-error")) == told
    assert await visitor.world.all(Session) == []


async def test_a_member_who_is_blocked_in_the_application_reads_why(visitor: Visitor) -> None:
    await visitor.world.add(records.member(status="blocked"))
    page = await visitor.log_in_anew()
    assert page.has("error-page")
    assert page.status == 403
    assert page.text_of("error-code") == "access_denied"
    assert "alice is blocked in Wonderland Web" in page.text_of("error-detail")
    told = answer_in(page.link("return-to-application"))
    assert (told["error"], told["state"]) == ("access_denied", "state-of-the-art")


async def test_the_way_back_is_a_form_where_a_form_was_asked_for(visitor: Visitor) -> None:
    await visitor.world.add(records.member(status="blocked"))
    page = await visitor.log_in_anew(response_mode="form_post")
    form, button = page.form_of("return-to-application")
    told = dict(form.pairs({}, button))
    assert (form.method, form.action) == ("POST", visitor.application.redirect_uris[0])
    assert (told["error"], told["state"]) == ("access_denied", "state-of-the-art")


async def test_cancel_tells_the_application(visitor: Visitor) -> None:
    told = answer_of(await visitor.press(await visitor.start(), "login-cancel"))
    assert told["error"] == "access_denied"
    assert told["state"] == "state-of-the-art"
    assert DESCRIPTION.fullmatch(told["error_description"])
    assert await visitor.world.all(Session) == []


async def test_after_cancel_going_back_makes_no_second_answer(visitor: Visitor) -> None:
    """RFC 6749 4.1.2: a request has one answer."""
    page = await visitor.start()
    await visitor.press(page, "login-cancel")
    again = (await visitor.log_in(page)).page
    assert (again.status, again.text_of("error-code")) == (400, "invalid_request")
    assert "it is over already" in again.text_of("error-detail")
    assert await visitor.world.all(Session) == []


@pytest.mark.parametrize(
    ("asked", "later", "shown"),
    [
        ({}, 0, False),
        ({"prompt": "login"}, 0, True),
        ({"prompt": "select_account"}, 0, True),
        ({"prompt": "login consent"}, 0, True),
        ({"max_age": "60"}, 30, False),
        ({"max_age": "60"}, 90, True),
        ({"max_age": "0"}, 0, True),
    ],
)
async def test_who_is_signed_in_is_asked_again_when_the_request_says_so(
    visitor: Visitor, asked: dict[str, Any], later: int, shown: bool
) -> None:
    visitor.world.realm.clock.freeze()
    answer_of(await visitor.press(await visitor.log_in_anew(), "consent-approve"))
    before = await visitor.session()
    visitor.world.realm.clock.advance(later)
    visit = await visitor.ask(**asked)
    assert visit.page.has("login-page") == shown
    if not shown:
        assert "code" in answer_of(visit)
        return
    after_login = await visitor.log_in(visit.page)
    after = await visitor.session()
    assert before is not None
    assert after is not None
    assert after.id != before.id
    assert after.auth_time == before.auth_time + later
    assert after_login.page.has("consent-page") == ("consent" in asked.get("prompt", ""))


async def test_a_planted_session_is_worth_nothing(visitor: Visitor, make_visitor: MakeVisitor) -> None:
    """Session fixation: the cookie a browser had before the sign-in is not the one it has afterwards."""
    planter = await make_visitor()
    await planter.log_in_anew()
    planted = planter.cookie("session")
    page = await visitor.start()
    name = f"oidc_session_{visitor.world.realm.name}"
    answer = await visitor.world.send(
        "POST",
        "/login",
        query=[("interaction", interaction_of(page))],
        form=[("username", "alice"), ("password", records.PASSWORD)],
        cookies={name: str(planted), f"oidc_browser_{visitor.world.realm.name}": str(visitor.cookie("browser"))},
    )
    assert answer.status == 303
    assert answer.cookie("oidc_session") not in {None, planted}
    assert await visitor.world.find(Session, fingerprint(str(planted))) is None


async def test_the_session_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor) -> None:
    page = await visitor.start()
    answer = await visitor.world.send(
        "POST",
        "/login",
        query=[("interaction", interaction_of(page))],
        form=[("username", "alice"), ("password", records.PASSWORD)],
        cookies={f"oidc_browser_{visitor.world.realm.name}": str(visitor.cookie("browser"))},
    )
    [line] = [each for each in answer.set_cookies if each.startswith("oidc_session_")]
    attributes = {part.strip().lower() for part in line.split(";")[1:]}
    assert attributes == {"httponly", "samesite=lax", f"path=/{visitor.world.realm.name}"}


@pytest.mark.parametrize("path", ["/login", "/sign_up", "/consent"])
async def test_another_browser_cannot_go_on_with_the_request(
    visitor: Visitor, make_visitor: MakeVisitor, path: str
) -> None:
    waiting = interaction_of(await visitor.start())
    other = await make_visitor()
    await other.start()
    page = (await other.agent.get(f"{visitor.world.issuer}{path}?interaction={waiting}")).page
    assert page.has("error-page")
    assert page.status == 400
    posted = await other.agent.post(
        f"{visitor.world.issuer}{path}?interaction={waiting}",
        [("username", "alice"), ("password", records.PASSWORD), ("answer", "approve")],
    )
    assert posted.page.has("error-page")
    assert (await visitor.world.get(Interaction, waiting)).signed_in is None
    assert await visitor.world.all(Session) == []


@pytest.mark.parametrize("path", ["/login", "/sign_up", "/consent"])
@pytest.mark.parametrize("query", ["", "?interaction=", "?interaction=unknown", "?interaction=a&interaction=b"])
async def test_without_a_waiting_request_there_is_nothing_to_do(visitor: Visitor, path: str, query: str) -> None:
    page = (await visitor.agent.get(f"{visitor.world.issuer}{path}{query}")).page
    assert page.status == 400
    assert page.text_of("error-code") == "invalid_request"
    assert visitor.world.last.error is not None


async def test_a_request_that_waited_too_long_is_over(visitor: Visitor) -> None:
    visitor.world.realm.clock.freeze()
    page = await visitor.start()
    visitor.world.realm.clock.advance(RealmPolicy().interaction_lifetime - 1)
    assert (await visitor.log_in(page, password="wrong")).page.has("login-page")
    visitor.world.realm.clock.advance(1)
    over = (await visitor.log_in(page)).page
    assert over.has("error-page")
    assert "took too long" in over.text_of("error-detail")
    assert await visitor.world.all(Session) == []


@pytest.mark.parametrize("field", ["username", "password", "answer"])
async def test_a_field_sent_twice_is_refused(visitor: Visitor, field: str) -> None:
    page = await visitor.start()
    pairs = [("username", "alice"), ("password", records.PASSWORD), (field, "again"), (field, "and again")]
    answer = (await visitor.agent.post(page.url, pairs)).page
    assert answer.status == 400
    assert answer.has("error-page")


async def test_an_application_deleted_meanwhile_is_told_after_the_sign_in(visitor: Visitor) -> None:
    page = await visitor.start()
    await visitor.world.remove(Application, visitor.application.id)
    gone = (await visitor.log_in(page)).page
    assert gone.has("error-page")
    assert gone.text_of("error-description") == "client_id is unknown"


@pytest.mark.parametrize("hint", ["alice", "alice@people.example", '"><script>alert(1)</script>'])
async def test_the_hint_of_the_application_is_filled_in(visitor: Visitor, hint: str) -> None:
    page = await visitor.start(login_hint=hint)
    form, _ = page.form_of("login-submit")
    assert next(control.value for control in form.controls if control.id == "login-username") == hint
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(("registration", "offered"), [("open", True), ("invited", False)])
async def test_an_account_is_offered_where_the_policy_lets(
    make_visitor: MakeVisitor, registration: Any, offered: bool
) -> None:
    visitor = await make_visitor()
    visitor.world.realm.policy = RealmPolicy(registration=registration)
    page = await visitor.start()
    assert ("login-register" in page.links) == offered


async def test_everything_the_application_sent_survives_the_pages(visitor: Visitor) -> None:
    visit = await visitor.log_in(await visitor.start(state=LONG, nonce=LONG, display="popup", ui_locales="xx de"))
    told = answer_of(await visitor.press(visit.page, "consent-approve"))
    assert told["state"] == LONG
    (grant,) = await visitor.world.all(Grant)
    assert grant.nonce == LONG


async def test_the_first_sign_in_makes_a_member(visitor: Visitor) -> None:
    answer_of(await visitor.press(await visitor.log_in_anew(), "consent-approve"))
    (member,) = await visitor.world.all(Member)
    assert (member.user_id, member.status) == ("user-alice", "active")


async def test_showing_the_form_and_sending_it_are_told_apart_in_the_journal(visitor: Visitor) -> None:
    page = (await visitor.log_in(await visitor.start(), password="wrong")).page
    await visitor.log_in(page)
    told = [
        (exchange.endpoint, exchange.error.code if exchange.error else None)
        for exchange in visitor.world.exchanges
        if exchange.request.path == "/login"
    ]
    assert told == [("login_form", None), ("login", "access_denied"), ("login", None)]
