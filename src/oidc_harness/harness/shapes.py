"""Shapes: from the plain values of a document to the frozen dataclasses they describe, and JSON Schema for editors.

The dataclasses are the only definition of a field, its type and its limits; pydantic reads it off them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar, cast

from oidc_harness.harness.yaml_files import BadFile, Document, Problem, Steps

T = TypeVar("T")
JsonSchema = Mapping[str, Any]

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


def read_shape(kind: type[T], document: Document) -> T:
    """The instance of the dataclass that the document describes. Raises `BadFile` with every problem there is."""
    # pydantic takes longer to import than the whole server: only who reads files pays for it.
    from pydantic import ValidationError

    try:
        # Strict, and through JSON: there a list may stand for a tuple, and nothing else for anything else.
        value: T = _adapter(cast("Any", kind)).validate_json(json.dumps(document.tree), strict=True)
    except ValidationError as error:
        raise BadFile(tuple(_problems(error.errors(), document, json_schema(kind)))) from None
    return value


def json_schema(kind: Any) -> JsonSchema:
    """JSON Schema 2020-12 of the files that describe `kind`."""
    return _json_schema(kind)


@cache
def _json_schema(kind: Any) -> JsonSchema:
    schema: JsonSchema = _adapter(kind).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


@cache
def _adapter(kind: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _problems(errors: list[Any], document: Document, schema: JsonSchema) -> list[Problem]:
    """One problem for each place: where a value may be several things, each of them is said to be expected."""
    told: dict[Steps, Problem] = {}
    places = _by_place(errors, document)
    for steps, alternatives in places.items():
        if _follows(steps, alternatives, places):
            continue
        message = _message(steps, alternatives, document, schema)
        told[steps] = document.problem(steps, message, at_name=_is_of_name(alternatives[0]))
    return sorted(told.values(), key=lambda problem: (problem.place.line, problem.place.column))


def _follows(steps: Steps, alternatives: list[Any], places: dict[Steps, list[Any]]) -> bool:
    """Whether this is told only because of another problem: items that are wrong are not counted."""
    is_count = all(error["type"] == "too_short" for error in alternatives)
    return is_count and any(other[: len(steps)] == steps and other != steps for other in places)


def _is_of_name(error: Any) -> bool:
    return error["type"] in _UNKNOWN or error["loc"][-1:] == ("[key]",)


def _by_place(errors: list[Any], document: Document) -> dict[Steps, list[Any]]:
    places: dict[Steps, list[Any]] = {}
    for error in errors:
        places.setdefault(_steps(error, document), []).append(error)
    return places


def _steps(error: Any, document: Document) -> Steps:
    """Where in the document: pydantic also names the alternative of a union it was trying, which is no place."""
    steps: Steps = ()
    for step in error["loc"]:
        if (*steps, step) in document.places:
            steps = (*steps, step)
    return (*steps, error["loc"][-1]) if error["type"] == "missing" else steps


def _message(steps: Steps, alternatives: list[Any], document: Document, schema: JsonSchema) -> str:
    first = alternatives[0]
    if first["type"] == "missing":
        return "is missing"
    if first["type"] in _UNKNOWN:
        return unknown_name(str(steps[-1]), known_names(schema, steps[:-1]))
    if first["type"].startswith("union_tag"):
        return _no_alternative(first["input"], known_names(schema, steps))
    expected = " or ".join(dict.fromkeys(_expected(each) for each in alternatives))
    return f"found {_found(steps, first['input'])}; expected {expected}"


def unknown_name(name: str, known: list[str]) -> str:
    """What to say of a name that nothing has here: the nearest known one, or all of them."""
    if name in known:
        return "cannot stand beside the member before it; write each as an entry of its own"
    near = get_close_matches(name, known, n=1)
    listed = ", ".join(known[:_MOST_NAMES]) + (", …" if len(known) > _MOST_NAMES else "")
    advice = f"did you mean {near[0]}?" if near else f"expected one of {listed}" if known else ""
    return f"is not known here; {advice}" if advice else "is not known here, and nothing else is"


def _no_alternative(found: Any, known: list[str]) -> str:
    if isinstance(found, str) or (isinstance(found, dict) and found):
        name = found if isinstance(found, str) else next(iter(found))
        return f"{json.dumps(_shortened(name))} {unknown_name(name, known)}"
    return f"found {_found((), found)}; expected one of {', '.join(known)}"


def _expected(error: Any) -> str:
    """The words of pydantic, fitted into a sentence of ours and to the vocabulary of YAML."""
    message: str = error["msg"]
    for theirs, ours in _WORDS:
        message = re.sub(theirs, ours, message)
    return message


def _found(steps: Steps, value: Any) -> str:
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
