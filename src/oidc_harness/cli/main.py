"""The command line: which commands there are, and what they have in common."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from oidc_harness import __version__

PASSED, FAILED, UNUSABLE = 0, 1, 2
"""Exit statuses: all is well; something was found; the call, a file or the surroundings are not usable."""

COMMANDS = {
    "serve": "run the provider, furnished with a world of applications and users",
    "run": "run scenarios against a client and say which ones catch it",
    "validate": "check fixture, people and scenario files",
    "switches": "list and explain switches; arm and disarm them on a running server",
    "keys": "list the signing keys of a running server; publish, use, retire and remove them",
    "presets": "list the presets of realms; show what each sets",
    "users": "list the users of a fixture; make new ones up",
    "schema": "print JSON Schema of the files people write and of the report",
    "doctor": "check the installation, and whether a server can be reached",
}
"""Name → what it does. Each is a module of this package with `add_arguments(parser)` and `execute(arguments)`."""

_EPILOG = """\
first steps:
  oidc-harness serve                             a provider at http://127.0.0.1:9400
  oidc-harness run                               every scenario against the bundled careful client
  oidc-harness run --client-name careless        the same against a client that checks nothing
  oidc-harness run --client http://localhost:8080 --client-id my-app --client-secret my-secret
                                                 the same against a client of yours

exit status: 0 all is well, 1 something was found, 2 the call or a file cannot be used
"""


class CannotGoOn(Exception):
    """What the command was asked for cannot be done; the message says why, and what to do. Exit status 2."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    said = sys.argv[1:] if arguments is None else arguments
    parsed = _parser(said).parse_args(said)
    try:
        status: int = parsed.execute(parsed)
    except CannotGoOn as error:
        print(f"oidc-harness {parsed.command}: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has had enough of it. Closing it quietly keeps Python from complaining at its exit.
        sys.stderr.close()
        return FAILED
    return status


def _parser(said: Sequence[str]) -> argparse.ArgumentParser:
    """What can be said, in full for the commands that are among what is said."""
    parser = argparse.ArgumentParser(
        prog="oidc-harness",
        description="An OpenID Provider that can be told to misbehave, and a verdict on the client that met it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"oidc-harness {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, formatter_class=argparse.RawDescriptionHelpFormatter)
        if name in said:
            module = import_module(f"oidc_harness.cli.{name}")
            command.description = module.__doc__
            module.add_arguments(command)
            command.set_defaults(execute=module.execute)
    return parser
