"""Tokens as they are composed: honest ones, read by other people's libraries, and broken ones, octet by octet."""

import base64
import hashlib
import hmac
import json
from types import MappingProxyType
from typing import Any

import pytest

from oidc_harness.protocol.jose import (
    JoseError,
    SigningKey,
    attach,
    compose,
    decode_unverified,
    sign,
    sign_bytes,
    sign_symmetric,
    signing_input,
    signing_key,
)
from tests.protocol.jose_keys import (
    JWKEST_ALGORITHMS,
    KEY_PAIR_ALGORITHMS,
    SECRET,
    SECRET_ALGORITHMS,
    authlib_claims,
    jwkest_claims,
    key,
    public_jwk,
)

CLAIMS = {"iss": "https://op.example", "sub": "zoë", "aud": ["a", "b"], "exp": 1700000000, "address": {"x": None}}


def part(token: str, index: int) -> bytes:
    text = token.split(".")[index]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def oct_jwk(alg: str) -> dict[str, Any]:
    k = base64.urlsafe_b64encode(SECRET.encode()).rstrip(b"=").decode()
    return {"kty": "oct", "k": k, "alg": alg}


@pytest.mark.parametrize("alg", KEY_PAIR_ALGORITHMS)
def test_authlib_accepts_what_is_signed(alg: str) -> None:
    assert authlib_claims(sign(CLAIMS, key=key(alg)), public_jwk(alg)) == CLAIMS


@pytest.mark.parametrize("alg", JWKEST_ALGORITHMS)
def test_the_library_under_pyoidc_accepts_what_is_signed(alg: str) -> None:
    assert jwkest_claims(sign(CLAIMS, key=key(alg)), public_jwk(alg)) == CLAIMS


@pytest.mark.parametrize("alg", SECRET_ALGORITHMS)
def test_both_libraries_accept_what_is_signed_with_a_secret(alg: str) -> None:
    token = sign_symmetric(CLAIMS, alg=alg, secret=SECRET)
    assert authlib_claims(token, oct_jwk(alg)) == jwkest_claims(token, oct_jwk(alg)) == CLAIMS


@pytest.mark.parametrize("alg", KEY_PAIR_ALGORITHMS)
def test_the_honest_header_names_algorithm_key_and_type(alg: str) -> None:
    signer = key(alg)
    assert json.loads(part(sign({}, key=signer), 0)) == {"alg": alg, "kid": signer.kid}
    typed = json.loads(part(sign({}, key=signer, typ="at+jwt"), 0))
    assert typed == {"alg": alg, "kid": signer.kid, "typ": "at+jwt"}


def test_the_honest_header_of_a_secret_names_no_key() -> None:
    token = sign_symmetric({}, alg="HS256", secret=SECRET, typ="JWT")
    assert json.loads(part(token, 0)) == {"alg": "HS256", "typ": "JWT"}


def test_the_headers_of_two_keys_are_not_mixed_up() -> None:
    kids = [json.loads(part(sign({}, key=key("ES256", number)), 0))["kid"] for number in (0, 1, 0)]
    assert kids == [key("ES256", number).kid for number in (0, 1, 0)]


@pytest.mark.parametrize("alg", ["RS256", "ES256", "ES512", "ES256K", "EdDSA"])
def test_the_same_token_is_signed_with_the_same_octets_each_time(alg: str) -> None:
    assert sign(CLAIMS, key=key(alg)) == sign(CLAIMS, key=key(alg))


def test_the_example_of_the_specification() -> None:
    # RFC 8037 A.4
    jwk = {"kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}
    token = compose(b'{"alg":"EdDSA"}', b"Example of Ed25519 signing", SigningKey("EdDSA", json.dumps(jwk)))
    assert token == (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )


def test_a_mapping_within_the_claims_is_an_object() -> None:
    claims = MappingProxyType({"address": MappingProxyType({"locality": "Oslo"})})
    assert json.loads(part(sign(claims, key=key("ES256")), 1)) == {"address": {"locality": "Oslo"}}


@pytest.mark.parametrize("claims", [{"exp": float("inf")}, {"sub": {1, 2}}])
def test_what_has_no_json_is_never_signed(claims: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        sign(claims, key=key("ES256"))


def test_text_that_is_no_unicode_is_still_signed() -> None:
    assert part(sign({"sub": "\ud800"}, key=key("ES256")), 1) == rb'{"sub":"\ud800"}'


@pytest.mark.parametrize("alg", ["RS256", "none", "HS255"])
def test_only_hmac_signs_with_a_client_secret(alg: str) -> None:
    with pytest.raises(JoseError):
        sign_symmetric({}, alg=alg, secret=SECRET)


def test_a_client_secret_shorter_than_the_hash_signs_nothing() -> None:
    with pytest.raises(JoseError, match="6 octets; HS256 needs at least 32"):
        sign_symmetric({}, alg="HS256", secret="secret")


# What a JOSE library would refuse to make.

RSA = signing_key(key("RS256"))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "nOnE"},
        {"alg": None, "kid": ["a"]},
        {},
        {"alg": "RS256", "crit": ["exp"], "jku": "https://elsewhere.example/keys"},
    ],
)
def test_the_header_is_taken_as_given(header: dict[str, Any]) -> None:
    token = compose(header, {"a": 1}, RSA)
    assert json.loads(part(token, 0)) == header
    assert json.loads(part(token, 1)) == {"a": 1}
    assert len(part(token, 2)) == 256


