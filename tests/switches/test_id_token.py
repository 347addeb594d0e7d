"""Lies in the ID token: each changes one claim and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.provider.conduct import HONEST
from oidc_harness.switches.base import IdTokenSwitch
from oidc_harness.switches.id_token import AudWrong, ExpPast, IssWrong, NonceMissing, NonceWrong, SubMissing
from tests.switches import questions
from tests.switches.questions import NOW

LIES: list[tuple[IdTokenSwitch, Mapping[str, Any]]] = [
    (IssWrong(), {"iss": "https://issuer.example"}),
    (IssWrong("https://evil.example"), {"iss": "https://evil.example"}),
    (AudWrong(), {"aud": "another-client"}),
    (AudWrong("client-2"), {"aud": "client-2"}),
    (NonceMissing(), {"nonce": None}),
    (NonceWrong(), {"nonce": fingerprint("n-0S6_WzA2Mj")}),
    (ExpPast(), {"exp": NOW - 600}),
    (ExpPast(1), {"exp": NOW - 1}),
    (SubMissing(), {"sub": None}),
]


@pytest.mark.parametrize(("switch", "expected"), LIES, ids=lambda case: str(case)[:40])
def test_one_claim_differs(switch: IdTokenSwitch, expected: Mapping[str, Any]) -> None:
    question = questions.id_token()
    honest = HONEST.id_token(question)
    assert switch.applies(question)
    assert questions.changed(honest, switch.act(HONEST.id_token, question)) == expected


@pytest.mark.parametrize("switch", [NonceMissing(), NonceWrong()], ids=str)
@pytest.mark.parametrize(
    "question",
    [
        questions.id_token(refreshed=True),
        questions.id_token(grant=replace(questions.GRANT, nonce=None)),
    ],
    ids=["refreshed", "no nonce sent"],
)
def test_without_a_nonce_there_is_none_to_lie_about(switch: IdTokenSwitch, question: Any) -> None:
    assert not switch.applies(question)


@pytest.mark.parametrize("switch", [switch for switch, _ in LIES], ids=lambda switch: str(switch)[:40])
@pytest.mark.parametrize(
    "odd", [{}, {"nonce": ["a"], "sub": 7, "exp": "soon", "aud": None}], ids=["empty", "odd types"]
)
def test_on_top_of_another_lie_no_switch_breaks(switch: IdTokenSwitch, odd: dict[str, Any]) -> None:
    before = dict(odd)
    assert switch.act(lambda _: odd, questions.id_token()) is not odd
    assert odd == before
