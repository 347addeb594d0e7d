"""Worlds: find a fixture, load it, and furnish the realms of a server with it."""

from pathlib import Path

from oidc_harness.harness.persona_board import PersonaBoard
from oidc_harness.harness.realm import Realm
from oidc_harness.harness.realms import Realms
from oidc_harness.harness.seed import seed
from oidc_harness.harness.world import RealmWorld, World
from oidc_harness.harness.world_cache import CacheEntry, WorldCache
from oidc_harness.harness.yaml_files import bad_file
from oidc_harness.model.user import User
from oidc_harness.services.paging import each
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


async def load_world(path: Path, cache: WorldCache | None) -> World:
    """The world of a fixture, read and checked now or, if nothing has changed, before. Raises `BadFile`."""
    found = cache.find(path) if cache is not None else None
    if found is not None:
        return found
    # These bring in a YAML reader, pydantic and every switch, which take longer than all the rest of a start.
    from oidc_harness.harness.catalogue import Catalogue, CatalogueError
    from oidc_harness.harness.world_files import check_world, read_world

    files = read_world(path)
    try:
        await check_world(files, Catalogue())
    except CatalogueError as error:
        raise bad_file(path, f"cannot be checked: {error}") from None
    if cache is not None:
        cache.keep(path, CacheEntry(files.digests, files.world))
    return files.world


async def furnish(realms: Realms, world: World) -> list[Realm]:
    """Make each realm of a checked world that is not there yet; what a store kept from before stays as it is.

    Raises `RealmError`.
    """
    return [
        await make_realm(realms, name, described)
        for name, described in world.realms.items()
        if realms.find(name) is None
    ]


async def make_realm(realms: Realms, name: str, world: RealmWorld) -> Realm:
    """A new realm with everything its world holds, and with its personas. Raises `RealmError` and `SeedError`."""
    realm = await realms.make(name, world.policy, world.seed)
    await seed(realm, world)
    await admit_personas(realm)
    return realm


async def admit_personas(realm: Realm) -> None:
    """Give a realm a board on which its personas arm what they arm. What was armed there before is gone."""
    async with realm.records() as records:
        users = [user async for user in each(records, User) if user.arms]
    if users:
        realm.switchboard = PersonaBoard(users)
