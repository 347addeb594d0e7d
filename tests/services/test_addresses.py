"""What passes for an e-mail address."""

import pytest

from oidc_harness.services.addresses import shown, why_no_email


@pytest.mark.parametrize(
    "email",
    ["ada@example.com", "a@localhost", "o'neil+tag@mail.example.co.uk", "x" * 64 + "@a-b.example", "Ada@EXAMPLE.com"],
)
def test_an_address(email: str) -> None:
    assert why_no_email(email) is None


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("ada", "has no @"),
        ("", "has no @"),
        ("@example.com", "before the @"),
        ("a@b@example.com", "before the @"),
        (".ada@example.com", "before the @"),
        ("ada.@example.com", "before the @"),
        ("a..b@example.com", "before the @"),
        ("a b@example.com", "before the @"),
        ("x" * 65 + "@example.com", "before the @"),
        ("straße@example.com", "before the @"),
        ("ada@", "after the @"),
        ("ada@-example.com", "after the @"),
        ("ada@example..com", "after the @"),
        ("ada@example.com.", "after the @"),
        ("ada@\u212a.example", "after the @"),
        ("ada@example.com\n", "after the @"),
        ("ada@" + "x" * 64, "after the @"),
        ("ada@" + ".".join(["x" * 60] * 5), "254"),
    ],
)
def test_no_address(email: str, reason: str) -> None:
    assert reason in (why_no_email(email) or "")


def test_a_long_value_is_shown_short_and_on_one_line() -> None:
    assert shown("a\nb") == r"'a\nb'"
    assert shown("x" * 101) == f"'{'x' * 100}'…"
