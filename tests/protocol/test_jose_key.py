"""JWKs as data: thumbprints, public parts, records made from private JWKs, the keys in fixtures."""

import json
import subprocess
import sys
from typing import Any, get_args

import pytest

from oidc_harness.model.key import KeyAlgorithm
from oidc_harness.protocol.jose import JoseError, key_from_jwk, public_part, sign, thumbprint, verify
from tests.protocol.jose_keys import KEY_FOLDER, KEY_PAIR_ALGORITHMS, key, private_jwks, public_jwk

# RFC 7638 3.1
RSA_EXAMPLE = {
    "kty": "RSA",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRX"
    "jBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZ"
    "gnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw"
    "0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    "e": "AQAB",
    "alg": "RS256",
    "kid": "2011-04-29",
}
# RFC 8037 A.2, A.3
OKP_EXAMPLE = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}


@pytest.mark.parametrize(
    ("jwk", "expected"),
    [
        (RSA_EXAMPLE, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"),
        (OKP_EXAMPLE, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
    ],
)
def test_the_thumbprints_of_the_specifications(jwk: dict[str, str], expected: str) -> None:
    assert thumbprint(jwk) == expected


@pytest.mark.parametrize("alg", KEY_PAIR_ALGORITHMS)
def test_a_key_record_is_made_from_a_private_jwk(alg: str) -> None:
    jwk = private_jwks(alg)[0]
    record = key_from_jwk("key-1", jwk, created_at=1700000000, status="next")
    assert (record.id, record.alg, record.use, record.status) == ("key-1", alg, "sig", "next")
    assert (record.created_at, record.kid) == (1700000000, thumbprint(jwk))
    assert json.loads(record.private_jwk) == {**jwk, "kid": record.kid}


@pytest.mark.parametrize("alg", KEY_PAIR_ALGORITHMS)
def test_the_public_text_has_the_labels_and_no_private_member(alg: str) -> None:
    names = {"RSA": {"n", "e"}, "EC": {"crv", "x", "y"}, "OKP": {"crv", "x"}}
    published = public_jwk(alg)
    assert published.keys() == {"kty", "kid", "alg", "use"} | names[published["kty"]]
    assert (published["kid"], published["alg"], published["use"]) == (key(alg).kid, alg, "sig")


def test_a_key_id_that_the_jwk_states_is_kept() -> None:
    record = key_from_jwk("key-1", {**private_jwks("ES256")[0], "kid": "spring"}, created_at=0)
    assert (record.kid, json.loads(record.public_jwk)["kid"]) == ("spring", "spring")


def test_every_private_member_there_is_stays_out_of_the_public_part() -> None:
    secret = dict.fromkeys(("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"), "secret")
    assert public_part({"kty": "RSA", "n": "public", **secret}) == {"kty": "RSA", "n": "public"}


def _without(name: str, alg: str = "RS256") -> dict[str, Any]:
    return {member: value for member, value in private_jwks(alg)[0].items() if member != name}


@pytest.mark.parametrize(
    ("jwk", "told"),
    [
        (_without("alg"), "alg None is not one of"),
        ({**_without("alg"), "alg": "HS256"}, "no key pair for HS256"),
        ({**_without("alg"), "alg": "ES256"}, "kty 'EC' with crv 'P-256'"),
        ({**private_jwks("ES384")[0], "alg": "ES256"}, "crv 'P-256'"),
        (_without("d"), "member 'd' is missing"),
        (_without("qi"), "member 'qi' is missing"),
        (_without("n"), "member 'n' is missing"),
        ({**_without("d"), "d": 5}, "member 'd' is not text"),
        ({**_without("d"), "d": "not base64!"}, "member 'd' of the key is not base64url"),
        ({**_without("kid"), "kid": ""}, "member 'kid' is not text"),
        ({**_without("n"), "n": "AQAB"}, "RSA key has 17 bits"),
        ({**_without("n"), "n": "_" * 1368}, "RSA key has 8208 bits"),
        ({"kty": "oct", "k": "AAAA", "alg": "RS256"}, "kty 'RSA'"),
    ],
)
def test_a_private_jwk_that_would_not_sign_is_refused(jwk: dict[str, Any], told: str) -> None:
    with pytest.raises(JoseError, match=told):
        key_from_jwk("key-1", jwk, created_at=0)


@pytest.mark.parametrize(
    "jwk", [{}, {"kty": "oct", "k": "AAAA"}, {"kty": ["RSA"]}, {"kty": "RSA", "n": 1, "e": "AQAB"}]
)
def test_what_is_no_key_pair_has_no_thumbprint(jwk: dict[str, Any]) -> None:
    with pytest.raises(JoseError):
        thumbprint(jwk)


@pytest.mark.parametrize("alg", KEY_PAIR_ALGORITHMS)
def test_the_key_pairs_in_fixtures_work(alg: str) -> None:
    for number in range(len(private_jwks(alg))):
        token = sign({"number": number}, key=key(alg, number))
        assert verify(token, [public_jwk(alg, number)], algorithms=[alg]).claims == {"number": number}


def test_there_are_eight_keys_of_each_algorithm_and_none_twice() -> None:
    keys = {alg: [thumbprint(jwk) for jwk in private_jwks(alg)] for alg in get_args(KeyAlgorithm)}
    assert {len(of_one) for of_one in keys.values()} == {8}
    everything = [one for of_one in keys.values() for one in of_one]
    assert len(set(everything)) == len(everything)
    assert {path.stem for path in KEY_FOLDER.glob("*.json")} == set(get_args(KeyAlgorithm))


MAKES_A_KEY_RING = """
import json, sys
from oidc_harness.model.key import KeyRing
from oidc_harness.protocol import jose, jwks
keys = json.load(open(sys.argv[1], encoding="utf-8"))["keys"]
ring = KeyRing(tuple(jose.key_from_jwk(str(number), jwk, 0) for number, jwk in enumerate(keys)))
assert len(jwks.document(ring)["keys"]) == 8
print([name for name in sys.modules if name.partition(".")[0] in ("cryptography", "joserfc")])
"""


def test_keys_are_made_and_published_without_a_cryptography_library() -> None:
    command = [sys.executable, "-c", MAKES_A_KEY_RING, str(KEY_FOLDER / "RS256.json")]
    run = subprocess.run(command, capture_output=True, text=True)
    assert (run.stdout.strip(), run.stderr) == ("[]", "")
