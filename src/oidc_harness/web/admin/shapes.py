"""Shapes: what goes in and out as JSON, with its schema, read off the dataclasses that define it."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from functools import cached_property
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError, create_model
from pydantic.fields import Field as Member
from pydantic_core import from_json, to_json

from oidc_harness.harness.shapes import SECRETS
from oidc_harness.harness.written import descriptions
from oidc_harness.harness.yaml_files import Steps
from oidc_harness.services.errors import Invalid

T = TypeVar("T")
REFERENCE = "#/components/schemas/{model}"
_LONGEST_SHOWN = 80


class Shape(Generic[T]):
    """Anything pydantic has a schema for."""

    def __init__(self, kind: Any) -> None:
        """`kind`: a dataclass, a mapping, or a tuple of them."""
        self.kind = kind

    @cached_property
    def adapter(self) -> Any:
        """What reads, writes and describes it."""
        return TypeAdapter(self.kind)

    def read(self, text: bytes) -> T:
        """The value in a request body. Raises `Invalid` with the path of what is wrong, and what is allowed."""
        tree = _tree(text)
        try:
            # From the text: there a list may stand for a tuple, and nothing else for anything else.
            value: T = self.adapter.validate_json(text, strict=True)
        except ValidationError as error:
            raise _invalid(error, tree) from None
        return value

    def show(self, value: T) -> Any:
        """The value as JSON types."""
        return self.adapter.dump_python(value, mode="json")

    def parse(self, document: Any) -> T:
        """What `show` made, read back."""
        value: T = self.adapter.validate_json(json.dumps(document), strict=True)
        return value

    def write(self, value: T) -> bytes:
        """What `read` reads."""
        written: bytes = self.adapter.dump_json(value, exclude=set(getattr(self.kind, "kept", ())))
        return written

    def describe(self, mode: Any) -> dict[str, Any]:
        """JSON Schema of what is read (`validation`) or shown (`serialization`), with its definitions in `$defs`."""
        schema: dict[str, Any] = self.adapter.json_schema(mode=mode, ref_template=REFERENCE)
        return schema


class Partial(Shape[Mapping[str, Any]]):
    """Some fields of a dataclass: what a PATCH carries. Reads a mapping of the fields that were given."""

    def __init__(self, kind: type, without: frozenset[str], **more: Any) -> None:
        """`without`: fields that cannot be changed; `more`: members besides, as name=(type, description)."""
        super().__init__(kind)
        self._without = without
        self._more = more

    @cached_property
    def adapter(self) -> Any:
        """A model in which every member may be left out."""
        hints, told = get_type_hints(self.kind, include_extras=True), descriptions(self.kind)
        members: dict[str, Any] = {
            field.name: (hints[field.name], _left_out(told.get(field.name, {}).get("description")))
            for field in fields(self.kind)
            if field.name not in self._without
        }
        members |= {name: (kind, _left_out(text)) for name, (kind, text) in self._more.items()}
        config = ConfigDict(extra="forbid", strict=True)
        return TypeAdapter(create_model(f"{self.kind.__name__}Changes", __config__=config, **members))

    def read(self, text: bytes) -> Mapping[str, Any]:
        """The members that were given. Raises `Invalid`."""
        model: Any = super().read(text)
        return {name: getattr(model, name) for name in model.model_fields_set}

    def write(self, value: Mapping[str, Any]) -> bytes:
        """The members that are given."""
        return to_json(value)


class View(Shape[Any]):
    """A record as it is shown: without the fields that are nobody's business."""

    def __init__(self, kind: type, without: frozenset[str]) -> None:
        """`without`: fields that are never shown."""
        super().__init__(kind)
        self._without = without

    def show(self, value: Any) -> Any:
        """The record as JSON types."""
        return self.adapter.dump_python(value, mode="json", exclude=set(self._without))

    def parse(self, document: Any) -> Any:
        """The record, in which the fields that were not shown are empty."""
        needed = {field.name: "" for field in fields(self.kind) if field.name in self._without and _required(field)}
        return super().parse({**needed, **document})

    def describe(self, mode: Any) -> dict[str, Any]:
        """The schema without the hidden fields; what is shown is always whole."""
        schema = super().describe(mode)
        shown = {name: member for name, member in schema["properties"].items() if name not in self._without}
        return {**schema, "properties": shown, "required": sorted(shown)}


