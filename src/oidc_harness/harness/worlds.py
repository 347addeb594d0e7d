"""Worlds: find a fixture, load it, and furnish the realms of a server with it."""

from pathlib import Path

from oidc_harness.harness.arming import arm_personas
from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.realm import Realm
from oidc_harness.harness.realms import Realms
from oidc_harness.harness.seed import seed
from oidc_harness.harness.world import RealmWorld, World
from oidc_harness.harness.world_cache import CacheEntry, WorldCache
from oidc_harness.shipped import fixtures_directory


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


async def load_world(path: Path, catalogue: Catalogue, cache: WorldCache | None) -> World:
    """The world of a fixture, read and checked now or, if nothing has changed, before. Raises `BadFile`."""
    found = cache.find(path) if cache is not None else None
    if found is not None:
        return found
    # These bring in a YAML reader and pydantic, which take longer than all the rest of a start.
    from oidc_harness.harness.world_files import check_world, read_world

    files = read_world(path)
    await check_world(files, catalogue)
    if cache is not None:
        cache.keep(path, CacheEntry(files.digests, files.world))
    return files.world


async def furnish(realms: Realms, world: World, catalogue: Catalogue) -> list[Realm]:
    """Make each realm of a checked world that is not there yet; what a store kept from before stays as it is.

    Raises `RealmError`.
    """
    return [
        await make_realm(realms, name, described, catalogue)
        for name, described in world.realms.items()
        if realms.find(name) is None
    ]


async def make_realm(realms: Realms, name: str, world: RealmWorld, catalogue: Catalogue) -> Realm:
    """A new realm with everything its world holds, personas armed. Raises `RealmError` and `SeedError`."""
    realm = await realms.make(name, world.policy, world.seed)
    await seed(realm, world)
    arm_personas(realm, catalogue, world.users)
    return realm
