"""The page of the command line."""

import argparse
from collections.abc import Iterator
from importlib import import_module
from textwrap import dedent

from docs.derived.markdown import code, page, table
from oidc_harness.cli.main import COMMANDS

PROGRAM = "oidc-harness"
_REPEATED: dict[str | int | None, str] = {"?": "[{}]", "*": "[{} …]", "+": "{} …"}
_INTRODUCTION = """\
`oidc-harness` is on the path of the virtual environment it was installed into; after `make demo` in a checkout it is
`.venv/bin/oidc-harness`. Every command has `--help`. Exit status: 0 all is well, 1 something was found, 2 the call or a
file cannot be used."""


def command_line_page() -> str:
    """Every command with every argument."""
    commands = table(("command", "what it does"), ((f"[{name}](#{name})", said) for name, said in COMMANDS.items()))
    sections = (section for name in COMMANDS for section in _sections(name, parser_of(name)))
    return page("Command line", "the parsers in src/oidc_harness/cli", _INTRODUCTION, commands, *sections)


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser of a command."""
    module = import_module(f"oidc_harness.cli.{name}")
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} {name}", description=module.__doc__)
    module.add_arguments(parser)
    return parser


def actions_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers below one that has several actions: `switches list`, `switches show`."""
    choices = [each.choices for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    return dict(choices[0]) if choices else {}


def arguments_of(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """What can be said, actions and `--help` left out."""
    for each in parser._actions:
        if not isinstance(each, argparse._SubParsersAction | argparse._HelpAction):
            yield each


def _sections(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    yield f"## {name}"
    yield _prose(parser.description or "")
    yield _usage(parser)
    yield from _arguments(parser)
    for action, below in actions_of(parser).items():
        yield f"### {name} {action}"
        yield _usage(below)
        yield from _arguments(below)


def _prose(text: str) -> str:
    """Indented parts of a description are examples."""
    parts = dedent(text).strip().split("\n\n")
    return "\n\n".join(f"```text\n{dedent(part)}\n```" if part.startswith("  ") else part for part in parts)


def _usage(parser: argparse.ArgumentParser) -> str:
    arguments = [_spelled(each) for each in arguments_of(parser) if not each.option_strings]
    options = ["[options]"] if any(each.option_strings for each in arguments_of(parser)) else []
    action = ["ACTION"] if actions_of(parser) else []
    return f"```text\n{' '.join([parser.prog, *options, *action, *arguments])}\n```"


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    rows = [(code(_spelled(each)), _meaning(parser, each)) for each in arguments_of(parser)]
    if rows:
        yield table(("argument", "meaning"), rows)


def _spelled(action: argparse.Action) -> str:
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    if action.option_strings:
        return ", ".join(action.option_strings) + (f" {value}" if action.nargs != 0 else "")
    return _REPEATED.get(action.nargs, "{}").format(value)


def _meaning(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    return parser._get_formatter()._expand_help(action) if action.help else ""
