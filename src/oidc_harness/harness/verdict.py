"""Verdict: what a journal says about the client. Pure: the same journal gives the same verdicts.

The rules of judging. Silence proves nothing: a client that was not seen afterwards is *inconclusive*. A session that is
seen decides against a report that there is none. The first use of something forbidden fails. Counts are bounds. Who is
signed in decides, not the status of a page. A switch that was armed and never fired is *not exercised*.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from oidc_harness.checks.base import Check, Looked
from oidc_harness.harness.journal import Observation
from oidc_harness.harness.switchboard import Armed
from oidc_harness.protocol.spec import Spec
from oidc_harness.provider.exchange import Exchange
from oidc_harness.switches.traffic import Traffic

Outcome = Literal["passed", "failed", "warned", "inconclusive", "not exercised"]
"""`warned` is for checks alone: something was left undone that a client should do, but need not."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is found about one switch or one check."""

    subject: str
    """Name of the switch or check."""
    outcome: Outcome
    clause: Spec
    reason: str
    """One sentence or more, for people."""
    evidence: tuple[int, ...] = ()
    """Numbers of the exchanges it rests on."""
    armed_id: str | None = None
    """Which of the armed switches, where it is about one; two may have the same name."""


def judge(
    exchanges: Sequence[Exchange], observations: Sequence[Observation], armed: Iterable[Armed], checks: Iterable[Check]
) -> tuple[Verdict, ...]:
    """One verdict for each armed switch, then one for each check that had something to look at."""
    traffic = Traffic(exchanges, observations)
    switched = [_about_switch(each, traffic) for each in armed]
    checked = [_about_check(check, check.look(exchanges)) for check in checks]
    return (*switched, *(verdict for verdict in checked if verdict is not None))


def _about_switch(armed: Armed, traffic: Traffic) -> Verdict:
    switch = armed.switch
    judgement = switch.expects.judge(armed.id, traffic)
    if judgement is None:
        reason = f"{switch.name} never fired: no request reached its seam ({switch.seam}) under its conditions"
        return Verdict(switch.name, "not exercised", switch.breaks, reason, armed_id=armed.id)
    return Verdict(
        switch.name, judgement.outcome, switch.breaks, judgement.reason, judgement.evidence, armed_id=armed.id
    )


def _about_check(check: Check, looked: Looked) -> Verdict | None:
    if looked.breaches:
        outcome: Outcome = "failed" if check.level == "MUST" else "warned"
        first = looked.breaches[0]
        further = f"; {len(looked.breaches) - 1} more of the kind" if len(looked.breaches) > 1 else ""
        evidence = sorted({number for breach in looked.breaches for number in breach.evidence})
        return Verdict(check.name, outcome, check.clause, first.reason + further, tuple(evidence))
    if not looked.relevant:
        return None
    return Verdict(check.name, "passed", check.clause, f"kept in {looked.relevant} exchanges")
