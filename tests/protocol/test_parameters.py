"""Parameters: once only, bounded, empty means absent (RFC 6749 3.1)."""

import pytest

from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.parameters import LONGEST_VALUE, MOST_PARAMETERS, Parameters, first


def test_values_by_name() -> None:
    parameters = Parameters((("a", "1"), ("b", ""), ("", "2"), ("c", " ")))
    assert dict(parameters) == {"a": "1", "": "2", "c": " "}
    assert len(parameters) == 3
    assert parameters.get("b") is None
    assert "b" not in parameters
    assert parameters.get("d", "default") == "default"
    assert parameters.pairs[1] == ("b", "")


def test_a_required_one() -> None:
    parameters = Parameters((("a", "1"), ("b", "")))
    assert parameters.required("a") == "1"
    for name in ("b", "c"):
        with pytest.raises(OAuthError) as refusal:
            parameters.required(name)
        assert refusal.value.description == f"{name} is missing"


@pytest.mark.parametrize("repeated", [("a", "1"), ("a", "2"), ("a", "")])
def test_a_repeated_one_is_refused_when_it_is_asked_for(repeated: tuple[str, str]) -> None:
    parameters = Parameters((("a", "1"), ("b", "2"), repeated))
    assert parameters["b"] == "2"
    for ask in (lambda: parameters["a"], lambda: parameters.get("a"), lambda: "a" in parameters):
        with pytest.raises(OAuthError, match="given more than once"):
            ask()
    with pytest.raises(OAuthError) as refusal:
        parameters.check_once()
    assert (refusal.value.code, refusal.value.where.tag) == ("invalid_request", "RFC6749-3.1")


def test_none_is_repeated() -> None:
    parameters = Parameters((("a", "1"), ("b", "1")))
    assert parameters.check_once() is parameters


def test_long_ones_are_refused_and_not_cut() -> None:
    longest = "x" * LONGEST_VALUE
    parameters = Parameters((("a", longest), ("b", longest + "x")))
    assert parameters["a"] == longest
    with pytest.raises(OAuthError, match=f"b has {LONGEST_VALUE + 1} characters"):
        parameters.get("b")


def test_too_many_are_refused() -> None:
    pairs = tuple((f"p{number}", "x") for number in range(MOST_PARAMETERS))
    assert len(Parameters(pairs)) == MOST_PARAMETERS
    with pytest.raises(OAuthError, match="at most") as refusal:
        Parameters((*pairs, ("one", "more")))
    assert refusal.value.where.tag == "RFC6749-3.1"


@pytest.mark.parametrize("name", ["resource", "audience"])
def test_what_may_come_several_times(name: str) -> None:
    """RFC 8707 2, RFC 8693 2.1; the others stay bound to once."""
    parameters = Parameters(((name, "https://a.example"), (name, "https://b.example"), ("scope", "a")))
    assert parameters.check_once() is parameters
    with pytest.raises(OAuthError, match="given more than once"):
        Parameters((*parameters.pairs, ("scope", "b"))).check_once()


def test_the_first_of_several() -> None:
    pairs = (("a", ""), ("a", "1"), ("a", "2"))
    assert (first(pairs, "a"), first(pairs, "b")) == ("1", None)
