"""Catalogue: every switch and every check that is installed, ours and other people's, each found sound before use."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from oidc_harness.checks.base import Check
from oidc_harness.harness.declaration import why_no_check, why_no_parameters, why_no_switch
from oidc_harness.harness.entry_point_groups import CHECKS, SWITCHES
from oidc_harness.harness.parameters import Parameter, checked_parameters, described_parameters
from oidc_harness.switches.switch import AnySwitch

OURS = "oidc-harness"
"""The distribution that comes first."""

SwitchClass = type[AnySwitch]
T = TypeVar("T", SwitchClass, type[Check])


class CatalogueError(Exception):
    """An installed switch or check cannot be used; the message names distribution, entry point, fault and remedy."""


class UnknownSwitch(LookupError):
    """There is no switch of this name; the message lists names that are near."""


class Catalogue:
    """What is installed, loaded at first use: looking for entry points and importing them takes time."""

    def switches(self) -> tuple[SwitchClass, ...]:
        """Every switch, by name. Raises `CatalogueError`."""
        return tuple(self._switches[name] for name in sorted(self._switches))

    def checks(self) -> tuple[Check, ...]:
        """Every check, by name. Raises `CatalogueError`."""
        return tuple(self._checks[name]() for name in sorted(self._checks))

    def find(self, name: str) -> SwitchClass:
        """The switch of this name. Raises `UnknownSwitch` and `CatalogueError`."""
        found = self._switches.get(name)
        if found is None:
            near = get_close_matches(name, self._switches, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(sorted(self._switches))}"
            raise UnknownSwitch(f"there is no switch {name!r}; {hint}")
        return found

    def make(self, name: str, parameters: Mapping[str, Any]) -> AnySwitch:
        """The switch with these parameters, which are as strict as JSON: a number is no text.

        Raises `UnknownSwitch`, `CatalogueError`, and `BadParameter` for a parameter that is unknown or out of bounds.
        """
        found = self.find(name)
        return found(**checked_parameters(found, parameters))

    def describe(self, switch: SwitchClass) -> tuple[Parameter, ...]:
        """The parameters of a switch, with what they may be."""
        return described_parameters(switch)

    @cached_property
    def _switches(self) -> dict[str, SwitchClass]:
        found: dict[str, SwitchClass] = {}
        for entry in _entries(SWITCHES):
            switch = _loaded(entry)
            _refuse(entry, "switch", why_no_switch(switch))
            if not _is_ours(entry):
                # Ours are checked by a test: it takes a library that costs half a start.
                _refuse(entry, "switch", why_no_parameters(switch))
            _add(found, switch.name, switch, entry)
        return found

    @cached_property
    def _checks(self) -> dict[str, type[Check]]:
        found: dict[str, type[Check]] = {}
        for entry in _entries(CHECKS):
            check = _loaded(entry)
            _refuse(entry, "check", why_no_check(check))
            _add(found, check.name, check, entry)
        return found


def _is_ours(entry: EntryPoint) -> bool:
    return _distribution(entry) == OURS


def _entries(group: str) -> Iterator[EntryPoint]:
    """Each entry point once, though a distribution may stand on the path twice; ours first, so that others yield."""
    found = {(_distribution(entry), entry.name, entry.value): entry for entry in entry_points(group=group)}
    for key in sorted(found, key=lambda key: (key[0] != OURS, key)):
        yield found[key]


def _loaded(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    # What a foreign module raises when it is imported can be anything.
    except Exception as error:
        fault = (
            f"it cannot be loaded: {type(error).__name__}: {error}; mend {entry.value}, or uninstall the distribution"
        )
        raise _unusable(entry, fault) from error


def _refuse(entry: EntryPoint, what: str, fault: str | None) -> None:
    if fault is not None:
        raise _unusable(entry, f"it is no {what}: {fault}")


def _add(found: dict[str, T], name: str, thing: T, entry: EntryPoint) -> None:
    if name in found:
        other = found[name]
        fault = f"its name {name!r} is taken by {other.__module__}.{other.__qualname__}; choose another one"
        raise _unusable(entry, fault)
    found[name] = thing


def _unusable(entry: EntryPoint, fault: str) -> CatalogueError:
    return CatalogueError(f"{_distribution(entry)}: entry point {entry.name} = {entry.value} in {entry.group}: {fault}")


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else "an unknown distribution"
