"""Which token responses a careful client takes: one good one, and every single deviation from it."""

import json

import pytest

from oidc_harness.relying_party.client import Document, Refused
from oidc_harness.relying_party.verification import (
    KeyProblem,
    check_renewed_claims,
    check_token_response,
    verified_claims,
)
from tests.relying_party.tokens import (
    ACCESS_TOKEN,
    CLAIMS,
    ISSUER,
    KEY_SET,
    NOW,
    OTHER_RSA,
    at_hash,
    claims_without,
    expected,
    response,
    signed,
    signed_with_the_public_key,
    unsigned,
    with_other_signature,
)


@pytest.mark.parametrize("bits", [256, 384, 512])
@pytest.mark.parametrize("family", ["RS", "PS", "ES", "HS"])
def test_a_good_token_in_each_algorithm(family: str, bits: int) -> None:
    algorithm = f"{family}{bits}"
    claims = {**CLAIMS, "at_hash": at_hash(ACCESS_TOKEN, bits)}
    token = signed(claims, algorithm)
    assert verified_claims(response(token), KEY_SET, expected(algorithm)) == claims


@pytest.mark.parametrize(
    "change",
    [
        {"aud": ["client-1"]},
        {"azp": "client-1"},
        {"exp": NOW + 300.5},
        {"iat": NOW - 300, "exp": NOW - 59},
        {"iat": NOW + 59},
        {"acr": "gold", "amr": ["pwd"], "auth_time": NOW - 10, "sid": "s"},
        {"name": "Ann", "email_verified": True, "address": {"country": "DE"}},
        {"sub": "a" * 255},
    ],
)
def test_what_may_vary(change: Document) -> None:
    claims = {**CLAIMS, **change}
    assert verified_claims(response(signed(claims)), KEY_SET, expected()) == claims


REFUSED_CLAIMS = [
    ("id_token_issuer", {**CLAIMS, "iss": "http://evil.example"}),
    ("id_token_issuer", {**CLAIMS, "iss": ISSUER + "/"}),
    ("id_token_claim_missing", claims_without("iss")),
    ("id_token_audience", {**CLAIMS, "aud": "client-2"}),
    ("id_token_audience", {**CLAIMS, "aud": ["client-2"]}),
    ("id_token_audience", {**CLAIMS, "aud": ["client-1", "client-2"], "azp": "client-1"}),
    ("id_token_audience", {**CLAIMS, "azp": "client-2"}),
    ("id_token_claim_missing", claims_without("aud")),
    ("id_token_claim_missing", {**CLAIMS, "aud": []}),
    ("id_token_refused", {**CLAIMS, "aud": 7}),
    ("id_token_claim_missing", claims_without("sub")),
    ("id_token_claim_missing", {**CLAIMS, "sub": ""}),
    ("id_token_claim_missing", {**CLAIMS, "sub": None}),
    ("id_token_subject", {**CLAIMS, "sub": 7}),
    ("id_token_subject", {**CLAIMS, "sub": "a" * 256}),
    ("id_token_expired", {**CLAIMS, "exp": NOW - 61}),
    ("id_token_expired", {**CLAIMS, "iat": NOW - 86400, "exp": NOW - 3600}),
    ("id_token_expired", {**CLAIMS, "exp": NOW - 1, "iat": NOW}),
    ("id_token_claim_missing", claims_without("exp")),
    ("id_token_times", {**CLAIMS, "exp": str(NOW + 300)}),
    ("id_token_refused", {**CLAIMS, "exp": "tomorrow"}),
    ("id_token_refused", {**CLAIMS, "exp": True}),
    ("id_token_issued_at", {**CLAIMS, "iat": NOW + 61}),
    ("id_token_claim_missing", claims_without("iat")),
    ("id_token_nonce", claims_without("nonce")),
    ("id_token_nonce", {**CLAIMS, "nonce": "another"}),
    ("id_token_nonce", {**CLAIMS, "nonce": ["the-nonce"]}),
    ("id_token_at_hash", {**CLAIMS, "at_hash": at_hash("another-token")}),
    ("id_token_at_hash", {**CLAIMS, "at_hash": at_hash(ACCESS_TOKEN, 512)}),
    ("id_token_at_hash", {**CLAIMS, "at_hash": 7}),
]


@pytest.mark.parametrize(("code", "claims"), REFUSED_CLAIMS)
def test_a_claim_that_is_refused(code: str, claims: Document) -> None:
    with pytest.raises(Refused) as refusal:
        verified_claims(response(signed(claims)), KEY_SET, expected())
    assert (refusal.value.code, isinstance(refusal.value, KeyProblem)) == (code, False)


