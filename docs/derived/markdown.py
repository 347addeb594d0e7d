"""The little Markdown that derived pages are made of."""

import re
from collections.abc import Iterable, Sequence
from inspect import cleandoc

_NOTICE = "<!-- Written by `python -m docs.generate` from {source}. Change it there. -->"
_RULE_IDS = re.compile(r"\b([A-F][0-9]{1,2})\b(?=[),;])")


def page(title: str, source: str, *parts: str) -> str:
    """A whole page: notice, title, and its parts with an empty line between them."""
    return "\n\n".join([_NOTICE.format(source=source), f"# {title}", *parts]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown already, on one line each."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def bullets(items: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {item}" for item in items)


def code(text: object) -> str:
    """As it is typed."""
    return f"`{text}`"


def anchor(heading: str) -> str:
    """The name under which a heading can be linked to, as GitHub makes it."""
    kept = "".join(character for character in heading.lower() if character.isalnum() or character in " -_")
    return kept.replace(" ", "-")


def paragraphs(docstring: str | None) -> str:
    """A docstring without its indentation and hard line breaks."""
    return "\n\n".join(" ".join(part.split()) for part in cleandoc(docstring or "").split("\n\n"))


def summary(docstring: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return paragraphs(docstring).partition("\n\n")[0]


def for_files(text: str) -> str:
    """What the code says of a field, for people who write files: there nothing is `null`."""
    return text.replace("None:", "`null`:")


def linked_rules(text: str, application_model: str = "../application-model.md") -> str:
    """The same text; ids of the application model, such as A16 in brackets, lead to it."""
    return _RULE_IDS.sub(lambda found: f"[{found[1]}]({application_model}#{found[1].lower()})", text)
