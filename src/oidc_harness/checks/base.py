"""Check: one rule about what clients send, as a function over exchanges."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from oidc_harness.protocol.spec import Spec
from oidc_harness.provider.exchange import Exchange

Level = Literal["MUST", "SHOULD"]


@dataclass(frozen=True, slots=True)
class Breach:
    """One time a client broke the rule."""

    reason: str
    """A sentence for people, with the client_id where it is known."""
    evidence: tuple[int, ...]
    """Numbers of the exchanges that show it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a check saw."""

    relevant: int
    """How many exchanges the rule has to do with. With none, the check says nothing."""
    breaches: tuple[Breach, ...] = ()


class Check(ABC):
    """A rule. The first line of the class docstring says what a good client does."""

    name: ClassVar[str]
    """Unique among the checks; small letters and hyphens."""
    clause: ClassVar[Spec]
    """Where the rule stands."""
    level: ClassVar[Level]
    """As in the text: breaking a MUST is a failure; breaking a SHOULD, or doing without a protection that the text
    leaves to the client, is a warning."""

    @abstractmethod
    def look(self, exchanges: Sequence[Exchange]) -> Looked:
        """Look at a journal, oldest exchange first."""


def looked(relevant: Sequence[Exchange], breaches: Sequence[Breach]) -> Looked:
    """What was seen among the relevant exchanges."""
    return Looked(len(relevant), tuple(breaches))


def client_named(exchange: Exchange) -> str:
    """The client of an exchange, for the beginning of a sentence."""
    application = exchange.about.application
    return "a client" if application is None else f"client {application.id}"
