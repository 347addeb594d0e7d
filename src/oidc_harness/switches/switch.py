"""Switch: one deviation as a frozen dataclass with one function. Its fields are its parameters.

Apart from the seams of `base.py`, which bring in all that can be asked at one: a server that starts honest needs none.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from oidc_harness.protocol.about import About
from oidc_harness.protocol.spec import Spec
from oidc_harness.services.circumstances import Circumstances

if TYPE_CHECKING:
    # Judging comes long after arming: a server that starts does not need its vocabulary.
    from oidc_harness.switches.expectation import Expectation

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class AnySwitch:
    """What every switch declares. The first line of the class docstring says what the provider does.

    A switch is a frozen dataclass; its fields, each with a default, are its parameters.
    """

    # Attribute docstrings become the descriptions of the parameters; a parameter that no field knows is an error.
    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    name: ClassVar[str]
    """Unique in the catalogue; small letters and hyphens."""
    seam: ClassVar[str]
    """Where it acts: a field of `Conduct`, or `state`."""
    breaks: ClassVar[Spec]
    """The clause a correct client guards, or the provider breaks."""
    expects: ClassVar["Expectation"]
    """What a correct client does then."""


class Switch(AnySwitch, ABC, Generic[Question, Answer]):
    """A function around one seam. It never sees conditions or counters."""

    def applies(self, question: Question) -> bool:
        """Whether the switch has anything to do with this question; where not, nothing is counted or recorded."""
        return True

    @abstractmethod
    def act(self, honest: Callable[[Question], Answer], question: Question) -> Answer:
        """The answer to give. `honest` is the function that would have answered."""


class StateSwitch(AnySwitch, ABC):
    """Something that happens between requests: a person or application changes, for real, by a service.

    It runs after the exchange it waits for was decided and before its answer goes out.
    """

    seam = "state"

    @property
    @abstractmethod
    def after(self) -> str:
        """Name of the endpoint after whose successful exchange it happens."""

    def applies(self, about: About) -> bool:
        """Whether the exchange concerns whom it needs; where not, nothing is counted or recorded."""
        return True

    @abstractmethod
    async def act(self, circumstances: Circumstances, about: About) -> str:
        """Make it happen; one sentence for the journal on what changed."""
