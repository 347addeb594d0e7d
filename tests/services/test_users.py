"""Accounts: who can have which, how their names are kept apart, what dies with them."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from oidc_harness.model.consent import Consent
from oidc_harness.model.login_name import LoginName
from oidc_harness.model.member import Member
from oidc_harness.model.session import Session
from oidc_harness.model.user import Address, Profile, User
from oidc_harness.protocol.passwords import password_fits
from oidc_harness.services import consents, members, sign_in, users
from oidc_harness.services.consents import Approval
from oidc_harness.services.errors import Invalid, NotFound, Taken
from oidc_harness.services.users import EDITABLE, FIXED, KEPT
from oidc_harness.storage.port import Conflict
from tests.services.conftest import Desk

ADA = User(id="ada", username="ada", email="Ada@Example.com")


async def test_a_user_is_stored_as_drafted_with_the_address_folded(desk: Desk) -> None:
    await desk.ask(users.create, ADA)
    stored = await desk.stored(User, "ada")
    assert stored is not None
    assert stored.generation
    assert replace(stored, generation="") == replace(ADA, email_key="ada@example.com", updated_at=desk.now)


async def test_id_and_username_follow_where_they_are_not_given(desk: Desk) -> None:
    user = await desk.ask(users.create, replace(ADA, id="", username=""))
    assert len(user.id) >= 16
    assert user.username == "Ada@Example.com"


async def test_fields_that_the_services_keep_are_ignored_in_a_draft(desk: Desk) -> None:
    draft = replace(ADA, version=3, expires_at=1, email_key="eve", password_hash="x", generation="y", updated_at=9)
    user = await desk.ask(users.create, draft)
    assert (user.version, user.expires_at, user.email_key) == (0, None, "ada@example.com")
    assert (user.password_hash, user.updated_at) == (None, desk.now)
    assert user.generation != "y"


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"id": "a~b"}, "id", "without space and ~"),
        ({"id": "two words"}, "id", "visible ASCII"),
        ({"id": "x" * 256}, "id", "1 to 255"),
        ({"id": ".."}, "id", "visible ASCII"),
        ({"groups": ("rowers", "rowers")}, "groups[1]", "is the same as one before it"),
        ({"groups": ("rowers", " ringers")}, "groups[1]", "has spaces around it"),
        ({"groups": ("row\u202eers",)}, "groups[0]", "cannot be shown"),
        ({"groups": tuple(f"group {number}" for number in range(1001))}, "groups", "at most 1000"),
        ({"username": " ada"}, "username", "spaces around it"),
        ({"username": "a\u200bda"}, "username", "cannot be seen"),
        ({"email": "ada"}, "email", "has no @"),
        ({"username": "a" * 256}, "username", "has 256 characters; expected 1 to 255"),
        ({"profile": Profile(name="A\x00da")}, "profile.name", r"cannot be shown: '.x00'"),
        ({"profile": Profile(nickname="\x1b[31mAda")}, "profile.nickname", r"cannot be shown: '.x1b'"),
        ({"profile": Profile(family_name="\u202eecalevoL")}, "profile.family_name", r"cannot be shown: '.u202e'"),
        ({"localized": {"email#de": "x"}}, "localized.email#de", "no claim with a language"),
        ({"localized": {"name": "x"}}, "localized.name", "no claim with a language"),
        ({"localized": {"name#": "x"}}, "localized.name#", "no claim with a language"),
        ({"localized": {"name#de": ""}}, "localized.name#de", "is empty"),
        ({"localized": {"name#de": "A\x1bda"}}, "localized.name#de", "cannot be shown"),
        ({"profile": Profile(address=Address(formatted="12\x07"))}, "profile.address.formatted", "cannot be shown"),
    ],
)
async def test_a_draft_that_breaks_a_rule(desk: Desk, changes: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(Invalid, match=message) as refusal:
        await desk.ask(users.create, replace(ADA, **changes))
    assert refusal.value.field == field
    assert await desk.count(User) == await desk.count(LoginName) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "bob", "email": "bob@example.com"}, "id"),
        ({"id": "bob", "email": "bob@example.com"}, "username"),
        ({"id": "bob", "username": "ADA", "email": "bob@example.com"}, "username"),
        ({"id": "bob", "username": "bob"}, "email"),
        ({"id": "bob", "username": "bob", "email": "aDA@example.COM"}, "email"),
        ({"id": "bob", "username": "ada@example.com", "email": "bob@example.com"}, "username"),
        ({"id": "bob", "username": "ａｄａ", "email": "bob@example.com"}, "username"),
    ],
)
async def test_a_used_id_or_name_is_taken(desk: Desk, changes: dict[str, Any], field: str) -> None:
    await desk.ask(users.create, ADA)
    with pytest.raises(Taken, match="in use by another user") as refusal:
        await desk.ask(users.create, replace(ADA, **changes))
    assert refusal.value.field == field
    assert await desk.count(User) == 1


async def test_nobody_takes_a_username_that_is_another_users_address(desk: Desk) -> None:
    await desk.user("bob", username="ada@example.com")
    with pytest.raises(Taken) as refusal:
        await desk.ask(users.create, ADA)
    assert refusal.value.field == "email"


async def test_of_two_who_ask_for_one_name_at_once_one_gets_it(desk: Desk) -> None:
    with pytest.raises(Conflict):
        await desk.overtake(
            lambda circumstances: users.create(circumstances, replace(ADA, id="late")),
            lambda circumstances: users.create(circumstances, ADA),
        )
    assert await desk.stored(User, "late") is None
    assert await desk.count(User) == 1


async def test_a_typed_password_is_hashed(desk: Desk) -> None:
    user = await desk.ask(users.create, ADA, password="correct horse")
    assert user.test_password is None
    assert "correct horse" not in repr(user)
    assert password_fits("correct horse", user)
    assert not password_fits("correct hors", user)


async def test_two_equal_passwords_are_stored_differently(desk: Desk) -> None:
    first = await desk.ask(users.create, ADA, password="same")
    second = await desk.ask(users.create, replace(ADA, id="b", username="b", email="b@example.com"), password="same")
    assert first.password_hash != second.password_hash


@pytest.mark.parametrize(
    ("draft", "password", "message"),
    [
        (ADA, "", "has 0 characters"),
        (ADA, "x" * 1025, "has 1025 characters"),
        (replace(ADA, test_password="known"), "typed", "not both"),
    ],
)
async def test_a_password_that_cannot_be(desk: Desk, draft: User, password: str, message: str) -> None:
    with pytest.raises(Invalid, match=message) as refusal:
        await desk.ask(users.create, draft, password=password)
    assert refusal.value.field == "password"
    assert await desk.count(User) == 0


async def test_the_last_password_given_is_the_one(desk: Desk) -> None:
    await desk.ask(users.create, replace(ADA, test_password="known"))
    typed = await desk.ask(users.edit, "ada", {}, password="typed")
    assert (password_fits("typed", typed), password_fits("known", typed)) == (True, False)
    known = await desk.ask(users.edit, "ada", {"test_password": "known"})
    assert (password_fits("typed", known), password_fits("known", known)) == (False, True)
    assert known.password_hash is None
    with pytest.raises(Invalid, match="not both"):
        await desk.ask(users.edit, "ada", {"test_password": "known"}, password="typed")


async def test_an_edit_changes_what_it_names_and_nothing_else(desk: Desk) -> None:
    before = await desk.ask(users.create, ADA)
    desk.now += 60
    await desk.ask(users.edit, "ada", {"profile": {"name": "Ada L."}})
    stored = await desk.stored(User, "ada")
    assert stored == replace(before, version=1, profile=Profile(name="Ada L."), updated_at=desk.now)


@pytest.mark.parametrize(
    ("changes", "verified"),
    [
        ({"email": "new@example.com"}, False),
        ({"email": "new@example.com", "email_verified": True}, True),
        ({"email": "ADA@example.com"}, True),
    ],
)
async def test_a_new_address_has_to_be_verified_anew(desk: Desk, changes: dict[str, Any], verified: bool) -> None:
    await desk.ask(users.create, ADA)
    user = await desk.ask(users.edit, "ada", changes)
    assert user.email_verified is verified
    assert user.email_key == changes["email"].lower()


async def test_names_given_up_are_free_and_new_ones_are_held(desk: Desk) -> None:
    await desk.ask(users.create, ADA)
    await desk.ask(users.edit, "ada", {"username": "countess"})
    await desk.user("ada2", username="ada")
    with pytest.raises(Taken):
        await desk.user("eve", username="Countess")


async def test_a_user_can_have_the_same_name_twice(desk: Desk) -> None:
    await desk.ask(users.create, replace(ADA, username="ada@example.com"))
    await desk.ask(users.edit, "ada", {"username": "ada"})
    with pytest.raises(Taken):
        await desk.user("eve", email="ada@example.com")


@pytest.mark.parametrize("field", ["id", "status", "generation", "password_hash", "email_key", "colour"])
async def test_an_edit_of_what_cannot_be_edited(desk: Desk, field: str) -> None:
    before = await desk.ask(users.create, ADA)
    with pytest.raises(Invalid) as refusal:
        await desk.ask(users.edit, "ada", {field: "x"})
    assert refusal.value.field == field
    assert await desk.stored(User, "ada") == before


async def test_an_edit_into_a_taken_name_changes_nothing(desk: Desk) -> None:
    before = await desk.ask(users.create, ADA)
    await desk.user("bob")
    with pytest.raises(Taken):
        await desk.ask(users.edit, "ada", {"email": "BOB@example.com"})
    assert await desk.stored(User, "ada") == before


def test_every_field_is_editable_fixed_or_kept() -> None:
    assert {*EDITABLE, *FIXED, *KEPT} == {field.name for field in fields(User)}


async def test_blocking_kills_and_unblocking_revives_nothing(desk: Desk) -> None:
    before = await desk.ask(users.create, ADA)
    blocked = await desk.ask(users.block, "ada")
    assert blocked.status == "blocked"
    again = await desk.ask(users.block, "ada")
    assert again.generation == blocked.generation
    unblocked = await desk.ask(users.unblock, "ada")
    assert unblocked.status == "active"
    assert unblocked.generation == blocked.generation != before.generation
    stored = await desk.stored(User, "ada")
    assert await desk.ask(users.unblock, "ada") == stored


async def test_deleting_takes_everything_of_the_user_along_and_nothing_else(desk: Desk) -> None:
    await desk.application()
    for name in ("ada", "bob"):
        user = await desk.user(name)
        await desk.ask(members.add, "shop", name)
        await desk.ask(consents.remember, Approval("shop", name, ("openid",)))
        await desk.ask(sign_in.open_session, user)
    await desk.ask(users.delete, "ada")
    assert await desk.stored(User, "ada") is None
    for kind in (Member, Consent, Session):
        assert await desk.count(kind, user_id="ada") == 0
        assert await desk.count(kind, user_id="bob") == 1
    await desk.user("ada")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ada", True),
        ("ada@example.com", True),
        ("ADA@EXAMPLE.COM", True),
        ("Ada", False),
        ("bob", False),
        ("", False),
    ],
)
async def test_a_user_is_found_by_username_or_address(desk: Desk, name: str, found: bool) -> None:
    await desk.ask(users.create, ADA)
    assert (await desk.ask(users.find, name) is not None) == found


async def test_a_list_is_paged_by_id(desk: Desk) -> None:
    for name in ("b", "c", "a"):
        await desk.user(name)
    first = await desk.ask(users.list_page, limit=2)
    second = await desk.ask(users.list_page, first[-1].id, 2)
    assert [user.id for user in (*first, *second)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "service",
    [users.view, users.block, users.unblock, users.delete, lambda given, id: users.edit(given, id, {})],
)
async def test_an_unknown_user_is_not_found(desk: Desk, service: Callable[..., Any]) -> None:
    with pytest.raises(NotFound, match="no user 'ada'"):
        await desk.ask(service, "ada")


@pytest.mark.parametrize("length", [1, 255])
async def test_a_username_of_any_length_that_the_model_allows(desk: Desk, length: int) -> None:
    assert (await desk.ask(users.create, replace(ADA, username="a" * length))).username == "a" * length


async def test_an_edited_username_keeps_to_the_length_too(desk: Desk) -> None:
    await desk.ask(users.create, ADA)
    with pytest.raises(Invalid, match="has 0 characters; expected 1 to 255"):
        await desk.ask(users.edit, "ada", {"username": ""})


async def test_names_of_every_script_and_addresses_of_several_lines(desk: Desk) -> None:
    address = Address(formatted="12 St James's Square\r\nLondon")
    profile = Profile(name="\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", given_name="أدا", address=address)
    assert (await desk.ask(users.create, replace(ADA, profile=profile))).profile == profile
