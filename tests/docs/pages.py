"""The pages of the documentation, taken apart: headings, links, and fenced blocks with what is said about them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(?P<language>\w*)(?P<options>[^\n`]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_NAMED = re.compile(r'<a id="([a-z0-9-]+)"></a>')
_LINK = re.compile(r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """What stands between two fences; `options` follow the language: ```yaml file=my-world.yaml."""

    language: str
    options: dict[str, str]
    text: str


@dataclass(frozen=True)
class Page:
    """A file of Markdown; `path` is relative to the checkout."""

    path: Path
    text: str = field(repr=False)

    @property
    def blocks(self) -> list[Block]:
        return [
            Block(found["language"], _options(found["options"]), found["text"]) for found in _FENCE.finditer(self.text)
        ]

    @property
    def prose(self) -> str:
        """Everything outside of fences."""
        return _FENCE.sub("", self.text)

    @property
    def links(self) -> list[str]:
        return _LINK.findall(_CODE.sub("", self.prose))

    @property
    def code(self) -> list[str]:
        """What is set as code within sentences."""
        return _CODE.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        return {_anchor(heading) for heading in _HEADING.findall(self.prose)} | set(_NAMED.findall(self.prose))


def _options(text: str) -> dict[str, str]:
    return {name: value for name, _, value in (word.partition("=") for word in text.split())}


def _anchor(heading: str) -> str:
    """As GitHub makes them."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


@cache
def pages() -> tuple[Page, ...]:
    """Every page that people read."""
    return tuple(Page(path, (CHECKOUT / path).read_text("utf-8")) for path in sorted(_paths()))


def _paths() -> Iterator[Path]:
    for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md"):
        yield Path(name)
    for found in (CHECKOUT / "docs").rglob("*.md"):
        yield found.relative_to(CHECKOUT)


def page_name(page: object) -> str:
    """For the names of tests."""
    return str(page.path) if isinstance(page, Page) else ""
