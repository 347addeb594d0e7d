"""World: what a fixture file describes. Realms, each with its policy, applications, users, members and invitations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from annotated_types import MaxLen, MinLen

from oidc_harness.harness.written import Written
from oidc_harness.model.application import Application
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member
from oidc_harness.model.preset import PresetName
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.user import User
from oidc_harness.services import applications, users

_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenApplication(Written, Application):
    """An application as a file describes it: every field of `Application`, and its secret."""

    kept: ClassVar[frozenset[str]] = applications.KEPT

    secret: Annotated[str, MinLen(1), MaxLen(512)] | None = field(default=None, repr=False)
    """The client secret in the clear. None: one is generated where the application needs one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenUser(Written, User):
    """A user as a file describes them: every field of `User`, and a password."""

    kept: ClassVar[frozenset[str]] = users.KEPT | {"test_password"}

    id: Annotated[str, MaxLen(255)] = ""
    """The `sub` that applications see. Empty: derived from the username, the same at every start."""
    password: Annotated[str, MinLen(1), MaxLen(1024)] | None = None
    """A known value for tests, kept and shown as it is. Never a real password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenMember(Written, Member):
    """A member as a file describes them: the user by name, everything else as in `Member`."""

    kept: ClassVar[frozenset[str]] = frozenset({"id", "version", "expires_at", "user_id", "joined_at", "generation"})

    id: str = ""
    user_id: str = ""
    joined_at: int = 0
    generation: str = ""
    user: str
    """Username or e-mail address of a user of this realm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenInvitation(Written, Invitation):
    """An invitation as a file describes it; the link is made when it is sent."""

    kept: ClassVar[frozenset[str]] = frozenset(
        {"id", "version", "expires_at", "email_key", "sent_at", "settled_at", "accepted_by"}
    )

    id: str = ""
    email_key: str = ""
    sent_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RealmWorld:
    """One realm of a world."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    about: str = ""
    """What this realm is for; read by people alone."""
    preset: PresetName | None = None
    """A set of policies by name; what `policy` says beside it wins. None: every default."""
    policy: RealmPolicy = field(default_factory=RealmPolicy)
    """What the realm does where a conforming provider may do either."""
    seed: str | None = None
    """A text from which all ids and secrets are drawn, so that two runs give the same. None: unguessable."""
    people: str | None = None
    """A file with more users, relative to this one."""
    users: tuple[WrittenUser, ...] = ()
    """The accounts of this realm."""
    applications: tuple[WrittenApplication, ...] = ()
    """The OAuth clients of this realm."""
    members: tuple[WrittenMember, ...] = ()
    """Who belongs to which application from the beginning. Everybody else joins by signing in there."""
    invitations: tuple[WrittenInvitation, ...] = ()
    """Who is asked to join an application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a fixture file describes."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    about: str = ""
    """What this world is for; read by people alone."""
    realms: Mapping[str, RealmWorld]
    """Realms by name: 1 to 64 of a-z, 0-9 and inner hyphens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What a people file describes: users, to be taken into a realm by its member `people`."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    about: str = ""
    """Where these people come from; read by people alone."""
    users: tuple[WrittenUser, ...]
    """The accounts."""
