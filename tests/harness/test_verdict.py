"""Verdicts on whole journals: one for each armed switch, one for each check that saw something."""

from collections.abc import Sequence
from dataclasses import replace
from typing import overload

import pytest

from oidc_harness.checks.authorization_requests import FreshState, HidesVerifier, SendsState, UsesPkceAsPublicClient
from oidc_harness.checks.token_requests import SendsCodeOnce
from oidc_harness.harness.switchboard import Armed
from oidc_harness.harness.verdict import Verdict, judge
from oidc_harness.provider.exchange import Exchange, Fired
from oidc_harness.switches.id_token import AudWrong, IssWrong
from oidc_harness.switches.state import AcctBlockedBeforeToken
from tests.switches.journal import (
    ARMED,
    ASKED,
    AUTHORIZED,
    NOBODY,
    REDEEMED,
    SHOWN,
    USED,
    Line,
    lied,
    refused,
    written,
)

ISS_WRONG = Armed(ARMED, IssWrong())
LIE = lied(REDEEMED)
CHECKS = (SendsState(), HidesVerifier(), UsesPkceAsPublicClient(), SendsCodeOnce())


def verdict(*lines: Line) -> Verdict:
    exchanges, observations = written(*lines)
    [found] = judge(exchanges, observations, [ISS_WRONG], ())
    return found


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        ((), "not exercised"),
        ((AUTHORIZED, REDEEMED, USED, SHOWN), "not exercised"),
        ((AUTHORIZED, LIE), "inconclusive"),
        ((AUTHORIZED, LIE, NOBODY), "passed"),
        ((AUTHORIZED, LIE, SHOWN), "failed"),
        ((AUTHORIZED, LIE, NOBODY, SHOWN), "failed"),
        ((AUTHORIZED, LIE, USED), "failed"),
        ((AUTHORIZED, LIE, refused(USED), NOBODY), "failed"),
    ],
)
def test_outcomes(lines: tuple[Line, ...], outcome: str) -> None:
    found = verdict(*lines)
    assert (found.subject, found.clause, found.outcome) == ("iss-wrong", IssWrong.breaks, outcome)
    assert found.armed_id == ARMED
    assert bool(found.evidence) == (outcome != "not exercised")


def test_not_exercised_says_why() -> None:
    assert verdict(AUTHORIZED).reason == (
        "iss-wrong never fired: no request reached its seam (id_token) under its conditions"
    )


def test_each_armed_switch_is_judged_by_its_own_deeds() -> None:
    other = Armed("another-2", AudWrong())
    never = Armed("never-3", AcctBlockedBeforeToken())
    second = lied(REDEEMED, grant_id="grant-2", form=(), deed=Fired(other.id, "aud-wrong", "id_token", "", ""))
    exchanges, observations = written(AUTHORIZED, LIE, NOBODY, replace(AUTHORIZED, grant_id="grant-2"), second, SHOWN)
    found = judge(exchanges, observations, [ISS_WRONG, other, never], ())
    assert [(each.armed_id, each.outcome) for each in found] == [
        (ARMED, "passed"),
        ("another-2", "failed"),
        ("never-3", "not exercised"),
    ]


def test_the_same_journal_gives_the_same_verdicts() -> None:
    journal = written(AUTHORIZED, LIE, NOBODY, ASKED, USED)
    assert judge(*journal, [ISS_WRONG], CHECKS) == judge(*journal, [ISS_WRONG], CHECKS)


def test_checks_fail_warn_pass_or_say_nothing() -> None:
    plain = replace(ASKED, query=(("code_challenge", "c"), ("client_id", "web")), grant_id=None)
    exchanges, observations = written(plain, REDEEMED, REDEEMED, REDEEMED)
    found = judge(exchanges, observations, (), CHECKS)
    assert [(each.subject, each.outcome, each.evidence) for each in found] == [
        ("sends-state", "warned", (1,)),
        ("hides-verifier", "warned", (1,)),
        ("sends-code-once", "failed", (2, 3, 4)),
    ]
    assert found[2].reason == "client web sent a code again; 1 more of the kind"
    kept = judge(*written(ASKED), (), CHECKS)
    assert [(each.subject, each.outcome, each.reason) for each in kept] == [
        ("sends-state", "passed", "kept in 1 exchanges")
    ]


class Counting(Sequence[Exchange]):
    """A journal that counts how often an exchange is read."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self.exchanges = exchanges
        self.read_count = 0

    def __len__(self) -> int:
        return len(self.exchanges)

    @overload
    def __getitem__(self, place: int) -> Exchange: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Exchange]: ...

    def __getitem__(self, place: int | slice) -> Exchange | Sequence[Exchange]:
        found = self.exchanges[place]
        self.read_count += len(found) if isinstance(found, Sequence) else 1
        return found


def reads(flows: int) -> int:
    """How often exchanges are read where a switch fired in so many flows, each with the state of the first."""
    lines = [(replace(AUTHORIZED, grant_id=f"g-{n}"), replace(LIE, grant_id=f"g-{n}"), NOBODY) for n in range(flows)]
    exchanges, observations = written(*(line for flow in lines for line in flow))
    counting = Counting(exchanges)
    found = judge(counting, observations, [ISS_WRONG], (*CHECKS, FreshState()))
    assert [each.outcome for each in found if each.subject == "iss-wrong"] == ["passed" if flows else "not exercised"]
    return counting.read_count


def test_a_journal_is_read_as_often_whatever_its_length() -> None:
    assert reads(200) - reads(100) == reads(100) - reads(0)
