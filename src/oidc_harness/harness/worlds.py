"""Worlds: find a fixture, and load what a server or a scenario needs of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from oidc_harness.harness.file_cache import FileCache
from oidc_harness.harness.furnishings import Furnishings, admit_personas
from oidc_harness.harness.realm import Realm
from oidc_harness.harness.realms import Realms
from oidc_harness.shipped import fixtures_directory

if TYPE_CHECKING:
    # A server that finds everything in its cache needs neither a reader nor the shapes of what is written.
    from oidc_harness.harness.world import RealmWorld, World


class NoSuchFixture(LookupError):
    """There is neither a file nor a shipped fixture of this name; the message lists the shipped ones."""


def find_fixture(name: str, beside: Path) -> Path:
    """The path of a fixture, given as a file (relative to the folder `beside`) or as the name of a shipped one.

    Raises `NoSuchFixture`.
    """
    file = beside / name
    if file.is_file():
        return file
    shipped = fixtures_directory() / f"{name}.yaml"
    if shipped.is_file() and shipped.parent == fixtures_directory():
        return shipped
    raise NoSuchFixture(f"there is no file {str(file)!r} and no shipped fixture {name!r}; shipped are {_names()}")


def _names() -> str:
    stems = (path.stem for path in fixtures_directory().glob("*.yaml"))
    return ", ".join(sorted(stem for stem in stems if not stem.startswith("people")))


async def load_furnishings(path: Path, cache: FileCache | None) -> Furnishings:
    """What the realms of a fixture hold, as records. Raises `BadFile`."""
    found = cache.find(Furnishings, path) if cache is not None else None
    return found if found is not None else (await _load(path, cache))[1]


async def load_world(path: Path, cache: FileCache | None) -> "World":
    """What a fixture describes, as it is written and with every rule kept. Raises `BadFile`."""
    from oidc_harness.harness.world import World

    found = cache.find(World, path) if cache is not None else None
    return found if found is not None else (await _load(path, cache))[0]


async def _load(path: Path, cache: FileCache | None) -> "tuple[World, Furnishings]":
    """Read and check, and keep both, the world and what it came to."""
    # These bring in a YAML reader, pydantic and every switch.
    from oidc_harness.harness.catalogue import Catalogue, CatalogueError
    from oidc_harness.harness.world_files import read_world, tried_world
    from oidc_harness.harness.yaml_files import bad_file

    files = read_world(path)
    try:
        furnishings = await tried_world(files, Catalogue())
    except CatalogueError as error:
        raise bad_file(path, f"cannot be checked: {error}") from None
    if cache is not None:
        cache.keep(path, files.digests, files.world)
        cache.keep(path, files.digests, furnishings)
    return files.world, furnishings


async def make_realm(realms: Realms, name: str, world: "RealmWorld") -> Realm:
    """A new realm with everything its world holds, and with its personas. Raises `RealmError` and `SeedError`."""
    from oidc_harness.harness.seed import seed

    async def put_in(realm: Realm) -> None:
        await seed(realm, world)
        admit_personas(realm, world.users)

    return await realms.make(name, world.policy, world.seed, put_in)
