"""Member: a user who has access to one application (rows C of the application model)."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from oidc_harness.model.record import Record

Role = Literal["member", "administrator"]
"""What a member may do in the application itself (C4)."""


def member_id(application_id: str, user_id: str) -> str:
    """The id of the one membership a user can have in an application."""
    return f"{application_id}~{user_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Record):
    """A user × application. `id` is `member_id(application_id, user_id)`."""

    kind: ClassVar[str] = "member"
    indexes: ClassVar[tuple[str, ...]] = ("application_id", "user_id")

    application_id: str
    user_id: str
    role: Role = "member"
    status: Literal["active", "blocked"] = "active"
    joined_at: int
    generation: str
    """Replaced when everything issued to this member so far must die (C5, C7)."""

    @classmethod
    def joined(cls, application_id: str, user_id: str, now: int, generation: str) -> "Member":
        """The membership of a user who has access from now on (C1, C3)."""
        id = member_id(application_id, user_id)
        return cls(id=id, application_id=application_id, user_id=user_id, joined_at=now, generation=generation)

    def blocked(self, generation: str) -> "Member":
        """The member shut out of this application; live tokens die (C7)."""
        return replace(self, status="blocked", generation=generation)

    def unblocked(self) -> "Member":
        """The member let in again; what died stays dead (C7)."""
        return replace(self, status="active")

    def signed_out(self, generation: str) -> "Member":
        """The member after their sessions with this application ended; they may sign in again (C5)."""
        return replace(self, generation=generation)
