"""Scenario files: from a file of `scenarios/` to a scenario in its world, with everything it names found."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.complaints import unknown_name
from oidc_harness.harness.file_cache import FileCache
from oidc_harness.harness.given import changed_steps, changed_world
from oidc_harness.harness.scenario import Scenario
from oidc_harness.harness.scenario_names import Complaint, unknown_names
from oidc_harness.harness.scratch_realm import scratch_realm
from oidc_harness.harness.seed import SeedError, seed
from oidc_harness.harness.shapes import read_shape
from oidc_harness.harness.world import RealmWorld, World
from oidc_harness.harness.worlds import NoSuchFixture, find_fixture, load_world
from oidc_harness.harness.yaml_files import BadFile, Document, read_document


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario, and the realm it takes place in."""

    name: str
    """The file's, without its ending."""
    path: Path
    scenario: Scenario
    plain: RealmWorld
    """The realm as its fixture describes it."""
    world: RealmWorld
    """The realm with the changes the scenario makes to it."""


class ScenarioReader:
    """Reads scenarios; a world that several of them take place in is loaded once."""

    def __init__(self, catalogue: Catalogue, cache: FileCache | None) -> None:
        """`cache`: where checked worlds are kept, if anywhere."""
        self._catalogue = catalogue
        self._cache = cache
        self._worlds: dict[Path, World] = {}

    async def read(self, path: Path) -> ScenarioFile:
        """A scenario whose every name is known and whose world keeps every rule. Raises `BadFile`."""
        document = read_document(path)
        scenario = read_shape(Scenario, document)
        plain = await self._realm(scenario, document)
        _refuse(document, unknown_names(scenario, plain, self._catalogue))
        world = changed_world(plain, scenario.given)
        await _check_rules(document, scenario, plain, world)
        return ScenarioFile(path.stem, path, scenario, plain, world)

    async def _realm(self, scenario: Scenario, document: Document) -> RealmWorld:
        given = scenario.given
        try:
            path = find_fixture(given.world, Path(document.file).parent)
        except NoSuchFixture as error:
            raise BadFile((document.problem(("given", "world"), str(error)),)) from None
        if path not in self._worlds:
            with document.naming(("given", "world")):
                self._worlds[path] = await load_world(path, self._cache)
        realms = self._worlds[path].realms
        if given.realm not in realms:
            _refuse(
                document, iter([(("given", "realm"), f"{given.realm!r} {unknown_name(given.realm, list(realms))}")])
            )
        return realms[given.realm]


async def _check_rules(document: Document, scenario: Scenario, plain: RealmWorld, world: RealmWorld) -> None:
    try:
        await seed(await scratch_realm("scenario", world), world)
    except SeedError as error:
        faults = ((changed_steps(fault.steps, plain, world), fault.message) for fault in error.faults)
        _refuse(document, ((("given", *steps), message) for steps, message in faults))


def _refuse(document: Document, complaints: Iterator[Complaint]) -> None:
    problems = tuple(document.problem(steps, message) for steps, message in complaints)
    if problems:
        raise BadFile(problems)
