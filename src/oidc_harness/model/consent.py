"""Consent: what a user lets an application have."""

from dataclasses import dataclass, replace
from typing import ClassVar

from oidc_harness.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Record):
    """Remembered per user and application. `id` is `member_id(application_id, user_id)`."""

    kind: ClassVar[str] = "consent"
    indexes: ClassVar[tuple[str, ...]] = ("application_id", "user_id")

    application_id: str
    user_id: str
    scopes: tuple[str, ...]
    claims: tuple[str, ...] = ()
    """Single claims asked for with the `claims` parameter and approved (OIDC Core 5.5)."""
    given_at: int

    def widened(self, scopes: tuple[str, ...], claims: tuple[str, ...], now: int) -> "Consent":
        """The consent with more in it; what was approved before stays approved."""
        return replace(
            self,
            scopes=tuple(dict.fromkeys(self.scopes + scopes)),
            claims=tuple(dict.fromkeys(self.claims + claims)),
            given_at=now,
        )
