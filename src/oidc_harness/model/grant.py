"""Grant: one authorization, the parent of its codes and tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from oidc_harness.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Record):
    """What one user (or, for client credentials, nobody) let one application do, once.

    Codes and tokens point here, so revoking the grant ends the whole family at once. `id` is the flow id of the
    journal.
    """

    kind: ClassVar[str] = "grant"
    indexes: ClassVar[tuple[str, ...]] = ("application_id", "user_id")

    application_id: str
    user_id: str | None = None
    """None: the application acts for itself (RFC 6749 4.4)."""
    scopes: tuple[str, ...] = ()
    claims: Mapping[str, Any] = field(default_factory=dict)
    """The `claims` request parameter as it was granted (OIDC Core 5.5)."""
    claims_locales: tuple[str, ...] = ()
    """Languages in which claims are wanted, most wanted first (OIDC Core 5.2)."""
    nonce: str | None = None
    sid: str | None = None
    auth_time: int | None = None
    acr: str | None = None
    amr: tuple[str, ...] = ()
    auth_time_requested: bool = False
    """Whether `max_age`, `claims` or the application asks for `auth_time` in the ID token."""
    created_at: int
    revoked_at: int | None = None
    application_generation: str = ""
    user_generation: str = ""
    member_generation: str = ""

    def revoked(self, now: int) -> "Grant":
        """The grant withdrawn: none of its codes and tokens works any longer."""
        return replace(self, revoked_at=now if self.revoked_at is None else self.revoked_at)
