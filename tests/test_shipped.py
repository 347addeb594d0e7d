"""Scenarios and fixtures are found in a checkout and in an installed wheel."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from oidc_harness import shipped

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDERS = ("scenarios", "fixtures")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the project's wheel unpacked into it, as an installation does."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(CHECKOUT),
    ]
    answer = subprocess.run(build, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site-packages")
    return folder / "site-packages"


def _files(folder: Path) -> set[str]:
    found = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc")
    return {file.relative_to(folder).as_posix() for file in found}


def test_a_checkout_uses_the_folders_at_its_top() -> None:
    assert shipped.scenarios_directory() == CHECKOUT / "scenarios"
    assert shipped.fixtures_directory() == CHECKOUT / "fixtures"


@pytest.mark.parametrize("name", FOLDERS)
def test_an_installed_package_uses_its_own_copy(installed: Path, name: str) -> None:
    program = f"from oidc_harness import shipped; print(shipped.{name}_directory())"
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=installed,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert Path(answer.stdout.strip()) == installed / "oidc_harness" / name


@pytest.mark.parametrize("name", FOLDERS)
def test_the_wheel_carries_every_file_of_the_folder(installed: Path, name: str) -> None:
    assert _files(installed / "oidc_harness" / name) == _files(CHECKOUT / name)


def test_the_wheel_carries_every_file_of_the_package(installed: Path) -> None:
    written = _files(CHECKOUT / "src" / "oidc_harness")
    assert written <= _files(installed / "oidc_harness")
    assert "py.typed" in written


def test_an_installation_without_them_says_where_it_looked(tmp_path: Path, installed: Path) -> None:
    bare = tmp_path / "lib" / "oidc_harness"
    bare.mkdir(parents=True)
    for name in ("__init__.py", "shipped.py"):
        (bare / name).write_bytes((installed / "oidc_harness" / name).read_bytes())
    program = "from oidc_harness import shipped; shipped.fixtures_directory()"
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(bare.parent)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == 1
    assert f"{bare / 'fixtures'} and {tmp_path / 'fixtures'}" in answer.stderr
