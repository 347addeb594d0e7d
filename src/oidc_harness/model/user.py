"""User: the global account of a person in a realm."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import MaxLen, MinLen

from oidc_harness.model.claim_source import ClaimSource
from oidc_harness.model.record import Record

GroupName = Annotated[str, MinLen(1), MaxLen(255)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address (OIDC Core 5.1.1)."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    formatted: str | None = None
    street_address: str | None = None
    locality: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The standard claims about a person (OIDC Core 5.1), under the names of the specification."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    middle_name: str | None = None
    nickname: str | None = None
    preferred_username: str | None = None
    profile: str | None = None
    picture: str | None = None
    website: str | None = None
    gender: str | None = None
    birthdate: str | None = None
    zoneinfo: str | None = None
    locale: str | None = None
    phone_number: str | None = None
    phone_number_verified: bool | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaArms:
    """A switch that arms itself for the logins of one user, so that a black-box client needs no code to be tested."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    switch: str
    """Name of the switch in the catalogue."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of the switch that differ from their defaults."""


def email_key(email: str) -> str:
    """An e-mail address as it is compared: case folded (D4)."""
    return email.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Record):
    """A person's account. Membership of an application is a `Member`."""

    kind: ClassVar[str] = "user"
    indexes: ClassVar[tuple[str, ...]] = ("username", "email_key")

    username: Annotated[str, MinLen(1), MaxLen(255)]
    """What the person types to sign in; the e-mail address unless given otherwise."""
    email: Annotated[str, MinLen(3), MaxLen(254)]
    email_key: str = ""
    """The address as it is compared: case folded. Kept by the services."""
    email_verified: bool = True
    password_hash: str | None = None
    """scrypt of a password typed by a person, with its salt and cost. See `protocol/passwords.py`."""
    test_password: str | None = None
    """A known value given in a fixture: compared as it is, shown to testers. Never a real password."""
    status: Literal["active", "blocked"] = "active"
    """`blocked`: the person cannot sign in anywhere in the realm, and nothing issued to them lives on."""
    generation: str = ""
    """Replaced when everything issued to this user so far must die. Kept by the services."""
    profile: Profile = field(default_factory=Profile)
    localized: Mapping[str, str] = field(default_factory=dict)
    """Claims in other languages and scripts, for example `name#ja-Kana-JP` (OIDC Core 5.2)."""
    groups: tuple[GroupName, ...] = ()
    """Groups the person is in; the `groups` claim, for the scope of that name (A24)."""
    claim_sources: Mapping[str, ClaimSource] = field(default_factory=dict)
    """Other providers' claims about this person, by the name of their source (OIDC Core 5.6.2)."""
    updated_at: int | None = None
    """Seconds since 1970 when the profile last changed; the `updated_at` claim."""
    arms: tuple[PersonaArms, ...] = ()
    """What this persona arms for their own logins."""

    @property
    def sourced(self) -> frozenset[str]:
        """The claims that come from other providers, and not from here."""
        return frozenset(name for source in self.claim_sources.values() for name in source.names)

    def blocked(self, generation: str) -> "User":
        """The user shut out of the whole realm; sessions and tokens die."""
        return replace(self, status="blocked", generation=generation)

    def unblocked(self) -> "User":
        """The user let in again; what died stays dead."""
        return replace(self, status="active")

    def signed_out(self, generation: str) -> "User":
        """The user after all their sessions ended everywhere; they may sign in again."""
        return replace(self, generation=generation)
