"""Exchange: what happened in one request, as data. The journal is a ring of these; verdicts are computed from them."""

from dataclasses import dataclass
from typing import Any

from oidc_harness.protocol.about import About
from oidc_harness.protocol.delivery import HttpReply
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.request import Request


@dataclass(frozen=True, slots=True)
class Fired:
    """A switch acted: the honest answer of the seam beside the one that was given."""

    armed_id: str
    switch: str
    seam: str
    honest: Any
    given: Any


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer."""

    number: int
    """Given by the journal: counted up per realm, in the order in which answers were ready to go out."""
    endpoint: str
    """Name in the provider's table, or of a page."""
    request: Request
    about: About
    reply: HttpReply | None
    """The answer as it went out; None where the connection was cut before an answer was made."""
    fired: tuple[Fired, ...]
    error: OAuthError | None
    """The refusal that the answer tells, with its explanation."""
    at: int
    """Seconds since 1970 in the realm's time."""
    real_at: float
    """Seconds since 1970 by the system's clock."""
    trace: str | None = None
    """Where the answer is a fault of the harness itself: the stack trace."""
