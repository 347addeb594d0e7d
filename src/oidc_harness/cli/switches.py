"""List and explain the switches, by which the provider is told to misbehave; arm and disarm them on a running server.

What is listed are the switches that are installed: ours and those of other packages. What is armed stays armed until it
is disarmed, or until it has acted as often as --times says:

  oidc-harness switches arm iss-wrong --times 1
  oidc-harness switches arm http-503 endpoint=token seconds=30 --application web
  oidc-harness switches armed
  oidc-harness switches disarm iss-wrong-1
"""

import argparse
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from oidc_harness.cli.main import PASSED, CannotGoOn
from oidc_harness.cli.running_server import add_server

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
    arming = actions.add_parser("arm", help="make a running server misbehave")
    arming.add_argument("name", metavar="NAME", help="the switch")
    arming.add_argument(
        "parameters", nargs="*", metavar="PARAMETER=VALUE", help="those that differ from their defaults"
    )
    _add_conditions(arming.add_argument_group("when it acts (always, unless said otherwise)"))
    add_server(arming)
    add_server(actions.add_parser("armed", help="what is armed on a running server"))
    disarming = actions.add_parser("disarm", help="make a running server honest again")
    disarming.add_argument("id", nargs="?", metavar="ID", help="what to take out, by the id `armed` shows; none: all")
    add_server(disarming)


def _add_conditions(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--times", type=int, metavar="N", help="at most so often")
    group.add_argument("--skip", type=int, default=0, metavar="N", help="only after so many requests that would match")
    group.add_argument("--after", metavar="ENDPOINT", help="only after a success at this endpoint")
    group.add_argument("--endpoint", metavar="ENDPOINT", help="only in requests to this endpoint")
    group.add_argument("--application", metavar="CLIENT_ID", help="only for this application")
    group.add_argument("--user", metavar="USER", help="only for this user, by id, username or e-mail address")


def execute(arguments: argparse.Namespace) -> int:
    """List, show, arm or disarm."""
    if arguments.action in ("list", "show"):
        _explain(arguments)
        return PASSED
    # The control API, which brings in its client of HTTP and pydantic.
    from oidc_harness.cli.switch_control import control

    print("\n".join(control(arguments)))
    return PASSED


def _explain(arguments: argparse.Namespace) -> None:
    from oidc_harness.harness.catalogue import Catalogue, CatalogueError, UnknownSwitch

    catalogue = Catalogue()
    try:
        lines = _listed(catalogue) if arguments.action == "list" else _shown(catalogue, catalogue.find(arguments.name))
        print("\n".join(lines))
    except (CatalogueError, UnknownSwitch) as error:
        raise CannotGoOn(str(error)) from None


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
