"""Lies of userinfo."""

import pytest

from oidc_harness.provider.conduct import HONEST
from oidc_harness.switches.userinfo import UiSubMismatch
from tests.switches import questions


@pytest.mark.parametrize("value", ["somebody-else", "user-bob"])
def test_only_the_subject_differs(value: str) -> None:
    question = questions.userinfo()
    given = UiSubMismatch(value).act(HONEST.userinfo, question)
    assert questions.changed(HONEST.userinfo(question), given) == {"sub": value}
