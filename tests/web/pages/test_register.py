"""The register page makes an account, and signs the person in who made it."""

import re
from typing import Any

import pytest

from oidc_harness.model.invitation import Invitation
from oidc_harness.model.login_name import LoginName
from oidc_harness.model.member import Member
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.relying_party.browser import Visit
from oidc_harness.relying_party.page import Page
from tests.support import records
from tests.web.pages.visitor import Visitor, answer_of, interaction_of

FILLED = {
    "register-email": "dodo@people.example",
    "register-username": "dodo",
    "register-given-name": "Charles",
    "register-family-name": "Dodgson",
    "register-password": "caucus-race",
    "register-password-again": "caucus-race",
}
INVITED = "hare@people.example"


async def _open(visitor: Visitor) -> Page:
    return (await visitor.agent.follow(await visitor.start(), "login-register")).page


async def _open_invited(visitor: Visitor) -> Page:
    await visitor.world.add(records.invitation(INVITED, id="tea-party"))
    link = f"{visitor.world.issuer}/invitation?id=tea-party"
    return (await visitor.agent.follow((await visitor.agent.get(link)).page, "invitation-register")).page


async def _send(visitor: Visitor, page: Page, **changes: str) -> Visit:
    return await visitor.agent.submit(page, "register-submit", {**FILLED, **_by_id(changes)})


def _by_id(changes: dict[str, str]) -> dict[str, str]:
    return {f"register-{name.replace('_', '-')}": value for name, value in changes.items()}


def _values(page: Page) -> dict[str, str]:
    form, _ = page.form_of("register-submit")
    return {control.id: control.value for control in form.controls}


async def _others(visitor: Visitor) -> list[User]:
    return [user for user in await visitor.world.all(User) if user.id != "user-alice"]


async def test_a_new_account_is_signed_in_and_goes_on(visitor: Visitor) -> None:
    page = await _open(visitor)
    assert page.has("register-page")
    assert page.text_of("register-application") == "Wonderland Web"
    consent = (await _send(visitor, page)).page
    assert consent.text_of("consent-user") == "Charles Dodgson (dodo@people.example)"
    assert answer_of(await visitor.press(consent, "consent-approve"))["state"] == "state-of-the-art"
    (user,) = await _others(visitor)
    assert (user.username, user.email, user.email_verified) == ("dodo", "dodo@people.example", False)
    assert (user.profile.name, user.profile.given_name) == ("Charles Dodgson", "Charles")
    assert user.test_password is None
    assert "caucus-race" not in str(user)


@pytest.mark.parametrize("name", ["dodo", "dodo@people.example"])
async def test_the_new_account_can_sign_in_again(visitor: Visitor, name: str) -> None:
    await _send(visitor, await _open(visitor))
    page = await visitor.start(prompt="login")
    assert (await visitor.log_in(page, name, "caucus-race")).page.has("consent-page")


async def test_names_can_be_left_out(visitor: Visitor) -> None:
    consent = (await _send(visitor, await _open(visitor), username=" ", given_name="", family_name="")).page
    assert consent.text_of("consent-user") == "dodo@people.example"
    (user,) = await _others(visitor)
    assert (user.username, user.profile.name, user.profile.family_name) == ("dodo@people.example", None, None)


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"email": ""}, "email", "This field must not be empty."),
        ({"email": "dodo"}, "email", "'dodo' is no e-mail address: it has no @"),
        ({"email": "ALICE@people.example"}, "email", "in use"),
        ({"username": "alice@people.example"}, "username", "in use"),
        ({"username": "do\x07do"}, "username", "cannot be seen"),
        ({"username": "d" * 8000}, "username", "has 8000 characters; expected 1 to 255"),
        ({"given_name": "C\x00arles"}, "given-name", r"cannot be shown: '\x00'"),
        ({"family_name": "Dodg\x1bson"}, "family-name", r"cannot be shown: '\x1b'"),
        ({"family_name": "\u202enosgdoD"}, "family-name", r"cannot be shown: '\u202e'"),
        ({"given_name": "C" * 101}, "given-name", "At most 100 characters, please."),
        ({"family_name": "D" * 101}, "family-name", "At most 100 characters, please."),
        ({"password": ""}, "password", "This field must not be empty."),
        ({"password_again": "caucus"}, "password-again", "The two passwords differ."),
        ({"password": "p" * 1025, "password_again": "p" * 1025}, "password", "expected 1 to 1024"),
        ({"username": "<script>alert(1)</script>@@", "email": "<b>@"}, "email", "is no e-mail address"),
    ],
)
async def test_a_bad_field_is_marked_and_the_others_are_kept(
    visitor: Visitor, changes: dict[str, str], field: str, told: str
) -> None:
    await visitor.world.add(LoginName(id="alice@people.example", user_id="user-alice"))
    page = (await _send(visitor, await _open(visitor), **changes)).page
    assert page.status == 400
    assert page.has("register-error")
    assert told in page.text_of(f"register-{field}-fault")
    kept = _values(page)
    expected = {**FILLED, **_by_id(changes), "register-password": "", "register-password-again": ""}
    assert {name: kept[name] for name in expected} == expected
    assert "<script>alert" not in page.text
    assert await _others(visitor) == []
    assert await visitor.world.all(Session) == []


