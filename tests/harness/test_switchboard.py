"""What is armed, when it acts, and what is recorded of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.conditions import ALWAYS, When, nth, once, times
from oidc_harness.harness.recording import Recording
from oidc_harness.harness.switchboard import Armed, NoAnswer, Switchboard, answer_type
from oidc_harness.protocol.errors import OAuthError, invalid_grant
from oidc_harness.protocol.redemption import Redeemed, RedemptionQuestion
from oidc_harness.protocol.userinfo import UserinfoQuestion
from oidc_harness.provider.conduct import HONEST
from oidc_harness.provider.exchange import Fired
from oidc_harness.switches.base import Claims, IdTokenSwitch, RedemptionSwitch, Switch, UserinfoSwitch
from oidc_harness.switches.id_token import AudWrong, IssWrong, NonceMissing
from oidc_harness.switches.redemption import RefreshTokenExpired
from oidc_harness.switches.state import AcctBlockedMidSession
from oidc_harness.switches.userinfo import UiSubMismatch
from tests.support import records
from tests.switches import questions
from tests.switches.journal import REDEEMED, USED, refused, written

BOB = replace(questions.ABOUT, user=records.user("bob"))
OTHER = replace(questions.ABOUT, application=records.application(id="another"))


def recording(number: int = 1, endpoint: str = "token") -> Recording:
    return Recording(number, endpoint)


def ask(board: Switchboard, question: UserinfoQuestion | None = None, during: Recording | None = None) -> str:
    """The subject that userinfo tells."""
    conduct = board.conduct_for(during or recording(endpoint="userinfo"))
    return str(conduct.userinfo(question or questions.userinfo())["sub"])


def lies(board: Switchboard, number: int) -> list[bool]:
    """Of so many requests, in which userinfo lied."""
    return [ask(board) != questions.ALICE.id for _ in range(number)]


def test_an_empty_board_is_the_honest_provider_itself() -> None:
    board = Switchboard()
    assert board.conduct_for(recording()) is HONEST
    armed = board.arm(UiSubMismatch())
    assert board.conduct_for(recording()) is not HONEST
    assert board.disarm(armed.id)
    assert board.conduct_for(recording()) is HONEST


def test_other_seams_stay_honest() -> None:
    board = Switchboard()
    board.arm(UiSubMismatch())
    assert replace(board.conduct_for(recording()), userinfo=HONEST.userinfo) == HONEST


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (ALWAYS, [True] * 5),
        (once(), [True, False, False, False, False]),
        (times(2), [True, True, False, False, False]),
        (nth(3), [False, False, True, False, False]),
        (When(skip=3), [False, False, False, True, True]),
        (When(skip=1, times=2), [False, True, True, False, False]),
    ],
    ids=str,
)
def test_how_often_it_acts(when: When, expected: list[bool]) -> None:
    board = Switchboard()
    board.arm(UiSubMismatch(), when)
    assert lies(board, 5) == expected


@pytest.mark.parametrize(
    "when", [When(times=1, user="alice"), When(times=1, application="web"), When(times=1, endpoint="token")], ids=str
)
def test_requests_of_others_do_not_count(when: When) -> None:
    board = Switchboard()
    board.arm(UiSubMismatch(), when)
    elsewhere = replace(questions.ABOUT, endpoint="userinfo")
    not_meant = {"alice": BOB, "web": OTHER}.get(when.user or when.application or "", elsewhere)
    assert [ask(board, questions.userinfo(about=not_meant)) for _ in range(3)] == [questions.ALICE.id] * 3
    assert lies(board, 2) == [True, False]


@dataclass(frozen=True, slots=True)
class OnlyEmail(UserinfoSwitch):
    """Lies where the e-mail address is asked for."""

    name = "only-email"

    def applies(self, question: UserinfoQuestion) -> bool:
        return "email" in question.scopes

    def act(self, honest: Callable[[UserinfoQuestion], Claims], question: UserinfoQuestion) -> Claims:
        return {**honest(question), "sub": "a-lie"}


def test_what_a_switch_has_nothing_to_do_with_does_not_count() -> None:
    board, during = Switchboard(), recording()
    board.arm(OnlyEmail(), once())
    assert ask(board, questions.userinfo(scopes=("openid",)), during) == questions.ALICE.id
    assert (during.fired, during.reached) == ([], [])
    assert ask(board, during=during) == "a-lie"


def test_after_waits_for_a_success_since_arming() -> None:
    board = Switchboard()
    [used], _ = written(USED)
    [denied], _ = written(refused(REDEEMED))
    [redeemed], _ = written(REDEEMED)
    board.note(redeemed)
    board.arm(UiSubMismatch(), When(after="token"))
    for irrelevant in (used, denied):
        board.note(irrelevant)
        assert lies(board, 1) == [False]
    board.note(redeemed)
    assert lies(board, 2) == [True, True]


def test_an_attempt_that_lost_a_race_counts_nothing() -> None:
    board = Switchboard()
    board.arm(UiSubMismatch(), once())
    lost = recording()
    assert ask(board, during=lost) == "somebody-else"
    board.forget(lost)
    assert lies(board, 2) == [True, False]


def test_a_skip_that_lost_a_race_is_skipped_again() -> None:
    board = Switchboard()
    board.arm(UiSubMismatch(), nth(2))
    lost = recording()
    ask(board, during=lost)
    board.forget(lost)
    assert lies(board, 3) == [False, True, False]


def test_the_first_time_is_not_lost_when_the_first_of_two_at_once_loses() -> None:
    board = Switchboard()
    board.arm(UiSubMismatch(), once())
    first, second = recording(1), recording(2)
    assert (ask(board, during=first), ask(board, during=second)) == ("somebody-else", questions.ALICE.id)
    board.forget(first)
    assert lies(board, 2) == [True, False]


def test_numbers_given_back_are_given_out_in_their_order() -> None:
    board = Switchboard()
    board.arm(UiSubMismatch(), nth(2))
    attempts = [recording(number) for number in (1, 2, 3)]
    assert [ask(board, during=attempt) for attempt in attempts] == [
        questions.ALICE.id,
        "somebody-else",
        questions.ALICE.id,
    ]
    for attempt in reversed(attempts):
        board.forget(attempt)
    assert lies(board, 3) == [False, True, False]


def test_what_was_disarmed_meanwhile_is_no_trouble() -> None:
    board, during = Switchboard(), recording()
    armed = board.arm(UiSubMismatch())
    conduct = board.conduct_for(during)
    board.disarm(armed.id)
    assert conduct.userinfo(questions.userinfo())["sub"] == questions.ALICE.id
    board.forget(during)
    assert not board.disarm(armed.id)


def test_the_lie_is_recorded_beside_the_truth() -> None:
    board, during = Switchboard(), recording()
    armed = board.arm(UiSubMismatch())
    question = questions.userinfo()
    given = board.conduct_for(during).userinfo(question)
    assert during.fired == [Fired(armed.id, "ui-sub-mismatch", "userinfo", HONEST.userinfo(question), given)]


def test_a_refusal_is_recorded_beside_what_would_have_been_given() -> None:
    board, during = Switchboard(), recording()
    board.arm(RefreshTokenExpired())
    question = questions.refresh()
    with pytest.raises(OAuthError) as caught:
        board.conduct_for(during).redemption(question)
    [fired] = during.fired
    assert (fired.honest, fired.given) == (HONEST.redemption(question), caught.value)


@dataclass(frozen=True, slots=True)
class TakesAnything(RedemptionSwitch):
    """Takes every refresh token."""

    name = "takes-anything"

    def act(self, honest: Callable[[RedemptionQuestion], Redeemed], question: RedemptionQuestion) -> Redeemed:
        return Redeemed(questions.GRANT, ("openid",))


def test_an_honest_refusal_is_recorded_beside_what_was_given() -> None:
    board, during = Switchboard(), recording()
    board.arm(TakesAnything())
    given = board.conduct_for(during).redemption(questions.refresh(grant=questions.GRANT.revoked(1)))
    [fired] = during.fired
    assert given == fired.given
    assert isinstance(fired.honest, OAuthError)
    assert fired.honest.code == invalid_grant("").code


@pytest.mark.parametrize("first", [IssWrong(), AudWrong()], ids=str)
def test_two_at_one_seam_both_act(first: IdTokenSwitch) -> None:
    board, during = Switchboard(), recording()
    second = AudWrong() if isinstance(first, IssWrong) else IssWrong()
    board.arm(first)
    board.arm(second)
    claims = board.conduct_for(during).id_token(questions.id_token())
    assert (claims["iss"], claims["aud"]) == ("https://issuer.example", "another-client")
    assert {fired.switch for fired in during.fired} == {"iss-wrong", "aud-wrong"}


def test_the_same_switch_twice_has_two_ids_and_the_later_one_wins() -> None:
    board = Switchboard()
    ids = [board.arm(UiSubMismatch(value)).id for value in ("one", "two")]
    assert len(set(ids)) == 2
    assert [armed.id for armed in board.armed()] == ids
    assert ask(board) == "two"


def test_clearing_makes_honest() -> None:
    board = Switchboard()
    board.arm(UiSubMismatch())
    board.arm(NonceMissing())
    board.clear()
    assert (board.armed(), board.conduct_for(recording())) == ((), HONEST)


def happens(board: Switchboard, endpoint: str, during: Recording | None = None) -> list[Armed]:
    about = replace(questions.ABOUT, endpoint=endpoint)
    return [armed for armed, _ in board.due(endpoint, about, during or recording(endpoint=endpoint))]


def test_state_switches_wait_for_their_endpoint() -> None:
    board = Switchboard()
    assert happens(board, "userinfo") == []
    board.arm(UiSubMismatch())
    armed = board.arm(AcctBlockedMidSession(), once())
    assert happens(board, "token") == []
    assert happens(board, "userinfo") == [armed]
    assert happens(board, "userinfo") == []


def test_state_switches_leave_alone_whom_they_do_not_concern() -> None:
    board = Switchboard()
    board.arm(AcctBlockedMidSession(), once())
    assert board.due("userinfo", replace(questions.ABOUT, grant_id=None), recording()) == []
    assert len(happens(board, "userinfo")) == 1


@dataclass(frozen=True)
class Forgetful(UserinfoSwitch):
    """Gives nothing."""

    name = "forgetful"

    def act(self, honest: Callable[[UserinfoQuestion], Claims], question: UserinfoQuestion) -> Claims:
        return None  # type: ignore[return-value]


def test_what_is_no_answer_is_a_fault_of_the_switch() -> None:
    board, during = Switchboard(), recording(endpoint="userinfo")
    board.arm(Forgetful())
    with pytest.raises(NoAnswer, match="switch forgetful: act gave NoneType, and the seam userinfo takes Mapping"):
        ask(board, during=during)
    assert during.fired == []


@pytest.mark.parametrize("switch", [each for each in Catalogue().switches() if issubclass(each, Switch)])
def test_the_answer_of_every_seam_is_known(switch: type[Switch[Any, Any]]) -> None:
    assert not isinstance(None, answer_type(switch))
