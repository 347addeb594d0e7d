"""Demands about how often and how soon a client asks again.

Counts are bounds; a limit that was kept proves nothing yet. Counting ends when somebody looks at the
client: what it does after that may be somebody's wish.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oidc_harness.protocol.parameters import first
from oidc_harness.provider.exchange import Exchange
from oidc_harness.switches.course import Course
from oidc_harness.switches.demand import Finding


@dataclass(frozen=True, slots=True)
class CallsAtMost:
    """A bound on the requests to one endpoint."""

    number: int
    """How many, after the exchange in which the switch fired."""
    endpoint: str | None
    """None: the endpoint at which it fired."""

    def describe(self) -> str:
        where = "that endpoint" if self.endpoint is None else f"the {self.endpoint} endpoint"
        if self.number == 0:
            return f"does not call {where} again by itself"
        return f"calls {where} {_times(self.number)} more by itself"

    def examine(self, course: Course) -> Finding:
        endpoint = self.endpoint or course.start.endpoint
        calls = _until_looked(course.at(endpoint), course)
        told = f"{len(calls)} further requests to {endpoint}, allowed are {self.number}"
        if len(calls) > self.number:
            return Finding("failed", told, _numbers(course, calls))
        return Finding("kept", told)


@dataclass(frozen=True, slots=True)
class StartsOver:
    """A bound on the sign-ins a client starts by itself."""

    number: int

    def describe(self) -> str:
        if self.number == 0:
            return "does not send the browser off again by itself"
        return f"sends the browser off again {_times(self.number)} by itself"

    def examine(self, course: Course) -> Finding:
        requests = _until_looked(course.authorizations(), course)
        told = f"{len(requests)} further authorization requests, allowed are {self.number}"
        if len(requests) > self.number:
            return Finding("failed", told, _numbers(course, requests))
        return Finding("kept", told)


@dataclass(frozen=True, slots=True)
class RedeemsOnce:
    """A code is sent once, whatever became of the answer."""

    def describe(self) -> str:
        return "sends no authorization code twice"

    def examine(self, course: Course) -> Finding:
        sent: dict[str, int] = {}
        for exchange in (course.start, *course.at("token")):
            code = first(exchange.request.form, "code") if exchange.endpoint == "token" else None
            if code is not None and code in sent:
                return Finding("failed", "the same code was sent again", (sent[code], exchange.number))
            if code is not None:
                sent[code] = exchange.number
        return Finding("kept", "no code was sent twice")


@dataclass(frozen=True, slots=True)
class Waits:
    """The time that `Retry-After` names is waited for."""

    def describe(self) -> str:
        return "waits as long as Retry-After says before it calls that endpoint again"

    def examine(self, course: Course) -> Finding:
        told_at, wait = course.start, retry_after(course.start)
        for exchange in course.at(course.start.endpoint):
            waited = _seconds_between(told_at, exchange)
            if waited < wait:
                reason = (
                    f"the client called {exchange.endpoint} again after {waited:.1f} s; it was told to wait {wait} s"
                )
                return Finding("failed", reason, (told_at.number, exchange.number))
            if exchange not in course.fired:
                reason = f"the client called {exchange.endpoint} again after {waited:.1f} s, told to wait {wait} s"
                return Finding("met", reason, (told_at.number, exchange.number))
            told_at, wait = exchange, retry_after(exchange)
        return Finding("kept", f"no further request to {course.start.endpoint} came too early")


def retry_after(exchange: Exchange) -> int:
    """The seconds an answer asks to wait (RFC 9110 10.2.3); 0 where it asks for none."""
    headers = exchange.reply.headers if exchange.reply is not None else ()
    text = next((value for name, value in headers if name.lower() == "retry-after"), "")
    return int(text) if text.isascii() and text.isdigit() else 0


def _seconds_between(one: Exchange, other: Exchange) -> float:
    """A client lives by the realm's time or by the system's; it is not blamed for the one it does not see."""
    return max(float(other.at - one.at), other.real_at - one.real_at)


def _until_looked(calls: Iterable[Exchange], course: Course) -> list[Exchange]:
    return list(_before_a_look(calls, course))


def _before_a_look(calls: Iterable[Exchange], course: Course) -> Iterator[Exchange]:
    since = course.start.number
    for call in calls:
        if any(since <= look.after < call.number for look in course.observed):
            return
        yield call


def _times(number: int) -> str:
    return "at most once" if number == 1 else f"at most {number} times"


def _numbers(course: Course, calls: list[Exchange]) -> tuple[int, ...]:
    return (course.start.number, *(call.number for call in calls))
