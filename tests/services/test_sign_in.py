"""Passwords at the door, sessions behind it, and accounts people make for themselves."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member, member_id
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.model.user import Profile, User
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.services import invitations, sign_in, sign_out, users
from oidc_harness.services.errors import Forbidden, Invalid, NotFound, ServiceError, Taken
from oidc_harness.services.sign_in import Registration, SignInRefused
from tests.services.conftest import Desk

WRONG = SignInRefused("Unknown user or wrong password.")


@pytest.fixture
async def door(desk: Desk) -> Desk:
    """Ada typed her password, Bob has a known one, Dan none at all."""
    await desk.user("ada", test_password=None)
    await desk.ask(users.edit, "ada", {}, password="correct horse")
    await desk.user("bob", test_password="bob's")
    await desk.user("dan", test_password=None)
    return desk


@pytest.mark.parametrize(
    ("name", "password", "who"),
    [
        ("ada", "correct horse", "ada"),
        ("ADA@example.com", "correct horse", "ada"),
        ("bob", "bob's", "bob"),
        ("ada", "wrong", None),
        ("ada", "", None),
        ("ada", "correct horse" * 200, None),
        ("ada", "\ud800", None),
        ("bob", "correct horse", None),
        ("bob", "bob's ", None),
        ("dan", "", None),
        ("dan", "none", None),
        ("eve", "correct horse", None),
        ("", "", None),
    ],
)
async def test_who_is_let_in(door: Desk, name: str, password: str, who: str | None) -> None:
    answer = await door.ask(sign_in.authenticate, name, password)
    assert (answer.id if isinstance(answer, User) else answer) == (who or WRONG)


async def test_only_who_knows_the_password_hears_that_the_account_is_blocked(door: Desk) -> None:
    await door.ask(users.block, "bob")
    assert await door.ask(sign_in.authenticate, "bob", "wrong") == WRONG
    answer = await door.ask(sign_in.authenticate, "bob", "bob's")
    assert isinstance(answer, SignInRefused)
    assert "The account bob is blocked" in answer.reason


async def test_a_session_is_stored_under_the_fingerprint_of_its_cookie(door: Desk) -> None:
    door.policy = RealmPolicy(session_lifetime=600)
    ada = await door.ask(users.view, "ada")
    opened = await door.ask(sign_in.open_session, ada)
    stored = await door.stored(Session, fingerprint(opened.cookie_value))
    assert stored == opened.session
    assert (stored.user_id, stored.user_generation) == ("ada", ada.generation)
    assert (stored.auth_time, stored.expires_at) == (door.now, door.now + 600)
    assert (stored.amr, stored.acr) == (("pwd",), "1")
    assert opened.cookie_value not in repr(opened)
    assert opened.cookie_value not in repr(stored)


async def test_two_sessions_have_nothing_in_common(door: Desk) -> None:
    ada = await door.ask(users.view, "ada")
    first, second = [await door.ask(sign_in.open_session, ada) for _ in range(2)]
    assert first.cookie_value != second.cookie_value
    assert first.session.sid != second.session.sid


async def test_who_signs_in_again_is_the_same_to_clients(door: Desk) -> None:
    ada, bob = [await door.ask(users.view, name) for name in ("ada", "bob")]
    former = (await door.ask(sign_in.open_session, ada)).session
    again = (await door.ask(sign_in.open_session, ada, former)).session
    assert again.sid == former.sid
    assert again.id != former.id
    assert (await door.ask(sign_in.open_session, bob, former)).session.sid != former.sid


async def test_ending_a_session_ends_no_other(door: Desk) -> None:
    ada = await door.ask(users.view, "ada")
    first, second = [(await door.ask(sign_in.open_session, ada)).session for _ in range(2)]
    for _ in range(2):
        await door.ask(sign_out.end_session, first)
    assert await door.stored(Session, first.id) is None
    assert await door.stored(Session, second.id) == second


async def test_ending_all_sessions_ends_those_of_nobody_else(door: Desk) -> None:
    ada, bob = [await door.ask(users.view, name) for name in ("ada", "bob")]
    for user in (ada, ada, bob):
        await door.ask(sign_in.open_session, user)
    await door.ask(sign_out.end_all_sessions, "ada")
    assert await door.count(Session, user_id="ada") == 0
    assert await door.count(Session, user_id="bob") == 1
    assert (await door.ask(users.view, "ada")).generation != ada.generation
    assert isinstance(await door.ask(sign_in.authenticate, "ada", "correct horse"), User)
    with pytest.raises(NotFound):
        await door.ask(sign_out.end_all_sessions, "eve")


NEW = Registration(email="eve@example.com", password="secret", profile=Profile(name="Eve"))


async def test_anybody_can_register_where_the_policy_is_open(door: Desk) -> None:
    user = await door.ask(sign_in.register, NEW)
    assert (user.username, user.email, user.profile.name) == ("eve@example.com", "eve@example.com", "Eve")
    assert user.email_verified is False
    assert isinstance(await door.ask(sign_in.authenticate, "eve@example.com", "secret"), User)
    assert "secret" not in repr(NEW)


async def test_registering_without_the_link_gives_no_access(door: Desk) -> None:
    await door.application()
    invitation = (await door.ask(invitations.invite, "shop", "eve@example.com")).sent[0]
    user = await door.ask(sign_in.register, NEW)
    with pytest.raises(Forbidden, match="not verified"):
        await door.ask(invitations.accept, invitation.id, user)


@pytest.mark.parametrize("policy", ["open", "invited"])
async def test_an_invited_person_registers_and_has_access(door: Desk, policy: str) -> None:
    door.policy = RealmPolicy(registration="invited" if policy == "invited" else "open")
    await door.application()
    invitation = (await door.ask(invitations.invite, "shop", "eve@example.com")).sent[0]
    user = await door.ask(sign_in.register, replace(NEW, email="Eve@Example.com", invitation_id=invitation.id))
    assert user.email_verified
    assert await door.stored(Member, member_id("shop", user.id)) is not None
    settled = await door.stored(Invitation, invitation.id)
    assert settled is not None
    assert settled.accepted_by == user.id


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({}, Forbidden, "invited people only"),
        ({"invitation_id": "unknown"}, NotFound, "no such invitation"),
        (
            {"invitation_id": "pending", "email": "mallory@example.com"},
            Invalid,
            "is for eve@example.com",
        ),
        ({"invitation_id": "cancelled"}, Taken, "no longer valid"),
        ({"invitation_id": "pending", "password": ""}, Invalid, "has 0 characters"),
    ],
)
async def test_who_cannot_register_leaves_nothing_behind(
    door: Desk, changes: dict[str, Any], error: type[ServiceError], message: str
) -> None:
    door.policy = RealmPolicy(registration="invited")
    await door.application()
    await door.application(id="mall")
    ids = {id: (await door.ask(invitations.invite, id, "eve@example.com")).sent[0].id for id in ("shop", "mall")}
    await door.ask(invitations.cancel, ids["mall"])
    known = {"pending": ids["shop"], "cancelled": ids["mall"]}
    invitation_id = changes.get("invitation_id")
    registration = replace(NEW, **{**changes, "invitation_id": known.get(invitation_id or "", invitation_id)})
    before = await door.count(User)
    with pytest.raises(error, match=message):
        await door.ask(sign_in.register, registration)
    assert await door.count(User) == before
    assert (await door.ask(invitations.view, ids["shop"])).status == "pending"
