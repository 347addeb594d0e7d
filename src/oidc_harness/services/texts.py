"""Texts of records: as long as their fields say, and of characters that can be shown. Pure."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from annotated_types import MaxLen, MinLen

from oidc_harness.model.record import Record
from oidc_harness.services.errors import Invalid

# Control characters, and those that turn round what stands behind them.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def check_lengths(record: Record) -> None:
    """Hold each text against the limits in the annotation of its field. Raises `Invalid`."""
    kind: Any = type(record)
    for name, (least, most) in _limits(kind).items():
        length = len(getattr(record, name))
        if not least <= length <= most:
            raise Invalid(f"has {length} characters; expected {least} to {most}", field=name)


@cache
def _limits(kind: Any) -> Mapping[str, tuple[int, int]]:
    hints = get_type_hints(kind, include_extras=True)
    texts = {name: get_args(hint)[1:] for name, hint in hints.items() if _is_limited_text(hint)}
    return {name: _range(said) for name, said in texts.items() if any(isinstance(each, MaxLen) for each in said)}


def _is_limited_text(hint: Any) -> bool:
    return get_origin(hint) is Annotated and get_args(hint)[0] is str


def _range(said: tuple[Any, ...]) -> tuple[int, int]:
    least = max((each.min_length for each in said if isinstance(each, MinLen)), default=0)
    return least, min(each.max_length for each in said if isinstance(each, MaxLen))


def why_not_shown(text: str) -> str | None:
    """Why this line cannot be shown as it is, for a person; None if it can."""
    found = _UNSEEN.search(text)
    return f"has a character that cannot be shown: {found[0]!a}" if found else None
