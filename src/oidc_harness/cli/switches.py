"""List and explain the switches, by which the provider is told to misbehave.

What is listed are the switches that are installed: ours and those of other packages.
"""

import argparse
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from oidc_harness.cli.main import PASSED, CannotGoOn

if TYPE_CHECKING:
    # Imported where it is needed: it finds and imports every installed switch.
    from oidc_harness.harness.catalogue import Catalogue, SwitchClass

_WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="every switch, with what the provider does then")
    showing = actions.add_parser("show", help="one switch: what it breaks, what a correct client does, its parameters")
    showing.add_argument("name", metavar="NAME")


def execute(arguments: argparse.Namespace) -> int:
    """List or show."""
    from oidc_harness.harness.catalogue import Catalogue, CatalogueError, UnknownSwitch

    catalogue = Catalogue()
    try:
        lines = _listed(catalogue) if arguments.action == "list" else _shown(catalogue, catalogue.find(arguments.name))
        print("\n".join(lines))
    except (CatalogueError, UnknownSwitch) as error:
        raise CannotGoOn(str(error)) from None
    return PASSED


def _listed(catalogue: "Catalogue") -> Iterator[str]:
    switches = catalogue.switches()
    width = max(len(switch.name) for switch in switches) + 2
    for switch in switches:
        yield f"{switch.name:{width}}{_purpose(switch)}"


def _purpose(switch: "SwitchClass") -> str:
    return (switch.__doc__ or "").strip().partition("\n")[0]


def _shown(catalogue: "Catalogue", switch: "SwitchClass") -> Iterator[str]:
    yield switch.name
    yield ""
    for paragraph in textwrap.dedent("    " + (switch.__doc__ or "")).strip().split("\n\n"):
        yield textwrap.fill(" ".join(paragraph.split()), _WIDTH)
    yield ""
    yield f"seam     {switch.seam}"
    yield f"breaks   {switch.breaks}, {switch.breaks.title}".rstrip(", ")
    if switch.breaks.link:
        yield f"         {switch.breaks.link}"
    yield textwrap.fill(switch.expects.describe(), _WIDTH, initial_indent="expects  ", subsequent_indent=" " * 9)
    yield ""
    yield from _parameters(catalogue, switch)


def _parameters(catalogue: "Catalogue", switch: "SwitchClass") -> Iterator[str]:
    described = catalogue.describe(switch)
    if not described:
        yield "It has no parameters."
    for parameter in described:
        yield f"parameter {parameter.name} = {parameter.default!r}: {parameter.allowed()}"
        if parameter.doc:
            yield textwrap.fill(" ".join(parameter.doc.split()), _WIDTH, initial_indent="  ", subsequent_indent="  ")
