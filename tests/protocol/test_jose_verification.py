"""Tokens that come back or come from clients: which are taken, and what is told about the others."""

import json
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from oidc_harness.protocol.jose import (
    JoseError,
    KeySource,
    SigningKey,
    attach,
    base64url,
    compose,
    decode_unverified,
    generate_private_jwk,
    sign,
    sign_symmetric,
    signing_input,
    signing_key,
    verify,
)
from tests.protocol.jose_keys import (
    KEY_PAIR_ALGORITHMS,
    SECRET,
    SECRET_ALGORITHMS,
    authlib_token,
    key,
    private_jwks,
    public_jwk,
)

CLAIMS = {"iss": "https://client.example", "aud": "https://op.example", "exp": 1700000000}
ALL = (*KEY_PAIR_ALGORITHMS, *SECRET_ALGORITHMS)
RS256 = public_jwk("RS256")
RSA = signing_key(key("RS256"))
HONEST_HEADER = {"alg": "RS256", "kid": RS256["kid"]}
HONEST = compose(HONEST_HEADER, CLAIMS, RSA)


@pytest.mark.parametrize("alg", KEY_PAIR_ALGORITHMS)
def test_what_we_signed_is_verified_among_all_keys(alg: str) -> None:
    everything = [public_jwk(each, number) for each in KEY_PAIR_ALGORITHMS for number in (0, 1)]
    verified = verify(sign(CLAIMS, key=key(alg, 1), typ="JWT"), everything, algorithms=[alg])
    assert (verified.header["alg"], verified.header["typ"], verified.claims) == (alg, "JWT", CLAIMS)


@pytest.mark.parametrize("alg", KEY_PAIR_ALGORITHMS)
def test_what_authlib_signed_is_verified(alg: str) -> None:
    token = authlib_token({"alg": alg}, CLAIMS, private_jwks(alg)[0])
    assert verify(token, [public_jwk(alg)], algorithms=ALL).claims == CLAIMS


@pytest.mark.parametrize("alg", SECRET_ALGORITHMS)
def test_what_authlib_signed_with_the_secret_is_verified(alg: str) -> None:
    token = authlib_token({"alg": alg}, CLAIMS, {"kty": "oct", "k": base64url(SECRET.encode())})
    assert verify(token, SECRET, algorithms=ALL).claims == CLAIMS


@pytest.mark.parametrize("alg", KEY_PAIR_ALGORITHMS)
def test_the_signature_of_another_key_is_refused(alg: str) -> None:
    token = compose({"alg": alg, "kid": key(alg).kid}, CLAIMS, signing_key(key(alg, 1)))
    with pytest.raises(JoseError, match=f"{alg} signature was not made by key '{key(alg).kid}'"):
        verify(token, [public_jwk(alg)], algorithms=[alg])


@pytest.mark.parametrize("alg", SECRET_ALGORITHMS)
def test_the_signature_of_another_secret_is_refused(alg: str) -> None:
    with pytest.raises(JoseError, match="not made with this client's secret"):
        verify(sign_symmetric(CLAIMS, alg=alg, secret=SECRET[::-1]), SECRET, algorithms=[alg])


@pytest.mark.parametrize("alg", ALL)
def test_no_part_of_a_token_can_be_changed(alg: str) -> None:
    secret = alg in SECRET_ALGORITHMS
    token = sign_symmetric(CLAIMS, alg=alg, secret=SECRET) if secret else sign(CLAIMS, key=key(alg))
    keys: KeySource = SECRET if secret else [public_jwk(alg)]
    header, payload, signature = token.split(".")
    other = base64url(json.dumps({**CLAIMS, "exp": 1800000000}).encode())
    longer = base64url(json.dumps(decode_unverified(token)[0]).encode())
    flipped = ("B" if signature[0] == "A" else "A") + signature[1:]
    for changed in (
        f"{header}.{other}.{signature}",
        f"{longer}.{payload}.{signature}",
        f"{header}.{payload}.{flipped}",
    ):
        with pytest.raises(JoseError, match="was not made"):
            verify(changed, keys, algorithms=[alg])
    for cut in range(len(token)):
        with pytest.raises(JoseError):
            verify(token[:cut], keys, algorithms=[alg])


def _compose(header: Mapping[str, Any], payload: Mapping[str, Any] | bytes = b"{}") -> str:
    return compose(header, payload, RSA)


PUBLIC_TEXT = json.dumps(RS256, separators=(",", ":"))


