"""JOSE as a whole: whatever comes in, there is a verdict or a JoseError, and no other exception."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oidc_harness.protocol.jose import (
    JoseError,
    KeySource,
    attach,
    compose,
    decode_unverified,
    signing_input,
    signing_key,
    verify,
)
from tests.protocol.jose_keys import KEY_PAIR_ALGORITHMS, SECRET, SECRET_ALGORITHMS, key, public_jwk

CLAIMS = {"iss": "https://client.example"}
ALL = (*KEY_PAIR_ALGORITHMS, *SECRET_ALGORITHMS)
RS256 = public_jwk("RS256")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
JSON_OCTETS = JSON.map(lambda value: json.dumps(value).encode())
OCTETS = st.binary(max_size=40) | JSON_OCTETS
NAMES = ("alg", "kid", "crit", "b64", "jwk", "typ")
HEADERS = st.dictionaries(st.sampled_from(NAMES), JSON | st.sampled_from(ALL), max_size=4)
JWK_NAMES = ("kty", "kid", "alg", "use", "key_ops", "crv", "n", "e", "x", "y", "k")
JWK_VALUES = JSON | st.sampled_from(("RSA", "EC", "OKP", "oct", "P-256", "Ed25519", "AQAB", "RS256", RS256["n"]))
JWKS = st.lists(st.dictionaries(st.sampled_from(JWK_NAMES), JWK_VALUES), max_size=3)


def _told(judge: Callable[[], object]) -> str:
    """What a JoseError tells, or nothing when there is none. Any other exception goes through."""
    try:
        judge()
    except JoseError as refusal:
        return str(refusal)
    return ""


def _judged(token: str, keys: KeySource) -> None:
    verdicts = (
        _told(lambda: verify(token, keys, algorithms=(*ALL, "none"))),
        _told(lambda: decode_unverified(token)),
    )
    for text in verdicts:
        assert len(text) < 1000
        assert text.isprintable()


@given(st.text())
@example("\ud800..")
@example("..")
def test_any_text_is_judged(text: str) -> None:
    _judged(text, [RS256])
    _judged(text, SECRET)


@given(OCTETS, OCTETS, st.binary(max_size=300))
def test_any_octets_in_the_three_parts_are_judged(header: bytes, payload: bytes, signature: bytes) -> None:
    _judged(attach(signing_input(header, payload), signature), [RS256])


@given(HEADERS, OCTETS, st.binary(max_size=140))
def test_any_header_is_judged(header: dict[str, Any], payload: bytes, signature: bytes) -> None:
    token = attach(signing_input(json.dumps(header).encode(), payload), signature)
    _judged(token, [public_jwk(alg) for alg in KEY_PAIR_ALGORITHMS])
    _judged(token, SECRET)


@given(st.sampled_from(KEY_PAIR_ALGORITHMS), st.binary(max_size=140))
def test_any_signature_is_judged(alg: str, signature: bytes) -> None:
    with pytest.raises(JoseError, match="was not made"):
        verify(attach(signing_input({"alg": alg}, CLAIMS), signature), [public_jwk(alg)], algorithms=[alg])


@given(
    JWKS, st.sampled_from(KEY_PAIR_ALGORITHMS), st.booleans(), st.dictionaries(st.sampled_from(JWK_NAMES), JWK_VALUES)
)
def test_any_keys_are_judged(jwks: list[dict[str, Any]], alg: str, named: bool, changed: dict[str, Any]) -> None:
    header = {"alg": alg, "kid": RS256["kid"]} if named else {"alg": alg}
    token = compose(header, CLAIMS, signing_key(key(alg)))
    _judged(token, [*jwks, {**public_jwk(alg), "kid": RS256["kid"], **changed}])
