"""SqliteStore: records in one file, by the driver of the standard library, on a thread of its own.

What was committed survives the end of the process, however it ends. The record is the JSON of `codec`; the
columns beside it are what SQL has to compare.
"""

import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISREG
from typing import Any, TypeVar

from oidc_harness.storage.codec import decode, encode
from oidc_harness.storage.patience import Patience
from oidc_harness.storage.port import Busy, R, StorageError
from oidc_harness.storage.sqlite_statements import (
    APPLICATION_ID,
    CLEAR_INDEX,
    DELETE,
    DROP,
    EXPIRED,
    FORGET,
    INSERT,
    ONE,
    SCHEMA,
    SCHEMA_VERSION,
    SET_INDEX,
    UPDATE,
    page_query,
)
from oidc_harness.storage.transaction import Change, Page, Transaction, conflict
from oidc_harness.storage.worker import Worker

T = TypeVar("T")

Rows = list[tuple[Any, ...]]


class SqliteStore:
    """A `Store` in the file `path`, which is made with mode 0600 if it is not there: it holds secrets.

    Records are safe whoever else writes to the file, and another process that holds it longer than `busy_seconds`
    is told as `Busy`. A server has its realms at hand besides, so it keeps other servers away by `claim`. A file
    that is not a store or of a newer version is a `StorageError`.
    """

    def __init__(self, path: str | Path, busy_seconds: float = 2.0) -> None:
        self._path = Path(path).absolute()
        with _naming(self._path):
            self._connection = _open(self._path, busy_seconds)
        self._patience = Patience(busy_seconds, self._set_timeout)
        self._worker = Worker("oidc-harness-sqlite")
        self._held: sqlite3.Connection | None = None
        self._closed = False

    def claim(self) -> None:
        """Have the file for this server alone until the store is closed or the process ends, however it ends.

        Raises `StorageError` where another server has it. Who only reads or copies the file is not kept away.
        """
        self._held = _held(self._path.resolve())

    def begin(self, realm: str) -> Transaction:
        return Transaction(_Committed(self, realm))

    async def sweep(self, realm: str, before: int, limit: int = 100) -> int:
        return await self.run(lambda connection: _sweep(connection, realm, before, limit))

    async def drop(self, realm: str) -> None:
        await self.run(lambda connection: _drop(connection, realm))

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            await self._worker.run(self._connection.close)
        finally:
            self._worker.stop()
            if self._held is not None:
                self._held.close()

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Do the job on the store's thread, and to its end even if the waiting task is cancelled."""
        if self._closed:
            raise StorageError(f"{self._path}: the store is closed; nothing can be read from it or written to it")

        number = self._patience.take_number()

        def named_job() -> T:
            with self._patience.of(number), _naming(self._path):
                return job(self._connection)

        return await self._worker.run(named_job)

    def _set_timeout(self, milliseconds: int) -> None:
        self._connection.execute(f"PRAGMA busy_timeout = {milliseconds}")


class _Committed:
    """What a transaction sees of one realm."""

    __slots__ = ("_realm", "_store")

    def __init__(self, store: SqliteStore, realm: str) -> None:
        self._store = store
        self._realm = realm

    async def read(self, kind: type[R], id: str) -> R | None:
        found = await self.read_bodies(kind, ONE, (self._realm, kind.kind, id))
        return found[0] if found else None

    async def read_page(self, kind: type[R], page: Page) -> list[R]:
        return await self.read_bodies(kind, *page_query(self._realm, kind.kind, page))

    async def read_bodies(self, kind: type[R], query: str, values: Sequence[object]) -> list[R]:
        """The records whose bodies the query selects."""
        return await self._store.run(
            lambda connection: [decode(kind, body) for (body,) in _select(connection, query, values)]
        )

    async def commit(self, changes: Collection[Change]) -> None:
        # JSON is written before the job is given, so a record that cannot be stored ends it here.
        bodies = [encode(change.result) if change.result is not None else None for change in changes]
        written = list(zip(changes, bodies, strict=True))

        def job(connection: sqlite3.Connection) -> None:
            with _writing(connection):
                for change, body in written:
                    _apply(connection, self._realm, change, body)

        await self._store.run(job)