@pytest.mark.parametrize(
    ("code", "token"),
    [
        ("id_token_algorithm", unsigned()),
        ("id_token_algorithm", unsigned(alg="None")),
        ("id_token_algorithm", unsigned(alg=None)),
        ("id_token_algorithm", signed(CLAIMS, "RS512")),
        ("id_token_algorithm", signed(CLAIMS, "PS256")),
        ("id_token_algorithm", signed(CLAIMS, "ES256")),
        ("id_token_algorithm", signed(CLAIMS, "HS256")),
        ("id_token_algorithm", signed_with_the_public_key()),
        ("id_token_header", signed(CLAIMS, crit=["b64"], b64=True)),
        ("id_token_malformed", ""),
        ("id_token_malformed", "a.b"),
        ("id_token_malformed", "a.b.c.d.e"),
        ("id_token_malformed", "a.b.c"),
        ("id_token_malformed", "ü.ü.ü"),
        ("id_token_malformed", json.dumps(CLAIMS)),
    ],
)
def test_a_token_that_is_refused_for_its_form(code: str, token: str) -> None:
    with pytest.raises(Refused) as refusal:
        verified_claims(response(token), KEY_SET, expected())
    assert (refusal.value.code, isinstance(refusal.value, KeyProblem)) == (code, False)


@pytest.mark.parametrize(
    "token",
    [
        signed(CLAIMS, key=OTHER_RSA),
        signed(CLAIMS, kid="unknown"),
        signed(CLAIMS, kid="broken"),
        signed(CLAIMS, kid="ec-256"),
        with_other_signature(signed(CLAIMS)),
        signed(CLAIMS)[:-8] + "AAAAAAAA",
        signed(CLAIMS).rpartition(".")[0] + ".",
        signed(CLAIMS, key=OTHER_RSA, jwk=OTHER_RSA.as_dict(private=False), kid=None),
    ],
)
def test_fresh_keys_might_heal_only_a_wrong_key_or_signature(token: str) -> None:
    with pytest.raises(KeyProblem, match="id_token_signature"):
        verified_claims(response(token), KEY_SET, expected())


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256K", "none", ""])
def test_an_algorithm_that_can_not_be_verified_is_refused(algorithm: str) -> None:
    with pytest.raises(Refused, match="id_token_algorithm"):
        verified_claims(response(unsigned(alg=algorithm)), KEY_SET, expected(algorithm))


@pytest.mark.parametrize(
    ("auth_time", "is_taken"),
    [(NOW, True), (NOW - 100, True), (NOW - 159, True), (NOW - 161, False), (None, False), (str(NOW), False)],
)
def test_max_age_is_held_against_auth_time(auth_time: object, is_taken: bool) -> None:
    token = signed({**CLAIMS, **({} if auth_time is None else {"auth_time": auth_time})})
    if is_taken:
        verified_claims(response(token), KEY_SET, expected(max_age_seconds=100))
    else:
        with pytest.raises(Refused, match="auth_time"):
            verified_claims(response(token), KEY_SET, expected(max_age_seconds=100))


def test_the_clock_is_the_one_that_is_given() -> None:
    years_later = NOW + 20 * 365 * 86400
    later = {**CLAIMS, "iat": years_later, "exp": years_later + 300}
    assert verified_claims(response(signed(later)), KEY_SET, expected(now=years_later)) == later
    with pytest.raises(Refused, match="id_token_expired"):
        verified_claims(response(signed(CLAIMS)), KEY_SET, expected(now=years_later))


@pytest.mark.parametrize("token_type", ["Bearer", "bearer", "bEaReR"])
def test_a_bearer_token_by_any_case(token_type: str) -> None:
    check_token_response(response("t", token_type=token_type, refresh_token=None, expires_in="soon", extra=[{}]))


@pytest.mark.parametrize(
    "change",
    [
        {"access_token": None},
        {"access_token": ""},
        {"access_token": 7},
        {"token_type": None},
        {"token_type": "mac"},
        {"token_type": "DPoP"},
        {"id_token": 7},
        {"refresh_token": ["r"]},
    ],
)
def test_a_token_response_that_is_refused(change: Document) -> None:
    with pytest.raises(Refused, match="bad_token_response"):
        check_token_response({**response("t"), **change})


@pytest.mark.parametrize(
    ("change", "is_taken"),
    [
        ({}, True),
        ({"iat": NOW + 3600, "exp": NOW + 7200, "at_hash": "x"}, True),
        ({"iss": "http://evil.example"}, False),
        ({"sub": "bob"}, False),
        ({"aud": ["client-1"]}, False),
        ({"azp": "client-1"}, False),
        ({"nonce": "another"}, False),
        ({"auth_time": NOW + 3600}, False),
    ],
)
def test_a_renewed_token_speaks_of_the_same_sign_in(change: Document, is_taken: bool) -> None:
    first = {**CLAIMS, "auth_time": NOW}
    if is_taken:
        check_renewed_claims(first, {**first, **change})
    else:
        with pytest.raises(Refused, match="renewed_id_token"):
            check_renewed_claims(first, {**first, **change})


def test_a_renewed_token_may_leave_out_nonce_and_auth_time() -> None:
    check_renewed_claims({**CLAIMS, "auth_time": NOW}, claims_without("nonce"))
