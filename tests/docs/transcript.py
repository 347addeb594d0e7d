"""A console block: commands behind `$ `, each with what it is expected to print."""

import re
from dataclasses import dataclass

ELLIPSIS = "…"


@dataclass(frozen=True)
class Command:
    """One command, continued lines joined, and the lines the page shows below it."""

    text: str
    expected: tuple[str, ...]


def commands(block: str) -> list[Command]:
    """The commands of a block, in their order."""
    found: list[Command] = []
    for line in block.rstrip("\n").split("\n"):
        last = found[-1] if found else None
        if line.startswith("$ "):
            found.append(Command(line[2:], ()))
        elif last is not None and last.text.endswith("\\") and line.startswith("> "):
            found[-1] = Command(f"{last.text}\n{line[2:]}", ())
        elif last is not None:
            found[-1] = Command(last.text, (*last.expected, line))
        else:
            raise ValueError(f"{line!r} stands before any command; begin a command with '$ '")
    return found


def matches(expected: tuple[str, ...], printed: str) -> bool:
    """Whether what was printed is what a page shows; `…` stands for anything in a line, alone for any lines."""
    return not expected or re.fullmatch(_pattern(expected), _tidied(printed)) is not None


def _pattern(expected: tuple[str, ...]) -> str:
    lines = []
    for line in expected:
        if line.strip() == ELLIPSIS:
            lines.append(r"(?:[^\n]*\n)*")
        else:
            lines.append(".*".join(map(re.escape, line.rstrip().split(ELLIPSIS))) + r"\n")
    return "".join(lines)


def _tidied(printed: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in printed.rstrip().split("\n"))
