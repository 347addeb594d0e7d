"""RealmRecord: what must survive a restart of a realm besides its other records."""

from dataclasses import dataclass, field
from typing import ClassVar

from oidc_harness.harness.clock import ClockState
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.record import Record

REGISTRY = "_realms"
"""The name under which the store keeps these; no realm can have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealmRecord(Record):
    """`id` is the realm's name."""

    kind: ClassVar[str] = "realm"

    policy: RealmPolicy = field(default_factory=RealmPolicy)
    clock: ClockState = field(default_factory=ClockState)
    seed: str | None = None
    """None: unguessable. Otherwise the realm draws the same ids and secrets twice."""
    subject_salt: str = field(default="", repr=False)
    """The secret that pairwise subjects are made with. Empty: from before there was one; the next start draws it."""
    restarts: int = 0
    """How often a server that had this realm was started again."""
