"""Claims about a person, read from the user record (OIDC Core 5.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from oidc_harness.model.user import Address, User
from oidc_harness.protocol.scope import CLAIMS_OF_SCOPE, PERSONAL_CLAIMS

_ACCOUNT_CLAIMS = frozenset({"email", "email_verified", "updated_at"})


def person_claims(user: User, names: Iterable[str]) -> dict[str, Any]:
    """The named claims that the user has a value for; the others are left out (OIDC Core 5.3.2)."""
    told: dict[str, Any] = {}
    for name in names:
        value = getattr(user if name in _ACCOUNT_CLAIMS else user.profile, name)
        if isinstance(value, Address):
            value = {member: text for member, text in asdict(value).items() if text}
        if value not in (None, "", {}):
            told[name] = value
    return told


def scope_claims(user: User, scopes: Iterable[str]) -> dict[str, Any]:
    """The claims of the scopes (OIDC Core 5.4)."""
    names = (name for scope in scopes for name in CLAIMS_OF_SCOPE.get(scope, ()) if name != "sub")
    return person_claims(user, names)


def requested_claims(user: User, asked: Mapping[str, Any] | None) -> dict[str, Any]:
    """The claims asked for one by one, as far as they are known here (OIDC Core 5.5)."""
    return person_claims(user, (name for name in asked or () if name in PERSONAL_CLAIMS))
