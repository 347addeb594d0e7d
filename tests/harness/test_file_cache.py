"""The cache of files: used when nothing has changed, passed over otherwise, and never in the way."""

import os
from pathlib import Path

import pytest

from oidc_harness.harness.file_cache import FileCache, user_cache
from oidc_harness.harness.furnishings import Furnishings
from oidc_harness.harness.world import RealmWorld, World
from oidc_harness.harness.worlds import NoSuchFixture, find_fixture, load_furnishings, load_world
from oidc_harness.shipped import fixtures_directory

WORLD = "realms:\n  default:\n    people: people.yaml\n"
PEOPLE = "users:\n- {username: ann, email: ann@x.example}\n"


@pytest.fixture
def fixture(tmp_path: Path) -> Path:
    (tmp_path / "people.yaml").write_text(PEOPLE)
    path = tmp_path / "world.yaml"
    path.write_text(WORLD)
    return path


@pytest.fixture
def cache(tmp_path: Path) -> FileCache:
    return FileCache(tmp_path / "cache" / "below")


async def test_what_was_read_once_is_found_again(fixture: Path, cache: FileCache) -> None:
    assert cache.find(World, fixture) is None
    world = await load_world(fixture, cache)
    assert cache.find(World, fixture) == world
    assert [user.username for user in world.realms["default"].users] == ["ann"]


async def test_what_is_found_is_what_is_loaded(fixture: Path, cache: FileCache) -> None:
    cache.keep(fixture, {}, World(about="another one", realms={}))
    cache.keep(fixture, {}, Furnishings(realms={}))
    assert (await load_world(fixture, cache)).about == "another one"
    assert (await load_furnishings(fixture, cache)).realms == {}


async def test_both_what_is_written_and_what_it_came_to_are_kept(fixture: Path, cache: FileCache) -> None:
    furnishings = await load_furnishings(fixture, cache)
    assert cache.find(Furnishings, fixture) == furnishings
    assert cache.find(World, fixture) is not None
    assert [user.username for user in furnishings.realms["default"].users] == ["ann"]


@pytest.mark.parametrize("name", ["world.yaml", "people.yaml"])
async def test_a_changed_file_is_read_again(fixture: Path, cache: FileCache, name: str) -> None:
    await load_world(fixture, cache)
    changed = fixture.parent / name
    changed.write_text(changed.read_text() + "about: changed\n")
    assert cache.find(World, fixture) is None
    await load_world(fixture, cache)
    assert cache.find(World, fixture) is not None


async def test_a_file_that_is_gone_is_looked_for_again(fixture: Path, cache: FileCache) -> None:
    await load_world(fixture, cache)
    (fixture.parent / "people.yaml").unlink()
    assert cache.find(World, fixture) is None


async def test_a_pipe_in_its_place_is_not_waited_for(fixture: Path, cache: FileCache) -> None:
    await load_world(fixture, cache)
    (fixture.parent / "people.yaml").unlink()
    os.mkfifo(fixture.parent / "people.yaml")
    assert cache.find(World, fixture) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "{}\n", "{}\n{}", '{}\n{"realms":{},"more":1}', "[1]\n{}", "\xe9"]
)
async def test_an_entry_that_cannot_be_used_is_replaced(
    fixture: Path, cache: FileCache, tmp_path: Path, text: str
) -> None:
    await load_world(fixture, cache)
    for entry in (tmp_path / "cache" / "below").iterdir():
        entry.write_text(text, "latin-1")
    assert cache.find(World, fixture) is None
    world = await load_world(fixture, cache)
    assert cache.find(World, fixture) == world


async def test_entries_are_for_their_owner_alone(fixture: Path, cache: FileCache, tmp_path: Path) -> None:
    await load_world(fixture, cache)
    directory = tmp_path / "cache" / "below"
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {entry.stat().st_mode & 0o777 for entry in directory.iterdir()} == {0o600}


async def test_a_folder_that_others_can_write_to_is_not_trusted(fixture: Path, tmp_path: Path) -> None:
    directory = tmp_path / "shared"
    directory.mkdir()
    directory.chmod(0o777)
    cache = FileCache(directory)
    cache.keep(fixture, {}, World(realms={"planted": RealmWorld()}))
    assert list(directory.iterdir()) == []
    assert cache.find(World, fixture) is None


async def test_a_folder_that_cannot_be_made_is_no_error(fixture: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = FileCache(tmp_path / "file" / "below")
    assert (await load_world(fixture, cache)).realms
    assert cache.find(World, fixture) is None


@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "HOME"])
async def test_it_is_in_the_folder_of_the_user(
    fixture: Path, tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """XDG Base Directory Specification: an absolute path there, else `.cache` in the home of the user."""
    monkeypatch.setenv(variable, str(tmp_path))
    environment = {"XDG_CACHE_HOME": str(tmp_path)} if variable != "HOME" else {"XDG_CACHE_HOME": "relative"}
    cache = user_cache(environment)
    assert cache is not None
    cache.keep(fixture, {}, World(realms={}))
    below = tmp_path if variable != "HOME" else tmp_path / ".cache"
    assert len(list((below / "oidc-harness").iterdir())) == 1


def test_a_fixture_is_a_file_or_the_name_of_a_shipped_one(fixture: Path) -> None:
    assert find_fixture("world.yaml", fixture.parent) == fixture
    assert find_fixture(str(fixture), Path(os.sep)) == fixture
    assert find_fixture("default", fixture.parent) == fixtures_directory() / "default.yaml"


@pytest.mark.parametrize("name", ["nothing", "../fixtures/default", "keys", ""])
def test_a_fixture_that_is_neither(fixture: Path, name: str) -> None:
    with pytest.raises(NoSuchFixture, match="shipped are default"):
        find_fixture(name, fixture.parent)


async def test_an_entry_of_other_code_is_passed_over_and_replaced(
    fixture: Path, cache: FileCache, tmp_path: Path
) -> None:
    world = await load_world(fixture, cache)
    entries = sorted((tmp_path / "cache" / "below").iterdir())
    for entry in entries:
        code, rest = entry.read_text().split("\n", 1)
        entry.write_text(f"{code[::-1]}\n{rest}")
    assert cache.find(World, fixture) is None
    assert await load_world(fixture, cache) == world
    assert cache.find(World, fixture) == world
    assert sorted((tmp_path / "cache" / "below").iterdir()) == entries
