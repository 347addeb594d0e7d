"""Outcome: what the course of a scenario says about a client, and what that rests on. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from oidc_harness.harness.driver import Look
from oidc_harness.harness.scenario import ClientExpectation, Expect, times
from oidc_harness.harness.scenario_play import Course
from oidc_harness.harness.verdict import Verdict

Result: TypeAlias = Literal["passed", "failed", "inconclusive", "not exercised", "skipped", "broken"]
"""`skipped`: the client offers no way to do a step. `broken`: the harness itself failed."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was found."""

    text: str
    """A sentence for people."""
    clause: str = ""
    """Tag of the clause it is about, such as `OIDCC-3.1.3.7 rule 2`. Empty where none is."""
    evidence: tuple[int, ...] = ()
    """Numbers of the exchanges that show it."""
    is_expectation: bool = False
    """Whether it is about what the scenario expects, and not about a switch or a check."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a scenario says about a client."""

    result: Result
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    """What is no fault and worth knowing: warnings of checks, steps that could not be done as written."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the course of a scenario is held against."""

    expect: Expect
    subject: str | None
    """The `sub` the client must show, where the scenario names a user."""


def find(course: Course, verdicts: tuple[Verdict, ...], expected: Expected) -> Finding:
    """The finding. What failed outweighs what was not seen."""
    notes = (*_notes(course), *(_reason(verdict) for verdict in verdicts if verdict.outcome == "warned"))
    failed = tuple(_reason(verdict) for verdict in verdicts if verdict.outcome == "failed")
    failed += tuple(_unmet(course, verdicts, expected))
    if failed:
        return Finding("failed", failed, notes)
    armed = [verdict for verdict in verdicts if verdict.armed_id is not None]
    for result in ("inconclusive", "not exercised"):
        if result == expected.expect.verdict:
            continue
        found = tuple(_reason(verdict) for verdict in armed if verdict.outcome == result)
        if found:
            return Finding("inconclusive" if result == "inconclusive" else "not exercised", found, notes)
    return Finding("passed", tuple(_reason(verdict) for verdict in armed) or (_seen(course),), notes)


def hold_back(finding: Finding, course: Course, twin: Course | None) -> Finding:
    """The finding, unless the scenario itself is at fault: then nothing can be concluded.

    A step that cannot be done is the client's doing where it could be done with an honest provider, in the `twin`
    of the same steps. Where no run can do it, the scenario is wrong, and nothing it expects is held against anybody,
    unless the client showed an error instead. What a switch or a check found holds all the same.
    """
    missing = undone(course, twin)
    if finding.result == "passed" and missing:
        return replace(finding, result="inconclusive", reasons=missing, notes=())
    misplaced = finding.result == "failed" and all(reason.is_expectation for reason in finding.reasons)
    if misplaced and missing and out_of_place(course):
        return replace(finding, result="inconclusive", reasons=missing, notes=())
    return finding


def undone(course: Course, twin: Course | None = None) -> tuple[Reason, ...]:
    """The steps that could not be done as written, not in the twin either where there is one."""
    pairs = zip(course.played, twin.played if twin is not None else course.played, strict=True)
    return tuple(
        Reason(f"this step cannot be done: {ours.note}") for ours, theirs in pairs if ours.note and theirs.note
    )


def out_of_place(course: Course) -> tuple[Reason, ...]:
    """The steps that could not be done, if no page of an error stood in the way of the first of them."""
    first = next((number for number, played in enumerate(course.played) if played.note), 0)
    return () if first > 0 and course.played[first - 1].look.shows_error else undone(course)


def _reason(verdict: Verdict) -> Reason:
    return Reason(f"{verdict.subject}: {verdict.reason}", str(verdict.clause), verdict.evidence)


def _seen(course: Course) -> Reason:
    """What a pass rests on where nothing was armed: how the client looked at the end."""
    look, last = course.last, tuple(exchange.number for exchange in course.exchanges[-1:])
    return Reason(f"signed in as {look.subject!r}" if look.signed_in else "nobody signed in", evidence=last)


def _notes(course: Course) -> Iterator[Reason]:
    return (Reason(played.note) for played in course.played if played.note)


def _unmet(course: Course, verdicts: tuple[Verdict, ...], expected: Expected) -> Iterator[Reason]:
    """Expectations of the scenario that did not come true."""
    clause, shown_by = _grounds(course, verdicts)
    for text in _client_faults(course.last, expected.expect.client, expected.subject):
        yield Reason(text, clause, shown_by, is_expectation=True)
    for endpoint, count in expected.expect.exchanges.items():
        found = tuple(exchange.number for exchange in course.exchanges if exchange.endpoint == endpoint)
        if len(found) < count.min or (count.max is not None and len(found) > count.max):
            yield Reason(
                f"{endpoint} was asked {times(len(found))}, expected {count}", clause, found, is_expectation=True
            )


def _client_faults(look: Look, expected: ClientExpectation, subject: str | None) -> Iterator[str]:
    if look.signed_in and expected.signed_in is False:
        yield f"the client shows {look.subject!r} as signed in, expected nobody"
    elif expected.signed_in and not look.signed_in:
        yield _nobody(look, expected, subject)
    elif look.signed_in and subject is not None and look.subject != subject:
        yield f"the client shows {look.subject!r} as signed in, expected {subject!r}"
    if expected.shows_error is not None and look.shows_error is not None and look.shows_error != expected.shows_error:
        is_shown, wanted = ("an", "none") if look.shows_error else ("no", "one")
        yield f"the last page tells of {is_shown} error, expected {wanted}"


def _nobody(look: Look, expected: ClientExpectation, subject: str | None) -> str:
    whom = repr(expected.subject or subject) if expected.subject or subject else "somebody"
    shown = f" ({look.note})" if look.note else ""
    return f"nobody is signed in at the client{shown}, expected {whom}"


def _grounds(course: Course, verdicts: Iterable[Verdict]) -> tuple[str, tuple[int, ...]]:
    """What an unmet expectation is about: the switch that was armed, else the provider's last refusal."""
    for verdict in verdicts:
        if verdict.armed_id is not None:
            return str(verdict.clause), verdict.evidence
    for exchange in reversed(course.exchanges):
        if exchange.error is not None:
            return str(exchange.error.where), (exchange.number,)
    return "", tuple(exchange.number for exchange in course.exchanges[-1:])
