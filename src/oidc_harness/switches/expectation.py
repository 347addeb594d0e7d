"""Expectation: what a correct client does after a switch fired, as data: demands joined by `&`."""

from dataclasses import dataclass
from typing import Literal

from oidc_harness.switches.course import Course, courses
from oidc_harness.switches.demand import Demand, Finding
from oidc_harness.switches.identity import EndsSession, RefusesCallback, RefusesSignIn, ShowsNobodyElse, SignsIn
from oidc_harness.switches.limits import CallsAtMost, RedeemsOnce, StartsOver, Waits
from oidc_harness.switches.notices import KeepsSession, RefusesNotice
from oidc_harness.switches.traffic import Traffic
from oidc_harness.switches.usability import RefusesAnswer, WaitsOrGivesUp


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a client met an expectation, and what shows it."""

    outcome: Literal["passed", "failed", "inconclusive"]
    reason: str
    evidence: tuple[int, ...]
    """Numbers of exchanges."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """All demands must be met. Join two expectations by `&`."""

    demands: tuple[Demand, ...]

    def __and__(self, other: "Expectation") -> "Expectation":
        return Expectation(self.demands + other.demands)

    def describe(self) -> str:
        """One sentence for people."""
        return "The client " + "; it ".join(demand.describe() for demand in self.demands) + "."

    def judge(self, armed_id: str, traffic: Traffic) -> Judgement | None:
        """What the journal shows of every flow in which the armed switch fired; None where it never did.

        One failed flow fails the client. A flow that shows nothing does not lessen another that shows it passed.
        """
        first: dict[str, Judgement] = {}
        for course in courses(armed_id, traffic):
            judgement = self._judge_one(course)
            if judgement.outcome == "failed":
                return judgement
            first.setdefault(judgement.outcome, judgement)
        return first.get("passed") or first.get("inconclusive")

    def _judge_one(self, course: Course) -> Judgement:
        findings = [demand.examine(course) for demand in self.demands]
        for state in ("failed", "open"):
            found = [finding for finding in findings if finding.state == state]
            if found:
                return _judgement("failed" if state == "failed" else "inconclusive", found, course)
        if any(finding.state == "met" for finding in findings) or course.observed:
            return _judgement("passed", findings, course)
        silent = Finding("open", "the client has not been seen since, which a client that crashed would look like too")
        return _judgement("inconclusive", [*findings, silent], course)


def _judgement(
    outcome: Literal["passed", "failed", "inconclusive"], findings: list[Finding], course: Course
) -> Judgement:
    numbers = {course.start.number, *(number for finding in findings for number in finding.evidence)}
    return Judgement(outcome, "; ".join(finding.reason for finding in findings), tuple(sorted(numbers)))


def refuses_sign_in() -> Expectation:
    """The sign-in ends here: no session, no use of its tokens."""
    return Expectation((RefusesSignIn(),))


def refuses_callback() -> Expectation:
    """The answer at the redirect URI is refused: no token request, no session."""
    return Expectation((RefusesCallback(), RefusesSignIn()))


def refuses_answer() -> Expectation:
    """The answer is not used, even if what came of it can be read."""
    return Expectation((RefusesAnswer(),))


def waits_or_gives_up() -> Expectation:
    """Either is right; the client can be used afterwards."""
    return Expectation((WaitsOrGivesUp(),))


def shows_nobody_else() -> Expectation:
    """An answer about another person is thrown away; to end the sign-in is right too."""
    return Expectation((ShowsNobodyElse(),))


def signs_in() -> Expectation:
    """It must work: no correct client is put off by this."""
    return Expectation((SignsIn(),))


def ends_session() -> Expectation:
    """Nobody is signed in any more once the provider has refused the client's next request."""
    return Expectation((EndsSession(),))


def calls_at_most(number: int, endpoint: str | None = None) -> Expectation:
    """At most so many further requests to an endpoint, by default to the one at which the switch fired."""
    return Expectation((CallsAtMost(number, endpoint),))


def redeems_once() -> Expectation:
    """No code is sent twice."""
    return Expectation((RedeemsOnce(),))


def shows_error(restarts: int = 0) -> Expectation:
    """The person reads an error: no more than so many sign-ins are started without being asked for."""
    return Expectation((StartsOver(restarts), RefusesSignIn()))


def waits() -> Expectation:
    """The endpoint is left alone for as long as `Retry-After` says."""
    return Expectation((Waits(),))


def refuses_notice() -> Expectation:
    """The logout token is refused, and the session it speaks of goes on."""
    return Expectation((RefusesNotice(), KeepsSession()))


def keeps_session() -> Expectation:
    """Whoever was signed in still is, however the client answered."""
    return Expectation((KeepsSession(),))
