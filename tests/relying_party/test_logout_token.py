"""What the careful client makes of a logout token, one deviation at a time (Back-Channel Logout 2.6, 2.7)."""

from typing import Any

import pytest

from oidc_harness.relying_party.client import Document, Refused, Session
from oidc_harness.relying_party.logout_token import ended_by, verified_logout
from oidc_harness.relying_party.verification import KeyProblem
from tests.relying_party.tokens import CLAIMS as ID_TOKEN
from tests.relying_party.tokens import (
    KEY_SET,
    NOW,
    OTHER_RSA,
    expected,
    signed,
    signed_with_the_public_key,
    unsigned,
    with_other_signature,
)

EVENT = "http://schemas.openid.net/event/backchannel-logout"
CLAIMS: Document = {
    "iss": ID_TOKEN["iss"],
    "sub": "ann",
    "aud": "client-1",
    "iat": NOW,
    "exp": NOW + 120,
    "jti": "a-jti",
    "events": {EVENT: {}},
    "sid": "a-session",
}
HEADER: dict[str, Any] = {"typ": "logout+jwt"}


def changed(change: Document) -> Document:
    """The claims with these; None leaves one out."""
    return {name: value for name, value in {**CLAIMS, **change}.items() if value is not None}


@pytest.mark.parametrize("alg", ["RS256", "PS384", "ES256", "ES512", "HS256"])
def test_a_good_token_in_each_algorithm(alg: str) -> None:
    assert verified_logout(signed(CLAIMS, alg, **HEADER), KEY_SET, expected(alg)) == CLAIMS


@pytest.mark.parametrize(
    ("change", "header"),
    [
        ({}, {}),
        ({}, {"typ": "JWT"}),
        ({}, {"typ": "Logout+JWT"}),
        ({}, {"typ": "application/logout+jwt"}),
        ({"aud": ["client-1"]}, HEADER),
        ({"sub": None}, HEADER),
        ({"sid": None}, HEADER),
        ({"more": {"nested": [1]}}, HEADER),
        ({"iat": NOW + 30}, HEADER),
        ({"iat": NOW - 86400}, HEADER),
        ({"exp": NOW - 30}, HEADER),
    ],
)
def test_what_may_vary(change: Document, header: dict[str, Any]) -> None:
    verified_logout(signed(changed(change), **header), KEY_SET, expected())


@pytest.mark.parametrize(
    "change",
    [
        {"iss": None},
        {"iss": "https://evil.example"},
        {"iss": ID_TOKEN["iss"] + "/"},
        {"aud": None},
        {"aud": "client-2"},
        {"aud": ["client-1", "client-2"]},
        {"iat": None},
        {"iat": "now"},
        {"iat": True},
        {"iat": NOW + 120},
        {"exp": None},
        {"exp": NOW - 61},
        {"exp": "never"},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"events": None},
        {"events": {}},
        {"events": EVENT},
        {"events": [EVENT]},
        {"events": {EVENT: "yes"}},
        {"events": {EVENT: None}},
        {"events": {EVENT + "/": {}}},
        {"nonce": "n"},
        {"nonce": ""},
        {"sub": None, "sid": None},
        {"sub": 7},
        {"sid": ["a-session"]},
    ],
    ids=str,
)
def test_a_claim_that_is_refused(change: Document) -> None:
    with pytest.raises(Refused) as refusal:
        verified_logout(signed(changed(change), **HEADER), KEY_SET, expected())
    # Fresh keys would not heal it.
    assert not isinstance(refusal.value, KeyProblem)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "a.b",
        signed(CLAIMS, typ="at+jwt"),
        signed(CLAIMS, typ="dpop+jwt"),
        signed(CLAIMS, **HEADER, crit=["b64"], b64=True),
        signed(CLAIMS, "PS256", **HEADER),
        signed(CLAIMS, "HS256", **HEADER),
        unsigned(),
        unsigned(alg="None"),
        signed_with_the_public_key(),
        signed(ID_TOKEN),
    ],
)
def test_a_token_that_is_refused_for_its_form(token: str) -> None:
    with pytest.raises(Refused):
        verified_logout(token, KEY_SET, expected())


@pytest.mark.parametrize(
    "token",
    [
        signed(CLAIMS, key=OTHER_RSA, **HEADER),
        signed(CLAIMS, **{**HEADER, "kid": "rsa-2"}),
        with_other_signature(signed(CLAIMS, **HEADER)),
    ],
)
def test_fresh_keys_might_heal_a_wrong_key_or_signature(token: str) -> None:
    with pytest.raises(KeyProblem):
        verified_logout(token, KEY_SET, expected())


@pytest.mark.parametrize("key_set", [{}, {"keys": []}, {"keys": None}, {"keys": ["x"]}])
def test_no_key_is_no_reason_to_take_it(key_set: Document) -> None:
    with pytest.raises(KeyProblem):
        verified_logout(signed(CLAIMS, **HEADER), key_set, expected())


def session(sub: str, sid: str | None) -> Session:
    claims = {"sub": sub} if sid is None else {"sub": sub, "sid": sid}
    return Session(sub, claims, "id-token", claims, "access-token")


@pytest.mark.parametrize(
    ("claims", "ended"),
    [
        ({"sub": "ann"}, {"ann 1", "ann 2", "ann"}),
        ({"sid": "1"}, {"ann 1"}),
        ({"sub": "ann", "sid": "2"}, {"ann 2"}),
        ({"sub": "bob", "sid": "1"}, set()),
        ({"sub": "ann", "sid": "4"}, set()),
        ({"sub": "eve"}, set()),
    ],
)
def test_which_sessions_end(claims: Document, ended: set[str]) -> None:
    sessions = {
        "ann 1": session("ann", "1"),
        "ann 2": session("ann", "2"),
        "ann": session("ann", None),
        "bob 3": session("bob", "3"),
    }
    assert {name for name, each in sessions.items() if ended_by(claims)(each)} == ended
