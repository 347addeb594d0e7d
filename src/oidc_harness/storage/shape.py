"""Shape: how the values of one type hint look in JSON. `shape_of` is the vocabulary of storable types."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


class Mismatch(Exception):
    """A value that its type hint does not allow. Names the type found: the value may be a secret."""

    def __init__(self, expected: str, found: object) -> None:
        super().__init__(expected)
        self.expected = expected
        self.found = found if isinstance(found, Found) else Found(_NAMES.get(type(found), type(found).__name__))
        self.path = ""

    def inside(self, step: str | int) -> "Mismatch":
        """The same, seen from the object or list around it."""
        own = f"[{step}]" if isinstance(step, int) else f".{step}"
        self.path = own + self.path
        return self


class Found(str):
    """What stands where something else was expected, in words."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """Two pairs of functions: Python to JSON values, and back."""

    expected: str
    """In words, for errors."""
    owns: Callable[[Any], bool]
    """Whether a Python value belongs here; tells the members of a union apart."""
    reads: Callable[[Any], bool]
    """Whether a JSON value belongs here; tells the members of a union apart."""
    dump: Callable[[Any], Any]
    """Python value to JSON value. Raises `Mismatch`."""
    load: Callable[[Any], Any]
    """JSON value to Python value. Raises `Mismatch`."""


@dataclass(frozen=True, slots=True)
class Member:
    """One field of a dataclass."""

    shape: Shape
    required: bool


def shape_of(hint: Any) -> Shape:
    """The shape of a type hint without `Annotated`. Raises `Mismatch` for a type that cannot be stored."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if isinstance(hint, type) and is_dataclass(hint):
        return object_shape(hint)
    if origin is Literal:
        return _choice(arguments)
    if origin in (Union, UnionType):
        return _union([shape_of(argument) for argument in arguments])
    if origin is tuple and arguments[1:] == (...,):
        return _list(shape_of(arguments[0]))
    if origin is tuple:
        return _row([shape_of(argument) for argument in arguments])
    if origin is Mapping and arguments[0] is str:
        return _mapping(shape_of(arguments[1]))
    raise Mismatch("a type that can be stored", Found(f"the type hint {hint}"))


@cache
def members_of(kind: Any) -> Mapping[str, Member]:
    """The fields of a dataclass by name. Raises `Mismatch` for a field that cannot be stored."""
    hints = get_type_hints(kind)
    members = {}
    for field in fields(kind):
        try:
            shape = shape_of(hints[field.name])
        except Mismatch as mismatch:
            raise mismatch.inside(field.name) from None
        required = field.default is MISSING and field.default_factory is MISSING
        members[field.name] = Member(shape, required)
    return members


def _scalar(expected: str, allowed: Callable[[Any], bool]) -> Shape:
    def check(value: Any) -> Any:
        if allowed(value):
            return value
        raise Mismatch(expected, value)

    return Shape(expected, allowed, allowed, check, check)


def _choice(choices: tuple[Any, ...]) -> Shape:
    def allowed(value: Any) -> bool:
        # The type is compared because True == 1.
        return any(type(value) is type(choice) and value == choice for choice in choices)

    return _scalar(" or ".join(repr(choice) for choice in choices), allowed)


def _union(alternatives: list[Shape]) -> Shape:
    expected = " or ".join(shape.expected for shape in alternatives)

    def dump(value: Any) -> Any:
        for shape in alternatives:
            if shape.owns(value):
                return shape.dump(value)
        raise Mismatch(expected, value)

    def load(value: Any) -> Any:
        for shape in alternatives:
            if shape.reads(value):
                return shape.load(value)
        raise Mismatch(expected, value)

    return Shape(
        expected,
        lambda value: any(shape.owns(value) for shape in alternatives),
        lambda value: any(shape.reads(value) for shape in alternatives),
        dump,
        load,
    )


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: type(value) is kind


