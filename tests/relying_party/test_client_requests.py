"""The requests that pyoidc writes for both clients."""

import json
from base64 import b64decode, urlsafe_b64decode
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from oidc_harness.relying_party import client_requests as write
from oidc_harness.relying_party.client import PendingLogin, Refused
from oidc_harness.relying_party.metadata import Metadata
from oidc_harness.relying_party.registration import Registration

METADATA = Metadata("http://op", "http://op/authorize?tenant=1", "http://op/token", "http://op/jwks")
SECRET = "a secret: 100% of 32 bytes and more"
# The pair of RFC 7636 appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
PENDING = PendingLogin("the-state", "the-nonce", VERIFIER, started_at=0.0)


def registration(auth_method: str = "client_secret_basic", challenge_method: str = "S256") -> Registration:
    return Registration(
        issuer="http://op",
        client_id="client:1",
        client_secret=None if auth_method == "none" else SECRET,
        redirect_uri="http://rp/callback?x=1",
        post_logout_redirect_uri="http://rp/logged-out",
        scope="openid email",
        auth_method=auth_method,
        code_challenge_method=challenge_method,
    )


def asked(pending: PendingLogin = PENDING, challenge_method: str = "S256") -> dict[str, str]:
    url = write.authorization_url(registration(challenge_method=challenge_method), METADATA, pending)
    assert url.startswith("http://op/authorize?tenant=1&")
    pairs = parse_qsl(urlsplit(url).query)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def test_an_authorization_request() -> None:
    assert asked() == {
        "tenant": "1",
        "response_type": "code",
        "client_id": "client:1",
        "redirect_uri": "http://rp/callback?x=1",
        "scope": "openid email",
        "state": "the-state",
        "nonce": "the-nonce",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }


@pytest.mark.parametrize(
    ("method", "challenge"),
    [("S256", (CHALLENGE, "S256")), ("plain", (VERIFIER, "plain")), ("", (None, None))],
)
def test_the_challenge_of_each_method(method: str, challenge: tuple[str | None, str | None]) -> None:
    request = asked(challenge_method=method)
    assert (request.get("code_challenge"), request.get("code_challenge_method")) == challenge
    redemption = parse_qs(write.code_request(registration(challenge_method=method), METADATA, "c", PENDING).form)
    assert ("code_verifier" in redemption) is bool(method)


@pytest.mark.parametrize(
    ("wish", "value"),
    [
        ("prompt", "login consent"),
        ("prompt", "none"),
        ("login_hint", "ann@example.org & ünal"),
        ("max_age", "0"),
        ("acr_values", "gold silver"),
        ("scope", "openid"),
        ("response_mode", "form_post"),
    ],
)
def test_a_wish_is_passed_on(wish: str, value: str) -> None:
    assert asked(write.new_pending({wish: value}, 0.0, 1))[wish] == value


def test_other_parameters_are_not_passed_on() -> None:
    pending = write.new_pending({"redirect_uri": "http://evil", "client_id": "x", "state": "mine"}, 0.0, 1)
    request = asked(pending)
    assert (request["redirect_uri"], request["client_id"]) == ("http://rp/callback?x=1", "client:1")
    assert request["state"] == pending.state != "mine"


def test_a_wish_that_can_not_be_written_is_refused() -> None:
    with pytest.raises(Refused, match="max_age"):
        asked(write.new_pending({"max_age": "an hour"}, 0.0, 1))


def test_every_login_has_its_own_secrets() -> None:
    logins = [write.new_pending({}, 0.0, 1) for _ in range(50)]
    values = {value for each in logins for value in (each.state, each.nonce, each.code_verifier)}
    assert len(values) == 150
    assert all(43 <= len(each.code_verifier) <= 128 for each in logins)


CODE = [
    ("grant_type", "authorization_code"),
    ("code", "the-code"),
    ("redirect_uri", "http://rp/callback?x=1"),
    ("code_verifier", VERIFIER),
]
REFRESH = [("grant_type", "refresh_token"), ("refresh_token", "the-token")]


@pytest.mark.parametrize(
    ("auth_method", "extra"),
    [
        ("none", [("client_id", "client:1")]),
        ("client_secret_basic", []),
        ("client_secret_post", [("client_id", "client:1"), ("client_secret", SECRET)]),
    ],
)
def test_token_requests(auth_method: str, extra: list[tuple[str, str]]) -> None:
    code = write.code_request(registration(auth_method), METADATA, "the-code", PENDING)
    refresh = write.refresh_request(registration(auth_method), METADATA, "the-token")
    assert sorted(parse_qsl(code.form)) == sorted(CODE + extra)
    assert sorted(parse_qsl(refresh.form)) == sorted(REFRESH + extra)
    assert bool(code.headers) is bool(refresh.headers) is (auth_method == "client_secret_basic")


def test_basic_credentials_are_form_encoded_first() -> None:
    request = write.code_request(registration(), METADATA, "c", PENDING)
    credentials = b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
    assert credentials == "client%3A1:a+secret%3A+100%25+of+32+bytes+and+more"


def test_a_client_assertion() -> None:
    form = dict(parse_qsl(write.code_request(registration("client_secret_jwt"), METADATA, "c", PENDING).form))
    payload = form["client_assertion"].split(".")[1]
    claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("client:1", "client:1", ["http://op/token"])
    assert claims["exp"] > claims["iat"]
    assert claims["jti"]
    assert "client_secret" not in form


def test_a_logout_request() -> None:
    url = write.logout_url(registration(), "http://op/end", "the.id.token", "the-state")
    assert dict(parse_qsl(urlsplit(url).query)) == {
        "id_token_hint": "the.id.token",
        "post_logout_redirect_uri": "http://rp/logged-out",
        "state": "the-state",
        "client_id": "client:1",
    }
