"""What a source of another provider's claims must be to be kept with a user (OIDC Core 5.6.2)."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.claim_source import ClaimSource
from oidc_harness.model.user import User
from oidc_harness.services import users
from oidc_harness.services.errors import Invalid
from tests.services.conftest import Desk

SAYS = ClaimSource(says={"credit_score": 650})
SECRET = "no token at all"
DEEP: Any = {"a": [{"b": [{"c": [{"d": ["e"]}]}]}]}

KEPT: list[dict[str, Any]] = [
    {"says": {"credit_score": 650, "address": {"locality": "Oxford"}, "https://claims.example/x": [True, 1.5, ""]}},
    {"says": {"name": "Ada"}, "distributed": True},
    {"claims": ("name",), "jwt": "eyJhbGciOiJub25lIn0.e30."},
    {"claims": ("name",), "jwt": "a.b.c.d.e"},
    {"claims": ("name", "iban"), "endpoint": "https://bank.example/claims?of=ada"},
    {"claims": ("name",), "endpoint": "http://127.0.0.1:9000/", "access_token": "abc.~+/-_=="},
]
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "has none of says, jwt and endpoint"),
    ({"says": {"a": 1}, "jwt": "a.b.c"}, "", "has says and jwt of says, jwt and endpoint"),
    ({"claims": ("a",), "jwt": "a.b.c", "distributed": True}, ".distributed", "leave it out"),
    ({"says": {"a": 1}, "access_token": "x"}, ".access_token", "there is none"),
    ({"claims": ("a",), "jwt": "a.b.c", "access_token": "x"}, ".access_token", "there is none"),
    ({"says": {"a": 1}, "claims": ("a",)}, ".claims", "has its names in it"),
    ({"jwt": "a.b.c"}, ".claims", "is empty"),
    ({"says": {"sub": "x"}}, "", "sub is not for another provider to say"),
    ({"claims": ("_claim_names",), "jwt": "a.b.c"}, "", "_claim_names is not"),
    ({"claims": ("name#de",), "jwt": "a.b.c"}, "", "without #"),
    ({"claims": ("",), "jwt": "a.b.c"}, "", "the name of a claim"),
    ({"says": {str(number): 1 for number in range(101)}}, "", "at most 100"),
    ({"claims": ("a",), "jwt": "a.b"}, ".jwt", "is no JWT"),
    ({"claims": ("a",), "jwt": "a.b.c d"}, ".jwt", "is no JWT"),
    ({"claims": ("a",), "endpoint": "javascript:alert(1)"}, ".endpoint", "expected http"),
    ({"claims": ("a",), "endpoint": "https://bank.example/", "access_token": SECRET}, ".access_token", "RFC 6750"),
    ({"says": {"a": None}}, ".says.a", "is null"),
    ({"says": {"a": DEEP}}, ".says.a", "deeper than 8 levels"),
]


@pytest.mark.parametrize("source", KEPT)
async def test_a_source_is_kept(source: dict[str, Any], desk: Desk) -> None:
    ada = User(id="ada", username="ada", email="ada@example.com", claim_sources={"bank": ClaimSource(**source)})
    await desk.ask(users.create, ada)
    stored = await desk.stored(User, "ada")
    assert stored is not None
    assert stored.claim_sources == ada.claim_sources


@pytest.mark.parametrize(("source", "field", "message"), REFUSED)
async def test_a_source_that_breaks_a_rule(source: dict[str, Any], field: str, message: str, desk: Desk) -> None:
    ada = User(id="ada", username="ada", email="ada@example.com", claim_sources={"bank": SAYS})
    await desk.ask(users.create, ada)
    changes: dict[str, Any] = {"claim_sources": {"bank": ClaimSource(**source)}}
    with pytest.raises(Invalid, match=message) as refusal:
        await desk.ask(users.edit, "ada", changes)
    assert refusal.value.field == f"claim_sources.bank{field}"
    assert SECRET not in str(refusal.value)
    with pytest.raises(Invalid):
        await desk.ask(users.create, replace(ada, id="eve", username="eve", email="eve@example.com", **changes))


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ({f"source-{number}": SAYS for number in range(21)}, "at most 20"),
        ({"b\x00": SAYS}, "visible ASCII"),
        ({"": SAYS}, "visible ASCII"),
    ],
)
async def test_sources_that_break_a_rule(sources: dict[str, ClaimSource], message: str, desk: Desk) -> None:
    ada = User(id="ada", username="ada", email="ada@example.com", claim_sources=sources)
    with pytest.raises(Invalid, match=message) as refusal:
        await desk.ask(users.create, ada)
    assert refusal.value.field == "claim_sources"
