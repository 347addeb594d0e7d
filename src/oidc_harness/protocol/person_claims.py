"""Claims about a person, read from the user record (OIDC Core 5.1, 5.2)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from oidc_harness.model.user import Address, User
from oidc_harness.protocol.claims_request import permits
from oidc_harness.protocol.language import find_close, is_tag
from oidc_harness.protocol.scope import CLAIMS_OF_SCOPE, PERSONAL_CLAIMS

LOCALIZABLE = frozenset(
    {"name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website"}
)
"""Claims a person may have in several languages and scripts."""
_ACCOUNT_CLAIMS = frozenset({"email", "email_verified", "groups", "updated_at"})


def scope_claims(user: User, scopes: Iterable[str], locales: tuple[str, ...] = ()) -> dict[str, Any]:
    """The claims of the scopes (OIDC Core 5.4), in the languages of `claims_locales`."""
    names = (name for scope in scopes for name in CLAIMS_OF_SCOPE.get(scope, ()) if name != "sub")
    return {told: value for name in names for told, value in _told(user, name, locales)}


def requested_claims(user: User, asked: Mapping[str, Any] | None, locales: tuple[str, ...] = ()) -> dict[str, Any]:
    """The claims asked for one by one, as far as they are known here (OIDC Core 5.5).

    One that is to have a certain value is left out where it has another (5.5.1).
    """
    found = {}
    for name, request in (asked or {}).items():
        found.update({told: value for told, value in _told(user, name, locales) if permits(request, value)})
    return found


def is_localized_claim(name: str) -> bool:
    """Whether this is a claim with a language, such as `name#ja-Kana-JP` (OIDC Core 5.2)."""
    base, _, tag = name.partition("#")
    return base in LOCALIZABLE and is_tag(tag)


def _told(user: User, name: str, locales: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """What is said under this name: nothing where the person has no value for it (OIDC Core 5.3.2).

    Who wants one language gets it without a tag, who wants several gets each with its own (5.2).
    """
    base = name.partition("#")[0]
    if base not in PERSONAL_CLAIMS or (user.claim_sources and base in user.sourced):
        return
    if "#" in name:
        yield from _in_language(user, name, name)
        return
    value = _value(user, name)
    if value not in (None, "", {}, []):
        yield name, value
    if len(locales) == 1:
        yield from _in_language(user, f"{name}#{locales[0]}", name)
        return
    for locale in locales:
        yield from _in_language(user, f"{name}#{locale}", f"{name}#{locale}")


def _in_language(user: User, wanted: str, told_as: str) -> Iterator[tuple[str, str]]:
    base, _, tag = wanted.partition("#")
    tags = {known.partition("#")[2]: known for known in user.localized if known.startswith(f"{base}#")}
    found = find_close(tag, tags)
    if found is not None:
        yield told_as, user.localized[tags[found]]


def _value(user: User, name: str) -> Any:
    value = getattr(user if name in _ACCOUNT_CLAIMS else user.profile, name)
    if isinstance(value, Address):
        return {member: text for member, text in asdict(value).items() if text}
    return list(value) if isinstance(value, tuple) else value
