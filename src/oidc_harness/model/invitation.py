"""Invitation: an address asked to join an application (rows D of the application model)."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from oidc_harness.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(Record):
    """Pending until accepted or cancelled; it has no expiry of its own (D3). `id` is the secret part of the link."""

    kind: ClassVar[str] = "invitation"
    indexes: ClassVar[tuple[str, ...]] = ("application_id", "email_key")

    application_id: str
    email: str
    email_key: str | None
    """The address as it is compared: case folded. None once it is settled: by an address only what is pending is looked
    for, however much there was before."""
    sent_at: int
    status: Literal["pending", "accepted", "cancelled"] = "pending"
    settled_at: int | None = None
    """When it was accepted or cancelled."""
    accepted_by: str | None = None
    """Id of the user who accepted."""

    def accepted(self, user_id: str, now: int) -> "Invitation":
        """The invitation after its addressee took it (D4)."""
        return replace(self, status="accepted", accepted_by=user_id, settled_at=now, email_key=None)

    def cancelled(self, now: int) -> "Invitation":
        """The invitation after it was withdrawn; it can no longer be accepted (D7)."""
        return replace(self, status="cancelled", settled_at=now, email_key=None)
