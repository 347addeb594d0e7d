"""Demands about the notice that a session has ended. The client's answer to it stands in the journal."""

from dataclasses import dataclass

from oidc_harness.provider.exchange import Exchange
from oidc_harness.switches.course import Course
from oidc_harness.switches.demand import Finding


@dataclass(frozen=True, slots=True)
class RefusesNotice:
    """Every notice in which the switch fired is answered with 400 (OIDC Back-Channel Logout 2.8)."""

    def describe(self) -> str:
        return "refuses the logout token with status 400"

    def examine(self, course: Course) -> Finding:
        answered = [exchange for exchange in course.fired if exchange.reply is not None]
        wrong = next((exchange for exchange in answered if _status(exchange) != 400), None)
        if wrong is not None:
            reason = f"the client answered a logout token it had to refuse with status {_status(wrong)}, expected 400"
            return Finding("failed", reason, (wrong.number,))
        if not answered:
            return Finding("open", "no answer of the client to the logout token came", (course.start.number,))
        reason = "the client refused the logout token with status 400"
        return Finding("met", reason, tuple(exchange.number for exchange in answered))


@dataclass(frozen=True, slots=True)
class KeepsSession:
    """Whoever was signed in before the notice still is."""

    def describe(self) -> str:
        return "keeps the session"

    def examine(self, course: Course) -> Finding:
        before, number = course.before, course.start.number
        if before is None or not before.signed_in:
            return Finding("open", "nobody was seen signed in at the client before the logout token came")
        if not course.observed:
            return Finding("open", "nobody looked whether the client still shows the person as signed in")
        # The first look is the one that nothing but the notice lies before.
        look = course.observed[0]
        if not look.signed_in:
            return Finding("failed", "the session is gone: the client shows nobody as signed in", (number,))
        if None not in (look.subject, before.subject) and look.subject != before.subject:
            return Finding("failed", f"the client shows {look.subject!r}, before it was {before.subject!r}", (number,))
        return Finding("met", "the client still shows the person as signed in", (number,))


def _status(exchange: Exchange) -> int | None:
    return None if exchange.reply is None else exchange.reply.status
