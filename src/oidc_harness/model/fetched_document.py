"""FetchedDocument: what stood at a URL of a client when this server last looked."""

from dataclasses import dataclass
from typing import ClassVar

from oidc_harness.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedDocument(Record):
    """A key set, a request object, a list of redirect URIs. `id` is the SHA-256 of the URL."""

    kind: ClassVar[str] = "fetched_document"

    url: str
    fetched_at: int
    """Seconds since 1970 in the realm's time."""
    system_time: int
    """Seconds since 1970 by the system's clock, which goes on where the realm's stands still."""
    content: str | None
    """The text that was there. None: it could not be had."""
    failure: str = ""
    """Why not, for people."""
