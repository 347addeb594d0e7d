"""The table of algorithms, hashes of tokens and codes, lengths of secrets."""

from hashlib import sha384, sha512
from typing import get_args

import pytest

from oidc_harness.model.key import SigningAlgorithm
from oidc_harness.protocol.jose import ALGORITHMS, JoseError, base64url, check_secret, left_half_hash


def test_a_realm_can_have_a_key_for_every_algorithm_with_key_pairs() -> None:
    with_key_pairs = [algorithm.name for algorithm in ALGORITHMS.values() if algorithm.kty != "oct"]
    assert list(get_args(SigningAlgorithm)) == with_key_pairs


ACCESS_TOKEN = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
CODE = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"


@pytest.mark.parametrize(
    ("alg", "value", "expected"),
    [
        # OIDC Core A.4 and A.6
        ("RS256", ACCESS_TOKEN, "77QmUPtjPfzWtF2AnpK9RQ"),
        ("RS256", CODE, "LDktKdoQak3Pk0cnXxCltA"),
        # The same hash under every algorithm that uses it
        ("HS256", CODE, "LDktKdoQak3Pk0cnXxCltA"),
        ("PS256", CODE, "LDktKdoQak3Pk0cnXxCltA"),
        ("ES256", CODE, "LDktKdoQak3Pk0cnXxCltA"),
        ("ES256K", CODE, "LDktKdoQak3Pk0cnXxCltA"),
        ("RS384", CODE, base64url(sha384(CODE.encode()).digest()[:24])),
        ("PS512", CODE, base64url(sha512(CODE.encode()).digest()[:32])),
        ("EdDSA", CODE, base64url(sha512(CODE.encode()).digest()[:32])),
    ],
)
def test_the_left_half_of_the_algorithms_hash(alg: str, value: str, expected: str) -> None:
    assert left_half_hash(alg, value) == expected


@pytest.mark.parametrize("alg", ["none", "rs256", "RS255", ""])
def test_no_hash_is_guessed_for_an_unknown_algorithm(alg: str) -> None:
    with pytest.raises(JoseError, match="RS256, RS384"):
        left_half_hash(alg, ACCESS_TOKEN)


@pytest.mark.parametrize(("alg", "octets"), [("HS256", 32), ("HS384", 48), ("HS512", 64)])
def test_a_secret_is_as_long_as_the_hash_or_longer(alg: str, octets: int) -> None:
    assert check_secret(alg, "s" * octets) == b"s" * octets
    with pytest.raises(JoseError, match=f"{octets - 1} octets; {alg} needs at least {octets}"):
        check_secret(alg, "s" * (octets - 1))


def test_the_length_of_a_secret_is_counted_in_octets() -> None:
    assert check_secret("HS256", "ä" * 16) == "ä".encode() * 16
