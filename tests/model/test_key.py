"""Key and KeyRing: which key signs, what is published, what rotation changes."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.key import Key, KeyRing, KeyStatus, NoSigningKey, SigningAlgorithm


def key(id: str, alg: SigningAlgorithm = "RS256", status: KeyStatus = "current", created_at: int = 0) -> Key:
    return Key(
        id=id, kid=f"kid-{id}", alg=alg, private_jwk="private", public_jwk="{}", status=status, created_at=created_at
    )


@pytest.mark.parametrize(
    ("keys", "alg", "expected"),
    [
        ([key("a")], "RS256", "a"),
        ([key("a"), key("b", "ES256")], "ES256", "b"),
        ([key("a", status="retired"), key("b"), key("c", status="next")], "RS256", "b"),
        # Two rotations at once leave two current keys; everybody signs with the same one.
        ([key("a", created_at=5), key("b", created_at=9), key("c", created_at=7)], "RS256", "b"),
        ([key("a", created_at=5), key("b", created_at=5)], "RS256", "b"),
        ([key("b", created_at=5), key("a", created_at=5)], "RS256", "b"),
    ],
)
def test_the_newest_current_key_of_the_algorithm_signs(keys: list[Key], alg: str, expected: str) -> None:
    assert KeyRing(tuple(keys)).signing_key(alg).id == expected


@pytest.mark.parametrize(
    ("keys", "alg", "told"),
    [
        ([], "RS256", "no current key for alg 'RS256'. It has keys for: none."),
        ([key("a"), key("b", "ES256")], "PS256", "alg 'PS256'. It has keys for: RS256, ES256."),
        ([key("a"), key("b", "PS256", "retired"), key("c", "PS256", "next")], "PS256", "keys for: RS256."),
    ],
)
def test_a_missing_key_is_told_with_the_algorithms_there_are(keys: list[Key], alg: str, told: str) -> None:
    with pytest.raises(NoSigningKey) as refusal:
        KeyRing(tuple(keys)).signing_key(alg)
    assert told in str(refusal.value)
    assert isinstance(refusal.value, LookupError)


def test_all_keys_are_published() -> None:
    keys = (key("a", status="retired"), key("b"), key("c", status="next"))
    assert KeyRing(keys).published() == keys


def test_the_algorithms_are_those_of_current_keys_each_once() -> None:
    ring = KeyRing((key("a", "ES256"), key("b"), key("c"), key("d", "PS256", "next"), key("e", "EdDSA", "retired")))
    assert ring.algorithms() == ("ES256", "RS256")


def test_rotation_retires_the_current_key_of_that_algorithm_and_keeps_it_published() -> None:
    before = KeyRing((key("a"), key("b", "ES256"), key("c", status="retired")))
    after = before.rotated(key("d"))
    statuses = [(each.id, each.status) for each in after.published()]
    assert statuses == [("a", "retired"), ("b", "current"), ("c", "retired"), ("d", "current")]
    assert after.signing_key("RS256").id == "d"
    assert before.signing_key("RS256").id == "a"


def test_rotation_does_not_change_which_algorithm_comes_first() -> None:
    ring = KeyRing((key("a"), key("b", "ES256"))).rotated(key("c"))
    assert ring.algorithms() == ("RS256", "ES256")


def test_rotation_to_the_next_key_makes_it_current_once() -> None:
    waiting = key("b", status="next")
    after = KeyRing((key("a"), waiting)).rotated(waiting)
    assert [(each.id, each.status) for each in after.keys] == [("a", "retired"), ("b", "current")]


def test_rotation_leaves_versions_to_the_store() -> None:
    old = replace(key("a"), version=7)
    assert [each.version for each in KeyRing((old,)).rotated(key("b")).keys] == [7, 0]


def test_a_key_does_not_print_what_it_signs_with() -> None:
    secret: dict[str, Any] = {"private_jwk": "the secret text"}
    assert "the secret text" not in repr(replace(key("a"), **secret))
    assert "kid-a" in repr(key("a"))
