"""Clock: a realm's own time. The only file that reads the system's."""

import time
from dataclasses import dataclass, replace


def system_time() -> float:
    """Seconds since 1970 by the system's clock."""
    return time.time()


def elapsed() -> float:
    """Seconds since some moment, by a clock that nobody sets: for how long something takes, or is left alone."""
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class ClockState:
    """How a realm's time relates to the system's."""

    offset: int = 0
    """Seconds added to the system's time while the clock follows it."""
    frozen_at: int | None = None
    """Seconds since 1970 at which the clock stands still. None: it follows."""


class Clock:
    """Follows the system's time with an offset, or stands still; can be moved either way."""

    __slots__ = ("state",)

    def __init__(self, state: ClockState | None = None) -> None:
        """Without a state: the system's time."""
        self.state = state or ClockState()

    def now(self) -> int:
        """Seconds since 1970 in the realm's time."""
        frozen_at = self.state.frozen_at
        return int(system_time()) + self.state.offset if frozen_at is None else frozen_at

    def freeze(self, at: int | None = None) -> None:
        """Stand still, at the present moment unless told another one (seconds since 1970)."""
        self.state = replace(self.state, frozen_at=self.now() if at is None else at)

    def advance(self, seconds: int) -> None:
        """Move by this much, backwards where negative; a frozen clock stays frozen."""
        frozen_at = self.state.frozen_at
        if frozen_at is None:
            self.state = replace(self.state, offset=self.state.offset + seconds)
        else:
            self.state = replace(self.state, frozen_at=frozen_at + seconds)

    def follow(self) -> None:
        """Go with the system's time again, without any offset."""
        self.state = ClockState()
