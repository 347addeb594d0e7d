"""The cache of worlds: used when nothing has changed, passed over otherwise, and never in the way."""

import os
from pathlib import Path

import pytest

from oidc_harness.harness.world import RealmWorld, World
from oidc_harness.harness.world_cache import CacheEntry, WorldCache, cache_directory
from oidc_harness.harness.worlds import NoSuchFixture, find_fixture, load_world
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
def cache(tmp_path: Path) -> WorldCache:
    return WorldCache(tmp_path / "cache" / "below")


async def test_what_was_read_once_is_found_again(fixture: Path, cache: WorldCache) -> None:
    assert cache.find(fixture) is None
    world = await load_world(fixture, cache)
    assert cache.find(fixture) == world
    assert [user.username for user in world.realms["default"].users] == ["ann"]


async def test_what_is_found_is_what_is_loaded(fixture: Path, cache: WorldCache) -> None:
    world = await load_world(fixture, cache)
    entry = CacheEntry({}, World(about="another one", realms=world.realms))
    cache.keep(fixture, entry)
    assert (await load_world(fixture, cache)).about == "another one"


@pytest.mark.parametrize("name", ["world.yaml", "people.yaml"])
async def test_a_changed_file_is_read_again(fixture: Path, cache: WorldCache, name: str) -> None:
    await load_world(fixture, cache)
    changed = fixture.parent / name
    changed.write_text(changed.read_text() + "about: changed\n")
    assert cache.find(fixture) is None
    await load_world(fixture, cache)
    assert cache.find(fixture) is not None


async def test_a_file_that_is_gone_is_looked_for_again(fixture: Path, cache: WorldCache) -> None:
    await load_world(fixture, cache)
    (fixture.parent / "people.yaml").unlink()
    assert cache.find(fixture) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"sources":{},"world":{}}', "\xe9"])
async def test_an_entry_that_cannot_be_used_is_replaced(
    fixture: Path, cache: WorldCache, tmp_path: Path, text: str
) -> None:
    await load_world(fixture, cache)
    [entry] = (tmp_path / "cache" / "below").iterdir()
    entry.write_text(text, "latin-1")
    assert cache.find(fixture) is None
    world = await load_world(fixture, cache)
    assert cache.find(fixture) == world


async def test_entries_are_for_their_owner_alone(fixture: Path, cache: WorldCache, tmp_path: Path) -> None:
    await load_world(fixture, cache)
    directory = tmp_path / "cache" / "below"
    [entry] = directory.iterdir()
    assert (directory.stat().st_mode & 0o777, entry.stat().st_mode & 0o777) == (0o700, 0o600)


async def test_a_folder_that_others_can_write_to_is_not_trusted(fixture: Path, tmp_path: Path) -> None:
    directory = tmp_path / "shared"
    directory.mkdir()
    directory.chmod(0o777)
    cache = WorldCache(directory)
    cache.keep(fixture, CacheEntry({}, World(realms={"planted": RealmWorld()})))
    assert list(directory.iterdir()) == []
    assert cache.find(fixture) is None


async def test_a_folder_that_cannot_be_made_is_no_error(fixture: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = WorldCache(tmp_path / "file" / "below")
    assert (await load_world(fixture, cache)).realms
    assert cache.find(fixture) is None


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"XDG_CACHE_HOME": "/var/cache/me"}, Path("/var/cache/me/oidc-harness")),
        ({"XDG_CACHE_HOME": "relative"}, Path.home() / ".cache" / "oidc-harness"),
        ({"XDG_CACHE_HOME": ""}, Path.home() / ".cache" / "oidc-harness"),
        ({}, Path.home() / ".cache" / "oidc-harness"),
    ],
)
def test_where_entries_are_kept(environment: dict[str, str], expected: Path) -> None:
    assert cache_directory(environment) == expected


def test_a_fixture_is_a_file_or_the_name_of_a_shipped_one(fixture: Path) -> None:
    assert find_fixture("world.yaml", fixture.parent) == fixture
    assert find_fixture(str(fixture), Path(os.sep)) == fixture
    assert find_fixture("default", fixture.parent) == fixtures_directory() / "default.yaml"


@pytest.mark.parametrize("name", ["nothing", "../fixtures/default", "keys", ""])
def test_a_fixture_that_is_neither(fixture: Path, name: str) -> None:
    with pytest.raises(NoSuchFixture, match="shipped are default"):
        find_fixture(name, fixture.parent)
