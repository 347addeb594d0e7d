"""What a realm's policy must be: held against itself, and against the people of the realm.

Types and fixed limits are those of `RealmPolicy` and are checked where the values come in. Every function raises
`Invalid`, which names the field.
"""

from collections.abc import Collection
from dataclasses import fields

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.jwks import parse_client_jwks
from oidc_harness.services import users
from oidc_harness.services.addresses import shown
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import Invalid
from oidc_harness.services.flow_rules import needed_grants
from oidc_harness.services.lifetimes import dies_first

POLICIES = frozenset(field.name for field in fields(RealmPolicy))
_FLOWS = frozenset({"grant_types", "response_types"})
_LIFETIMES = frozenset({"access_token_ttl", "refresh_token_ttl", "refresh_must_outlive_access"})
_STATEMENTS = frozenset({"software_statements", "software_statement_issuers"})
_REGISTRATION = frozenset({"dynamic_registration", "initial_access_token"})


def check_policy(policy: RealmPolicy, changed: Collection[str] = POLICIES) -> None:
    """Hold the policy against itself, as far as the changed fields can break it."""
    if not _REGISTRATION.isdisjoint(changed):
        _check_registration(policy)
    if not _STATEMENTS.isdisjoint(changed):
        _check_statements(policy)
    if not _FLOWS.isdisjoint(changed):
        _check_flows(policy)
    if _LIFETIMES.isdisjoint(changed) or not policy.refresh_must_outlive_access:
        return
    fault = dies_first(policy.refresh_token_ttl, policy.access_token_ttl)
    if fault is not None:
        # The one that is not as usual is the likelier mistake.
        usual = policy.refresh_token_ttl == RealmPolicy().refresh_token_ttl
        raise Invalid(fault, field="access_token_ttl" if usual else "refresh_token_ttl")


def _check_registration(policy: RealmPolicy) -> None:
    if policy.dynamic_registration == "initial_access_token" and policy.initial_access_token is None:
        raise Invalid(
            "is missing, so that nobody could register; set it, or let dynamic_registration be open or off",
            field="initial_access_token",
        )


def _check_statements(policy: RealmPolicy) -> None:
    """RFC 7591 2.3: a statement is verified by a public key of who says it."""
    for issuer, keys in policy.software_statement_issuers.items():
        try:
            parse_client_jwks({"keys": list(keys)})
        except ValueError as reason:
            path, _, fault = str(reason).partition(": ")
            field = f"software_statement_issuers.{issuer}{path.removeprefix('keys')}"
            raise Invalid(fault, field=field) from None
    if policy.software_statements != "off" and not policy.software_statement_issuers:
        raise Invalid(
            "is empty, so that no statement could be verified; name who is trusted, or let software_statements be off",
            field="software_statement_issuers",
        )


def _check_flows(policy: RealmPolicy) -> None:
    """A8, A9: what is announced can be done, and each kind is named once (RFC 7591 2.1)."""
    for field in sorted(_FLOWS):
        names: tuple[str, ...] = getattr(policy, field)
        if len(set(names)) != len(names):
            raise Invalid("names one of them twice; name each once", field=field)
    for name in policy.response_types:
        for grant in needed_grants(name):
            if grant not in policy.grant_types:
                raise Invalid(f"has {name}, but grant_types lacks {grant}; make both agree", field="response_types")


async def check_persona(circumstances: Circumstances, policy: RealmPolicy) -> None:
    """Who signs in where nobody else is named has to be there."""
    name = policy.default_persona
    if name is not None and await users.find(circumstances, name) is None:
        raise Invalid(f"{shown(name)} is no user of this realm", field="default_persona")