def _each(convert: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    converted: list[Any] = []
    try:
        for value in values:
            converted.append(convert(value))
    except Mismatch as mismatch:
        raise mismatch.inside(len(converted)) from None
    return converted


def _list(item: Shape) -> Shape:
    expected = f"a list of {item.expected}"

    def dump(value: Any) -> Any:
        if type(value) is tuple:
            return _each(item.dump, value)
        raise Mismatch(f"a tuple of {item.expected}", value)

    def load(value: Any) -> Any:
        if type(value) is list:
            return tuple(_each(item.load, value))
        raise Mismatch(expected, value)

    return Shape(expected, _is(tuple), _is(list), dump, load)


def _row(items: list[Shape]) -> Shape:
    expected = f"a list of {len(items)}: " + ", ".join(item.expected for item in items)

    def dump(value: Any) -> Any:
        if type(value) is tuple and len(value) == len(items):
            return _each(lambda pair: pair[0].dump(pair[1]), zip(items, value, strict=True))
        raise Mismatch(expected, value)

    def load(value: Any) -> Any:
        if type(value) is list and len(value) == len(items):
            return tuple(_each(lambda pair: pair[0].load(pair[1]), zip(items, value, strict=True)))
        raise Mismatch(expected, value)

    return Shape(expected, _is(tuple), _is(list), dump, load)


def _mapping(item: Shape) -> Shape:
    def dump(value: Any) -> Any:
        if isinstance(value, Mapping):
            return _each_member(item.dump, value)
        raise Mismatch("an object", value)

    def load(value: Any) -> Any:
        if type(value) is dict:
            return _each_member(item.load, value)
        raise Mismatch("an object", value)

    return Shape("an object", lambda value: isinstance(value, Mapping), _is(dict), dump, load)


def _each_member(convert: Callable[[Any], Any], values: Mapping[Any, Any]) -> dict[str, Any]:
    converted = {}
    for name, value in values.items():
        if type(name) is not str:
            raise Mismatch("names that are text", name)
        try:
            converted[name] = convert(value)
        except Mismatch as mismatch:
            raise mismatch.inside(name) from None
    return converted


def object_shape(kind: Any) -> Shape:
    """The shape of a dataclass, made once."""
    return _object(kind)


@cache
def _object(kind: Any) -> Shape:
    """The fields are looked up when first used, so that a class may refer to itself."""
    owns = _is(kind)

    def dump(value: Any) -> Any:
        if not owns(value):
            raise Mismatch(kind.__name__, value)
        tree = {}
        for name, member in members_of(kind).items():
            try:
                tree[name] = member.shape.dump(getattr(value, name))
            except Mismatch as mismatch:
                raise mismatch.inside(name) from None
        return tree

    def load(value: Any) -> Any:
        if type(value) is dict:
            return kind(**_loaded_members(members_of(kind), value))
        raise Mismatch("an object", value)

    return Shape("an object", owns, _is(dict), dump, load)


def _loaded_members(members: Mapping[str, Member], tree: Mapping[str, Any]) -> dict[str, Any]:
    values = {}
    for name, value in tree.items():
        if name not in members:
            raise Mismatch(f"one of {', '.join(members)}", Found("a member no field knows")).inside(name)
        try:
            values[name] = members[name].shape.load(value)
        except Mismatch as mismatch:
            raise mismatch.inside(name) from None
    for name, member in members.items():
        if member.required and name not in values:
            raise Mismatch(member.shape.expected, Found("nothing")).inside(name)
    return values


def _dump_anything(value: Any) -> Any:
    if _is_plain(value):
        return value
    if type(value) is list:
        return _each(_dump_anything, value)
    if isinstance(value, Mapping):
        return _each_member(_dump_anything, value)
    raise Mismatch("a JSON value", value)


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and isfinite(value))


def _is_plain(value: Any) -> bool:
    return value is None or type(value) in (str, bool) or _is_number(value)


def _anything(value: Any) -> bool:
    return True


_NAMES = {
    str: "text",
    int: "an integer",
    float: "a number",
    bool: "a boolean",
    NoneType: "null",
    dict: "an object",
    list: "a list",
}

_SCALARS: dict[Any, Shape] = {
    str: _scalar("text", _is(str)),
    int: _scalar("an integer", _is(int)),
    bool: _scalar("a boolean", _is(bool)),
    float: _scalar("a finite number", _is_number),
    NoneType: _scalar("null", _is(NoneType)),
    Any: Shape("a JSON value", _anything, _anything, _dump_anything, lambda value: value),
}
