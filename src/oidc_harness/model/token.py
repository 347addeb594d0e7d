"""Access and refresh tokens as the provider remembers them."""

from dataclasses import dataclass, replace
from typing import ClassVar

from oidc_harness.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken(Record):
    """`id` is the SHA-256 of the token as the client holds it, whatever its format."""

    kind: ClassVar[str] = "access_token"

    grant_id: str
    application_id: str
    scopes: tuple[str, ...]
    issued_at: int
    revoked_at: int | None = None

    def revoked(self, now: int) -> "AccessToken":
        """The token after its revocation (RFC 7009)."""
        return replace(self, revoked_at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken(Record):
    """`id` is the SHA-256 of the token. All refresh tokens of one grant are one family."""

    kind: ClassVar[str] = "refresh_token"

    grant_id: str
    application_id: str
    scopes: tuple[str, ...]
    issued_at: int
    spent_at: int | None = None
    """When it was exchanged for its successor (RFC 9700 4.14.2)."""

    def spent(self, now: int) -> "RefreshToken":
        """The token after rotation."""
        return replace(self, spent_at=now)
