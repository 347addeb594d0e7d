"""What templates are made with: links that run nothing, names of people, colours that can be told apart."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from oidc_harness.model.user import Profile
from oidc_harness.web import templates
from oidc_harness.web.templates import describe_person, is_followable
from tests.support import records

STYLE = (Path(templates.__file__).parent / "pages" / "templates" / "style.css").read_text("utf-8")


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://rp.example/callback?error=access_denied", True),
        ("photos.example:/callback", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("http://[", False),
    ],
)
def test_no_link_runs_anything(url: str, followed: bool) -> None:
    assert is_followable(url) == followed


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        (Profile(name="Alice Liddell", given_name="A."), "Alice Liddell (alice@people.example)"),
        (Profile(given_name="Alice", family_name="L."), "Alice L. (alice@people.example)"),
        (Profile(family_name="L."), "L. (alice@people.example)"),
        (Profile(), "alice"),
    ],
)
def test_people_are_called_by_their_names(profile: Profile, told: str) -> None:
    assert describe_person(records.user(profile=profile)) == told


TEXTS = [
    *[(front, ground) for front in ("text", "soft", "accent") for ground in ("ground", "card")],
    *[("on-accent", "accent"), ("on-accent", "accent-over"), ("on-banner", "banner")],
    *[("bad", "card"), ("bad", "bad-ground")],
]
"""Text and what it stands on, by custom property: 4.5 to 1 (WCAG 2.2, 1.4.3)."""
EDGES = [("field", "card"), ("accent", "card"), ("bad", "card")]
"""Edges of fields and of what has the focus: 3 to 1 (WCAG 2.2, 1.4.11)."""


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "ground", "least"), [(*pair, 4.5) for pair in TEXTS] + [(*pair, 3.0) for pair in EDGES]
)
def test_colours_can_be_told_apart(scheme: int, front: str, ground: str, least: float) -> None:
    colours = list(_schemes())[scheme]
    lighter, darker = sorted((_luminance(colours[front]), _luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


def _schemes() -> Iterator[dict[str, str]]:
    for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL):
        yield dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
