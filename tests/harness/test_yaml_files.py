"""Files people write: what is read, and the exact place and words of what is refused."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oidc_harness.harness.plain_file import LARGEST_FILE
from oidc_harness.harness.yaml_files import (
    MOST_VALUES,
    BadFile,
    Place,
    parse_document,
    path_text,
    read_document,
)

DEEP = 60
GOOD: list[tuple[str, Any]] = [
    ("a: no\nb: NO\nc: yes\nd: on", {"a": "no", "b": "NO", "c": "yes", "d": "on"}),
    ("a: true\nb: False\nc: ~\nd:\ne: null", {"a": True, "b": False, "c": None, "d": None, "e": None}),
    ("a: 10\nb: -1_000\nc: 0x1F\nd: 0o17\ne: 010\nf: 1e3\ng: -0.5", None),
    ("a: 2001-12-14\nb: 12:30:45", {"a": "2001-12-14", "b": "12:30:45"}),
    ('a: ""\nb: "12"\nc: \'x\'\nd: |\n  two\n  lines\n', {"a": "", "b": "12", "c": "x", "d": "two\nlines\n"}),
    ("- 1\n- [2, {a: 3}]", [1, [2, {"a": 3}]]),
    ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
    ("%YAML 1.2\n---\na: 1", {"a": 1}),
    ("1: a\nnull: b", {"1": "a", "null": "b"}),
    ("<<: {a: 1}", {"<<": {"a": 1}}),
]
NUMBERS = {"a": 10, "b": -1000, "c": 31, "d": 15, "e": 10, "f": 1000.0, "g": -0.5}

REFUSED = [
    ("", "f:1:1: is empty; expected a mapping"),
    ("# only a remark\n", "f:1:1: is empty; expected a mapping"),
    ("a: 1\nb: 2\na: 3", "f:3:1: a: stands here a second time (first in line 1); keep one of the two"),
    (
        "a:\n  - b: 1\n    c: 2\n    b: 3",
        "f:4:5: a[0].b: stands here a second time (first in line 2); keep one of the two",
    ),
    ("a: [1", "f:1:6: is no YAML 1.2: while parsing a flow sequence, expected ',' or ']', but got '<stream end>'"),
    ("a: b: c", "f:1:5: is no YAML 1.2: mapping values are not allowed here"),
    ("a: *x", "f:1:4: is no YAML 1.2: found undefined alias 'x'"),
    ("%YAML 1.1\n---\na: no", "f:1:1: asks for YAML 1.1; expected 1.2"),
    ("# first\n%YAML\n---\na: 1", "f:2:1: asks for YAML nothing; expected 1.2"),
    ("a: !!python/object:os.system x", None),
    ("a: !mine x", "f:1:4: a: has the tag '!mine'; no tags are understood here"),
    ("a: !!binary aaaa", "f:1:4: a: has the tag 'tag:yaml.org,2002:binary'; no tags are understood here"),
    ("? [1, 2]\n: 3", "f:1:3: a list or mapping stands for a name; expected text"),
    ("a: .inf", "f:1:4: a: .inf is no number JSON knows; expected a finite one"),
    ("a: .NaN", "f:1:4: a: .NaN is no number JSON knows; expected a finite one"),
    ("a: !!int x", "f:1:4: a: x is no integer"),
    ("a: !!float x", "f:1:4: a: x is no number JSON knows; expected a finite one"),
    (f"a: {'9' * 41}", "f:1:4: a: is a number of 41 digits; at most 40 are understood"),
    ('a: "\\ud800"', "f:1:4: a: holds half of a character (a surrogate), which is no Unicode text"),
    ("[" * DEEP + "]" * DEEP, f"f:1:52: {'[0]' * 51}: is nested deeper than 50 levels"),
    ("a: &x [*x]", f"f:1:4: a{'[0]' * 50}: is nested deeper than 50 levels"),
    ("{" * 5000, "f:1:1: is nested deeper than 50 levels"),
]


@pytest.mark.parametrize(("text", "tree"), GOOD)
def test_what_is_read(text: str, tree: Any) -> None:
    assert parse_document("f", text).tree == (NUMBERS if tree is None else tree)


@pytest.mark.parametrize(("text", "complaint"), REFUSED)
def test_what_is_refused(text: str, complaint: str | None) -> None:
    with pytest.raises(BadFile) as refused:
        parse_document("f", text)
    tagged = "f:1:4: a: has the tag 'tag:yaml.org,2002:python/object:os.system'; no tags are understood here"
    assert str(refused.value) == (complaint or tagged)


def test_two_documents_are_refused() -> None:
    with pytest.raises(BadFile, match=r"^f:2:1: is no YAML 1\.2: expected a single document"):
        parse_document("f", "a: 1\n---\nb: 2")


def test_control_characters_are_refused() -> None:
    with pytest.raises(BadFile, match=r"^f:1:1: is no YAML 1\.2: unacceptable character #x0000"):
        parse_document("f", "a: \x00")


def test_aliases_cannot_be_used_to_fill_the_memory() -> None:
    levels = ["l0: &l0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]" for level in range(1, 9)]
    with pytest.raises(BadFile, match=f"is the value after {MOST_VALUES}; files hold at most so many"):
        parse_document("f", "\n".join(levels))


PLACES = [
    (("a",), Place(1, 4), Place(1, 1)),
    (("b",), Place(3, 3), Place(2, 1)),
    (("b", 0), Place(3, 5), None),
    (("b", 0, "c"), Place(3, 8), Place(3, 5)),
    (("b", 1), Place(4, 5), None),
    (("d",), Place(5, 1), Place(5, 1)),
    (("e",), Place(6, 4), Place(6, 1)),
]


@pytest.mark.parametrize(("steps", "value", "name"), PLACES)
def test_every_value_has_its_place(steps: tuple[str | int, ...], value: Place, name: Place | None) -> None:
    """What is left empty is at its name; an empty text in quotes is where it stands."""
    document = parse_document("f", 'a: 1\nb:\n  - c: 2\n  - 3\nd:\ne: ""\n')
    assert document.places[steps] == value
    assert document.names.get(steps) == name


def test_what_is_missing_is_told_where_it_belongs() -> None:
    document = parse_document("f", "a:\n  b: {c: 1}\n")
    assert str(document.problem(("a", "b", "d", "e"), "is missing")) == "f:2:6: a.b.d.e: is missing"
    assert str(document.problem(("a", "b"), "is odd", at_name=True)) == "f:2:3: a.b: is odd"


@pytest.mark.parametrize(
    ("steps", "text"),
    [((), ""), (("a", 0, 1, "b"), "a[0][1].b"), (("a.b", "c d", "é", "\n"), "'a.b'.'c d'.é.'\\n'")],
)
def test_paths_are_written_so_that_each_step_can_be_seen(steps: tuple[str | int, ...], text: str) -> None:
    assert path_text(steps) == text


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as refused:
        read_document(tmp_path / "none.yaml")
    assert str(refused.value) == f"{tmp_path}/none.yaml:1:1: cannot be read: No such file or directory"


def test_a_file_that_is_too_large_or_no_text(tmp_path: Path) -> None:
    large, binary = tmp_path / "large.yaml", tmp_path / "binary.yaml"
    large.write_bytes(b"#" * (LARGEST_FILE + 1))
    binary.write_bytes(b"a: \xff")
    with pytest.raises(BadFile, match=f"has more than {LARGEST_FILE} bytes"):
        read_document(large)
    with pytest.raises(BadFile, match=r"is not UTF-8 text \(byte 3\)"):
        read_document(binary)


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_has_no_end_is_not_read(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "people.yaml")
    with pytest.raises(BadFile, match=r"people\.yaml:1:1: cannot be read: it is no regular file"):
        read_document(tmp_path / "people.yaml")
