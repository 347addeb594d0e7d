"""JWK Sets: what a realm publishes is what other people's libraries verify with; what clients may register."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_harness.model.key import KeyRing
from oidc_harness.protocol.jose import sign
from oidc_harness.protocol.jwks import MAXIMUM_KEYS, document, parse_client_jwks
from tests.protocol.jose_keys import KEY_PAIR_ALGORITHMS, authlib_claims, key, private_jwks, public_jwk

PRIVATE_NAMES = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


def test_a_set_has_every_published_key_in_the_order_of_the_ring() -> None:
    ring = KeyRing(tuple(key(alg) for alg in KEY_PAIR_ALGORITHMS))
    published = document(ring.rotated(key("RS256", 1)))["keys"]
    assert [jwk["kid"] for jwk in published] == [key(alg).kid for alg in KEY_PAIR_ALGORITHMS] + [key("RS256", 1).kid]
    assert {jwk["use"] for jwk in published} == {"sig"}


def test_no_private_member_is_published() -> None:
    published = document(KeyRing(tuple(key(alg) for alg in KEY_PAIR_ALGORITHMS)))
    assert {name for jwk in published["keys"] for name in jwk if name in PRIVATE_NAMES} == set()


def test_others_verify_with_the_published_keys() -> None:
    ring = KeyRing(tuple(key(alg) for alg in KEY_PAIR_ALGORITHMS))
    by_kid = {jwk["kid"]: jwk for jwk in document(ring)["keys"]}
    for alg in KEY_PAIR_ALGORITHMS:
        signer = ring.signing_key(alg)
        assert authlib_claims(sign({"alg": alg}, key=signer), by_kid[signer.kid]) == {"alg": alg}


def test_an_empty_ring_is_an_empty_set() -> None:
    assert document(KeyRing()) == {"keys": []}


RSA = public_jwk("RS256")


def test_the_keys_a_client_registers_come_back_as_they_are() -> None:
    keys = [public_jwk(alg) for alg in KEY_PAIR_ALGORITHMS]
    assert parse_client_jwks({"keys": keys}) == tuple(keys)


def test_keys_without_labels_and_with_further_members_are_accepted() -> None:
    plain = {name: RSA[name] for name in ("kty", "n", "e")}
    certified = {**plain, "x5t": "4iAq", "key_ops": ["verify"], "note": "spring"}
    assert parse_client_jwks({"keys": [plain, certified, plain]}) == (plain, certified, plain)


def test_keys_of_an_unknown_type_are_left_out() -> None:
    assert parse_client_jwks({"keys": [{"kty": "AKP", "alg": "ML-DSA-65", "pub": "AAAA"}, RSA]}) == (RSA,)


def _with(**members: object) -> dict[str, Any]:
    return {**RSA, **members}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "keys: is missing"),
        ("{}", "keys: is missing"),
        ([], "keys: is missing"),
        ({}, "keys: is missing"),
        ({"keys": {}}, "keys: is missing"),
        ({"keys": []}, "keys: has no key with a known kty"),
        ({"keys": [{"kty": "AKP"}]}, "keys: has no key with a known kty; known are RSA, EC, OKP"),
        ({"keys": [RSA, "text"]}, r"keys\[1\]: is not an object"),
        ({"keys": [RSA, {}]}, r"keys\[1\].kty: is missing"),
        ({"keys": [_with(kty=1)]}, r"keys\[0\].kty: is not text"),
        ({"keys": [_with(kid="")]}, r"keys\[0\].kid: is not text, or empty"),
        ({"keys": [_with(kid=None)]}, r"keys\[0\].kid: is not text, or empty"),
        ({"keys": [_with(alg=["RS256"])]}, r"keys\[0\].alg: is not text"),
        ({"keys": [_with(use=1)]}, r"keys\[0\].use: is not text"),
        ({"keys": [_with(n="AQAB")]}, r"keys\[0\]: The RSA key has 17 bits"),
        ({"keys": [_with(n="*")]}, r"keys\[0\]: The member 'n' of the key is not base64url"),
        ({"keys": [_with(e=None)]}, r"keys\[0\]: The key's member 'e' is missing"),
        ({"keys": [RSA, RSA]}, r"keys\[1\].kid: '.*' is that of keys\[0\] too; kids must differ"),
        ({"keys": [{"kty": "AKP", "kid": RSA["kid"]}, RSA]}, r"keys\[1\].kid: .* is that of keys\[0\] too"),
        ({"keys": [{"kty": "oct", "k": "AAAA"}]}, r"keys\[0\].kty: is oct, a shared secret"),
        ({"keys": [RSA, private_jwks("ES256")[0]]}, r"keys\[1\].d: is a private member"),
        ({"keys": [private_jwks("RS256")[0]]}, r"keys\[0\].d: is a private member"),
        ({"keys": [_with(q="AAAA")]}, r"keys\[0\].q: is a private member"),
        ({"keys": [{"kty": "AKP", "priv": "AAAA"}]}, r"keys\[0\].priv: is a private member"),
        ({"keys": [RSA] * (MAXIMUM_KEYS + 1)}, "keys: has 51 keys; at most 50"),
        ({"keys": [_with(x5c=["A" * 70_000])]}, "keys: the set has .* characters; at most 65536"),
        ({"keys": [_with(x5c=[[[["a"]]]])]}, "keys: is nested deeper than 5"),
        ({"keys": [_with(x5c={1, 2})]}, "keys: holds something that has no form in JSON"),
        ({"keys": [_with(x5c=float)]}, "keys: holds something that has no form in JSON"),
    ],
)
def test_a_set_that_a_client_may_not_register(value: object, told: str) -> None:
    with pytest.raises(ValueError, match=told) as refusal:
        parse_client_jwks(value)
    for secret in ("d", "q"):
        assert private_jwks("RS256")[0][secret] not in str(refusal.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = ("kty", "kid", "alg", "use", "crv", "n", "e", "x", "y", "d")
JWK = st.dictionaries(st.sampled_from(NAMES), JSON | st.sampled_from(("RSA", "EC", "OKP", "AQAB", "P-256")))


@given(JSON | st.fixed_dictionaries({"keys": JSON | st.lists(JWK | JSON, max_size=4)}))
def test_any_value_is_either_keys_or_a_value_error(value: object) -> None:
    try:
        keys = parse_client_jwks(value)
    except ValueError:
        return
    assert json.loads(json.dumps(keys)) == list(keys)
