"""Spec tags: a document that is known, a section, and a link that leads there."""

import ast
from pathlib import Path

import pytest

import oidc_harness
from oidc_harness.protocol.spec import spec

SOURCE = Path(oidc_harness.__file__).parent

KNOWN = [
    ("RFC6749-4.1.2.1", "RFC 6749 OAuth 2.0, 4.1.2.1", "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1"),
    (
        "OIDCC-3.1.3.7",
        "OpenID Connect Core 1.0, 3.1.3.7",
        "https://openid.net/specs/openid-connect-core-1_0.html#rfc.section.3.1.3.7",
    ),
    ("HARNESS-B3", "oidc-harness application model, B3", ""),
]


@pytest.mark.parametrize(("tag", "title", "link"), KNOWN)
def test_a_tag_becomes_title_and_link(tag: str, title: str, link: str) -> None:
    place = spec(tag)
    assert (place.tag, place.title, place.link, str(place)) == (tag, title, link, tag)


def test_a_numbered_rule() -> None:
    assert str(spec("OIDCC-3.1.3.7", rule=10)) == "OIDCC-3.1.3.7 rule 10"


@pytest.mark.parametrize("tag", ["RFC6749", "RFC0000-1", "OIDCX-1", "", "-1", "RFC-1"])
def test_a_wrong_tag_fails_where_it_is_written(tag: str) -> None:
    with pytest.raises(ValueError, match="spec tag"):
        spec(tag)


def test_every_tag_in_the_source_is_known() -> None:
    tags = [tag for path in sorted(SOURCE.rglob("*.py")) for tag in tags_in(path)]
    assert len(tags) > 50
    for tag in tags:
        assert spec(tag).title


def tags_in(path: Path) -> list[str]:
    """The texts that `spec` is called with; those put together at run time are not looked at."""
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    named = (node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "spec" and node.args)
    constants = (node.args[0] for node in named if isinstance(node.args[0], ast.Constant))
    return [str(constant.value) for constant in constants]
