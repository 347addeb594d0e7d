"""Subject identifiers (OIDC Core 8): what a pairwise one depends on, and what it tells nobody."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import pytest

from oidc_harness.protocol.subject import subject_of
from tests.support.records import application, user

PAIRWISE: dict[str, Any] = {"subject_type": "pairwise"}
SUBJECT = subject_of(user(), application(**PAIRWISE), "salt")


def test_a_public_subject_is_the_users_id() -> None:
    assert subject_of(user(), application(), "salt") == subject_of(user(), application(id="other"), "") == "user-alice"


@pytest.mark.parametrize(
    ("person", "changes", "salt", "same"),
    [
        ("alice", {}, "salt", True),
        ("alice", {"id": "other"}, "salt", True),
        ("alice", {"redirect_uris": ("https://rp.example:8443/elsewhere",)}, "salt", True),
        ("alice", {"redirect_uris": ("https://other.example/callback",)}, "salt", False),
        ("alice", {}, "another salt", False),
        ("alice", {}, "", False),
        ("bob", {}, "salt", False),
    ],
)
def test_a_pairwise_subject_is_that_of_person_sector_and_salt(
    person: str, changes: dict[str, Any], salt: str, same: bool
) -> None:
    assert (subject_of(user(person), application(**PAIRWISE, **changes), salt) == SUBJECT) is same


def test_what_everybody_knows_does_not_give_it() -> None:
    """OIDC Core 8.1: nobody but the provider can get at the user, or at the subject of another sector."""
    public = ("rp.example", "user-alice", "https://op.example")
    guesses = ["\n".join(public[:length]) for length in (2, 3)] + ["".join(public[:length]) for length in (2, 3)]
    for guess in guesses:
        assert urlsafe_b64encode(sha256(guess.encode()).digest()).decode().rstrip("=") != SUBJECT
