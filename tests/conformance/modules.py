"""Modules: what the OpenID Foundation's certification programme demands of a provider, by the programme's own names.

The list is `modules.txt`, and there is no other. What proves a module is the test of the same name, run once for each
of its plans; `docs/conformance.md` is written from the list and from the results of such a run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.plans import PLANS, Plan

LIST = Path(__file__).with_name("modules.txt")


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