def _select(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> Rows:
    try:
        return connection.execute(query, values).fetchall()
    except UnicodeEncodeError:
        # Half a surrogate pair. Such text cannot be stored, so nothing is found by it.
        return []


def _apply(connection: sqlite3.Connection, realm: str, change: Change, body: str | None) -> None:
    """Make one change. Raises `Conflict` or `Duplicate` where the stored record is not as expected."""
    key = (realm, change.kind.kind, change.id)
    if not _is_done(connection, key, change, body):
        raise conflict(change.kind, change.id, change.expected)
    if not change.kind.indexes:
        return
    if change.expected is not None:
        connection.execute(CLEAR_INDEX, key)
    if change.result is not None:
        values = [(name, getattr(change.result, name)) for name in change.kind.indexes]
        rows = [(*key, name, value) for name, value in values if value is not None]
        connection.executemany(SET_INDEX, rows)


def _is_done(connection: sqlite3.Connection, key: tuple[str, str, str], change: Change, body: str | None) -> bool:
    """Write, with the comparison inside the statement, and tell whether a row was as expected."""
    expected, result = change.expected, change.result
    if result is None and expected is None:
        return not _select(connection, ONE, key)
    if result is None:
        return _changes(connection, DELETE, (*key, expected))
    if expected is None:
        return _changes(connection, INSERT, (*key, result.version, result.expires_at, body))
    return _changes(connection, UPDATE, (result.version, result.expires_at, body, *key, expected))


def _changes(connection: sqlite3.Connection, statement: str, values: Sequence[object]) -> bool:
    return connection.execute(statement, values).rowcount == 1


def _sweep(connection: sqlite3.Connection, realm: str, before: int, limit: int) -> int:
    with _writing(connection):
        expired = connection.execute(EXPIRED, (realm, before, max(limit, 0))).fetchall()
        connection.executemany(FORGET, expired)
        connection.executemany(CLEAR_INDEX, expired)
    return len(expired)


def _drop(connection: sqlite3.Connection, realm: str) -> None:
    with _writing(connection):
        for statement in DROP:
            connection.execute(statement, (realm,))


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One write transaction of the database: committed at the end, rolled back on any exception."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        yield


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn what the driver and the file system raise into a `StorageError` that names the file."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise StorageError(f"{path}: half a surrogate pair cannot be stored in an id or index") from error
    except (sqlite3.Error, OSError, OverflowError) as error:
        if _is_busy(error):
            raise Busy(f"{path}: the store is locked by another process") from error
        raise StorageError(f"{path}: {error}") from error


def _is_busy(error: Exception) -> bool:
    """Whether the lock of another connection is in the way; the octet above tells which lock."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _held(path: Path) -> sqlite3.Connection:
    """A connection that holds the lock file beside this one, by a lock that the system takes from the dead."""
    lock = path.with_name(f"{path.name}.lock")
    with _naming(lock):
        _make_private(lock)
        connection = sqlite3.connect(lock, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        with _naming(lock):
            connection.execute("BEGIN EXCLUSIVE")
    except StorageError as error:
        connection.close()
        if isinstance(error, Busy):
            reason = "another server keeps its records in this file; stop that one, or give this one another file"
            raise StorageError(f"{path}: {reason}") from None
        raise
    return connection


def _make_private(path: Path) -> None:
    """Make the file for its owner alone; one that holds nothing yet becomes so."""
    # Never opened and closed by us when it exists: that would drop the locks of our process on it.
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        found = path.stat()
        if S_ISREG(found.st_mode) and found.st_size == 0:
            path.chmod(0o600)


def _open(path: Path, busy_seconds: float) -> sqlite3.Connection:
    _make_private(path)
    # The worker's thread alone uses the connection from here on.
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    if _is_new(connection, path):
        with _writing(connection):
            # Looked at again under the lock: another process may have been faster.
            for statement in SCHEMA if _is_new(connection, path) else ():
                connection.execute(statement)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _is_new(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the file is empty. Raises `StorageError` where somebody else's things are in it."""
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if _is_busy(error):
            raise
        raise StorageError(f"{path}: expected a store of oidc-harness or no file: {error}") from error
    if (application, version, tables) == (0, 0, 0):
        return True
    if application != APPLICATION_ID:
        raise StorageError(f"{path}: a database of something else; expected a store of oidc-harness or no file")
    if version != SCHEMA_VERSION:
        raise StorageError(
            f"{path}: schema version {version}, expected {SCHEMA_VERSION}; "
            "use the version of oidc-harness that made the file, or another file"
        )
    return False
