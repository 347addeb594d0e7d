"""The command line is documented whole, and pages call it as it is."""

import argparse
import re
from collections.abc import Iterator

import pytest

from docs.derived.command_line import actions_of, arguments_of, command_line_page, parser_of
from oidc_harness.cli.main import COMMANDS
from tests.docs.pages import Page, page_name, pages
from tests.docs.transcript import commands

CALL = re.compile(r"\boidc-harness ([\w-][^\n|>#…]*)")
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")


def _parsers() -> Iterator[argparse.ArgumentParser]:
    for name in COMMANDS:
        parser = parser_of(name)
        yield parser
        yield from actions_of(parser).values()


def _arguments() -> list[tuple[argparse.ArgumentParser, argparse.Action]]:
    return [(parser, argument) for parser in _parsers() for argument in arguments_of(parser)]


def _name(part: object) -> str:
    if isinstance(part, argparse.ArgumentParser):
        return part.prog
    return str(getattr(part, "dest", ""))


@pytest.mark.parametrize(("parser", "argument"), _arguments(), ids=_name)
def test_every_argument_is_explained(parser: argparse.ArgumentParser, argument: argparse.Action) -> None:
    assert argument.help or argument.metavar == "NAME"
    named = argument.choices or [argument.dest] if argument.metavar is None else [argument.metavar]
    spelled = list(map(str, argument.option_strings or named))
    assert spelled
    assert all(each in command_line_page() for each in spelled)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_shown_at_work(command: str) -> None:
    shown = [block.text for page in pages() for block in page.blocks if block.language == "console"]
    assert any(f"$ oidc-harness {command}" in text for text in shown)


def _calls(page: Page) -> list[str]:
    """What stands behind the program's name, in sentences, in scripts, and where commands are typed."""
    scripts = [block.text for block in page.blocks if block.language == "sh"]
    typed = [line for block in page.blocks if block.language == "console" for line in _typed(block.text)]
    texts = [text.replace("\\\n", " ") for text in (*page.code, *scripts, *typed)]
    return [call for text in texts for call in CALL.findall(text)]


def _typed(text: str) -> list[str]:
    return [] if text.startswith("^C") else [command.text for command in commands(text)]


def _known(call: str) -> set[str]:
    """Every option of the command that is called."""
    words = call.split()
    if words[0] not in COMMANDS:
        return {"--help", "--version"}
    parser = parser_of(words[0])
    below = actions_of(parser).get(words[1]) if len(words) > 1 else None
    return {
        "--help",
        *(
            option
            for each in (parser, below)
            if each
            for argument in arguments_of(each)
            for option in argument.option_strings
        ),
    }


@pytest.mark.parametrize("page", pages(), ids=page_name)
def test_pages_use_options_that_there_are(page: Page) -> None:
    for call in _calls(page):
        words = call.split()
        assert words[0] in COMMANDS or words[0].startswith("-") or words[0].isdigit() or "." in words[0], call
        assert set(OPTION.findall(re.sub(r"'[^']*'", "", call))) <= _known(call), call