class PageOf(Shape[list[Any]]):
    """A page of views, and where the next one begins."""

    def __init__(self, view: Shape[Any], key: str = "id") -> None:
        """`key`: the member of a view that the next page begins after."""
        super().__init__(list)
        self._view = view
        self._key = key

    def show(self, value: list[Any]) -> Any:
        """`items`, and `next`: what to give as `after` for the next page; null at the end."""
        items = [self._view.show(each) for each in value]
        return {"items": items, "next": str(items[-1][self._key]) if items else None}

    def parse(self, document: Any) -> Any:
        """The same, with each item read back."""
        return {"items": [self._view.parse(item) for item in document["items"]], "next": document["next"]}

    def describe(self, mode: Any) -> dict[str, Any]:
        """The schema of a page."""
        item = self._view.describe(mode)
        definitions = item.pop("$defs", {})
        following = {"type": ["string", "null"], "description": "Give this as `after` for the next page."}
        members = {"items": {"type": "array", "items": item}, "next": following}
        return {"type": "object", "properties": members, "required": ["items", "next"], "$defs": definitions}


class Document(Shape[Any]):
    """A dataclass whose members are shown each in a shape of its own."""

    def __init__(self, kind: type, **members: Shape[Any]) -> None:
        """`members`: field to shape."""
        super().__init__(kind)
        self._members = members

    def show(self, value: Any) -> Any:
        """The object, member by member."""
        return {name: shape.show(getattr(value, name)) for name, shape in self._members.items()}

    def parse(self, document: Any) -> Any:
        """The object, each member read back."""
        return self.kind(**{name: shape.parse(document[name]) for name, shape in self._members.items()})

    def describe(self, mode: Any) -> dict[str, Any]:
        """The schema of the whole."""
        described = {name: shape.describe(mode) for name, shape in self._members.items()}
        definitions: dict[str, Any] = {}
        for schema in described.values():
            definitions |= schema.pop("$defs", {})
        return {"type": "object", "properties": described, "required": sorted(described), "$defs": definitions}


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def path_of(steps: Steps) -> str:
    """A place in a body as people write it: `redirect_uris[0]`, `profile.address`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def _left_out(description: str | None) -> Any:
    """A member that may be left out, and then means nothing at all: no default is promised."""
    return Member(None, description=description, json_schema_extra=_without_default)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _tree(text: bytes) -> Any:
    try:
        tree = from_json(text)
        # NaN, and a number that a float cannot hold, are read all the same, and could not be shown again.
        json.dumps(tree, allow_nan=False)
    except ValueError as error:
        raise Invalid(f"the body is not JSON: {error}") from None
    return tree


def _invalid(error: ValidationError, tree: Any) -> Invalid:
    found = error.errors(include_url=False)
    first, steps = found[0], _steps(found[0], tree)
    path = path_of(steps)
    if first["type"] == "missing":
        return Invalid("is missing", field=path)
    if first["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return Invalid("is not known here", field=path)
    # Where a value may be several things, each of them is said to be expected.
    expected = dict.fromkeys(each["msg"] for each in found if _steps(each, tree) == steps)
    return Invalid(f"{_shown(first['input'], steps)} will not do: {', or: '.join(expected)}", field=path)


def _steps(error: Any, tree: Any) -> Steps:
    """Where in the body: pydantic also names the alternative of a union it was trying, which is no place."""
    steps: Steps = ()
    for step in error["loc"]:
        known = range(len(tree)) if isinstance(tree, list) else tree if isinstance(tree, dict) else ()
        if step in known:
            steps, tree = (*steps, step), tree[step]
    return (*steps, error["loc"][-1]) if error["type"] == "missing" else steps


def _shown(value: Any, steps: Steps) -> str:
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "an object"
    if SECRETS.intersection(map(str, steps)):
        return "what was given"
    text = json.dumps(value, default=str)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
