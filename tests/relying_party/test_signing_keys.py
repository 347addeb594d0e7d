"""Which published keys a client uses."""

import pytest
from joserfc.jwk import OctKey

from oidc_harness.relying_party.client import Document
from oidc_harness.relying_party.verification import KeyProblem, verified_claims
from tests.relying_party.tokens import CLAIMS, KEY_SET, KEYS, expected, response, signed


@pytest.mark.parametrize("key_set", [{}, {"keys": []}, {"keys": None}, {"keys": "text"}, {"keys": [None]}])
def test_no_key_is_not_no_check(key_set: Document) -> None:
    with pytest.raises(KeyProblem):
        verified_claims(response(signed(CLAIMS)), key_set, expected())


def test_a_token_that_names_no_key_is_tried_with_those_that_fit() -> None:
    token = signed(CLAIMS, kid=None)
    assert verified_claims(response(token), KEY_SET, expected()) == CLAIMS


@pytest.mark.parametrize("member", [{"use": "enc"}, {"alg": "RS512"}])
def test_a_key_for_something_else_is_not_used(member: Document) -> None:
    key = {**KEYS["RS"].as_dict(private=False), **member}
    with pytest.raises(KeyProblem):
        verified_claims(response(signed(CLAIMS)), {"keys": [key]}, expected())


def test_a_published_secret_is_not_used() -> None:
    published = {"keys": [OctKey.import_key("published " * 8).as_dict(kid="oct-1")]}
    token = signed(CLAIMS, "HS256", OctKey.import_key("published " * 8), kid="oct-1")
    with pytest.raises(KeyProblem):
        verified_claims(response(token), published, expected("HS256"))


def test_a_key_on_another_curve_than_the_algorithm_is_not_used() -> None:
    mislabelled = {**KEYS["ES256"].as_dict(private=False), "crv": "P-384"}
    with pytest.raises(KeyProblem):
        verified_claims(response(signed(CLAIMS, "ES256")), {"keys": [mislabelled]}, expected("ES256"))
