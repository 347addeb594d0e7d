"""Switchboard: what is armed in a realm, and when it acts."""

from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from functools import cache
from heapq import heappop, heappush
from types import UnionType
from typing import Any, get_args, get_origin

from oidc_harness.harness.conditions import ALWAYS, When
from oidc_harness.harness.recording import Recording
from oidc_harness.model.user import PersonaArms
from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import OAuthError, TellClient
from oidc_harness.provider.conduct import HONEST, Conduct
from oidc_harness.provider.exchange import Exchange, Fired
from oidc_harness.switches.switch import AnySwitch, StateSwitch, Switch


@dataclass(frozen=True, slots=True)
class Armed:
    """A switch with its conditions."""

    id: str
    switch: AnySwitch
    when: When = ALWAYS
    persona: PersonaArms | None = None
    """Given: it acts for those alone whose own record says that they arm this."""

    def concerns(self, about: About) -> bool:
        """Whether it was armed for whom this is about."""
        if self.persona is None:
            return self.when.concerns(about)
        return about.user is not None and self.persona in about.user.arms


class Count:
    """Numbers the requests that match, from 1. A number that was given back is the next to be given out."""

    __slots__ = ("_given_back", "_highest")

    def __init__(self) -> None:
        """Nothing matched yet."""
        self._highest = 0
        self._given_back: list[int] = []

    def take(self) -> int:
        """The number of a request that matches."""
        if self._given_back:
            return heappop(self._given_back)
        self._highest += 1
        return self._highest

    def give_back(self, number: int) -> None:
        """The request with this number did not happen after all."""
        heappush(self._given_back, number)


class Switchboard:
    """The armed switches of one realm. While nothing is armed, the conduct is the constant `HONEST`."""

    __slots__ = ("_armed", "_counts", "_number", "_succeeded")

    def __init__(self) -> None:
        """An honest board."""
        self._armed: dict[str, Armed] = {}
        self._counts: dict[str, Count] = {}
        self._succeeded: dict[str, set[str]] = {}
        self._number = 0

    def arm(self, switch: AnySwitch, when: When = ALWAYS) -> Armed:
        """Put a switch in. Several may be armed, at one seam too: the later one wraps the earlier."""
        return self._put_in(switch, when)

    def admit(self, persona: PersonaArms, switch: AnySwitch) -> Armed:
        """Put in what personas arm for their own logins: once, however many of them arm the same."""
        same = (armed for armed in self._armed.values() if armed.persona == persona)
        return next(same, None) or self._put_in(switch, ALWAYS, persona)

    def _put_in(self, switch: AnySwitch, when: When, persona: PersonaArms | None = None) -> Armed:
        self._number += 1
        armed = Armed(f"{switch.name}-{self._number}", switch, when, persona)
        self._armed[armed.id] = armed
        self._counts[armed.id] = Count()
        self._succeeded[armed.id] = set()
        return armed

    def disarm(self, id: str) -> bool:
        """Take a switch out; whether it was in."""
        self._counts.pop(id, None)
        self._succeeded.pop(id, None)
        return self._armed.pop(id, None) is not None

    def clear(self) -> None:
        """Be honest again."""
        for id in tuple(self._armed):
            self.disarm(id)

    def armed(self) -> tuple[Armed, ...]:
        """Everything that is in, in the order it was put in."""
        return tuple(self._armed.values())

    def may_act(self, endpoint: str, seams: Container[str]) -> bool:
        """Whether anything could act in a request to this endpoint, which reaches these seams and concerns nobody."""
        return any(
            armed.switch.after == endpoint if isinstance(armed.switch, StateSwitch) else armed.switch.seam in seams
            for armed in self._armed.values()
            if armed.persona is None
        )

    def conduct_for(self, recording: Recording) -> Conduct:
        """The provider's conduct for one request."""
        seams: dict[str, Callable[[Any], Any]] = {}
        for armed in self._armed.values():
            if isinstance(armed.switch, Switch):
                seam = armed.switch.seam
                honest = seams.get(seam) or getattr(HONEST, seam)
                seams[seam] = self._fit(armed, armed.switch, honest, recording)
        return replace(HONEST, **seams) if seams else HONEST

    def _fit(
        self, armed: Armed, switch: Switch[Any, Any], honest: Callable[[Any], Any], recording: Recording
    ) -> Callable[[Any], Any]:
        def seam(question: Any) -> Any:
            if not switch.applies(question) or not self._acts(armed, question.about, recording):
                return honest(question)
            return _act(armed, switch, honest, question, recording)

        return seam

    def _acts(self, armed: Armed, about: About, recording: Recording) -> bool:
        when, count = armed.when, self._counts.get(armed.id)
        if count is None or not armed.concerns(about):
            return False
        if when.after is not None and when.after not in self._succeeded[armed.id]:
            return False
        number = count.take()
        recording.reached.append((armed.id, number))
        return number > when.skip and (when.times is None or number <= when.skip + when.times)

    def forget(self, recording: Recording) -> None:
        """Undo the counting of an attempt that lost a race."""
        for id, number in recording.reached:
            if id in self._counts:
                self._counts[id].give_back(number)

    def due(self, endpoint: str, about: About, recording: Recording) -> list[tuple[Armed, StateSwitch]]:
        """The state switches that happen after a success at this endpoint."""
        if not self._armed:
            return []
        return [
            (armed, armed.switch)
            for armed in self._armed.values()
            if isinstance(armed.switch, StateSwitch)
            and armed.switch.after == endpoint
            and armed.switch.applies(about)
            and self._acts(armed, about, recording)
        ]

    def note(self, exchange: Exchange) -> None:
        """Remember a success, for conditions that wait for one."""
        if self._armed and exchange.error is None:
            for succeeded in self._succeeded.values():
                succeeded.add(exchange.endpoint)


def _act(
    armed: Armed, switch: Switch[Any, Any], honest: Callable[[Any], Any], question: Any, recording: Recording
) -> Any:
    answers: list[Any] = []

    def observed(asked: Any) -> Any:
        answer = honest(asked)
        if asked is question:
            answers.append(answer)
        return answer

    try:
        given = _checked(switch, switch.act(observed, question))
    except (OAuthError, TellClient) as refusal:
        _note(armed, switch, answers or [_tell(honest, question)], refusal, recording)
        raise
    _note(armed, switch, answers or [_tell(honest, question)], given, recording)
    return given


class NoAnswer(TypeError):
    """A switch gave what is no answer at its seam: a fault of the switch, which says nothing of any client."""


def _checked(switch: Switch[Any, Any], given: Any) -> Any:
    expected = answer_type(type(switch))
    if not isinstance(given, expected):
        raise NoAnswer(
            f"switch {switch.name}: act gave {type(given).__name__}, and the seam {switch.seam} takes"
            f" {getattr(expected, '__name__', expected)}; mend the switch"
        )
    return given


@cache
def answer_type(kind: type[Any]) -> Any:
    """What the base of a switch says is answered at its seam, as `isinstance` takes it."""
    bases = (base for each in kind.__mro__ for base in vars(each).get("__orig_bases__", ()))
    answer = next(get_args(base)[1] for base in bases if get_origin(base) is Switch)
    return answer if isinstance(answer, UnionType) else get_origin(answer) or answer


def _tell(honest: Callable[[Any], Any], question: Any) -> Any:
    try:
        return honest(question)
    except (OAuthError, TellClient) as refusal:
        return refusal


def _note(armed: Armed, switch: AnySwitch, honest: list[Any], given: Any, recording: Recording) -> None:
    recording.fired.append(Fired(armed.id, switch.name, switch.seam, honest[0], given))
