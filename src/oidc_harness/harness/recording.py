"""Recording: what switches did during one request, until it becomes part of an `Exchange`."""

from dataclasses import dataclass, field

from oidc_harness.provider.exchange import Fired


@dataclass(slots=True)
class Recording:
    """Begun anew at each attempt to answer, so that running again after a conflict counts nothing twice."""

    draw: int
    """Which entropy of the realm is this request's; the same at each attempt."""
    endpoint: str
    fired: list[Fired] = field(default_factory=list)
    reached: list[tuple[str, int]] = field(default_factory=list)
    """The armed switches this attempt was counted for, each with the number it got."""
