"""World files: from a fixture and the people files it names to a world whose every rule holds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from oidc_harness.harness.arming import why_not_armed
from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.furnishings import Furnishings, RealmFurnishings
from oidc_harness.harness.realms import RealmError
from oidc_harness.harness.scratch_realm import gathered, scratch_realm
from oidc_harness.harness.seed import SeedError, seed
from oidc_harness.harness.shapes import read_shape
from oidc_harness.harness.world import People, RealmWorld, World
from oidc_harness.harness.yaml_files import BadFile, Document, Problem, Steps, read_document
from oidc_harness.model.preset import preset_policy


@dataclass(frozen=True, slots=True)
class WorldFiles:
    """A world, and where each of its values was written."""

    world: World
    """With the people of the files it names behind the users of its realms."""
    document: Document
    people: Mapping[str, Document]
    """The people file of each realm that has one."""

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of every file that was read, by its path."""
        documents = (self.document, *self.people.values())
        return {str(Path(document.file).resolve()): document.digest for document in documents}

    def problem(self, realm: str, steps: Steps, message: str) -> Problem:
        """A complaint about a value of a realm, in the file where it stands."""
        people = self.people.get(realm)
        if people is None or steps[:1] != ("users",):
            return self.document.problem(("realms", realm, *steps), message)
        number, own = int(steps[1]), len(self.document.tree["realms"][realm].get("users", ()))
        if number < own:
            return self.document.problem(("realms", realm, *steps), message)
        return people.problem(("users", number - own, *steps[2:]), message)


def read_world(path: Path) -> WorldFiles:
    """Read a fixture and the people files it names; their shape is right, their rules are not checked yet.

    Raises `BadFile`.
    """
    document = read_document(path)
    world = read_shape(World, document)
    people: dict[str, Document] = {}
    realms: dict[str, RealmWorld] = {}
    for name, written in world.realms.items():
        realms[name] = realm = with_preset(written, stated_policies(document, name))
        if realm.people is not None:
            with document.naming(("realms", name, "people")):
                people[name] = read_document(path.parent / realm.people)
                borrowed = read_shape(People, people[name]).users
            realms[name] = replace(realm, users=realm.users + borrowed)
    return WorldFiles(replace(world, realms=realms), document, people)


def stated_policies(document: Document, realm: str) -> tuple[str, ...]:
    """The policies that a fixture states itself."""
    return tuple((document.tree["realms"][realm] or {}).get("policy", ()))


def with_preset(realm: RealmWorld, stated: tuple[str, ...]) -> RealmWorld:
    """The realm under the policy of its preset, and what it states beside that."""
    if realm.preset is None:
        return realm
    return replace(realm, policy=preset_policy(realm.preset, {name: getattr(realm.policy, name) for name in stated}))


async def tried_world(files: WorldFiles, catalogue: Catalogue) -> Furnishings:
    """What the world comes to in realms that nobody sees. Raises `BadFile` where a rule does not hold."""
    problems: list[Problem] = []
    realms: dict[str, RealmFurnishings] = {}
    for name, world in files.world.realms.items():
        problems += _switch_problems(files, name, catalogue)
        try:
            realm = await scratch_realm(name, world)
            furnishings = await gathered(realm, world, await seed(realm, world))
            realms[name] = replace(furnishings, stated=stated_policies(files.document, name))
        except RealmError as error:
            problems.append(files.problem(name, (), str(error)))
        except SeedError as error:
            problems += [files.problem(name, fault.steps, fault.message) for fault in error.faults]
    if problems:
        raise BadFile(tuple(problems))
    return Furnishings(realms=realms)


def _switch_problems(files: WorldFiles, realm: str, catalogue: Catalogue) -> list[Problem]:
    problems: list[Problem] = []
    for number, user in enumerate(files.world.realms[realm].users):
        for index, arms in enumerate(user.arms):
            steps = ("users", number, "arms", index)
            fault = why_not_armed(catalogue, arms.switch, arms.parameters)
            if fault is not None:
                problems.append(files.problem(realm, (*steps, *fault.steps), fault.message))
    return problems
