"""Codec: frozen dataclasses to JSON text and back, strict both ways and derived from their fields.

What is written can be read again, and is equal. A member that no field knows, a required one that is missing
and a value of another type are errors that say where. Limits such as `MaxLen` are left to the edges, so that
what was stored stays readable when a limit is tightened later.
"""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from oidc_harness.storage.port import StorageError
from oidc_harness.storage.shape import Mismatch, object_shape

T = TypeVar("T")


class CodecError(StorageError):
    """A record that cannot be JSON, or a text that is no such record. Names kind, place and expectation."""


def encode(record: Any) -> str:
    """The dataclass instance as JSON text in ASCII, every field written. Raises `CodecError`."""
    kind = type(record)
    try:
        tree = object_shape(kind).dump(record)
        text = _ENCODER.encode(tree)
        # Two halves of one character, as two characters of a string, would come back as one.
        if "\\ud" in text and _DECODER.decode(text) != tree:
            raise ValueError("text with the halves of a surrogate pair as two characters")
    except Mismatch as mismatch:
        raise _told(kind, mismatch) from None
    except (ValueError, RecursionError) as error:
        raise CodecError(f"{_name(kind)}: cannot be written as JSON: {error}") from None
    return text


def decode(kind: type[T], text: str) -> T:
    """The instance of the dataclass `kind` that the JSON text describes. Raises `CodecError`."""
    try:
        decoded: T = object_shape(kind).load(_DECODER.decode(text))
    except Mismatch as mismatch:
        raise _told(kind, mismatch) from None
    except (ValueError, RecursionError) as error:
        raise CodecError(f"{_name(kind)}: expected strict JSON (RFC 8259): {error}") from None
    return decoded


def _told(kind: type[Any], mismatch: Mismatch) -> CodecError:
    place = f"{_name(kind)}{mismatch.path}"
    return CodecError(f"{place}: expected {mismatch.expected}, found {mismatch.found}")


def _name(kind: type[Any]) -> str:
    return str(getattr(kind, "kind", kind.__name__))


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in pairs:
        if name in tree:
            raise ValueError(f"the member {name!r} stands twice in one object")
        tree[name] = value
    return tree


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"the number {digits} is too large")
    return number


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON value")


_ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refused)
