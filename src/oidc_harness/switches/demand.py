"""Demand: one thing a correct client does or leaves undone after a switch fired, and how the journal shows it."""

from dataclasses import dataclass
from typing import Literal, Protocol

from oidc_harness.switches.course import Course

State = Literal["failed", "met", "kept", "open"]
"""`met`: there is evidence that the client did what it should. `kept`: a limit was not passed, which a client that does
nothing keeps too. `open`: nothing to judge by."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the journal shows about one demand."""

    state: State
    reason: str
    evidence: tuple[int, ...] = ()
    """Numbers of the exchanges it rests on."""


class Demand(Protocol):
    """A part of an expectation."""

    def describe(self) -> str:
        """The demand as the end of a sentence that begins with "The client"."""

    def examine(self, course: Course) -> Finding:
        """Whether the client met it."""
