"""The compact form, read strictly: what is not one is refused, whether it is verified or only shown."""

import json

import pytest

from oidc_harness.protocol.jose import JoseError, base64url, compose, decode_unverified, signing_key, verify
from oidc_harness.protocol.jose_compact import MAXIMUM_CHARACTERS, deeper_than
from tests.protocol.jose_keys import key, public_jwk

CLAIMS = {"iss": "https://client.example"}
RS256 = public_jwk("RS256")
RSA = signing_key(key("RS256"))
HONEST = compose({"alg": "RS256", "kid": RS256["kid"]}, CLAIMS, RSA)
HEADER, PAYLOAD, SIGNATURE = HONEST.split(".")
AS_JSON = json.dumps({"protected": HEADER, "payload": PAYLOAD, "signature": SIGNATURE})


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ("", "1 parts"),
        ("token", "1 parts"),
        (f"{HEADER}.{PAYLOAD}", "2 parts"),
        (f"{HONEST}.", "4 parts"),
        (f"{HEADER}.a.b.c.d", "it is encrypted"),
        ("." * 65_000, "65001 parts"),
        ("." * 1_000_000, "1000000 characters; at most 65536"),
        ("a" * MAXIMUM_CHARACTERS + "..", "at most 65536"),
        (AS_JSON, "parts"),
        (AS_JSON.replace('"', '".'), "parts"),
        (f"{HONEST}é", "not ASCII"),
        (f" {HONEST}", "header is not base64url"),
        (f"{HONEST}\n", "signature is not base64url"),
        (f"{HEADER}=.{PAYLOAD}.{SIGNATURE}", "header is not"),
        (f"{HEADER}.{PAYLOAD}.{SIGNATURE}==", "signature is not"),
        (f"{HEADER}.{PAYLOAD}.{SIGNATURE[:-1]}B", "signature is not in the one canonical form"),
        (f"{HEADER}.{PAYLOAD}.+/+/", "signature is not in the one canonical form"),
        (f"{HEADER}.{PAYLOAD}.a", "signature is not base64url"),
        (f".{PAYLOAD}.{SIGNATURE}", "header is not JSON"),
        (f"{base64url(b'[]')}.{PAYLOAD}.", "header is not a JSON object"),
        (f"{base64url(b'null')}.{PAYLOAD}.", "header is not a JSON object"),
        (compose(b'{"alg":"none","alg":"RS256"}', CLAIMS, RSA), "header has the member 'alg' twice"),
        (compose(b'{"alg":"RS256","kid":"a","kid":"b"}', CLAIMS, RSA), "header has the member 'kid' twice"),
        (compose(b"{" + b'"a":1,' * 6000 + b'"b":1}', CLAIMS, RSA), "header has the member 'a' twice"),
    ],
)
def test_what_is_no_token_in_compact_form(token: str, told: str) -> None:
    for algorithms in (["RS256"], ["none"]):
        with pytest.raises(JoseError, match=told):
            verify(token, [RS256], algorithms=algorithms)
    with pytest.raises(JoseError, match=told):
        decode_unverified(token)


@pytest.mark.parametrize(
    ("value", "depth"),
    [("text", 0), ({}, 1), ([], 1), ({"a": 1}, 1), ({"a": []}, 2), ([[1], {"a": {"b": [1]}}], 4)],
)
def test_depth_counts_objects_and_lists(value: object, depth: int) -> None:
    assert [deeper_than(value, levels) for levels in range(6)] == [levels < depth for levels in range(6)]


def test_what_a_token_says_can_be_shown_unverified() -> None:
    token = compose({"alg": "none", "kid": 5}, CLAIMS, None)
    assert decode_unverified(token) == ({"alg": "none", "kid": 5}, CLAIMS)
