"""Passwords: hashed where people chose them, as they are where a fixture gave them."""

import pytest

from oidc_harness.protocol.passwords import hash_password, password_fits
from tests.support import records

LONG = "correct horse battery staple " * 100


@pytest.mark.parametrize("password", ["x", "pässwörd 漢字 😀", LONG, " spaces ", "a:b:c", "\ud800", ""])
def test_a_hashed_password(password: str) -> None:
    user = records.user(test_password=None, password_hash=hash_password(password, "salt"))
    assert password_fits(password, user)
    for wrong in (password + "x", password.upper() + " ", user.password_hash or ""):
        assert not password_fits(wrong, user)


def test_the_salt_makes_hashes_differ() -> None:
    one, other = hash_password("secret", "a"), hash_password("secret", "b")
    assert one != other
    assert "secret" not in one + other


@pytest.mark.parametrize(
    ("typed", "fits"), [("wonderland", True), ("Wonderland", False), ("", False), ("\udc80", False)]
)
def test_a_known_value_of_a_fixture(typed: str, fits: bool) -> None:
    assert password_fits(typed, records.user()) is fits


def test_who_has_no_password_has_no_right_one() -> None:
    without = records.user(test_password=None)
    for typed in ("", "none", "None", "scrypt:none:none"):
        assert not password_fits(typed, without)
        assert not password_fits(typed, None)
