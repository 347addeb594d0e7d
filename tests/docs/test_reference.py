"""The pages that are derived from the code say what the code says now."""

import re

import pytest

from docs.generate import PAGES, REFERENCE
from tests.docs.pages import Page, pages

RULE = re.compile(r"\(([A-F][0-9]{1,2})(?:[,)])")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_it_would_be_written_now(name: str) -> None:
    assert (REFERENCE / name).read_text("utf-8") == PAGES[name](), "run: python -m docs.generate"


def test_nothing_else_lies_among_them() -> None:
    assert {path.name for path in REFERENCE.iterdir()} == set(PAGES)


def _page(path: str) -> Page:
    (found,) = (page for page in pages() if str(page.path) == path)
    return found


def test_every_rule_that_a_page_names_is_in_the_application_model() -> None:
    named = {rule.lower() for page in pages() for rule in RULE.findall(page.prose)}
    assert named <= _page("docs/application-model.md").anchors
