"""A fresh machine: which Python is taken, what is said when none fits, and a lock that has all."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[1]

# Interpreters of a fresh machine, as far as set-up asks them anything.
SHIM = "echo 'command not found' >&2; exit 127"
TOO_OLD = "exit 1"
WITHOUT_VENV = f"""case "$*" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@" """
BREAKS_OFF = f"""case "$*" in *' venv '*|'-m venv'*) mkdir -p "$3"; exit 3;; esac; exec {sys.executable} "$@" """


class Machine:
    """A search path with only the programs that set-up needs, and the interpreters a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.programs.mkdir()
        self.environment = folder / "environment"
        for tool in ("sh", "dirname", "cat", "mkdir", "rm"):
            (self.programs / tool).symlink_to(shutil.which(tool) or tool)

    def install(self, name: str, body: str) -> None:
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        program.chmod(0o755)

    def set_up(self, *wanted: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(CHECKOUT / "scripts" / "set-up"), str(self.environment), *wanted],
            env={"PATH": str(self.programs), "HOME": os.environ.get("HOME", "/")},
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize(
    ("interpreters", "wanted", "told"),
    [
        ({}, (), "No Python of version 3.11 or later runs here"),
        ({"python3.13": SHIM, "python3": TOO_OLD}, (), "No Python of version 3.11 or later runs here"),
        ({"python3": TOO_OLD}, ("python3",), "PYTHON=python3 is no Python of version 3.11 or later"),
        ({"python3.12": BREAKS_OFF}, ("/no/such/python",), "PYTHON=/no/such/python is no Python"),
        ({"python3": WITHOUT_VENV}, (), "apt-get install python3."),
        ({"python3.13": SHIM, "python3.12": WITHOUT_VENV}, (), "python3.12 is Python"),
    ],
)
def test_where_no_python_fits_the_reason_is_told(
    machine: Machine, interpreters: dict[str, str], wanted: tuple[str, ...], told: str
) -> None:
    for name, body in interpreters.items():
        machine.install(name, body)
    answer = machine.set_up(*wanted)
    assert answer.returncode == 1
    assert told in answer.stderr
    assert not machine.environment.exists()


def test_an_interpreter_that_does_not_run_is_passed_over(machine: Machine) -> None:
    machine.install("python3.13", SHIM)
    machine.install("python3.12", WITHOUT_VENV)
    machine.install("python3", BREAKS_OFF)
    answer = machine.set_up()
    assert answer.returncode == 3
    assert "Setting up" in answer.stderr


def test_uv_is_used_where_there_is_one_with_an_interpreter_that_runs(machine: Machine) -> None:
    machine.install("uv", 'echo "uv $*" >&2; exit 3')
    machine.install("python3.13", SHIM)
    machine.install("python3", WITHOUT_VENV)
    answer = machine.set_up()
    assert answer.returncode == 3
    assert f"uv venv --quiet --seed --allow-existing --python python3 {machine.environment}" in answer.stderr


def test_an_interrupted_set_up_begins_anew(machine: Machine) -> None:
    machine.install("python3", BREAKS_OFF)
    machine.environment.mkdir()
    (machine.environment / "half-installed").touch()
    assert machine.set_up().returncode == 3
    assert machine.environment.exists()
    assert not (machine.environment / "half-installed").exists()
    assert not (machine.environment / ".ready").exists()


def _locked() -> dict[str, str]:
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version in re.findall(r"^(\S+?)==(\S+)", lock, re.M)}


def _needed() -> list[Requirement]:
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    named = (*settings["project"]["dependencies"], *settings["dependency-groups"]["dev"])
    return [Requirement(each) for each in named]


@pytest.mark.parametrize("requirement", _needed(), ids=lambda requirement: requirement.name)
def test_the_lock_has_what_is_needed(requirement: Requirement) -> None:
    version = _locked().get(canonicalize_name(requirement.name))
    assert version, f"{requirement.name} is not in requirements.lock; run make lock"
    assert requirement.specifier.contains(version), f"{requirement} is locked at {version}; run make lock"


def test_the_lock_names_no_place_to_download_from() -> None:
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.findall(r"://|--(?:extra-)?index-url|--find-links", lock)
