"""Files people write: YAML 1.2 turned into plain values, every one with its line and column.

ruamel.yaml composes the nodes. The values are made of them here, because a file of ours may hold nothing but what JSON
can say, and because every complaint about it has to name a place.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any, TypeAlias

from oidc_harness.harness.bad_file import BadFile
from oidc_harness.harness.plain_file import LARGEST_FILE, read_plain_file

__all__ = [
    "BadFile",
    "Document",
    "Place",
    "Problem",
    "Steps",
    "bad_file",
    "parse_document",
    "path_text",
    "read_document",
]

Steps: TypeAlias = tuple[str | int, ...]
"""The way from the top of a document to a value: names of members and indexes of lists."""

MOST_VALUES = 200_000
"""Values in a document, those behind aliases counted wherever they stand."""
LONGEST_NUMBER = 40
"""Digits."""
DEEPEST = 50
"""Levels of lists and mappings inside one another."""
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file: where, and what was expected instead."""

    file: str
    place: Place
    path: str
    """Such as `realms.default.users[2].email`; empty: the document as a whole."""
    message: str
    named_by: str = field(default="", compare=False)
    """The place in another file that names this one, such as `world.yaml:3:13`. Empty: it was asked for."""

    def __str__(self) -> str:
        """In the form in which compilers report, so that editors find the place."""
        path = f"{self.path}: " if self.path else ""
        named = f" (named by {self.named_by})" if self.named_by else ""
        return f"{self.file}:{self.place.line}:{self.place.column}: {path}{self.message}{named}"


@dataclass(frozen=True, slots=True)
class Document:
    """A file as plain values, with the place of each."""

    file: str
    tree: Any
    places: Mapping[Steps, Place]
    """Where each value begins."""
    names: Mapping[Steps, Place]
    """Where the name of each member stands."""
    digest: str
    """SHA-256 of the text."""

    def problem(self, steps: Steps, message: str, *, at_name: bool = False) -> Problem:
        """A complaint about the value at `steps`, or about its name. What is missing is looked for where it belongs."""
        known = steps
        while known not in self.places:
            known = known[:-1]
        place = self.names.get(steps, self.places[known]) if at_name else self.places[known]
        return Problem(self.file, place, path_text(steps), message)

    @contextmanager
    def naming(self, steps: Steps) -> Iterator[None]:
        """Whatever is wrong meanwhile with the file that is named at `steps` is told with that place."""
        try:
            yield
        except BadFile as error:
            place = self.places.get(steps)
            named_by = f"{self.file}:{place.line}:{place.column}" if place is not None else ""
            raise BadFile(tuple(replace(each, named_by=each.named_by or named_by) for each in error.problems)) from None


