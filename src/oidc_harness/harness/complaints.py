"""Complaints: what is said of a value that will not do, in the same words for files and for the control API.

pydantic finds what is wrong. Where it stands, and how people are told, is decided here.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from oidc_harness.harness.yaml_files import Steps

JsonSchema = Mapping[str, Any]
IsPlace = Callable[[Steps], bool]

SECRETS = frozenset({"secret", "password", "jwks"})
"""Members whose values are not repeated in a complaint."""
_LONGEST_SHOWN = 60
_MOST_NAMES = 40
_UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")
_WORDS = (
    ("^Input should be (?=greater|less)", "a number "),
    ("^Input should be ", ""),
    ("^String should have ", "a text of "),
    ("^(List|Tuple|Dictionary) should have ", "a list of "),
    ("^a valid (integer|array)", r"an \1"),
    (" after validation, not [0-9]+$", ""),
    ("a valid string", "a text"),
    ("a valid ", "a "),
    ("an array", "a list"),
    ("an object", "a mapping"),
    ("a boolean", "true or false"),
)
_KINDS = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong, and where."""

    steps: Steps
    message: str
    is_of_name: bool
    """Whether it is about the name of a member, not about its value."""


def complaints(errors: list[Any], is_place: IsPlace, schema: JsonSchema) -> list[Complaint]:
    """One complaint for each place: where a value may be several things, each of them is said to be expected.

    `errors`: of pydantic; `is_place`: whether what was read has something at these steps.
    """
    places: dict[Steps, list[Any]] = {}
    for error in errors:
        places.setdefault(_steps(error, is_place), []).append(error)
    return [
        Complaint(steps, _message(steps, alternatives, schema), _is_of_name(alternatives[0]))
        for steps, alternatives in places.items()
        if not _follows(steps, alternatives, places)
    ]


def _follows(steps: Steps, alternatives: list[Any], places: dict[Steps, list[Any]]) -> bool:
    """Whether this is told only because of another problem: items that are wrong are not counted."""
    is_count = all(error["type"] == "too_short" for error in alternatives)
    return is_count and any(other[: len(steps)] == steps and other != steps for other in places)


def _is_of_name(error: Any) -> bool:
    return error["type"] in _UNKNOWN or error["loc"][-1:] == ("[key]",)


def _steps(error: Any, is_place: IsPlace) -> Steps:
    """Where it stands: pydantic also names the alternative of a union it was trying, which is no place."""
    steps: Steps = ()
    for step in error["loc"]:
        if is_place((*steps, step)):
            steps = (*steps, step)
    return (*steps, error["loc"][-1]) if error["type"] == "missing" else steps


def _message(steps: Steps, alternatives: list[Any], schema: JsonSchema) -> str:
    first = alternatives[0]
    if first["type"] == "missing":
        return "is missing"
    if first["type"] in _UNKNOWN:
        return unknown_name(str(steps[-1]), known_names(schema, steps[:-1]))
    if first["type"].startswith("union_tag"):
        return _no_alternative(first["input"], known_names(schema, steps))
    expected = " or ".join(dict.fromkeys(expected_by(each) for each in alternatives))
    return f"found {_found(steps, first)}; expected {expected}"


def unknown_name(name: str, known: list[str]) -> str:
    """What to say of a name that nothing has here: the nearest known one, or all of them."""
    if name in known:
        return "cannot stand beside the member before it; write each as an entry of its own"
    near = get_close_matches(name, known, n=1)
    listed = ", ".join(known[:_MOST_NAMES]) + (", …" if len(known) > _MOST_NAMES else "")
    advice = f"did you mean {near[0]}?" if near else f"expected one of {listed}" if known else ""
    return f"is not known here; {advice}" if advice else "is not known here, and nothing else is"


def why_unknown(name: str, known: Iterable[str]) -> str | None:
    """What to say of a value that is none of these names; None where it is one."""
    names = list(dict.fromkeys(known))
    return None if name in names else f"{_shortened(name)!r} {unknown_name(name, names)}"


def _no_alternative(found: Any, known: list[str]) -> str:
    if isinstance(found, str) or (isinstance(found, dict) and found):
        name = found if isinstance(found, str) else next(iter(found))
        return f"{json.dumps(_shortened(name))} {unknown_name(name, known)}"
    return f"found {_shown((), found)}; expected one of {', '.join(known)}"


def expected_by(error: Any) -> str:
    """What an error of pydantic says was expected, fitted into a sentence of ours."""
    message: str = error["msg"]
    for theirs, ours in _WORDS:
        message = re.sub(theirs, ours, message)
    return message


def _found(steps: Steps, error: Any) -> str:
    if error["type"] == "string_too_long":
        return f"{len(error['input'])} characters"
    return _shown(steps, error["input"])


def _shown(steps: Steps, value: Any) -> str:
    if value is None:
        return "nothing (null)"
    if isinstance(value, dict | list) or SECRETS.intersection(map(str, steps)):
        return _KINDS[type(value)]
    return json.dumps(_shortened(value), ensure_ascii=False)


def _shortened(value: Any) -> Any:
    is_long = isinstance(value, str) and len(value) > _LONGEST_SHOWN
    return value[:_LONGEST_SHOWN] + "…" if is_long else value


def known_names(schema: JsonSchema, steps: Steps) -> list[str]:
    """The names that the schema allows for members of the mapping at `steps`, in the order of their definition."""
    nodes = list(_alternatives(schema, schema))
    for step in steps:
        nodes = [below for node in nodes for below in _below(node, step, schema)]
    names = [name for node in nodes for name in node.get("properties", {})]
    return list(dict.fromkeys(names))


def _below(node: JsonSchema, step: str | int, schema: JsonSchema) -> Iterator[JsonSchema]:
    if isinstance(step, int):
        child = node.get("items")
    else:
        child = node.get("properties", {}).get(step, node.get("additionalProperties"))
    if isinstance(child, Mapping):
        yield from _alternatives(child, schema)


def _alternatives(node: JsonSchema, schema: JsonSchema) -> Iterator[JsonSchema]:
    """The node itself, or what it refers to or chooses from."""
    if "$ref" in node:
        yield from _alternatives(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
        return
    yield node
    for choice in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _alternatives(choice, schema)
