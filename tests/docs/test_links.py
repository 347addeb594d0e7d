"""Links lead somewhere, and every page can be found."""

from collections import deque
from pathlib import Path

import pytest

from tests.docs.pages import CHECKOUT, Page, page_name, pages

BY_PATH = {page.path: page for page in pages()}


def _target(page: Page, link: str) -> tuple[Path, str]:
    """What a link within the checkout leads to, and the anchor there."""
    path, _, anchor = link.partition("#")
    if not path:
        return page.path, anchor
    return (CHECKOUT / page.path.parent / path).resolve().relative_to(CHECKOUT), anchor


@pytest.mark.parametrize("page", pages(), ids=page_name)
def test_every_link_leads_somewhere(page: Page) -> None:
    targets = [_target(page, link) for link in page.links if "://" not in link]
    missing = [str(path) for path, _ in targets if not (CHECKOUT / path).exists()]
    assert not missing
    lost = [f"{path}#{anchor}" for path, anchor in targets if anchor and anchor not in BY_PATH[path].anchors]
    assert not lost


@pytest.mark.parametrize("page", pages(), ids=page_name)
def test_links_to_elsewhere_are_encrypted(page: Page) -> None:
    assert not [link for link in page.links if "://" in link and not link.startswith("https://")]


def test_every_page_is_reached_from_the_readme() -> None:
    found, waiting = set(), deque([Path("README.md")])
    while waiting:
        path = waiting.popleft()
        if path in BY_PATH and path not in found:
            found.add(path)
            page = BY_PATH[path]
            waiting += [_target(page, link)[0] for link in page.links if "://" not in link]
    assert found == set(BY_PATH)
