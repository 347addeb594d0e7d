"""Modules: what the OpenID Foundation's certification programme demands of a provider, by the programme's own names.

The list is `modules.txt`, and there is no other. What proves a module is the test of the same name, run once for each
of its plans; `docs/conformance.md` is written from the list and from the results of such a run.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.plans import PLANS, Plan

FOLDER = Path(__file__).parent
LIST = FOLDER / "modules.txt"


@dataclass(frozen=True)
class Module:
    """One row."""

    group: str
    name: str
    letters: str
    """Of the plans it stands in."""
    clause: str
    demand: str

    @property
    def test_name(self) -> str:
        """The function that proves it."""
        return "test_" + self.name.lower().replace("-", "_")

    @property
    def profiles(self) -> str:
        """The first letters of the profiles it stands in."""
        return "".join(dict.fromkeys(plan.profile[0] for plan in self.plans))

    @property
    def plans(self) -> list[Plan]:
        """How often it is run, and how."""
        return [plan for letter in self.letters for plan in PLANS[letter]]


def _read() -> Iterator[Module]:
    group = ""
    for line in filter(None, LIST.read_text("utf-8").splitlines()):
        if line.startswith("# "):
            group = line.removeprefix("# ")
        else:
            name, letters, clause, demand = (cell.strip() for cell in line.split("|"))
            yield Module(group, name, letters, clause, demand)


MODULES = tuple(_read())
BY_TEST = {module.test_name: module for module in MODULES}
PREFIXES = ("test_oidcc_", "test_check_")


def proofs() -> dict[str, Path]:
    """The tests in this folder that are named after a module, or look as if they were, with their files."""
    return {name: file for file in sorted(FOLDER.glob("test_*.py")) for name in _tests(file)}


def _tests(file: Path) -> Iterator[str]:
    for statement in ast.parse(file.read_text("utf-8")).body:
        if isinstance(statement, ast.AsyncFunctionDef) and statement.name.startswith(PREFIXES):
            yield statement.name
