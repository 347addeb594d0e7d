"""The kinds of files people write, told apart by their members."""

from pathlib import Path

from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.scenario_files import ScenarioReader
from oidc_harness.harness.shapes import read_shape
from oidc_harness.harness.world import People, World
from oidc_harness.harness.world_files import read_world, tried_world
from oidc_harness.harness.yaml_files import BadFile, Document, read_document

_MEMBERS = {"realms": "fixture", "steps": "scenario", "users": "people file"}


async def check_file(path: Path, catalogue: Catalogue) -> str:
    """What kind of file it is, checked as the kind it is. Raises `BadFile`."""
    document = read_document(path)
    kind = _kind(document)
    if kind == "fixture":
        await tried_world(read_world(path), catalogue)
    elif kind == "scenario":
        await ScenarioReader(catalogue, None).read(path)
    else:
        read_shape(People, document)
    return kind


def _kind(document: Document) -> str:
    if not isinstance(document.tree, dict):
        read_shape(World, document)
    found = next((kind for member, kind in _MEMBERS.items() if member in document.tree), None)
    if found is None:
        known = ", ".join(f"{member} (a {kind})" for member, kind in _MEMBERS.items())
        raise BadFile((document.problem((), f"is no file of a known kind; expected one of the members {known}"),))
    return found
