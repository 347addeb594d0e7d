"""Shapes: what goes in and out as JSON, with its schema, read off the dataclasses that define it."""

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cached_property
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, create_model

from oidc_harness.harness.written import descriptions
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
        try:
            value: T = self.adapter.validate_json(text, strict=True)
        except ValidationError as error:
            raise _invalid(error) from None
        return value

    def show(self, value: T) -> Any:
        """The value as JSON types."""
        return self.adapter.dump_python(value, mode="json")

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
            field.name: (hints[field.name], Field(None, description=told.get(field.name, {}).get("description")))
            for field in fields(self.kind)
            if field.name not in self._without
        }
        members |= {name: (kind, Field(None, description=text)) for name, (kind, text) in self._more.items()}
        config = ConfigDict(extra="forbid", strict=True)
        return TypeAdapter(create_model(f"{self.kind.__name__}Changes", __config__=config, **members))

    def read(self, text: bytes) -> Mapping[str, Any]:
        """The members that were given. Raises `Invalid`."""
        model: Any = super().read(text)
        return {name: getattr(model, name) for name in model.model_fields_set}


class View(Shape[Any]):
    """A record as it is shown: without the fields that are nobody's business."""

    def __init__(self, kind: type, without: frozenset[str]) -> None:
        """`without`: fields that are never shown."""
        super().__init__(kind)
        self._without = without

    def show(self, value: Any) -> Any:
        """The record as JSON types."""
        return self.adapter.dump_python(value, mode="json", exclude=set(self._without))

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

    def describe(self, mode: Any) -> dict[str, Any]:
        """The schema of a page."""
        item = self._view.describe(mode)
        definitions = item.pop("$defs", {})
        following = {"type": ["string", "null"], "description": "Give this as `after` for the next page."}
        members = {"items": {"type": "array", "items": item}, "next": following}
        return {"type": "object", "properties": members, "required": ["items", "next"], "$defs": definitions}


class Document(Shape[Any]):
    """Members that are put together by hand, each with the shape it has."""

    def __init__(self, **members: Shape[Any]) -> None:
        """`members`: name to shape."""
        super().__init__(dict)
        self._members = members

    def show(self, value: Any) -> Any:
        """The mapping, member by member."""
        return {name: shape.show(value[name]) for name, shape in self._members.items()}

    def describe(self, mode: Any) -> dict[str, Any]:
        """The schema of the whole."""
        described = {name: shape.describe(mode) for name, shape in self._members.items()}
        definitions: dict[str, Any] = {}
        for schema in described.values():
            definitions |= schema.pop("$defs", {})
        return {"type": "object", "properties": described, "required": sorted(described), "$defs": definitions}


def _invalid(error: ValidationError) -> Invalid:
    first = error.errors(include_url=False)[0]
    path = ".".join(str(step) for step in first["loc"])
    if first["type"] == "json_invalid":
        return Invalid(f"the body is not JSON: {first['ctx']['error']}")
    if first["type"] == "missing":
        return Invalid("is missing", field=path)
    if first["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return Invalid("is not known here", field=path)
    return Invalid(f"{_shown(first['input'])} will not do: {first['msg']}", field=path)


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "an object"
    text = json.dumps(value, default=str)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
