"""The policy of a realm, held against itself and against who is there."""

from typing import Any

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.jose import generate_private_jwk, public_part
from oidc_harness.services.errors import Invalid
from oidc_harness.services.policy_rules import check_persona, check_policy
from tests.services.conftest import Desk

KEPT: list[dict[str, Any]] = [
    {},
    {"access_token_ttl": 0, "refresh_token_ttl": 0},
    {"access_token_ttl": 90, "refresh_token_ttl": 90},
    {"access_token_ttl": None, "refresh_token_ttl": None},
    {"refresh_token_ttl": None},
    {"access_token_ttl": None, "refresh_must_outlive_access": False},
]
BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("access_token_ttl", {"access_token_ttl": None}, "live 7776000 s, access tokens forever"),
    ("refresh_token_ttl", {"access_token_ttl": 100, "refresh_token_ttl": 50}, "live 50 s, access tokens 100 s"),
    ("refresh_token_ttl", {"refresh_token_ttl": 0}, "live 0 s, access tokens 3600 s"),
]


@pytest.mark.parametrize("changes", KEPT, ids=str)
def test_a_policy_that_agrees_with_itself(changes: dict[str, Any]) -> None:
    check_policy(RealmPolicy(**changes))


@pytest.mark.parametrize(("field", "changes", "message"), BROKEN)
def test_a_policy_that_does_not(field: str, changes: dict[str, Any], message: str) -> None:
    policy = RealmPolicy(**changes)
    for changed in (changes, {"refresh_must_outlive_access"}):
        with pytest.raises(Invalid, match=message) as refusal:
            check_policy(policy, changed)
        assert refusal.value.field == field
    check_policy(policy, {"name_limit"})


@pytest.mark.parametrize("name", ["ada", "ada@example.com", None])
async def test_who_signs_in_is_there(desk: Desk, name: str | None) -> None:
    await desk.user("ada")
    await desk.ask(check_persona, RealmPolicy(default_persona=name))


def test_an_initial_access_token_is_there_where_it_is_asked_for() -> None:
    policy = RealmPolicy(dynamic_registration="initial_access_token")
    with pytest.raises(Invalid, match="nobody could register"):
        check_policy(policy, {"dynamic_registration"})
    check_policy(RealmPolicy(dynamic_registration="initial_access_token", initial_access_token="x" * 16))


TRUSTED = {"https://vouch.example": (public_part(generate_private_jwk("ES256")),)}
STATEMENTS: list[tuple[str, dict[str, Any], str]] = [
    ("software_statement_issuers", {"software_statements": "required"}, "no statement could be verified"),
    ("software_statement_issuers", {"software_statements": "accepted"}, "no statement could be verified"),
    ("software_statement_issuers.x", {"software_statement_issuers": {"x": ()}}, "no key"),
    ("software_statement_issuers.x[0].kty", {"software_statement_issuers": {"x": ({},)}}, "is missing"),
    (
        "software_statement_issuers.x[0].d",
        {"software_statement_issuers": {"x": (generate_private_jwk("ES256"),)}},
        "private member",
    ),
]


@pytest.mark.parametrize(("field", "changes", "message"), STATEMENTS)
def test_whose_statements_count(field: str, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid, match=message) as refusal:
        check_policy(RealmPolicy(**changes), changes)
    assert refusal.value.field == field
    check_policy(RealmPolicy(software_statements="required", software_statement_issuers=TRUSTED))


async def test_who_signs_in_is_not_there(desk: Desk) -> None:
    with pytest.raises(Invalid, match="'nobody' is no user of this realm") as refusal:
        await desk.ask(check_persona, RealmPolicy(default_persona="nobody"))
    assert refusal.value.field == "default_persona"
