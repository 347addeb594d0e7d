"""Parameters: once only, bounded, empty means absent (RFC 6749 3.1, 3.2)."""

from collections.abc import Iterator, Mapping

from oidc_harness.protocol.errors import invalid_request
from oidc_harness.protocol.request import Pairs
from oidc_harness.protocol.spec import spec

LONGEST_VALUE = 8192
"""Characters of one parameter; longer ones are refused rather than cut."""
MOST_PARAMETERS = 100
"""Parameters of one request."""


class Parameters(Mapping[str, str]):
    """The parameters of one request by name. Raises `invalid_request` where one is repeated (RFC 6749 3.1)."""

    __slots__ = ("_values", "pairs")

    def __init__(self, pairs: Pairs) -> None:
        """`pairs` as they came, in order."""
        values = dict(pairs)
        if len(values) != len(pairs) or len(pairs) > MOST_PARAMETERS:
            _refuse(pairs)
        self.pairs = pairs
        self._values = values

    def __getitem__(self, name: str) -> str:
        """The value; a parameter without a value counts as omitted (RFC 6749 3.1)."""
        value = self._values[name]
        if not value:
            raise KeyError(name)
        if len(value) > LONGEST_VALUE:
            raise invalid_request(
                f"{name} is too long",
                f"{name} has {len(value)} characters; this provider takes at most {LONGEST_VALUE}",
                spec("RFC6749-3.1"),
            )
        return value

    def __iter__(self) -> Iterator[str]:
        """The names that have a value."""
        return (name for name, value in self._values.items() if value)

    def __len__(self) -> int:
        """How many parameters have a value."""
        return sum(1 for _ in self)

    def required(self, name: str) -> str:
        """The value, or `invalid_request` naming the missing parameter."""
        value = self.get(name)
        if value is None:
            raise invalid_request(f"{name} is missing", f"the request has no parameter {name!r}, or it is empty")
        return value


def _refuse(pairs: Pairs) -> None:
    if len(pairs) > MOST_PARAMETERS:
        raise invalid_request("too many parameters", f"{len(pairs)} parameters; at most {MOST_PARAMETERS} are taken")
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise invalid_request(
                f"{name} is given twice",
                f"parameter {name!r} is given more than once; every parameter may be sent once only",
                spec("RFC6749-3.1"),
            )
        seen.add(name)


def first(pairs: Pairs, name: str) -> str | None:
    """The first value of a parameter in a request that may be malformed, or None."""
    return next((value for key, value in pairs if key == name and value), None)
