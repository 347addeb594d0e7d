"""Access tokens that are worth less than they seem."""

import pytest

from oidc_harness.provider.conduct import HONEST
from oidc_harness.switches.access_token import AccessTokenBornExpired
from tests.switches import questions
from tests.switches.questions import NOW


@pytest.mark.parametrize("seconds", [0, 60])
def test_only_the_expiry_differs(seconds: int) -> None:
    question = questions.access_token()
    given = AccessTokenBornExpired(seconds).act(HONEST.access_token, question)
    assert questions.changed(HONEST.access_token(question), given) == {"exp": NOW - seconds}
