"""ShippedWorlds: the fixtures that come with the program, each read once in the life of a server."""

from oidc_harness.harness.bad_file import BadFile
from oidc_harness.harness.world import RealmWorld
from oidc_harness.harness.worlds import load_world
from oidc_harness.services.addresses import shown
from oidc_harness.services.errors import Invalid
from oidc_harness.shipped import fixtures_directory


class ShippedWorlds:
    """Reading and checking a fixture takes a hundred times as long as making a realm; a test suite makes many."""

    def __init__(self) -> None:
        """None read yet."""
        self._worlds: dict[str, RealmWorld] = {}

    async def find(self, fixture: str) -> RealmWorld:
        """The first realm of the shipped fixture of this name. Raises `Invalid`."""
        if fixture not in self._worlds:
            self._worlds[fixture] = await _read(fixture)
        return self._worlds[fixture]


async def _read(fixture: str) -> RealmWorld:
    directory = fixtures_directory()
    # By name alone: a request must not read files of its choice.
    if fixture not in {path.stem for path in directory.glob("*.yaml")}:
        raise Invalid(f"there is no shipped fixture {shown(fixture)}", field="fixture")
    try:
        world = await load_world(directory / f"{fixture}.yaml", None)
    except BadFile:
        raise Invalid(f"{shown(fixture)} describes no realm", field="fixture") from None
    return next(iter(world.realms.values()))
