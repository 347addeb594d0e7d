"""What a journal shows of a client after a lie in a logout token."""

from dataclasses import replace

import pytest

from oidc_harness.switches.expectation import Expectation, keeps_session, refuses_notice
from oidc_harness.switches.traffic import Traffic
from tests.switches.journal import ARMED, NOBODY, SHOWN, Happened, Line, Seen, lied, written

NOTICE = Happened("backchannel_logout", method="POST", grant_id=None, status=400)
LIE = lied(NOTICE)
TAKEN = replace(LIE, status=200)
ELSE = Seen("user-bob")


def judged(expectation: Expectation, *lines: Line) -> str:
    judgement = expectation.judge(ARMED, Traffic(*written(*lines)))
    assert judgement is not None
    assert judgement.evidence
    return judgement.outcome


@pytest.mark.parametrize(
    ("lines", "refuses", "keeps"),
    [
        ((SHOWN, LIE, SHOWN), "passed", "passed"),
        ((SHOWN, LIE, NOBODY), "failed", "failed"),
        ((SHOWN, TAKEN, SHOWN), "failed", "passed"),
        ((SHOWN, TAKEN, NOBODY), "failed", "failed"),
        ((SHOWN, replace(LIE, status=204), SHOWN), "failed", "passed"),
        ((SHOWN, replace(LIE, status=500), SHOWN), "failed", "passed"),
        ((SHOWN, LIE, TAKEN, SHOWN), "failed", "passed"),
        ((SHOWN, LIE, ELSE), "failed", "failed"),
        ((SHOWN, LIE, Seen(signed_in=True)), "passed", "passed"),
        ((SHOWN, LIE), "inconclusive", "inconclusive"),
        ((NOBODY, LIE, NOBODY), "inconclusive", "inconclusive"),
        ((LIE, SHOWN), "inconclusive", "inconclusive"),
        # What happens after the first look is somebody's wish.
        ((SHOWN, LIE, SHOWN, NOBODY), "passed", "passed"),
        # An honest notice afterwards is another matter.
        ((SHOWN, LIE, SHOWN, replace(NOTICE, status=200), NOBODY), "passed", "passed"),
    ],
)
def test_whether_the_notice_was_refused_and_the_session_kept(lines: tuple[Line, ...], refuses: str, keeps: str) -> None:
    assert judged(refuses_notice(), *lines) == refuses
    assert judged(keeps_session(), *lines) == keeps


def test_what_is_demanded_is_told() -> None:
    assert refuses_notice().describe() == "The client refuses the logout token with status 400; it keeps the session."
