"""Transaction: what every store does alike, written once. A store adds how it reads, and how it commits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Protocol, Self, cast

from oidc_harness.model.record import Record
from oidc_harness.model.write import Add, Swap, Write
from oidc_harness.storage.port import Conflict, Duplicate, R, StorageError, Unindexed


@dataclass(slots=True)
class Change:
    """The net effect of a transaction on one record."""

    kind: type[Record]
    id: str
    expected: int | None
    """Version the stored record must have for the change to be made. None: no such record may be stored."""
    result: Record | None
    """What is stored afterwards. None: nothing."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which records a `find` is asked for."""

    after: str
    limit: int
    where: Mapping[str, str]


class Committed(Protocol):
    """The committed records of one realm: what a store writes itself."""

    async def read(self, kind: type[R], id: str) -> R | None:
        """The record, or None."""
        ...

    async def read_page(self, kind: type[R], page: Page) -> list[R]:
        """The records in order. All names of `page.where` are indexes of the kind; the limit is positive."""
        ...

    async def commit(self, changes: Collection[Change]) -> None:
        """Make all changes or none. Raises `conflict(...)` where a record is not as a change expects it."""
        ...


class Transaction:
    """A `Records` that is its own context manager. Each write builds on those before it."""

    __slots__ = ("_changes", "_committed", "_ended", "_failure")

    def __init__(self, committed: Committed) -> None:
        self._committed = committed
        self._changes: dict[tuple[str, str], Change] = {}
        self._failure: Conflict | None = None
        self._ended = False

    async def get(self, kind: type[R], id: str) -> R | None:
        if self._changes and (change := self._changes.get((kind.kind, id))) is not None:
            return cast(R | None, change.result)
        return await self._committed.read(kind, id)

    async def find(self, kind: type[R], *, after: str = "", limit: int = 100, **where: str) -> list[R]:
        check_indexed(kind, where)
        if limit <= 0:
            return []
        own = [change for (name, id), change in self._changes.items() if name == kind.kind and id > after]
        # Each own change hides at most one committed record, so this many are enough to fill the page. Those that lie
        # before it hide nothing: who removes all records page by page reads each once.
        page = await self._committed.read_page(kind, Page(after, limit + len(own), where))
        return overlaid(page, own, Page(after, limit, where)) if own else page

    def write(self, *writes: Write) -> None:
        if self._ended:
            raise StorageError("write after the end of the transaction: it would be lost; begin another one")
        for write in writes:
            record = write.record
            key = (record.kind, record.id)
            change = self._changes.get(key)
            if change is None:
                expected = None if type(write) is Add else record.version
                self._changes[key] = Change(type(record), record.id, expected, result_of(write))
            else:
                self._write_again(change, write)

    def _write_again(self, change: Change, write: Write) -> None:
        """Change a record that this transaction has written before."""
        expected = None if type(write) is Add else write.record.version
        found = None if change.result is None else change.result.version
        if expected == found:
            change.result = result_of(write)
        elif self._failure is None:
            self._failure = conflict(change.kind, change.id, expected)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        if error is not None:
            return
        if self._failure is not None:
            raise self._failure
        if self._changes:
            await self._committed.commit(self._changes.values())


def result_of(write: Write) -> Record | None:
    """What is stored after the write, the version counted up by a swap."""
    if type(write) is Add:
        return write.record
    if type(write) is Swap:
        return replace(write.record, version=write.record.version + 1)
    return None


def conflict(kind: type[Record], id: str, expected: int | None) -> Conflict:
    """The error for a record that is not as a change expected it."""
    if expected is None:
        return Duplicate(f"{kind.kind} {id!r}: cannot be added, this id is taken")
    return Conflict(f"{kind.kind} {id!r}: version {expected} is not the stored one any more; read again")


def check_indexed(kind: type[Record], where: Mapping[str, str]) -> None:
    """Refuse a look-up by a field that the record class does not declare (`Unindexed`)."""
    for name in where:
        if name not in kind.indexes:
            declared = ", ".join(kind.indexes) or "none"
            raise Unindexed(f"{kind.kind}: cannot be found by {name!r}; its indexes: {declared}")


def overlaid(committed: list[R], own: list[Change], page: Page) -> list[R]:
    """The page as a transaction with these changes sees it."""
    written = {change.id for change in own}
    seen = [record for record in committed if record.id not in written]
    for change in own:
        result = change.result
        if result is not None and result.id > page.after and matches(result, page.where):
            seen.append(cast(R, result))
    seen.sort(key=lambda record: record.id)
    return seen[: page.limit]


def matches(record: Record, where: Mapping[str, str]) -> bool:
    """Whether the record has all these values."""
    return all(getattr(record, name) == value for name, value in where.items())
