"""What an accepted authorization request means, parameter by parameter (OIDC Core 3.1.2.1)."""

from typing import Any

import pytest

from oidc_harness.protocol.errors import OAuthError
from tests.spec.authorization_requests import CHALLENGE, ask
from tests.support import records

UNDERSTOOD = [
    ({}, {"scopes": ("openid",), "nonce": None, "prompts": frozenset(), "max_age": None, "claims": {}}),
    ({"scope": None}, {"scopes": ()}),
    ({"scope": "openid email openid"}, {"scopes": ("openid", "email")}),
    ({"scope": "email openid"}, {"scopes": ("email", "openid")}),
    ({"scope": "openid api:read"}, {"scopes": ("openid",)}),
    ({"nonce": "n" * 8192}, {"nonce": "n" * 8192}),
    ({"nonce": ""}, {"nonce": None}),
    ({"prompt": "login consent"}, {"prompts": frozenset({"login", "consent"})}),
    ({"prompt": "select_account"}, {"prompts": frozenset({"select_account"})}),
    ({"prompt": "none"}, {"prompts": frozenset({"none"})}),
    ({"prompt": ""}, {"prompts": frozenset()}),
    ({"max_age": "0"}, {"max_age": 0}),
    ({"max_age": "15000"}, {"max_age": 15000}),
    ({"login_hint": "buffy@example.org"}, {"login_hint": "buffy@example.org"}),
    ({"id_token_hint": "a.b.c"}, {"id_token_hint": "a.b.c"}),
    ({"acr_values": "1 2"}, {}),
    ({"claims": "{}"}, {"claims": {}}),
    ({"claims": '{"userinfo": null}'}, {"claims": {"userinfo": {}}}),
    ({"claims": '{"elsewhere": 5, "id_token": {"name": null}}'}, {"claims": {"id_token": {"name": None}}}),
    (
        {"claims": '{"userinfo": {"email": {"essential": true, "new": [1]}}}'},
        {"claims": {"userinfo": {"email": {"essential": True, "new": [1]}}}},
    ),
    ({"claims": "not looked at without openid", "scope": "email"}, {"claims": {}}),
    ({"code_challenge": CHALLENGE}, {"code_challenge": CHALLENGE, "code_challenge_method": "plain"}),
    (
        {"code_challenge": CHALLENGE, "code_challenge_method": "S256"},
        {"code_challenge": CHALLENGE, "code_challenge_method": "S256"},
    ),
    ({"request": "", "registration": ""}, {}),
    ({"display": "popup", "ui_locales": "se", "claims_locales": "se", "extra": "foobar"}, {}),
]


@pytest.mark.parametrize(("changes", "meaning"), UNDERSTOOD)
def test_a_request_is_understood(changes: dict[str, Any], meaning: dict[str, Any]) -> None:
    request = ask(changes)
    assert {field: getattr(request, field) for field in meaning} == meaning


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
@pytest.mark.parametrize("state", ["x", None, "s" * 8192, "a b&c=d#e%20é\r\n"])
def test_the_answer_has_a_place_to_go(mode: str, state: str | None) -> None:
    reply_to = ask({"response_mode": mode, "state": state}).reply_to
    assert (reply_to.redirect_uri, reply_to.response_mode, reply_to.state) == (records.REDIRECT_URI, mode, state)


def test_an_application_asks_for_its_own_scopes() -> None:
    application = records.application(allowed_scopes=("openid", "api:read"))
    assert ask({"scope": "openid api:read"}, application).scopes == ("openid", "api:read")


def test_an_unregistered_redirect_uri_is_not_looked_at_for_a_mode() -> None:
    with pytest.raises(OAuthError):
        ask({"response_mode": "form_post", "redirect_uri": "https://attacker.example/"})
