"""How two values differ, for a person."""

import pytest

from oidc_harness.protocol.difference import describe_difference

CASES = [
    ("abc", "abd", "they first differ at character 3: 'c' against 'd'"),
    ("abc", "Abc", "they first differ at character 1: 'a' against 'A'"),
    ("abc", "abcd", "after character 3 the value that came goes on with 'd'"),
    ("abc", "abc" + "x" * 50, f"after character 3 the value that came goes on with '{'x' * 20}'"),
    ("abcd", "abc", "it ends after character 3, where 'd' should follow"),
    ("abc", "", "it ends after character 0, where 'abc' should follow"),
    ("", "a", "after character 0 the value that came goes on with 'a'"),
    ("a\u0301", "á", "they first differ at character 1: 'a' against 'á'"),
]


@pytest.mark.parametrize(("expected", "came", "where"), CASES)
def test_a_difference_is_described(expected: str, came: str, where: str) -> None:
    told = describe_difference("redirect_uri", expected, came)
    assert told == f"redirect_uri: expected {expected!r}, came {came!r}; {where}"
