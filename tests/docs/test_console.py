"""Every command that a page shows is run, and prints what the page says."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.docs.pages import CHECKOUT, Block, Page, page_name, pages
from tests.docs.terminal import Desk
from tests.docs.transcript import commands, matches

WITH_CONSOLE = [page for page in pages() if any(block.language == "console" for block in page.blocks)]
NEEDED = ("bash", "curl", "make", "openssl")


@pytest.fixture
def desk(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing:
        pytest.skip(f"the commands of the pages need {', '.join(missing)}")
    desk = Desk(tmp_path, tmp_path_factory.getbasetemp() / "cache")
    yield desk
    desk.clear()


@pytest.mark.parametrize("page", WITH_CONSOLE, ids=page_name)
def test_a_page_does_what_it_shows(page: Page, desk: Desk) -> None:
    for block in page.blocks:
        if "file" in block.options:
            desk.keep(block)
        if block.language == "console":
            _do(block, desk)
    _validate(page, desk)


def _do(block: Block, desk: Desk) -> None:
    if "mend" in block.options:
        _mend(desk.folder / block.options["mend"], desk.folder / "mended.py")
    if "client" in block.options:
        _start_client(block.options["client"], desk)
    if "make" in block.options:
        _run_recipe(block, desk)
    elif block.text.startswith("^C"):
        desk.interrupt(block)
    elif "terminal" in block.options:
        desk.start(block)
        if "serve" in block.text and "--tls" not in block.text:
            _register_this_port(desk)
    else:
        desk.run(block)


def _validate(page: Page, desk: Desk) -> None:
    """Every file that the page has its reader write is good, but those that show what a bad one looks like."""
    files = [each.options["file"] for each in page.blocks if each.language == "yaml" and _is_whole(each)]
    if files:
        done = desk.execute(f"oidc-harness validate {' '.join(files)}", desk.folder)
        assert done.returncode == 0, done.stdout


def _is_whole(block: Block) -> bool:
    return "file" in block.options and "broken" not in block.options


def _mend(program: Path, mended: Path) -> None:
    """Do what the page tells the reader to do in an editor: put the new `read` in the place of the old one."""
    old = re.compile(r"^async def read\(.*?(?=^if __name__)", re.DOTALL | re.MULTILINE)
    text, number = old.subn(lambda found: mended.read_text("utf-8") + "\n\n", program.read_text("utf-8"))
    assert number == 1
    program.write_text(text, "utf-8")


def _start_client(path: str, desk: Desk) -> None:
    """Where a page speaks of the reader's client, it is the one of another page."""
    (page,) = (each for each in pages() if str(each.path) == path)
    desk.keep(next(block for block in page.blocks if "file" in block.options))
    desk.start(next(block for block in page.blocks if block.text.startswith("$ python ")))


def _run_recipe(block: Block, desk: Desk) -> None:
    """What make would do once everything is set up. `make test` runs a part of the tests: this is one of them."""
    for command in commands(block.text):
        dry = f"{command.text} --dry-run VENV={desk.folder / '.venv'} TESTS=tests/model"
        planned = desk.execute(dry, CHECKOUT).stdout.rstrip().split("\n")
        done = desk.execute("\n".join(line for line in planned if not line.startswith("scripts/")), CHECKOUT)
        assert done.returncode == 0, done.stdout
        assert matches(command.expected, done.stdout), done.stdout


def _register_this_port(desk: Desk) -> None:
    """The client of the pages listens at another port here, so the provider has to know its other redirect URI."""
    application = "/_harness/v1/realms/default/applications/web"
    with closing(HTTPConnection("127.0.0.1", int(desk.port("9400")))) as connection:
        connection.request("GET", application)
        known = json.load(connection.getresponse()).get("redirect_uris", [])
        more = [uri.replace("8080", desk.port("8080")) for uri in known if "8080" in uri]
        if set(more) <= set(known):
            return
        body = json.dumps({"redirect_uris": known + more})
        connection.request("PATCH", application, body, {"Content-Type": "application/json"})
        assert connection.getresponse().status == 200