@pytest.mark.parametrize(
    ("token", "told"),
    [
        # RFC 8725 2.1: confusion of algorithms
        (compose({"alg": "none"}, CLAIMS, None), "alg is 'none'; accepted here: RS256"),
        (compose({"alg": "nOnE"}, CLAIMS, None), "alg is 'nOnE'; accepted here: RS256"),
        (compose({"alg": "none"}, CLAIMS, RSA), "alg is 'none'"),
        (compose({"alg": "HS256"}, CLAIMS, SigningKey("HS256", PUBLIC_TEXT.encode())), "alg is 'HS256'"),
        (compose({"alg": "HS256"}, CLAIMS, SigningKey("HS256", b"")), "alg is 'HS256'"),
        (compose({"alg": "RS384"}, CLAIMS, SigningKey("RS384", RSA.private)), "alg is 'RS384'"),
        (compose({"kid": RS256["kid"]}, CLAIMS, RSA), "no alg"),
        (_compose({"alg": None}), "no alg that is text"),
        (_compose({"alg": ["RS256"]}), "no alg that is text"),
        (_compose({"alg": {"RS256": 1}}), "no alg that is text"),
        (_compose({"alg": ""}), "alg is ''"),
        (_compose({"alg": " RS256"}), "alg is ' RS256'"),
        (_compose({"alg": "x" * 500}), "alg is 'x+…; accepted"),
        # the key id
        (_compose({"alg": "RS256", "kid": "spring"}), f"kid is 'spring'; known key ids: '{RS256['kid']}'"),
        (_compose({"alg": "RS256", "kid": None}), "kid is not text"),
        (_compose({"alg": "RS256", "kid": ["a"]}), "kid is not text"),
        # RFC 7515 4.1.11, RFC 7797: extensions
        (_compose({**HONEST_HEADER, "crit": ["exp"], "exp": 1}), "crit"),
        (_compose({**HONEST_HEADER, "crit": []}), "crit"),
        (_compose({**HONEST_HEADER, "crit": "b64"}), "crit"),
        (_compose({**HONEST_HEADER, "b64": False}), "b64"),
        (_compose({**HONEST_HEADER, "b64": True}), "b64"),
        # the signature
        (attach(signing_input(HONEST_HEADER, CLAIMS), b""), "not made by key"),
        (attach(signing_input(HONEST_HEADER, CLAIMS), bytes(256)), "not made by key"),
        (attach(signing_input({"alg": "RS256"}, CLAIMS), bytes(256)), "not made by any of the known keys"),
        # a key in the header is no key
        (compose({"alg": "RS256", "jwk": public_jwk("RS256", 1)}, CLAIMS, signing_key(key("RS256", 1))), "not made"),
        # RFC 7519 7.2: the payload
        (_compose(HONEST_HEADER, b"[]"), "payload is not a JSON object"),
        (_compose(HONEST_HEADER, b'"text"'), "payload is not a JSON object"),
        (_compose(HONEST_HEADER, b""), "payload is not JSON"),
        (_compose(HONEST_HEADER, b"{"), "payload is not JSON"),
        (_compose(HONEST_HEADER, b"{}{}"), "payload is not JSON"),
        (_compose(HONEST_HEADER, b'{"sub":"a","sub":"b"}'), "payload has the member 'sub' twice"),
        (_compose(HONEST_HEADER, b'{"a":{"b":1,"c":2,"b":3}}'), "payload has the member 'b' twice"),
        (_compose(HONEST_HEADER, b'{"exp":NaN}'), "payload has NaN"),
        (_compose(HONEST_HEADER, b'{"exp":-Infinity}'), "payload has -Infinity"),
        (_compose(HONEST_HEADER, b'{"exp":1e999}'), "number '1e999', which is too large"),
        (_compose(HONEST_HEADER, b'{"exp":' + b"9" * 5000 + b"}"), "payload is not JSON"),
        (_compose(HONEST_HEADER, '{"sub":"é"}'.encode("latin-1")), "not JSON in UTF-8"),
        (_compose(HONEST_HEADER, '{"sub":"a"}'.encode("utf-16")), "not JSON in UTF-8"),
        (_compose(HONEST_HEADER, '{"sub":"a"}'.encode("utf-8-sig")), "not JSON in UTF-8"),
        (_compose(HONEST_HEADER, rb'{"sub":"\ud800"}'), "text that is not Unicode"),
        (_compose(HONEST_HEADER, b'{"a":' * 33 + b"1" + b"}" * 33), "nested deeper than 32"),
        (_compose(HONEST_HEADER, b'{"a":' + b"[" * 20000 + b"]" * 20000 + b"}"), "payload is"),
    ],
)
def test_a_token_that_is_not_what_it_should_be(token: str, told: str) -> None:
    with pytest.raises(JoseError, match=told):
        verify(token, [RS256], algorithms=["RS256"])


def test_claims_as_deep_as_the_limit_are_accepted() -> None:
    token = _compose(HONEST_HEADER, b'{"a":' * 32 + b"1" + b"}" * 32)
    assert "a" in verify(token, [RS256], algorithms=["RS256"]).claims


def test_many_claims_side_by_side_are_not_deep() -> None:
    claims = {f"claim-{number}": {"values": [number]} for number in range(100)}
    assert verify(_compose(HONEST_HEADER, claims), [RS256], algorithms=["RS256"]).claims == claims


def _jwk(like: str = "RS256", **members: object) -> dict[str, Any]:
    return {**public_jwk(like), "kid": RS256["kid"], **members}


OFF_THE_CURVE = public_jwk("ES256", 1)["y"]


