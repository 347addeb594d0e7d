"""Shapes: what goes in and out as JSON, with its schema, read off the dataclasses that define it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cached_property, reduce
from operator import or_
from types import UnionType
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model
from pydantic.fields import Field as Member
from pydantic_core import from_json, to_json

from oidc_harness.harness.complaints import complaints
from oidc_harness.harness.written import descriptions
from oidc_harness.harness.yaml_files import Steps, path_text
from oidc_harness.services.errors import Invalid

T = TypeVar("T")
REFERENCE = "#/components/schemas/{model}"
NOTHING: Mapping[str, str] = {}


class Shape(Generic[T]):
    """Anything pydantic has a schema for."""

    def __init__(self, kind: Any, elsewhere: Mapping[str, str] = NOTHING) -> None:
        """`kind`: a dataclass, a mapping, or a tuple of them; `elsewhere`: what is shown and cannot be set, and why."""
        self.kind = kind
        self._elsewhere = elsewhere

    @cached_property
    def adapter(self) -> Any:
        """What reads, writes and describes it."""
        return TypeAdapter(self.kind)

    def read(self, text: bytes) -> T:
        """The value in a request body. Raises `Invalid` with the path of what is wrong, and what is allowed."""
        tree = _tree(text)
        self._refuse_fixed(tree)
        try:
            # From the text: there a list may stand for a tuple, and nothing else for anything else.
            value: T = self.adapter.validate_json(text, strict=True)
        except ValidationError as error:
            found = complaints(error.errors(include_url=False), _places_of(tree), self.describe("validation"))
            raise Invalid(found[0].message, field=path_text(found[0].steps)) from None
        return value

    def _refuse_fixed(self, tree: Any) -> None:
        for name in tree if isinstance(tree, dict) else ():
            if name in self._elsewhere:
                raise Invalid(f"cannot be edited; {self._elsewhere[name]}", field=name)

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
    """Some fields of a dataclass: what a PATCH carries (RFC 7396). Reads a mapping of the fields that were given."""

    def __init__(
        self, kind: type, without: frozenset[str], elsewhere: Mapping[str, str] = NOTHING, **more: Any
    ) -> None:
        """`without`: fields that cannot be changed; `more`: members besides, as name=(type, description)."""
        super().__init__(kind, elsewhere)
        self._without = without
        self._more = more

    @cached_property
    def adapter(self) -> Any:
        """A model in which every member may be left out."""
        more = {name: (kind, _left_out(text)) for name, (kind, text) in self._more.items()}
        return TypeAdapter(_changes(self.kind, self._without, more))

    def read(self, text: bytes) -> Mapping[str, Any]:
        """The members that were given, and of objects in them those that were given there. Raises `Invalid`."""
        given: Mapping[str, Any] = _given(super().read(text))
        return given

    def write(self, value: Mapping[str, Any]) -> bytes:
        """The members that are given."""
        return to_json(value)


def _changes(kind: type, without: frozenset[str], more: Mapping[str, Any]) -> type[BaseModel]:
    hints, told = get_type_hints(kind, include_extras=True), descriptions(kind)
    members: dict[str, Any] = {
        field.name: (_of_changes(hints[field.name]), _left_out(told.get(field.name, {}).get("description")))
        for field in fields(kind)
        if field.name not in without
    }
    config = ConfigDict(extra="forbid", strict=True)
    return create_model(f"{kind.__name__}Changes", __config__=config, **members, **more)


def _of_changes(hint: Any) -> Any:
    """The type of a member; where that is a dataclass, some of its fields may be given in turn."""
    if isinstance(hint, type) and is_dataclass(hint):
        return _changes(hint, frozenset(), {})
    if isinstance(hint, UnionType):
        return reduce(or_, map(_of_changes, get_args(hint)))
    return hint


def _given(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {name: _given(getattr(value, name)) for name in value.model_fields_set}
    return value


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


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what is listed."""

    items: Sequence[Any]
    is_followed: bool
    """Whether there is more."""


class PageOf(Shape[Page]):
    """A page of views, and where the next one begins."""

    def __init__(self, view: Shape[Any], key: str = "id") -> None:
        """`key`: the member of a view that the next page begins after."""
        super().__init__(Page)
        self._view = view
        self._key = key

    def show(self, value: Page) -> Any:
        """`items`, and `next`: what to give as `after` for the next page; null at the end."""
        items = [self._view.show(each) for each in value.items]
        return {"items": items, "next": str(items[-1][self._key]) if value.is_followed else None}

    def parse(self, document: Any) -> Any:
        """The same, with each item read back."""
        return {"items": [self._view.parse(item) for item in document["items"]], "next": document["next"]}

    def describe(self, mode: Any) -> dict[str, Any]:
        """The schema of a page."""
        item = self._view.describe(mode)
        definitions = item.pop("$defs", {})
        following = {
            "type": ["string", "null"],
            "description": "Give this as `after` for the next page; null: this is the last.",
        }
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
        doubled = _doubled(json.loads(text, object_pairs_hook=_Members))
    except ValueError as error:
        raise Invalid(f"the body is not JSON: {error}") from None
    if doubled is not None:
        raise Invalid("stands here a second time; keep one of the two", field=path_text(doubled))
    return tree


class _Members(list[tuple[str, Any]]):
    """The members of an object as they came: a dictionary keeps one of two that have the same name."""


def _doubled(value: Any) -> Steps | None:
    """The way to a name that an object has twice, if any does (RFC 8259 4)."""
    if not isinstance(value, list):
        return None
    seen: set[str | int] = set()
    for step, below in value if isinstance(value, _Members) else enumerate(value):
        if step in seen:
            return (step,)
        seen.add(step)
        found = _doubled(below)
        if found is not None:
            return (step, *found)
    return None


def _places_of(tree: Any) -> Callable[[Steps], bool]:
    def is_place(steps: Steps) -> bool:
        value = tree
        for step in steps:
            known = range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else ()
            if step not in known:
                return False
            value = value[step]
        return True

    return is_place
