"""Demands about answers that do not arrive whole, or arrive late."""

from dataclasses import dataclass

from oidc_harness.provider.exchange import Exchange
from oidc_harness.switches.course import Course
from oidc_harness.switches.demand import Finding
from oidc_harness.switches.identity import RefusesSignIn, nobody_signed_in
from oidc_harness.switches.traces import came_in_vain, is_authorization_request, uses_tokens


@dataclass(frozen=True, slots=True)
class RefusesAnswer:
    """The answer is as good as none, even if the part of it that came can be read."""

    def describe(self) -> str:
        return "uses nothing of this answer"

    def examine(self, course: Course) -> Finding:
        endpoint = course.start.endpoint
        if endpoint == "token":
            return RefusesSignIn().examine(course)
        if _asked_again(course):
            return Finding("met", f"the client asked {endpoint} again instead", (course.start.number,))
        if endpoint in _NEEDED_FOR:
            return _document(course)
        if any(look.signed_in for look in course.observed):
            return Finding("open", f"somebody is signed in; whether with anything of the {endpoint} answer is not seen")
        return nobody_signed_in(course, course.observed)


@dataclass(frozen=True, slots=True)
class WaitsOrGivesUp:
    """How long a client waits is its own affair; that it can be seen afterwards is what counts."""

    def describe(self) -> str:
        return "waits for the whole answer or gives up, and can be used afterwards"

    def examine(self, course: Course) -> Finding:
        if not course.observed:
            return Finding("open", "nobody looked at the client since")
        if course.observed[-1].signed_in:
            return Finding("met", "the client waited for the answer, or did without it", (course.start.number,))
        return Finding("met", "the client gave up, and shows nobody as signed in", (course.start.number,))


_NEEDED_FOR = {"discovery": is_authorization_request, "jwks": uses_tokens}


def _document(course: Course) -> Finding:
    endpoint = course.start.endpoint
    if any(_asks(exchange, endpoint) for exchange in course.earlier):
        return Finding("open", f"the client may have gone on with the {endpoint} document it had before")
    used = next((exchange for exchange in course.later if _NEEDED_FOR[endpoint](exchange)), None)
    if used is not None:
        reason = f"the client went on to {used.endpoint} with a {endpoint} document it had to refuse"
        return Finding("failed", reason, (course.start.number, used.number))
    return nobody_signed_in(course, course.observed)


def _asks(exchange: Exchange, endpoint: str) -> bool:
    return exchange.endpoint == endpoint and not came_in_vain(exchange)


def _asked_again(course: Course) -> bool:
    """Whether it got the answer whole before anything came of the other one."""
    needed_for = _NEEDED_FOR.get(course.start.endpoint)
    for exchange in course.later if needed_for else course.flow:
        if _asks(exchange, course.start.endpoint) and exchange not in course.fired:
            return True
        if needed_for is not None and needed_for(exchange):
            return False
    return False
