"""What every page keeps, and what the changelog and the front page have."""

import re

import pytest

from oidc_harness import __version__
from tests.docs.pages import CHECKOUT, Page, page_name, pages


def _text(name: str) -> str:
    return (CHECKOUT / name).read_text("utf-8")


@pytest.mark.parametrize("page", pages(), ids=page_name)
def test_a_page_begins_with_its_title(page: Page) -> None:
    lines = [line for line in page.text.split("\n") if line and not line.startswith("<!--")]
    assert lines[0].startswith("# ")
    assert sum(line.startswith("# ") for line in page.prose.split("\n")) == 1


@pytest.mark.parametrize("page", pages(), ids=page_name)
def test_a_page_names_no_place_on_the_machine_it_was_written_on(page: Page) -> None:
    assert not re.search(r"(?<![\w.])/(?:home|root|tmp|Users)/", page.text)
    assert str(CHECKOUT) not in page.text


def test_the_changelog_speaks_of_this_version() -> None:
    changelog = _text("CHANGELOG.md")
    assert "## [Unreleased]" in changelog
    assert __version__ in changelog


def test_the_readme_warns_before_anything_is_started() -> None:
    readme = _text("README.md")
    assert 0 < readme.index("Never type a real password") < readme.index("$ make demo")


def test_the_architecture_names_files_that_there_are() -> None:
    (page,) = (page for page in pages() if page.path.name == "architecture.md")
    named = {text for text in page.code if re.fullmatch(r"[a-z_]+/(?:[a-z_]+/)*(?:[a-z_]+\.py)?", text)}
    places = (CHECKOUT / "src" / "oidc_harness", CHECKOUT)
    assert len(named) > 20
    assert not [text for text in named if not any((place / text).exists() for place in places)]


def test_the_layers_are_told_once_and_for_all() -> None:
    """README, architecture and package name the same folders in the same order."""
    import oidc_harness

    folders = re.compile(r"^ *((?:\w+(?:/|\.py) +)+)", re.MULTILINE)
    told = [
        folders.findall(text)
        for text in (_text("README.md"), _text("docs/architecture.md"), oidc_harness.__doc__ or "")
    ]
    shown = [[name for line in lines for name in line.split()] for lines in told]
    assert "relying_party/" in shown[0]
    assert shown[0] == shown[1] == shown[2]
