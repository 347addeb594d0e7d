"""Registration: how a client that registered itself may manage what it registered (RFC 7592)."""

from dataclasses import dataclass, replace
from typing import ClassVar

from oidc_harness.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(Record):
    """The client's own access to its application. `id` is the application's."""

    kind: ClassVar[str] = "registration"

    token_hash: str
    """SHA-256 of the registration access token, base64url."""
    issued_at: int
    """Seconds since 1970 in the realm's time: `client_id_issued_at`."""

    software_statement: str | None = None
    """What somebody else said of the client, as it came (RFC 7591 3.2.1)."""

    def with_statement(self, statement: str | None) -> "Registration":
        """The same, described anew."""
        return replace(self, software_statement=statement)

    def with_token(self, token_hash: str) -> "Registration":
        """The same with another token; the old one is void."""
        return replace(self, token_hash=token_hash)
