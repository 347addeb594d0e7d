"""The file with the key that seals client secrets: made once, and missed or doubted before a server starts."""

import asyncio
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from oidc_harness.harness.sealing import kept_sealing
from oidc_harness.storage.port import StorageError
from oidc_harness.storage.sqlite import SqliteStore
from oidc_harness.web.server import serving
from oidc_harness.web.settings import ServerSettings
from tests.resilience.served import Place
from tests.support import assertions, records
from tests.support.http import Http
from tests.support.world import AUTOMATIC, World


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
def key_file(database: Path) -> Path:
    return database.with_name("records.db.key")


def start_and_stop(database: Path) -> None:
    asyncio.run(serve_nobody(database))


async def serve_nobody(database: Path) -> None:
    async with serving(ServerSettings(port=0, store=f"sqlite:{database}")):
        pass


def test_it_is_made_for_its_owner_alone_and_once(database: Path, key_file: Path) -> None:
    start_and_stop(database)
    key = key_file.read_text("ascii")
    assert len(bytes.fromhex(key)) == 32
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    start_and_stop(database)
    assert key_file.read_text("ascii") == key
    assert {path.name for path in database.parent.iterdir()} == {database.name, key_file.name, "records.db.lock"}


def test_a_key_that_is_there_before_the_store_is_taken(database: Path, key_file: Path) -> None:
    """As after a start that was cut short, or where people bring their own."""
    key_file.write_text("ab" * 32, "ascii")
    key_file.chmod(0o644)
    start_and_stop(database)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert key_file.read_text("ascii") == "ab" * 32
    key_file.write_text("cd" * 32, "ascii")
    with pytest.raises(StorageError, match="not the key that sealed"):
        start_and_stop(database)


async def test_what_it_sealed_can_be_used_after_a_restart(database: Path) -> None:
    settings = ServerSettings(port=0, store=f"sqlite:{database}")
    async with Http() as http:
        async with serving(settings) as server:
            world = World(await server.realms.make("acme", AUTOMATIC), http)
            await world.add(records.user())
            client = await world.client(token_endpoint_auth_method="client_secret_jwt")
        async with serving(settings) as server:
            realm = server.realms.find("acme")
            assert realm is not None
            again = type(client)(http, realm, client.application)
            form = assertions.form(
                assertions.by_secret(again),
                grant_type="authorization_code",
                code=await again.code(),
                redirect_uri=records.REDIRECT_URI,
            )
            assert (await again.post("/token", form)).status == 200


BAD_KEYS = [
    (b"", "expected a key of 64 hexadecimal digits"),
    (b"ab" * 31, "expected a key of 64 hexadecimal digits"),
    (b"ab" * 33, "expected a key of 64 hexadecimal digits"),
    (b"xy" * 32, "expected a key of 64 hexadecimal digits"),
    (b"\xff" * 64, "expected a key of 64 hexadecimal digits"),
    (b"cd" * 32, "not the key that sealed the secrets in this store"),
]


@pytest.mark.parametrize(("content", "message"), BAD_KEYS)
def test_a_bad_key_is_refused_by_name(content: bytes, message: str, database: Path, key_file: Path) -> None:
    start_and_stop(database)
    right = key_file.read_bytes()
    key_file.write_bytes(content)
    with pytest.raises(StorageError, match=message) as refused:
        start_and_stop(database)
    assert str(refused.value).startswith(f"{key_file}: ")
    assert key_file.read_bytes() == content
    key_file.write_bytes(right)
    start_and_stop(database)


def test_a_missing_key_is_missed_and_not_replaced(database: Path, key_file: Path) -> None:
    start_and_stop(database)
    key_file.unlink()
    with pytest.raises(StorageError, match="missing") as refused:
        start_and_stop(database)
    assert str(refused.value).startswith(f"{key_file}: ")
    assert not key_file.exists()


def test_a_folder_in_its_place(database: Path, key_file: Path) -> None:
    key_file.mkdir()
    with pytest.raises(StorageError, match="cannot be read: Is a directory"):
        start_and_stop(database)


async def test_stores_that_are_opened_at_once_agree_on_one_key(database: Path, key_file: Path) -> None:
    stores = [SqliteStore(database) for _ in range(10)]
    made = await asyncio.gather(*(kept_sealing(store, key_file) for store in stores))
    assert len({sealing.mark for sealing in made}) == 1
    for store in stores:
        await store.close()
    await serve_nobody(database)


def test_the_command_says_it_in_a_line(tmp_path: Path) -> None:
    place = Place(tmp_path)
    start_and_stop(place.database)
    key_file = tmp_path / "records.db.key"
    key_file.unlink()
    command = [sys.executable, "-m", "oidc_harness", *place.arguments(0)]
    tried = subprocess.run(command, env=place.environment, capture_output=True, text=True, timeout=60)
    assert (tried.returncode, tried.stdout) == (2, "")
    assert tried.stderr.startswith(f"oidc-harness serve: --store: {key_file}: missing")
    assert tried.stderr.count("\n") == 1
