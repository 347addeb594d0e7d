"""The command line as a whole: help, version, and calls that are none."""

import subprocess
import sys
from pathlib import Path

import pytest

from oidc_harness import __version__
from oidc_harness.cli.main import COMMANDS, main


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert (left.value.code, capsys.readouterr().out) == (0, f"oidc-harness {__version__}\n")


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    for name, purpose in COMMANDS.items():
        assert f"    {name} " in shown
        assert " ".join(purpose.split()) in " ".join(shown.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert len(capsys.readouterr().out) > 300


NO_CALLS = [
    [],
    ["sing"],
    ["run", "--jobs", "0"],
    ["run", "--report", "pdf"],
    ["run", "--port", "x"],
    ["serve", "x"],
    ["serve", "--port", "65536"],
    ["doctor", "--port", "-1"],
]


@pytest.mark.parametrize("arguments", NO_CALLS)
def test_a_call_that_is_none(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: oidc-harness" in capsys.readouterr().err


def test_it_runs_as_a_module_and_as_a_program() -> None:
    by_module = subprocess.run([sys.executable, "-m", "oidc_harness", "--version"], capture_output=True, check=True)
    assert by_module.stdout.decode() == f"oidc-harness {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_heavy_is_imported_before_it_is_needed(command: str) -> None:
    """To explain a command must not cost what only carrying it out needs."""
    heavy = {"aiohttp", "pydantic", "ruamel.yaml", "faker", "oic", "joserfc", "cryptography", "jinja2"}
    code = f"import sys, oidc_harness.cli.main as m; m._parser([{command!r}]); print({heavy!r} & sys.modules.keys())"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert found.stdout.decode() == "set()\n"


def test_a_start_from_the_cache_needs_no_reader(tmp_path: Path) -> None:
    """pydantic, the reader of YAML and the catalogue each cost about as much as the rest of a start."""
    code = (
        "import asyncio, sys; from pathlib import Path;"
        "from oidc_harness.harness.worlds import find_fixture, load_furnishings;"
        "from oidc_harness.harness.file_cache import FileCache;"
        "import oidc_harness.cli.serve_world, oidc_harness.cli.serve_banner;"
        f"asyncio.run(load_furnishings(find_fixture('default', Path('.')), FileCache(Path({str(tmp_path)!r}))));"
        "print({'pydantic', 'ruamel.yaml', 'joserfc', 'oidc_harness.harness.catalogue'} & sys.modules.keys())"
    )
    tmp_path.chmod(0o700)
    for expected in (False, True):
        found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        assert (found.stdout.decode() == "set()\n") is expected
