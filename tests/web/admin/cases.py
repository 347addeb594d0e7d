"""Case: one request to one operation in the furnished realm, and the whole of what it is answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oidc_harness.web.admin.table import OPERATIONS
from tests.web.admin.api import Api

CODES = {400: "invalid", 403: "forbidden", 404: "not_found", 409: "conflict"}
_OPERATIONS = {operation.name: operation for operation in OPERATIONS}
Step = tuple[str, Any]
"""An operation with its body."""


@dataclass(frozen=True)
class Case:
    """What is sent, and what has to come back."""

    operation: str
    status: int
    expected: Any
    """Of a success: members of the answer, or the whole answer where it is no object. Of a refusal: field, message."""
    body: Any = None
    query: str = ""
    after: tuple[Step, ...] = ()
    """What is done first; all of it has to succeed."""
    policy: Mapping[str, Any] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    """Placeholders that stand for something else than usual."""

    def __str__(self) -> str:
        return f"{self.operation}-{self.status}"


def done(operation: str, expected: Any = None, body: Any = None, **rest: Any) -> Case:
    """A case that succeeds."""
    declared = _OPERATIONS[operation]
    status = 204 if declared.answers is None else declared.status
    return Case(operation, status, expected, body, **rest)


def refused(operation: str, status: int, place: str, message: str, body: Any = None, **rest: Any) -> Case:
    """A case that is refused: the value at fault, and what is said of it."""
    return Case(operation, status, (place, message), body, **rest)


async def check(api: Api, case: Case) -> Any:
    """Furnish the realm, do what comes first, and hold the answer against the case; gives the answer."""
    named = await api.furnish(**case.policy)
    for operation, body in case.after:
        await api.done(*_request(operation, named), body)
    method, path = _request(case.operation, {**named, **case.path})
    answer = await api.ask(method, path + case.query, case.body)
    shown = json.loads(answer.text) if answer.text else None
    if isinstance(case.expected, tuple):
        place, message = case.expected
        error = {"code": CODES[case.status], "message": message, "field": place}
        assert (answer.status, shown) == (case.status, {"error": error})
    else:
        assert (answer.status, _some(shown, case.expected)) == (case.status, case.expected), answer.text
    return shown


def _request(operation: str, named: Mapping[str, str]) -> tuple[str, str]:
    declared = _OPERATIONS[operation]
    return declared.method, declared.path.format(**named)


def _some(shown: Any, expected: Any) -> Any:
    """Of what is shown, the members that are expected; lists have to be whole."""
    if isinstance(shown, dict) and isinstance(expected, dict):
        return {name: _some(shown.get(name), each) for name, each in expected.items()}
    if isinstance(shown, list) and isinstance(expected, list) and len(shown) == len(expected):
        return [_some(item, each) for item, each in zip(shown, expected, strict=True)]
    return shown
