"""The accounts of a realm: create, edit, block, delete, find."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from oidc_harness.model.application import MOST_GROUPS
from oidc_harness.model.consent import Consent
from oidc_harness.model.login_name import LoginName, login_key
from oidc_harness.model.member import Member
from oidc_harness.model.record import Record
from oidc_harness.model.session import Session
from oidc_harness.model.user import Address, Profile, User, email_key
from oidc_harness.model.write import Add, Remove, Swap
from oidc_harness.protocol.passwords import hash_password
from oidc_harness.protocol.person_claims import LOCALIZABLE, is_localized_claim
from oidc_harness.services.addresses import shown, why_no_email
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.claim_source_rules import check_claim_sources
from oidc_harness.services.errors import Invalid, NotFound, Taken
from oidc_harness.services.logout_notices import tell_every_application
from oidc_harness.services.paging import each
from oidc_harness.services.texts import check_lengths, why_not_shown
from oidc_harness.storage.look_up import find_user

KEPT = frozenset({"version", "expires_at", "email_key", "password_hash", "generation", "updated_at"})
"""Fields that only the services set; in a draft they are ignored."""
FIXED = frozenset({"id", "status"})
"""Fields a draft may set and an edit may not: `sub` is for life, and the status has verbs of its own."""
EDITABLE = tuple(field.name for field in fields(User) if field.name not in KEPT | FIXED)
LONGEST_PASSWORD = 1024
"""Characters. A password is hashed; one without end would be work without end."""
# Without the tilde, which parts the two ids in that of a member.
_ID = re.compile(r"[\x21-\x7d]{1,255}")


async def create(circumstances: Circumstances, draft: User, *, password: str | None = None) -> User:
    """Make an account. An empty `id` is generated, an empty `username` becomes the e-mail address.

    `password` is one that a person typed: it is hashed, off the event loop. A fixture's known value goes into
    `draft.test_password`. Raises `Invalid`, and `Taken` for an id, username or e-mail address in use.
    """
    user = replace(
        draft,
        id=draft.id or circumstances.entropy.token(12),
        version=0,
        expires_at=None,
        username=draft.username or draft.email,
        email_key=email_key(draft.email),
        password_hash=None,
        generation=circumstances.entropy.token(9),
        updated_at=circumstances.now,
    )
    _check(user)
    if await circumstances.records.get(User, user.id) is not None:
        raise Taken(f"{shown(user.id)} is in use by another user; choose another id", field="id")
    await _take_names(circumstances, user, frozenset())
    _refuse_both(password, draft.test_password)
    user = await _with_password(circumstances, user, password)
    circumstances.records.write(Add(user))
    return user


async def view(circumstances: Circumstances, user_id: str) -> User:
    """The user. Raises `NotFound`."""
    found = await circumstances.records.get(User, user_id)
    if found is None:
        raise NotFound(f"there is no user {shown(user_id)} in this realm")
    return found


async def list_page(
    circumstances: Circumstances,
    after: str = "",
    limit: int = 100,
    *,
    username: str | None = None,
    email: str | None = None,
) -> list[User]:
    """Users in the order of their ids, beginning behind the id `after`; those of this name and address alone."""
    where = {"username": username, "email_key": None if email is None else email_key(email)}
    given = {index: value for index, value in where.items() if value is not None}
    return await circumstances.records.find(User, after=after, limit=limit, **given)


async def find(circumstances: Circumstances, username_or_email: str) -> User | None:
    """The user of this username, else of this e-mail address in any case."""
    return await find_user(circumstances.records, username_or_email)


async def edit(
    circumstances: Circumstances, user_id: str, changes: Mapping[str, Any], *, password: str | None = None
) -> User:
    """Set the fields in `changes`, and the password where one is given.

    `profile` and the `address` in it are mappings of their members to change: None removes one, the others stay
    (RFC 7396). A new e-mail address counts as unverified unless the change says otherwise.

    Raises `Invalid`, `NotFound`, `Taken`.
    """
    for name in changes:
        if name not in EDITABLE:
            raise Invalid(f"cannot be edited; what can is {', '.join(EDITABLE)}", field=name)
    before = await view(circumstances, user_id)
    if "profile" in changes:
        changes = {**changes, "profile": _merged(before.profile, changes["profile"])}
    user = replace(before, **changes, updated_at=circumstances.now)
    user = replace(user, email_key=email_key(user.email))
    if user.email_key != before.email_key and "email_verified" not in changes:
        user = replace(user, email_verified=False)
    _check(user)
    await _take_names(circumstances, user, _names(before))
    _refuse_both(password, changes.get("test_password"))
    if changes.get("test_password") is not None:
        user = replace(user, password_hash=None)
    user = await _with_password(circumstances, user, password)
    circumstances.records.write(Swap(user))
    return user


async def block(circumstances: Circumstances, user_id: str) -> User:
    """Shut the user out of the realm; sessions and tokens die. Raises `NotFound`."""
    user = await view(circumstances, user_id)
    if user.status == "blocked":
        return user
    await tell_every_application(circumstances, user_id)
    blocked = user.blocked(circumstances.entropy.token(9))
    circumstances.records.write(Swap(blocked))
    return blocked


async def unblock(circumstances: Circumstances, user_id: str) -> User:
    """Let the user in again; what died stays dead. Raises `NotFound`."""
    user = await view(circumstances, user_id)
    if user.status == "active":
        return user
    unblocked = user.unblocked()
    circumstances.records.write(Swap(unblocked))
    return unblocked


async def delete(circumstances: Circumstances, user_id: str) -> None:
    """Remove the user with memberships, consents and sessions; tokens die with them. Raises `NotFound`."""
    user = await view(circumstances, user_id)
    await tell_every_application(circumstances, user_id)
    kinds: tuple[type[Record], ...] = (Member, Consent, Session)
    for kind in kinds:
        async for record in each(circumstances.records, kind, user_id=user_id):
            circumstances.records.write(Remove(record))
    await _release(circumstances, _names(user))
    circumstances.records.write(Remove(user))


def _merged(profile: Profile, changes: Mapping[str, Any]) -> Profile:
    address = changes.get("address")
    if address is not None:
        changes = {**changes, "address": replace(profile.address or Address(), **address)}
    return replace(profile, **changes)


def _check(user: User) -> None:
    if not _ID.fullmatch(user.id) or user.id in (".", ".."):
        raise Invalid(f"{shown(user.id)}: expected 1 to 255 visible ASCII characters without space and ~", field="id")
    if user.username != user.username.strip() or not user.username.isprintable():
        raise Invalid("has spaces around it, or a character that cannot be seen", field="username")
    fault = why_no_email(user.email)
    if fault is not None:
        raise Invalid(fault, field="email")
    check_lengths(user)
    _check_profile(user.profile)
    _check_localized(user.localized)
    _check_groups(user.groups)
    check_claim_sources(user.claim_sources)


def _check_profile(profile: Profile) -> None:
    address = profile.address or Address()
    texts = {f"profile.{name}": value for name, value in _texts(profile)}
    # An address has several lines (OIDC Core 5.1.1).
    texts |= {f"profile.address.{name}": " ".join(value.splitlines()) for name, value in _texts(address)}
    for field, text in texts.items():
        fault = why_not_shown(text)
        if fault is not None:
            raise Invalid(fault, field=field)


def _check_localized(localized: Mapping[str, str]) -> None:
    for name, text in localized.items():
        field = f"localized.{name}"
        if not is_localized_claim(name):
            known = ", ".join(sorted(LOCALIZABLE))
            raise Invalid(f"is no claim with a language, such as name#de; one of {known}", field=field)
        fault = "is empty" if not text else why_not_shown(text)
        if fault is not None:
            raise Invalid(fault, field=field)


def _check_groups(groups: tuple[str, ...]) -> None:
    if len(groups) > MOST_GROUPS:
        raise Invalid(f"has {len(groups)} groups; at most {MOST_GROUPS} are kept", field="groups")
    for index, name in enumerate(groups):
        fault = "is the same as one before it" if name in groups[:index] else why_not_shown(name)
        if fault is not None or name != name.strip():
            raise Invalid(fault or "has spaces around it", field=f"groups[{index}]")


def _texts(record: Profile | Address) -> Iterator[tuple[str, str]]:
    values = ((field.name, getattr(record, field.name)) for field in fields(record))
    return ((name, value) for name, value in values if isinstance(value, str))


def _refuse_both(password: str | None, test_password: str | None) -> None:
    if password is not None and test_password is not None:
        raise Invalid("give either a password or a test_password, not both", field="password")


async def _with_password(circumstances: Circumstances, user: User, password: str | None) -> User:
    if password is None:
        return user
    if not 1 <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(f"has {len(password)} characters; expected 1 to {LONGEST_PASSWORD}", field="password")
    salt = circumstances.entropy.token(16)
    hashed = await asyncio.to_thread(hash_password, password, salt)
    return replace(user, password_hash=hashed, test_password=None)


def _names(user: User) -> frozenset[str]:
    return frozenset({login_key(user.username), login_key(user.email)})


async def _take_names(circumstances: Circumstances, user: User, held: frozenset[str]) -> None:
    """Reserve the names by which the user signs in, and give back those no longer used."""
    names = _names(user)
    for name in sorted(names - held):
        if await circumstances.records.get(LoginName, name) is not None:
            raise _taken(user, name)
        circumstances.records.write(Add(LoginName(id=name, user_id=user.id)))
    await _release(circumstances, held - names)


async def _release(circumstances: Circumstances, names: frozenset[str]) -> None:
    for name in sorted(names):
        reserved = await circumstances.records.get(LoginName, name)
        if reserved is not None:
            circumstances.records.write(Remove(reserved))


def _taken(user: User, name: str) -> Taken:
    field = "email" if name == login_key(user.email) else "username"
    return Taken(f"{shown(name)} is in use by another user; choose another one", field=field)
