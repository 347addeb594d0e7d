"""Shapes: from the plain values of a document to the frozen dataclasses they describe, and JSON Schema for editors.

The dataclasses are the only definition of a field, its type and its limits; pydantic reads it off them.
"""

import json
from functools import cache
from typing import Any, TypeVar, cast

from oidc_harness.harness.complaints import JsonSchema, complaints
from oidc_harness.harness.yaml_files import BadFile, Document, Problem

T = TypeVar("T")


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
    problems = [
        document.problem(each.steps, each.message, at_name=each.is_of_name)
        for each in complaints(errors, document.places.__contains__, schema)
    ]
    return sorted(problems, key=lambda problem: (problem.place.line, problem.place.column))
