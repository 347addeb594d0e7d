"""Journal: the exchanges of a realm, in a ring."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from oidc_harness.provider.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen of the client from outside: its probe page, or what a test reports."""

    after: int
    """Number of the last exchange before it."""
    at: int
    """Seconds since 1970 in the realm's time."""
    signed_in: bool
    subject: str | None = None
    """As whom, where known."""
    note: str = ""
    """What the client showed or said, for people."""


class Journal:
    """The last exchanges and observations of a realm, oldest first."""

    __slots__ = ("_exchanges", "_observations", "number")

    def __init__(self, limit: int) -> None:
        """`limit`: how many exchanges are kept."""
        self._exchanges: deque[Exchange] = deque(maxlen=limit)
        self._observations: deque[Observation] = deque(maxlen=limit)
        self.number = 0
        """Number of the newest exchange."""

    def append(self, numbered: Callable[[int], Exchange]) -> Exchange:
        """Keep an exchange, made with the number it gets; the oldest falls out when the ring is full.

        Numbered only now, so that whoever asks for what came after a number misses nothing that was slower.
        """
        self.number += 1
        exchange = numbered(self.number)
        self._exchanges.append(exchange)
        return exchange

    def observe(self, observation: Observation) -> None:
        """Keep an observation."""
        self._observations.append(observation)

    def exchanges(self, after: int = 0) -> tuple[Exchange, ...]:
        """Exchanges with a higher number than `after`, oldest first."""
        return tuple(exchange for exchange in self._exchanges if exchange.number > after)

    def observations(self, after: int = 0) -> tuple[Observation, ...]:
        """Observations made at or after exchange number `after`."""
        return tuple(observation for observation in self._observations if observation.after >= after)

    def clear(self) -> None:
        """Forget all; numbers go on."""
        self._exchanges.clear()
        self._observations.clear()

    def limit(self, limit: int) -> None:
        """Change how many are kept."""
        self._exchanges = deque(self._exchanges, maxlen=limit)
        self._observations = deque(self._observations, maxlen=limit)