def test_header_and_payload_can_be_any_octets() -> None:
    token = compose(b'{"alg":"none","alg":"RS256"}', b"\xff\xfe[]", None)
    assert (part(token, 0), part(token, 1), part(token, 2)) == (b'{"alg":"none","alg":"RS256"}', b"\xff\xfe[]", b"")


def test_without_a_key_the_third_part_is_empty() -> None:
    token = compose({"alg": "RS256", "kid": key("RS256").kid}, CLAIMS, None)
    assert token.endswith(".")
    assert decode_unverified(token)[1] == CLAIMS


def test_the_algorithm_none_makes_no_octets() -> None:
    assert sign_bytes("none", "", b"input") == b""


def test_the_header_may_name_another_key_and_algorithm_than_sign() -> None:
    header = {"alg": "ES256", "kid": key("RS256").kid}
    token = compose(header, CLAIMS, signing_key(key("RS256", 1)))
    assert decode_unverified(token) == (header, CLAIMS)
    first_parts = token.rpartition(".")[0].encode()
    assert part(token, 2) == sign_bytes("RS256", key("RS256", 1).private_jwk, first_parts)


def test_a_public_key_as_text_can_be_the_key_of_an_hmac() -> None:
    public_text = key("RS256").public_jwk
    token = compose({"alg": "HS256"}, CLAIMS, SigningKey("HS256", public_text.encode()))
    first_parts = token.rpartition(".")[0].encode()
    assert part(token, 2) == hmac.new(public_text.encode(), first_parts, hashlib.sha256).digest()


@pytest.mark.parametrize("secret", [b"", b"short"])
def test_an_hmac_is_made_with_a_secret_of_any_length(secret: bytes) -> None:
    token = compose({"alg": "HS256"}, CLAIMS, SigningKey("HS256", secret))
    assert part(token, 2) == hmac.new(secret, token.rpartition(".")[0].encode(), hashlib.sha256).digest()


def test_a_curve_that_the_algorithm_does_not_have_signs_all_the_same() -> None:
    token = compose({"alg": "ES256"}, CLAIMS, SigningKey("ES256", key("ES384").private_jwk))
    assert len(part(token, 2)) == 96


def test_any_octets_can_be_attached_as_the_signature() -> None:
    token = attach(signing_input({"alg": "ES256"}, CLAIMS), bytes(64))
    assert part(token, 2) == bytes(64)
    assert decode_unverified(token) == ({"alg": "ES256"}, CLAIMS)


@pytest.mark.parametrize(
    ("alg", "private", "told"),
    [
        ("RS256", key("ES256").private_jwk, "kty 'RSA'"),
        ("RS256", b"a secret", "private JWK, not"),
        ("HS256", '{"kty":"oct","k":"AAAA"}', "octets of a secret"),
        ("XS256", key("RS256").private_jwk, "'XS256' is not one of"),
        ("RS256", "{", "not a JWK"),
        ("RS256", "[]", "not a JWK"),
        ("RS256", '{"kty":"RSA"}', "no member 'p'"),
        ("ES256", '{"kty":"EC","crv":"P-256","d":"AA"}', "not a JWK with sound numbers"),
        ("EdDSA", '{"kty":"OKP","crv":"Ed25519","d":"AAAA"}', "not a JWK with sound numbers"),
    ],
)
def test_a_key_that_cannot_sign_is_told_without_its_members(alg: str, private: str | bytes, told: str) -> None:
    with pytest.raises(JoseError, match=told) as refusal:
        sign_bytes(alg, private, b"input")
    assert refusal.value.__cause__ is None
    assert "AAAA" not in str(refusal.value)


def test_a_signing_key_does_not_print_what_it_signs_with() -> None:
    assert "private" not in repr(RSA)
    assert json.loads(key("RS256").private_jwk)["d"] not in repr(RSA)
