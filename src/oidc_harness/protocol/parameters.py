"""Parameters: once only, bounded, empty means absent (RFC 6749 3.1, 3.2)."""

from collections import Counter
from collections.abc import Iterator, Mapping

from oidc_harness.protocol.errors import OAuthError, invalid_request
from oidc_harness.protocol.request import Pairs
from oidc_harness.protocol.spec import Spec, spec

LONGEST_VALUE = 8192
"""Characters of one parameter; longer ones are refused rather than cut."""
MOST_PARAMETERS = 100
"""Parameters of one request."""


REPEATABLE = frozenset({"resource", "audience"})
"""Parameters that their specifications let come several times (RFC 8707 2, RFC 8693 2.1). Nothing here reads them."""


class Parameters(Mapping[str, str]):
    """The parameters of one request by name.

    A repeated one is refused as soon as it is asked for, and any by `check_once` (RFC 6749 3.1): the authorization
    endpoint has to know first where it may tell of it.
    """

    __slots__ = ("_repeated", "_values", "pairs")

    def __init__(self, pairs: Pairs) -> None:
        """`pairs` as they came, in order. Raises `invalid_request` for more than are sensible."""
        if len(pairs) > MOST_PARAMETERS:
            detail = f"{len(pairs)} parameters; at most {MOST_PARAMETERS} are taken"
            raise invalid_request("too many parameters", detail, spec("RFC6749-3.1"))
        self.pairs = pairs
        self._values = dict(pairs)
        self._repeated = _repeated(pairs) if len(self._values) != len(pairs) else ()

    def check_once(self) -> "Parameters":
        """These parameters, none of which is repeated. Raises `invalid_request` (RFC 6749 3.1)."""
        for name in self._repeated:
            raise _given_twice(name)
        return self

    def __getitem__(self, name: str) -> str:
        """The value; a parameter without a value counts as omitted (RFC 6749 3.1)."""
        value = self._values[name]
        if name in self._repeated:
            raise _given_twice(name)
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

    def required(self, name: str, where: Spec | None = None) -> str:
        """The value, or `invalid_request` naming the missing parameter; `where` is the clause that demands it."""
        value = self.get(name)
        if value is None:
            raise invalid_request(f"{name} is missing", f"the request has no parameter {name!r}, or it is empty", where)
        return value


def _repeated(pairs: Pairs) -> tuple[str, ...]:
    counted = Counter(name for name, _ in pairs)
    return tuple(name for name, times in counted.items() if times > 1 and name not in REPEATABLE)


def _given_twice(name: str) -> OAuthError:
    return invalid_request(
        f"{name} is given twice",
        f"parameter {name!r} is given more than once; every parameter may be sent once only",
        spec("RFC6749-3.1"),
    )


def first(pairs: Pairs, name: str) -> str | None:
    """The first value of a parameter in a request that may be malformed, or None."""
    return next((value for key, value in pairs if key == name and value), None)
