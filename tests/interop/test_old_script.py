"""The scripts of the pages are in the oldest ECMAScript that any engine still speaks, edition 3."""

import subprocess

import pytest

from oidc_harness.web.iframe import check_session_script
from oidc_harness.web.templates import FRAMES_SCRIPT, SUBMIT_SCRIPT

from .conftest import NODE_FOLDER

pytestmark = pytest.mark.interop
SCRIPTS = {"check_session": check_session_script(), "form_post": SUBMIT_SCRIPT, "logged_out": FRAMES_SCRIPT}


def refusal(text: str, node: str) -> str:
    """What the parser says against it; nothing where it is in that edition."""
    command = [node, "old-script.js", "3"]
    return subprocess.run(command, input=text, capture_output=True, text=True, cwd=NODE_FOLDER, timeout=60).stderr


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=list(SCRIPTS))
def test_an_old_engine_can_read_it(text: str, node: str) -> None:
    assert refusal(text, node) == ""


@pytest.mark.parametrize("text", ["let x = 1;", "var f = () => 1;", "`${x}`;", "var o = {get a() {}};"])
def test_what_is_newer_would_be_noticed(text: str, node: str) -> None:
    assert "SyntaxError" in refusal(text, node)