def path_text(steps: Steps) -> str:
    """A path as people read it: `realms.default.users[2].email`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{_quoted(step)}" for step in steps)
    return text.removeprefix(".")


def _quoted(name: str) -> str:
    return name if name.isprintable() and not set(name) & set(" .[]:") else ascii(name)


def read_document(path: Path) -> Document:
    """Read one YAML 1.2 document. Raises `BadFile`."""
    try:
        octets = read_plain_file(path)
    except OSError as error:
        raise bad_file(path, f"cannot be read: {error.strerror or error}") from None
    if len(octets) > LARGEST_FILE:
        raise bad_file(path, f"has more than {LARGEST_FILE} bytes; that is the most that is read")
    try:
        return parse_document(str(path), octets.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise bad_file(path, f"is not UTF-8 text (byte {error.start})") from None


def bad_file(path: Path | str, message: str) -> BadFile:
    """A complaint about a file as a whole."""
    return BadFile((Problem(str(path), Place(1, 1), "", message),))


def parse_document(file: str, text: str) -> Document:
    """Turn the text of the file of this name into values. Raises `BadFile`."""
    reader = _Reader(file)
    node = reader.compose(text)
    if node is None:
        raise bad_file(file, "is empty; expected a mapping")
    tree = reader.value(node, ())
    return Document(file, tree, reader.places, reader.names, sha256(text.encode()).hexdigest())


class _Reader:
    """Makes the values of one file, and remembers where each stands."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.places: dict[Steps, Place] = {}
        self.names: dict[Steps, Place] = {}

    def compose(self, text: str) -> Any:
        """The node at the top, or None for an empty file."""
        # Only who reads files pays for the quarter of a second this import takes.
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        _refuse_other_versions(self._file, text)
        yaml = YAML(typ="safe", pure=True)
        yaml.version = (1, 2)
        try:
            return yaml.compose(text)
        except MarkedYAMLError as error:
            raise self._not_yaml(error) from None
        except YAMLError as error:
            raise bad_file(self._file, f"is no YAML 1.2: {' '.join(str(error).split())}") from None
        except RecursionError:
            raise bad_file(self._file, f"is nested deeper than {DEEPEST} levels") from None

    def _not_yaml(self, error: Any) -> BadFile:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        told = ", ".join(part for part in (error.context, error.problem) if part)
        return BadFile((Problem(self._file, place, "", f"is no YAML 1.2: {told}"),))

    def value(self, node: Any, steps: Steps) -> Any:
        """The value of a node and all below it."""
        # What is left empty has no place of its own; its name has.
        is_left_empty = node.value == "" and node.style is None
        self.places[steps] = self.names.get(steps, _place(node)) if is_left_empty else _place(node)
        if len(self.places) > MOST_VALUES:
            raise self._refused(node, steps, f"is the value after {MOST_VALUES}; files hold at most so many")
        if len(steps) > DEEPEST:
            raise self._refused(node, steps, f"is nested deeper than {DEEPEST} levels")
        kind = str(node.tag).removeprefix(_TAG)
        if kind == "map":
            return self._mapping(node, steps)
        if kind == "seq":
            return [self.value(item, (*steps, index)) for index, item in enumerate(node.value)]
        return self._scalar(kind, node, steps)

    def _mapping(self, node: Any, steps: Steps) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for name, value in self._members(node, steps):
            members[name] = self.value(value, (*steps, name))
        return members

    def _members(self, node: Any, steps: Steps) -> Iterator[tuple[str, Any]]:
        for key, value in node.value:
            if not isinstance(key.value, str):
                raise self._refused(key, steps, "a list or mapping stands for a name; expected text")
            at = (*steps, key.value)
            if at in self.names:
                line = self.names[at].line
                raise self._refused(key, at, f"stands here a second time (first in line {line}); keep one of the two")
            self.names[at] = _place(key)
            yield key.value, value

    def _scalar(self, kind: str, node: Any, steps: Steps) -> Any:
        if kind not in _SCALARS:
            raise self._refused(node, steps, f"has the tag {str(node.tag)!a}; no tags are understood here")
        try:
            return _SCALARS[kind](node.value)
        except ValueError as error:
            raise self._refused(node, steps, str(error)) from None

    def _refused(self, node: Any, steps: Steps, message: str) -> BadFile:
        return BadFile((Problem(self._file, _place(node), path_text(steps), message),))


def _place(node: Any) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _refuse_other_versions(file: str, text: str) -> None:
    """Under YAML 1.1 `no` would be false; the directive that asks for it stands before the first `---`."""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if words[:1] == ["%YAML"] and words[1:2] != ["1.2"]:
            found = words[1] if words[1:] else "nothing"
            raise BadFile((Problem(file, Place(number, 1), "", f"asks for YAML {found}; expected 1.2"),))
        if words and not words[0].startswith(("%", "#")):
            return


def _integer(text: str) -> int:
    digits = text.replace("_", "").lower()
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"is a number of {len(digits)} digits; at most {LONGEST_NUMBER} are understood")
    base = {"0x": 16, "0o": 8, "0b": 2}.get(digits[:2], 10)
    try:
        return sign * int(digits[2:] if base != 10 else digits, base)
    except ValueError:
        raise ValueError(f"{text} is no integer") from None


def _text(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("holds half of a character (a surrogate), which is no Unicode text")
    return text


def _number(text: str) -> float:
    try:
        number = float(text.replace("_", ""))
    except ValueError:
        number = float("inf")
    if not isfinite(number):
        raise ValueError(f"{text} is no number JSON knows; expected a finite one")
    return number


_SCALARS: Mapping[str, Callable[[str], Any]] = {
    "str": _text,
    # A date stays the text it is: nothing here has a field of type date.
    "timestamp": _text,
    "int": _integer,
    "float": _number,
    "bool": lambda text: text.lower() == "true",
    "null": lambda text: None,
}
