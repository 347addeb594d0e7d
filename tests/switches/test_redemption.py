"""Refresh tokens that stop working: refused as an honest provider refuses, and true from then on."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.write import Swap
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.standing import Standing
from oidc_harness.provider.conduct import HONEST
from oidc_harness.switches.base import RedemptionSwitch
from oidc_harness.switches.redemption import AcctBlockedOnRefresh, RefreshInvalidGrant, RefreshTokenExpired
from tests.support import records
from tests.switches import questions
from tests.switches.questions import ALICE, GRANT, NOW, REFRESH_TOKEN

ALL: tuple[RedemptionSwitch, ...] = (RefreshInvalidGrant(), RefreshTokenExpired(), AcctBlockedOnRefresh())


def refusal(switch: RedemptionSwitch, question: Any) -> OAuthError:
    with pytest.raises(OAuthError) as caught:
        switch.act(HONEST.redemption, question)
    return caught.value


@pytest.mark.parametrize(
    ("switch", "description", "record"),
    [
        (RefreshInvalidGrant(), "refresh_token is no longer valid", GRANT.revoked(NOW)),
        (RefreshTokenExpired(), "refresh_token has expired", replace(REFRESH_TOKEN, expires_at=NOW)),
    ],
    ids=str,
)
def test_the_refusal_is_honest_and_made_true(switch: RedemptionSwitch, description: str, record: Any) -> None:
    question = questions.refresh()
    HONEST.redemption(question)
    error = refusal(switch, question)
    assert (error.code, error.description, error.writes) == ("invalid_grant", description, (Swap(record),))


def test_the_blocked_user_stays_blocked_and_all_they_had_is_dead() -> None:
    error = refusal(AcctBlockedOnRefresh(), questions.refresh())
    [write] = error.writes
    assert (error.code, error.detail) == ("invalid_grant", "user alice is blocked")
    assert write == Swap(ALICE.blocked(write.record.generation))  # type: ignore[attr-defined]
    assert write.record.generation != ALICE.generation  # type: ignore[attr-defined]


@pytest.mark.parametrize("switch", ALL, ids=str)
def test_what_it_does_not_concern(switch: RedemptionSwitch) -> None:
    assert switch.applies(questions.refresh())
    assert not switch.applies(questions.code())
    assert not switch.applies(questions.refresh(application=records.application(id="a-thief")))


def test_nobody_is_blocked_twice() -> None:
    standing = Standing(questions.APPLICATION, ALICE.blocked("g"), questions.MEMBER)
    assert not AcctBlockedOnRefresh().applies(questions.refresh(standing=standing))
    assert not AcctBlockedOnRefresh().applies(questions.refresh(standing=replace(standing, user=None)))


@pytest.mark.parametrize("switch", ALL, ids=str)
def test_a_token_that_was_used_before_still_kills_its_family(switch: RedemptionSwitch) -> None:
    question = questions.refresh(presented=REFRESH_TOKEN.spent(NOW - 10))
    error = refusal(switch, question)
    assert error.description == "it was used before"
    assert Swap(GRANT.revoked(NOW)) in error.writes
