"""SqliteStore and others who want the same file: whoever locks it for a while, and another server."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from oidc_harness.storage.conformance.probe import Probe, add, stored_ids
from oidc_harness.storage.port import Busy, StorageError
from oidc_harness.storage.sqlite import SqliteStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


async def test_waiting_too_long_for_another_process_is_an_error_and_changes_nothing(path: Path) -> None:
    store = SqliteStore(path, busy_seconds=0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match=r"store\.db: the store is locked by another process"):
            await add(store, Probe(id="a"))
        assert await stored_ids(store) == []
        other.execute("ROLLBACK")
    assert await stored_ids(store) == []
    await add(store, Probe(id="a"))
    await store.close()


async def test_all_who_wait_for_one_lock_fail_together(path: Path) -> None:
    """A hundred that each waited in full would take minutes."""
    store = SqliteStore(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        outcomes = await asyncio.gather(
            *(add(store, Probe(id=f"{number}")) for number in range(100)), return_exceptions=True
        )
        assert {type(outcome) for outcome in outcomes} == {Busy}
        other.execute("ROLLBACK")
    await asyncio.gather(*(add(store, Probe(id=f"{number}")) for number in range(100)))
    assert len(await stored_ids(store)) == 100
    await store.close()


def test_a_file_that_is_locked_at_the_start_is_busy(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Busy, match=r"store\.db: the store is locked by another process"):
            SqliteStore(path, busy_seconds=0)


async def test_a_file_is_claimed_by_one_until_it_is_closed(path: Path) -> None:
    one, other = SqliteStore(path), SqliteStore(path)
    one.claim()
    for _ in range(2):
        with pytest.raises(StorageError, match=r"store\.db: another server keeps its records in this file; stop"):
            other.claim()
    await add(one, Probe(id="a"))
    assert await stored_ids(other) == ["a"]
    await one.close()
    other.claim()
    await other.close()


async def test_a_claim_holds_under_every_name_of_the_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(path)
    one = SqliteStore(path)
    one.claim()
    other = SqliteStore(tmp_path / "link.db")
    with pytest.raises(StorageError, match="another server"):
        other.claim()
    await one.close()
    await other.close()


async def test_a_claim_that_cannot_be_made_is_told_by_its_file(path: Path) -> None:
    path.with_name("store.db.lock").mkdir()
    store = SqliteStore(path)
    with pytest.raises(StorageError, match=r"store\.db\.lock: "):
        store.claim()
    await store.close()
