"""EndedSession: what a logout leaves behind, so that what was issued in the session is known to be dead."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from oidc_harness.model.record import Record

Revoked = Literal["online_access", "everything"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedSession(Record):
    """A session that somebody ended. `id` is its `sid`; it is kept for as long as anything issued in it could live.

    One record for all grants of the session, so that a logout costs the same however much was issued.
    """

    kind: ClassVar[str] = "ended_session"

    revokes: Revoked
    """The policy at that moment: what died stays dead when it is changed."""
