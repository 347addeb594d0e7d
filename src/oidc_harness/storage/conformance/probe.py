"""Probe: a record to try a store with, and the few steps that most cases begin and end with."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from oidc_harness.model.record import Record
from oidc_harness.model.write import Add, Write
from oidc_harness.storage.port import Store

REALM = "one"
OTHER = "two"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe(Record):
    """A record with two indexes, one of which may be empty, and a field that is none."""

    kind: ClassVar[str] = "probe"
    indexes: ClassVar[tuple[str, ...]] = ("owner", "place")

    owner: str = "nobody"
    place: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesake(Probe):
    """A record of another kind whose indexes have the same names."""

    kind: ClassVar[str] = "namesake"


def probes(*ids: str, owner: str = "nobody") -> list[Probe]:
    """One probe for each id."""
    return [Probe(id=id, owner=owner) for id in ids]


def ids_of(records: Iterable[Record]) -> list[str]:
    """The ids, in the order of the records."""
    return [record.id for record in records]


async def commit(store: Store, *writes: Write, realm: str = REALM) -> None:
    """Make the writes in a transaction of their own."""
    async with store.begin(realm) as records:
        records.write(*writes)


async def add(store: Store, *records: Record, realm: str = REALM) -> None:
    """Add the records in a transaction of their own."""
    await commit(store, *(Add(record) for record in records), realm=realm)


async def stored(store: Store, id: str, realm: str = REALM) -> Probe | None:
    """The probe as a new transaction sees it."""
    async with store.begin(realm) as records:
        return await records.get(Probe, id)


async def stored_ids(store: Store, realm: str = REALM, **where: Any) -> list[str]:
    """The ids of the probes as a new transaction finds them."""
    async with store.begin(realm) as records:
        return ids_of(await records.find(Probe, **where))
