"""Lies in what goes to the client through the browser."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from annotated_types import MinLen

from oidc_harness.protocol.redirection import Redirection, RedirectionQuestion
from oidc_harness.protocol.spec import spec
from oidc_harness.switches.base import RedirectionSwitch
from oidc_harness.switches.expectation import refuses_callback

Honest = Callable[[RedirectionQuestion], Redirection]
Variant = Literal["altered", "truncated", "case", "encoded"]


@dataclass(frozen=True, slots=True)
class StateWrong(RedirectionSwitch):
    """The answer carries another `state` than the request, nearly the same.

    A client that takes it can be made to finish a sign-in that an attacker began.
    """

    name = "state-wrong"
    breaks = spec("RFC6749-10.12")
    expects = refuses_callback()

    variant: Variant = "altered"
    """`altered`: another last character; `truncated`: without its last character; `case`: letters in the other case,
    or altered where there are none; `encoded`: percent-encoded once more than the URL needs."""

    def applies(self, question: RedirectionQuestion) -> bool:
        """Answers and errors to a request that had a state."""
        return question.purpose != "logout" and bool(question.state)

    def act(self, honest: Honest, question: RedirectionQuestion) -> Redirection:
        """The honest answer with another `state`."""
        return _saying(honest(question), "state", _VARIANTS[self.variant](question.state or ""))


@dataclass(frozen=True, slots=True)
class IssParamWrong(RedirectionSwitch):
    """The answer's `iss` parameter names another issuer, in errors too: a mix-up of providers.

    A client that takes it may send the code of one provider to the token endpoint of another.
    """

    name = "iss-param-wrong"
    breaks = spec("RFC9207-2.4")
    expects = refuses_callback()

    value: Annotated[str, MinLen(1)] = "https://issuer.example"
    """The `iss` the answer has."""

    def applies(self, question: RedirectionQuestion) -> bool:
        """Answers and errors of a realm that names itself in them."""
        return question.purpose != "logout" and question.names_issuer

    def act(self, honest: Honest, question: RedirectionQuestion) -> Redirection:
        """The honest answer with another `iss`."""
        return _saying(honest(question), "iss", self.value)


def _saying(answer: Redirection, name: str, value: str) -> Redirection:
    pairs = ((key, value if key == name else old) for key, old in answer.parameters)
    return replace(answer, parameters=tuple(pairs))


def _altered(state: str) -> str:
    return state[:-1] + ("A" if state[-1:] != "A" else "B")


def _other_case(state: str) -> str:
    swapped = state.swapcase()
    return swapped if swapped != state else _altered(state)


def _encoded(state: str) -> str:
    return "".join(f"%{octet:02X}" for octet in state.encode("utf-8", "surrogatepass"))


_VARIANTS: dict[Variant, Callable[[str], str]] = {
    "altered": _altered,
    "truncated": lambda state: state[:-1],
    "case": _other_case,
    "encoded": _encoded,
}
