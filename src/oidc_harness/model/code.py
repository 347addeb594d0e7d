"""Code: an authorization code, issued then spent (RFC 6749 4.1.2)."""

from dataclasses import dataclass, replace
from typing import ClassVar

from oidc_harness.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Record):
    """Works once, until `expires_at`. `id` is the SHA-256 of the code."""

    kind: ClassVar[str] = "code"

    grant_id: str
    application_id: str
    redirect_uri: str
    code_challenge: str | None = None
    code_challenge_method: str | None = None
    spent_at: int | None = None

    def spent(self, now: int, expires_at: int | None) -> "Code":
        """The code after its redemption, kept as long as its grant: a second use ends that (F6)."""
        return replace(self, spent_at=now, expires_at=expires_at)
