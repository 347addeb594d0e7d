"""List the presets, and show which policies each sets.

A preset is chosen by `preset: NAME` of a realm in a fixture, by `preset` of a realm that the control API makes, and for
every realm of a server by `serve --preset NAME`. A policy that is stated beside it wins.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from oidc_harness.cli.main import PASSED
from oidc_harness.model.preset import PRESETS, Preset
from oidc_harness.model.realm_policy import RealmPolicy


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION")
    actions.add_parser("list", help="every preset, with what it is for (the same as no action)")
    showing = actions.add_parser("show", help="one preset: every policy that it sets")
    showing.add_argument("name", choices=tuple(PRESETS), help="which one")


def execute(arguments: argparse.Namespace) -> int:
    """List or show."""
    lines = _shown(PRESETS[arguments.name]) if arguments.action == "show" else _listed()
    print("\n".join(lines))
    return PASSED


def _listed() -> Iterator[str]:
    width = max(map(len, PRESETS)) + 2
    for name, preset in PRESETS.items():
        yield f"{name:{width}}{preset.about}"


def _shown(preset: Preset) -> Iterator[str]:
    yield preset.about
    if preset.sets:
        yield ""
    usual = {field.name: getattr(RealmPolicy(), field.name) for field in fields(RealmPolicy)}
    for name, value in preset.sets.items():
        yield f"{name} = {_written(value)}{'' if value != usual[name] else '  (the default)'}"


def _written(value: Any) -> str:
    return json.dumps(value)