@pytest.mark.parametrize(
    ("changes", "focused"),
    [
        ({}, "register-email"),
        ({"username": "", "password_again": "x"}, "register-password-again"),
        ({"family_name": "D" * 101, "password": ""}, "register-family-name"),
    ],
)
async def test_the_first_field_that_needs_it_has_the_focus(
    visitor: Visitor, changes: dict[str, str], focused: str
) -> None:
    page = await _open(visitor)
    if changes:
        page = (await _send(visitor, page, **changes)).page
    assert re.findall(r'<input id="([a-z-]+)"[^>]* autofocus[ >]', page.text) == [focused]


async def test_nothing_of_a_refused_account_is_kept(visitor: Visitor) -> None:
    """The name is reserved before the password is looked at; the refusal has to give it back."""
    page = (await _send(visitor, await _open(visitor), password="p" * 1025, password_again="p" * 1025)).page
    assert (await _send(visitor, page)).page.has("consent-page")


async def test_by_invitation_the_address_is_fixed_and_access_follows(visitor: Visitor) -> None:
    page = await _open_invited(visitor)
    assert _values(page)["register-email"] == INVITED
    assert re.findall(r'<input id="([a-z-]+)"[^>]* readonly[ >]', page.text) == ["register-email"]
    assert re.findall(r'<input id="([a-z-]+)"[^>]* autofocus[ >]', page.text) == ["register-username"]
    welcome = (await _send(visitor, page, email="forged@people.example")).page
    assert welcome.has("invitation-accepted-page")
    (user,) = await _others(visitor)
    assert (user.email, user.email_verified) == (INVITED, True)
    (member,) = await visitor.world.all(Member)
    assert (member.user_id, member.application_id) == (user.id, visitor.application.id)
    assert (await visitor.world.get(Invitation, "tea-party")).status == "accepted"


async def test_a_refused_registration_leaves_the_invitation_pending(visitor: Visitor) -> None:
    page = (await _send(visitor, await _open_invited(visitor), password_again="other")).page
    assert page.status == 400
    assert (await visitor.world.get(Invitation, "tea-party")).status == "pending"
    assert (await _send(visitor, page)).page.has("invitation-accepted-page")


async def test_a_taken_name_leaves_the_invitation_pending(visitor: Visitor) -> None:
    """The username is set last, when account and membership are written already; all of it is undone."""
    await _send(visitor, await _open(visitor))
    page = (await _send(visitor, await _open_invited(visitor), username="dodo")).page
    assert "in use" in page.text_of("register-username-fault")
    assert (await visitor.world.get(Invitation, "tea-party")).status == "pending"
    assert await visitor.world.all(Member) == []


async def test_an_invitation_cancelled_meanwhile_makes_no_account(visitor: Visitor) -> None:
    page = await _open_invited(visitor)
    await visitor.world.change(Invitation, "tea-party", status="cancelled")
    assert (await _send(visitor, page)).page.has("error-page")
    assert await _others(visitor) == []


@pytest.mark.parametrize("status", ["accepted", "cancelled"])
@pytest.mark.parametrize("path", ["/login", "/sign_up"])
async def test_a_settled_invitation_opens_no_page(visitor: Visitor, status: Any, path: str) -> None:
    await visitor.world.add(records.invitation(INVITED, id="tea-party", status=status))
    page = (await visitor.agent.get(f"{visitor.world.issuer}{path}?invitation=tea-party")).page
    assert page.status == 400
    assert page.text_of("error-description") == "this invitation is not valid"
    assert f"it was {status}" in page.text_of("error-detail")


async def test_where_only_invited_people_may_register_nobody_else_can(visitor: Visitor) -> None:
    visitor.world.realm.policy = RealmPolicy(registration="invited")
    url = f"{visitor.world.issuer}/sign_up?interaction={interaction_of(await visitor.start())}"
    assert (await visitor.agent.get(url)).page.status == 403
    pairs = [(name.removeprefix("register-").replace("-", "_"), value) for name, value in FILLED.items()]
    refused = (await visitor.agent.post(url, pairs)).page
    assert refused.status == 403
    assert refused.has("error-page")
    assert await _others(visitor) == []
    assert (await _send(visitor, await _open_invited(visitor))).page.has("invitation-accepted-page")


async def test_the_way_back_to_the_login_page(visitor: Visitor) -> None:
    page = (await visitor.agent.follow(await _open(visitor), "register-login")).page
    assert (await visitor.log_in(page)).page.has("consent-page")