@pytest.mark.parametrize(
    ("alg", "keys", "told"),
    [
        ("RS256", [], "known key ids: none"),
        ("RS256", [_jwk("ES256")], "RS256 needs a key with kty RSA; this one's is 'EC'"),
        ("RS256", [_jwk(alg="PS256")], "for alg 'PS256' only, not for RS256"),
        ("RS256", [_jwk(alg=["RS256"])], "for alg a list only"),
        ("RS256", [_jwk(use="enc")], "for use 'enc' only, not for sig"),
        ("RS256", [_jwk(key_ops=["encrypt"])], "key_ops"),
        ("RS256", [_jwk(key_ops=7)], "key_ops"),
        ("RS256", [_jwk(n=None)], "member 'n' is missing"),
        ("RS256", [_jwk(n=["a"])], "member 'n' is missing"),
        ("RS256", [_jwk(n="")], "member 'n' is"),
        ("RS256", [_jwk(n="a b")], "'n' of the key is not base64url"),
        ("RS256", [_jwk(n="AQAB")], "17 bits; accepted are 2048 to 8192"),
        ("RS256", [_jwk(e="AA")], "don't make a sound RSA public key"),
        ("ES256", [_jwk("ES384", alg="ES256")], "ES256 needs a key with crv P-256; this one's is 'P-384'"),
        ("ES256", [_jwk("ES256", y=OFF_THE_CURVE)], "don't make a sound EC public key"),
        ("EdDSA", [_jwk("EdDSA", x="AAAA")], "don't make a sound OKP public key"),
        ("RS256", [{"kid": RS256["kid"]}], "kty RSA; this one's is None"),
        ("RS256", [{"kid": RS256["kid"], "kty": ["RSA"]}], "kty RSA; this one's is a list"),
        ("HS256", [_jwk()], "HS256 is verified with a client secret"),
        ("HS256", [{"kty": "oct", "k": "AAAA", "kid": RS256["kid"]}], "HS256 is verified with a client secret"),
        ("RS256", SECRET, "RS256 is verified with a public key"),
        ("HS256", "secret", "6 octets; HS256 needs at least 32"),
        ("HS256", "", "0 octets"),
        ("XS256", [_jwk()], "alg 'XS256' is not one of"),
    ],
)
def test_a_key_that_cannot_verify_the_token(alg: str, keys: KeySource, told: str) -> None:
    token = compose({"alg": alg, "kid": RS256["kid"]}, CLAIMS, RSA)
    with pytest.raises(JoseError, match=told) as refusal:
        verify(token, keys, algorithms=[alg])
    assert RS256["n"][:40] not in str(refusal.value)


UNUSABLE = [{}, {"kty": "AKP", "alg": "ML-DSA-65"}, _jwk(n="AQAB"), _jwk(use="enc"), _jwk("ES256", y=OFF_THE_CURVE)]


def test_keys_that_cannot_be_used_do_not_hide_the_one_that_can() -> None:
    keys = [*UNUSABLE, *(public_jwk("RS256", number) for number in range(8))]
    for number in range(8):
        token = compose({"alg": "RS256"}, CLAIMS, signing_key(key("RS256", number)))
        assert verify(token, keys, algorithms=["RS256"]).claims == CLAIMS
    assert verify(HONEST, keys, algorithms=["RS256"]).claims == CLAIMS


def test_two_keys_of_one_id_are_told_apart_by_their_type() -> None:
    token = compose({"alg": "ES256", "kid": RS256["kid"]}, CLAIMS, signing_key(key("ES256")))
    assert verify(token, [_jwk(), _jwk("ES256")], algorithms=["ES256"]).claims == CLAIMS


def test_no_key_at_all() -> None:
    with pytest.raises(JoseError, match="No key is known"):
        verify(compose({"alg": "RS256"}, CLAIMS, RSA), [], algorithms=["RS256"])


@pytest.mark.parametrize("algorithms", [[], (), {"ES256"}, ["none"], frozenset({"RS384", "rs256"})])
def test_the_algorithm_is_chosen_by_who_verifies(algorithms: Collection[str]) -> None:
    with pytest.raises(JoseError, match="alg is 'RS256'; accepted here"):
        verify(HONEST, [RS256], algorithms=algorithms)


def test_an_unsigned_token_passes_where_that_is_agreed() -> None:
    token = compose({"alg": "none"}, CLAIMS, None)
    assert verify(token, [], algorithms=["none"]).claims == CLAIMS
    with pytest.raises(JoseError, match="and yet it has a signature"):
        verify(compose({"alg": "none"}, CLAIMS, RSA), [RS256], algorithms=["none", "RS256"])


def test_a_new_key_of_each_algorithm_signs_and_verifies() -> None:
    for alg in KEY_PAIR_ALGORITHMS:
        jwk = generate_private_jwk(alg)
        token = compose({"alg": alg}, CLAIMS, SigningKey(alg, json.dumps(jwk)))
        assert verify(token, [jwk], algorithms=[alg]).claims == CLAIMS


@pytest.mark.parametrize("alg", ["HS256", "none", "RS257"])
def test_there_is_no_key_pair_for_other_algorithms(alg: str) -> None:
    with pytest.raises(JoseError):
        generate_private_jwk(alg)
