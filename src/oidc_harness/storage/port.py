"""The storage contract: what a store promises, whichever it is.

A transaction reads committed records and collects writes; at its end the writes happen all or not at all.
Every swap and removal compares the record's version, so of two transactions that change the same record one
commits and the other gets `Conflict` and has changed nothing. Realms never see each other's records.
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from oidc_harness.model.record import Record
from oidc_harness.model.write import Write

R = TypeVar("R", bound=Record)


class StorageError(Exception):
    """A promise of the store that the caller has to deal with."""


class Busy(StorageError):
    """Another process holds the store, longer than a request can wait. Nothing was changed; try again later."""


class Conflict(StorageError):
    """Someone else changed or removed a record since it was read. Read again and decide again."""


class Duplicate(Conflict):
    """A record of this kind and id exists already."""


class Unindexed(StorageError):
    """The record class does not declare the field that `find` was asked to look up by."""


class Records(Protocol):
    """The records of one realm within one transaction."""

    async def get(self, kind: type[R], id: str) -> R | None:
        """The record with this id, or None. Sees this transaction's own writes."""
        ...

    async def find(self, kind: type[R], *, after: str = "", limit: int = 100, **where: str) -> list[R]:
        """Records whose declared indexes have these values, ordered by id, beginning after the id `after`.

        Without `where`: all records of the kind, page by page. A `limit` of 0 or less finds nothing. Raises
        `Unindexed` for a field that is no index. Sees this transaction's own writes.
        """
        ...

    def write(self, *writes: Write) -> None:
        """Collect writes for the end of the transaction.

        A wrong version or a taken id shows when the transaction ends, as `Conflict` or `Duplicate`.
        """
        ...


class Store(Protocol):
    """Keeps the records of all realms."""

    def begin(self, realm: str) -> AbstractAsyncContextManager[Records]:
        """Open a transaction: leaving it normally commits, all or nothing; by an exception, writes nothing.

        Raises `Conflict` or `Duplicate` at the end where a write lost a race. A task cancelled while it waits
        for the commit learns nothing of its outcome; all writes happen, or none.
        """
        ...

    async def sweep(self, realm: str, before: int, limit: int = 100) -> int:
        """Remove at most `limit` records whose `expires_at` is earlier than `before` (seconds since 1970).

        Returns how many were removed; fewer than `limit` does not mean that nothing is left, since a store
        may have to pass over records whose expiry was changed. The cost grows with `limit` alone. Stores
        never look at a clock themselves.
        """
        ...

    async def drop(self, realm: str) -> None:
        """Forget everything of a realm."""
        ...

    async def close(self) -> None:
        """Release files and threads. What was committed is safe; any later use raises `StorageError`."""
        ...
