"""What stands between fences is of a kind that a test looks at."""

import ast
import tomllib
from collections.abc import Callable

import pytest

from tests.docs.pages import CHECKOUT, Block, Page, page_name, pages

BLOCKS = [(page, block) for page in pages() for block in page.blocks]


def _in(language: str) -> list[tuple[Page, Block]]:
    return [(page, block) for page, block in BLOCKS if block.language == language]


def _commands(page: Page) -> str:
    return "".join(block.text for block in page.blocks if block.language == "console")


@pytest.mark.parametrize("page", pages(), ids=page_name)
def test_every_block_says_what_it_is(page: Page) -> None:
    assert {block.language for block in page.blocks} <= {"", "console", "python", "sh", "text", "toml", "yaml"}


@pytest.mark.parametrize(("page", "block"), _in("yaml"), ids=page_name)
def test_yaml_is_a_file_to_be_checked(page: Page, block: Block) -> None:
    # Files are validated where the commands of the page are run, beside what these make.
    assert "file" in block.options or "same" in block.options
    assert "file" not in block.options or _commands(page)


@pytest.mark.parametrize(("page", "block"), [each for each in BLOCKS if "same" in each[1].options], ids=page_name)
def test_a_quoted_file_is_quoted_whole(page: Page, block: Block) -> None:
    assert block.text == (CHECKOUT / block.options["same"]).read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "parse"), [("python", ast.parse), ("toml", tomllib.loads)], ids=["python", "toml"]
)
def test_code_can_be_read_and_is_used(language: str, parse: Callable[[str], object]) -> None:
    for page, block in _in(language):
        parse(block.text)
        assert "file" in block.options or "part" in block.options, f"{page.path}: nothing runs this:\n{block.text}"


def test_every_program_is_run_by_its_page() -> None:
    for page, block in _in("python"):
        # A package is installed by its folder; `mended.py` is put into another program.
        name = block.options.get("file", "mended.py").split("/")[0]
        assert name == "mended.py" or name in _commands(page), f"{page.path}: {name} is not run"


@pytest.mark.parametrize(("page", "block"), [each for each in BLOCKS if "part" in each[1].options], ids=page_name)
def test_quoted_code_is_the_code(page: Page, block: Block) -> None:
    assert block.text in (CHECKOUT / block.options["part"]).read_text("utf-8")
