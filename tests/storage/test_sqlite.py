"""SqliteStore keeps the contract, its file, and what it has promised when it is killed."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from oidc_harness.model.record import Record
from oidc_harness.model.write import Add, Remove, Swap
from oidc_harness.storage.codec import CodecError
from oidc_harness.storage.conformance import StoreConformance
from oidc_harness.storage.conformance.probe import REALM, Probe, add, commit, stored, stored_ids
from oidc_harness.storage.conformance.sample import record_kinds, sample
from oidc_harness.storage.port import StorageError, Store
from oidc_harness.storage.sqlite import SqliteStore
from tests.storage import killed_writer


class TestSqliteStore(StoreConformance):
    @pytest.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[Store]:
        store = SqliteStore(tmp_path / "store.db")
        yield store
        await store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def execute(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def write(path: Path, text: str) -> None:
    path.write_text(text)


def set_mode(path: Path, mode: int) -> None:
    path.chmod(mode)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def content(path: Path) -> bytes:
    return path.read_bytes()


@pytest.mark.parametrize("kind", record_kinds(), ids=lambda kind: kind.kind)
async def test_everything_is_there_after_opening_again(path: Path, kind: type[Record]) -> None:
    first = SqliteStore(path)
    record = sample(kind)
    await add(first, record)
    await first.close()
    second = SqliteStore(path)
    async with second.begin(REALM) as records:
        assert await records.get(kind, record.id) == record
    await second.close()


async def test_versions_indexes_and_expiries_are_there_after_opening_again(path: Path) -> None:
    first = SqliteStore(path)
    await add(first, Probe(id="a", expires_at=5), Probe(id="b", owner="anna"), Probe(id="c"))
    await commit(first, Swap(Probe(id="b", owner="bert")), Remove(Probe(id="c")))
    await first.close()
    second = SqliteStore(path)
    assert await second.sweep(REALM, before=6) == 1
    assert await stored_ids(second, owner="bert") == await stored_ids(second) == ["b"]
    await commit(second, Swap(Probe(id="b", version=1, text="again")))
    assert await stored(second, "b") == Probe(id="b", version=2, text="again")
    await second.close()


async def test_the_files_are_for_their_owner_alone(path: Path) -> None:
    store = SqliteStore(path)
    await add(store, Probe(id="a"))
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["store.db", "store.db-shm", "store.db-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    await store.close()


async def test_closing_ends_the_thread_and_leaves_one_file(path: Path) -> None:
    before = set(threading.enumerate())
    store = SqliteStore(path)
    assert set(threading.enumerate()) > before
    await add(store, Probe(id="a"))
    await store.close()
    assert set(threading.enumerate()) == before
    assert list(path.parent.iterdir()) == [path]


async def test_two_stores_share_a_file(path: Path) -> None:
    one, other = SqliteStore(path), SqliteStore(path)
    await add(one, Probe(id="a", text="one"))
    assert await stored(other, "a") == Probe(id="a", text="one")
    await commit(other, Swap(Probe(id="a", text="other")))
    assert await stored(one, "a") == Probe(id="a", text="other", version=1)
    await one.close()
    await other.close()


async def test_two_stores_that_write_at_once_wait_for_each_other(path: Path) -> None:
    one, other = SqliteStore(path), SqliteStore(path)

    async def add_expired(number: int) -> None:
        await add(one, Probe(id=f"{number}", expires_at=number))

    numbers = range(60)
    await asyncio.gather(
        *(add_expired(number) for number in numbers),
        *(other.sweep(REALM, before=number) for number in numbers),
    )
    await other.sweep(REALM, before=60)
    assert await stored_ids(one) == []
    await one.close()
    await other.close()


@pytest.mark.parametrize(
    "record",
    [
        Probe(id="\ud800"),
        Probe(id="a", owner="\udc80"),
        Probe(id="a", expires_at=2**63),
        Probe(id="a", text="\ud83d\udd11"),
    ],
    ids=["id", "index", "expiry", "text"],
)
async def test_what_the_file_cannot_hold_is_an_error_and_changes_nothing(path: Path, record: Probe) -> None:
    store = SqliteStore(path)
    with pytest.raises(StorageError):
        await commit(store, Add(Probe(id="beside")), Add(record))
    assert await stored_ids(store) == []
    await store.close()


async def test_a_spoilt_body_is_told(path: Path) -> None:
    store = SqliteStore(path)
    await add(store, Probe(id="a"))
    execute(path, """UPDATE records SET body = '{"id": "a", "colour": "red"}'""")
    with pytest.raises(CodecError, match=r"probe\.colour"):
        await stored(store, "a")
    await store.close()


@pytest.mark.parametrize(
    ("make", "content_or_statement"),
    [
        (write, "dear diary, today I wrote no database\n" * 40),
        (execute, "CREATE TABLE diary (day)"),
        (execute, "PRAGMA application_id = 7"),
        (execute, "PRAGMA user_version = 1"),
    ],
    ids=["text", "a table", "an application id", "a version"],
)
def test_a_foreign_file_is_refused_and_left_alone(
    path: Path, make: Callable[[Path, str], None], content_or_statement: str
) -> None:
    make(path, content_or_statement)
    before = content(path)
    with pytest.raises(StorageError, match=r"store\.db.*expected a store of oidc-harness"):
        SqliteStore(path)
    assert content(path) == before
    assert list(path.parent.iterdir()) == [path]


async def test_a_file_of_a_newer_version_is_refused_and_left_alone(path: Path) -> None:
    store = SqliteStore(path)
    await store.close()
    execute(path, "PRAGMA user_version = 2")
    before = content(path)
    with pytest.raises(StorageError, match=r"store\.db.*schema version 2, expected 1"):
        SqliteStore(path)
    assert content(path) == before


@pytest.mark.parametrize("name", [".", "no such folder/store.db"])
def test_a_path_that_can_be_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError):
        SqliteStore(tmp_path / name)


async def test_an_empty_file_is_taken_and_made_private(path: Path) -> None:
    write(path, "")
    set_mode(path, 0o644)
    store = SqliteStore(path)
    assert mode(path) == 0o600
    await add(store, Probe(id="a"))
    assert await stored_ids(store) == ["a"]
    await store.close()


async def test_a_file_named_like_memory_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = SqliteStore(":memory:")
    await add(store, Probe(id="a"))
    await store.close()
    again = SqliteStore(tmp_path / ":memory:")
    assert await stored_ids(again) == ["a"]
    await again.close()


def kill_while_writing(path: Path, commits: int) -> list[str]:
    """The names of all commits that the program could tell before it was killed."""
    command = [sys.executable, killed_writer.__file__, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(commits)]
        process.kill()
        told += process.stdout.readlines()
    return [line.strip() for line in told if line.endswith("\n")]


@pytest.mark.parametrize("commits", [1, 50, 400])
async def test_what_was_promised_survives_a_kill_and_nothing_is_half_written(path: Path, commits: int) -> None:
    told = kill_while_writing(path, commits)
    assert len(told) >= commits
    store = SqliteStore(path)
    async with store.begin(REALM) as records:
        probes = {probe.id: probe for probe in await records.find(Probe, limit=1_000_000)}
        found = {probe.owner for probe in probes.values()} - {"nobody"}
        for name in found:
            assert {f"left {name}", f"right {name}"} <= probes.keys()
            assert len(await records.find(Probe, owner=name)) == 2
    assert found >= set(told)
    for task in range(killed_writer.TASKS):
        mine = sorted(name for name in found if name.startswith(f"{task}-"))
        assert probes[f"counter {task}"].version == len(mine)
        assert probes[f"counter {task}"].text == (mine[-1] if mine else "")
    await store.close()
