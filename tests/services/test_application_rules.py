"""Every rule about an application, one application that breaks it and one that just keeps it."""

from dataclasses import fields, replace
from typing import Any

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.services.application_rules import RULES, check_application, check_changes
from oidc_harness.services.errors import Invalid
from tests.services.application_cases import BROKEN, KEPT, REALM, WEB


def _members(changes: dict[str, Any]) -> str:
    return "-".join(changes) or "nothing"


@pytest.mark.parametrize("changes", KEPT, ids=_members)
def test_an_application_that_keeps_the_rules(changes: dict[str, Any]) -> None:
    check_application(replace(WEB, **changes), REALM)


@pytest.mark.parametrize(("field", "changes", "message"), BROKEN)
def test_an_application_that_breaks_a_rule(field: str, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_application(replace(WEB, **changes), REALM)
    assert refusal.value.field == field
    assert message in refusal.value.message


@pytest.mark.parametrize(
    ("policy", "changes"),
    [
        (RealmPolicy(name_limit=255), {"name": "x" * 255}),
        (RealmPolicy(description_limit=500), {"description": "x" * 500}),
        (RealmPolicy(refresh_must_outlive_access=False), {"refresh_token_ttl": 0}),
        (RealmPolicy(refresh_token_ttl=None), {"access_token_ttl": None}),
    ],
)
def test_a_policy_permits_what_the_default_refuses(policy: RealmPolicy, changes: dict[str, Any]) -> None:
    application = replace(WEB, **changes)
    with pytest.raises(Invalid):
        check_application(application, REALM)
    check_application(application, replace(REALM, policy=policy))


STRICTER: list[tuple[RealmPolicy, dict[str, Any], dict[str, Any], str | None]] = [
    (RealmPolicy(name_limit=3), {}, {"description": "Teas"}, None),
    (RealmPolicy(name_limit=3), {}, {"name": "Shop"}, None),
    (RealmPolicy(name_limit=3), {}, {"name": "Shops"}, "name"),
    (RealmPolicy(description_limit=2), {"description": "Teas"}, {"name": "Tea"}, None),
    (RealmPolicy(access_token_ttl=None), {}, {"closed": True}, None),
    (RealmPolicy(access_token_ttl=None), {}, {"grant_types": ("authorization_code",)}, None),
    (RealmPolicy(access_token_ttl=None), {}, {"access_token_ttl": 60}, None),
    (RealmPolicy(access_token_ttl=None), {}, {"refresh_token_ttl": 60}, "refresh_token_ttl"),
]


@pytest.mark.parametrize(("policy", "own", "changes", "refused"), STRICTER)
def test_only_what_a_change_can_break_is_checked(
    policy: RealmPolicy, own: dict[str, Any], changes: dict[str, Any], refused: str | None
) -> None:
    before = replace(WEB, **own)
    try:
        check_changes(before, replace(before, **changes), replace(REALM, policy=policy))
        found = None
    except Invalid as refusal:
        found = refusal.field
    assert found == refused


@pytest.mark.parametrize(("field", "changes", "message"), BROKEN)
def test_a_change_that_breaks_a_rule(field: str, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_changes(WEB, replace(WEB, **changes), REALM)
    assert (refusal.value.field, message in refusal.value.message) == (field, True)


def test_each_rule_is_broken_by_a_case() -> None:
    def breaks(rule: Any, changes: dict[str, Any]) -> bool:
        try:
            rule(replace(WEB, **changes), REALM)
        except Invalid:
            return True
        return False

    assert {name for concerned in RULES.values() for name in concerned} <= {field.name for field in fields(WEB)}
    unbroken = [rule.__name__ for rule in RULES if not any(breaks(rule, changes) for _, changes, _ in BROKEN)]
    assert not unbroken
