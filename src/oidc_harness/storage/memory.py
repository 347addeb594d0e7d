"""MemoryStore: records in dictionaries. The default, and the fastest; nothing outlives the process."""

from collections.abc import Collection
from heapq import heapify, heappop, heappush
from typing import Any

from oidc_harness.model.record import Record
from oidc_harness.storage.ordered_ids import OrderedIds
from oidc_harness.storage.port import R, StorageError
from oidc_harness.storage.transaction import Change, Page, Transaction, conflict

SLACK = 64
"""Outdated expiries a realm may hold whatever its size; cleaning up fewer would cost more than it frees."""


class MemoryStore:
    """A `Store` for one event loop. A commit runs without an await, so no other task can come in between."""

    def __init__(self) -> None:
        self.realms: dict[str, _Realm] = {}
        """By name; none once the store is closed."""
        self._closed = False

    def begin(self, realm: str) -> Transaction:
        return Transaction(_Committed(self, realm))

    async def sweep(self, realm: str, before: int, limit: int = 100) -> int:
        known = self.find_realm(realm)
        return known.sweep(before, limit) if known is not None else 0

    async def drop(self, realm: str) -> None:
        if self.find_realm(realm) is not None:
            del self.realms[realm]

    async def close(self) -> None:
        self._closed = True
        self.realms.clear()

    def find_realm(self, name: str) -> "_Realm | None":
        """The realm, or None where nothing was ever written to it: reading leaves no trace."""
        if self._closed:
            raise StorageError("the memory store is closed: nothing can be read from it or written to it")
        return self.realms.get(name)

    def make_realm(self, name: str) -> "_Realm":
        """The realm, made now if it is not there."""
        return self.find_realm(name) or self.realms.setdefault(name, _Realm())


class _Committed:
    """What a transaction sees of one realm, whether or not there is such a realm yet."""

    __slots__ = ("_name", "_store")

    def __init__(self, store: MemoryStore, name: str) -> None:
        self._store = store
        self._name = name

    async def read(self, kind: type[R], id: str) -> R | None:
        # The most frequent call of all: it spares a call for every realm that is there.
        realm = self._store.realms.get(self._name) or self._store.find_realm(self._name)
        return realm.get(kind, id) if realm is not None else None

    async def read_page(self, kind: type[R], page: Page) -> list[R]:
        realm = self._store.find_realm(self._name)
        return realm.find(kind, page) if realm is not None else []

    async def commit(self, changes: Collection[Change]) -> None:
        self._store.make_realm(self._name).commit(changes)


class _Realm:
    """The records of one realm, and when they expire."""

    __slots__ = ("_expiries", "_expiring", "_shelves")

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}
        self._expiries: list[tuple[int, str, str]] = []
        """Heap of (expires_at, kind, id). An entry whose record changed or went since is outdated."""
        self._expiring = 0
        """How many records have an `expires_at`."""

    def get(self, kind: type[R], id: str) -> R | None:
        shelf = self._shelves.get(kind.kind)
        return shelf.records.get(id) if shelf is not None else None

    def find(self, kind: type[R], page: Page) -> list[R]:
        shelf = self._shelves.get(kind.kind)
        return shelf.find(page) if shelf is not None else []

    def commit(self, changes: Collection[Change]) -> None:
        """All checks come before the first change, so a failing one leaves everything as it was."""
        for change in changes:
            record = self.get(change.kind, change.id)
            if (record.version if record is not None else None) != change.expected:
                raise conflict(change.kind, change.id, change.expected)
        for change in changes:
            self._apply(change)

    def sweep(self, before: int, limit: int) -> int:
        """An outdated entry counts as one step too, so that the cost stays within the limit."""
        removed = 0
        for _ in range(limit):
            if not self._expiries or self._expiries[0][0] >= before:
                break
            entry = heappop(self._expiries)
            if self._is_current(entry):
                shelf = self._shelves[entry[1]]
                shelf.take(shelf.records[entry[2]])
                self._expiring -= 1
                removed += 1
        return removed

    def _apply(self, change: Change) -> None:
        shelf = self._shelves.get(change.kind.kind)
        if shelf is None:
            shelf = self._shelves[change.kind.kind] = _Shelf(change.kind)
        before, after = shelf.records.get(change.id), change.result
        if after is not None:
            shelf.put(after, before)
        elif before is not None:
            shelf.take(before)
        self._note_expiry(before, after)

    def _note_expiry(self, before: Record | None, after: Record | None) -> None:
        old = before.expires_at if before is not None else None
        new = after.expires_at if after is not None else None
        if old == new:
            return
        self._expiring += (new is not None) - (old is not None)
        if after is not None and new is not None:
            heappush(self._expiries, (new, after.kind, after.id))
        if len(self._expiries) > 2 * self._expiring + SLACK:
            # A set: an id removed and added again with the same expiry stands in the heap twice.
            self._expiries = [*{entry for entry in self._expiries if self._is_current(entry)}]
            heapify(self._expiries)

    def _is_current(self, entry: tuple[int, str, str]) -> bool:
        expires_at, kind, id = entry
        record: Record | None = self._shelves[kind].records.get(id)
        return record is not None and record.expires_at == expires_at


class _Shelf:
    """The records of one kind in one realm."""

    __slots__ = ("_indexes", "_listing", "records")

    def __init__(self, kind: type[Record]) -> None:
        # Any: the one class whose kind this is. A cast at each reading would cost as much as the reading.
        self.records: dict[str, Any] = {}
        self._listing: OrderedIds | None = None
        """All ids, from the first time that somebody lists the kind; most kinds are never listed."""
        self._indexes: dict[str, dict[str, OrderedIds]] = {name: {} for name in kind.indexes}

    def put(self, record: Record, before: Record | None) -> None:
        """Store the record in place of the one before, if there was one."""
        self.records[record.id] = record
        if before is None and self._listing is not None:
            self._listing.add(record.id)
        for name, values in self._indexes.items():
            old = getattr(before, name) if before is not None else None
            new = getattr(record, name)
            if old == new:
                continue
            _unlist(values, old, record.id)
            _enlist(values, new, record.id)

    def take(self, record: Record) -> None:
        """Forget the stored record."""
        del self.records[record.id]
        if self._listing is not None:
            self._listing.remove(record.id)
        for name, values in self._indexes.items():
            _unlist(values, getattr(record, name), record.id)

    def find(self, page: Page) -> list[Any]:
        chosen = self._ids_where(page)
        if chosen is None:
            return []
        found: list[Any] = []
        for id in chosen[0].beyond(page.after):
            if all(id in other.members for other in chosen[1:]):
                found.append(self.records[id])
                if len(found) == page.limit:
                    break
        return found

    def _ids_where(self, page: Page) -> list[OrderedIds] | None:
        """The sets an id must be in, the smallest first; None where one of them is empty."""
        if not page.where:
            if self._listing is None:
                self._listing = OrderedIds(self.records)
            return [self._listing]
        sets = [self._indexes[name].get(value) for name, value in page.where.items()]
        found = [ids for ids in sets if ids is not None]
        return sorted(found, key=lambda ids: len(ids.members)) if len(found) == len(sets) else None


def _enlist(values: dict[str, OrderedIds], value: str | None, id: str) -> None:
    if value is None:
        return
    ids = values.get(value)
    if ids is None:
        ids = values[value] = OrderedIds()
    ids.add(id)


def _unlist(values: dict[str, OrderedIds], value: str | None, id: str) -> None:
    if value is None:
        return
    ids = values[value]
    ids.remove(id)
    if not ids.members:
        del values[value]
