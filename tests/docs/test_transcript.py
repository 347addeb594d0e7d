"""Console blocks are read as they are meant, and a transcript that is not true is noticed."""

import pytest

from tests.docs.transcript import Command, commands, matches

BLOCKS = [
    ("$ a\n", [Command("a", ())]),
    ("$ a\nb\n\nc\n", [Command("a", ("b", "", "c"))]),
    ("$ a \\\n>   b\nc\n$ d\n", [Command("a \\\n  b", ("c",)), Command("d", ())]),
]
TRUE = [
    ((), "anything\n"),
    (("a",), "a\n"),
    (("a",), "a"),
    (("a  b",), "a  b   \n\n"),
    (("a…c",), "abbc\n"),
    (("…", "z"), "z\n"),
    (("…", "z"), "x\ny\nz\n"),
    (("a", "…"), "a\nb\n"),
    (("1 in … s",), "1 in 0.3 s\n"),
]
FALSE = [
    (("a",), "b\n"),
    (("a",), "a\nb\n"),
    (("a", "b"), "a\n"),
    (("a…c",), "ab\nc\n"),
    (("a.c",), "abc\n"),
    (("…", "z"), "z\ny\n"),
]


@pytest.mark.parametrize(("block", "expected"), BLOCKS)
def test_commands_and_what_they_print(block: str, expected: list[Command]) -> None:
    assert commands(block) == expected


def test_output_before_any_command_is_refused() -> None:
    with pytest.raises(ValueError, match="before any command"):
        commands("a\n")


@pytest.mark.parametrize(("expected", "printed"), TRUE)
def test_a_true_transcript(expected: tuple[str, ...], printed: str) -> None:
    assert matches(expected, printed)


@pytest.mark.parametrize(("expected", "printed"), FALSE)
def test_a_false_transcript(expected: tuple[str, ...], printed: str) -> None:
    assert not matches(expected, printed)
