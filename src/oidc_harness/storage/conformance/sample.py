"""Samples: an instance of every record class of the model, in which no field has its default.

They are derived from the classes, so that a new record or field is covered by being there.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, TypeGuard, Union, get_args, get_origin, get_type_hints

from oidc_harness import model
from oidc_harness.model.record import Record


def record_kinds() -> list[type[Record]]:
    """Every record class that the model defines."""
    names = [f"{model.__name__}.{found.name}" for found in pkgutil.iter_modules(model.__path__)]
    values = [value for name in names for value in vars(importlib.import_module(name)).values()]
    # A dictionary: a class that one module imports from another is seen twice.
    return [*dict.fromkeys(value for value in values if _is_record_kind(value))]


def _is_record_kind(value: object) -> TypeGuard[type[Record]]:
    return isinstance(value, type) and issubclass(value, Record) and value is not Record


def sample(kind: Any) -> Any:
    """An instance of the dataclass in which no field has its default, where another value is possible."""
    hints = get_type_hints(kind)
    values = {}
    for field in fields(kind):
        possible = _values(hints[field.name])
        telling = [value for value in possible if value != _default(field)]
        values[field.name] = (telling or possible)[0]
    return kind(**values)


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _values(hint: Any) -> list[Any]:
    """Some values of the type, the most telling first."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if is_dataclass(hint):
        return [sample(hint)]
    if origin is Literal:
        return list(arguments)
    if origin in (Union, UnionType):
        return [value for part in arguments if part is not NoneType for value in _values(part)]
    if origin is tuple and arguments[1:] == (...,):
        return [tuple(_values(arguments[0])[:2]), ()]
    if origin is tuple:
        return [tuple(_values(part)[0] for part in arguments)]
    if origin is Mapping:
        return [{f"member {number}": value for number, value in enumerate(_values(arguments[1]))}]
    raise TypeError(f"no sample is known for {hint}")


# Text that breaks a store which quotes, compares or encodes by itself.
_TEXTS = ['it\'s "quoted" \\ %s {} ; --', "line\nbreak\ttab\x00nul", "Grüße ☃ \U0001f511", ""]

_SCALARS: dict[Any, list[Any]] = {
    str: _TEXTS,
    int: [1_900_000_000, 0, -1],
    float: [0.25],
    bool: [True, False],
    Any: [None, True, 3, 0.5, *_TEXTS, [1, ["two", None]], {"deep": {"deeper": []}}],
}
