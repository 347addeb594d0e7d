"""Lies in what goes through the browser: one parameter differs, target, mode and order stay."""

from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest

from oidc_harness.protocol.redirection import RedirectionQuestion
from oidc_harness.provider.conduct import HONEST
from oidc_harness.switches.base import RedirectionSwitch
from oidc_harness.switches.redirection import IssParamWrong, StateWrong, Variant
from tests.switches import questions

ERROR: dict[str, Any] = {"purpose": "error", "parameters": {"error": "access_denied", "error_description": "no"}}
CASES: list[tuple[RedirectionSwitch, str, str]] = [
    (StateWrong(), "state", "State-of-the-arA"),
    (StateWrong("truncated"), "state", "State-of-the-ar"),
    (StateWrong("case"), "state", "sTATE-OF-THE-ART"),
    (StateWrong("encoded"), "state", "%53%74%61%74%65%2D%6F%66%2D%74%68%65%2D%61%72%74"),
    (IssParamWrong(), "iss", "https://issuer.example"),
    (IssParamWrong("https://evil.example"), "iss", "https://evil.example"),
]


@pytest.mark.parametrize("question", [questions.redirection(), questions.redirection(**ERROR)], ids=["answer", "error"])
@pytest.mark.parametrize(("switch", "name", "value"), CASES, ids=str)
def test_one_parameter_differs(switch: RedirectionSwitch, name: str, value: str, question: RedirectionQuestion) -> None:
    honest = HONEST.redirection(question)
    expected = tuple((key, value if key == name else old) for key, old in honest.parameters)
    assert switch.applies(question)
    assert switch.act(HONEST.redirection, question) == replace(honest, parameters=expected)


@pytest.mark.parametrize("variant", ["altered", "truncated", "case", "encoded"])
@pytest.mark.parametrize("state", ["A", "x", "12345", "%41", "zustand ü", "\ud800"])
def test_the_state_is_always_another(variant: Variant, state: str) -> None:
    given = StateWrong(variant).act(HONEST.redirection, questions.redirection(state=state))
    assert dict(given.parameters)["state"] != state


def test_the_encoded_state_is_right_for_who_decodes_twice() -> None:
    given = StateWrong("encoded").act(HONEST.redirection, questions.redirection())
    assert unquote(dict(given.parameters)["state"]) == "State-of-the-art"


@pytest.mark.parametrize(
    ("switch", "changes"),
    [
        (StateWrong(), {"state": None}),
        (StateWrong(), {"state": ""}),
        (StateWrong(), {"purpose": "logout"}),
        (IssParamWrong(), {"names_issuer": False}),
        (IssParamWrong(), {"purpose": "logout"}),
    ],
    ids=str,
)
def test_where_there_is_nothing_to_lie_about(switch: RedirectionSwitch, changes: dict[str, Any]) -> None:
    assert not switch.applies(questions.redirection(**changes))
