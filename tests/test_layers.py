"""The layers hold, and every contract in pyproject.toml would notice a breach."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = "oidc_harness"

# contract, folder that breaks it, what it imports
BREACHES = [
    ("layers", "model", "oidc_harness.protocol"),
    ("layers", "protocol", "oidc_harness.storage"),
    ("layers", "storage", "oidc_harness.provider"),
    ("layers", "provider", "oidc_harness.services"),
    ("layers", "services", "oidc_harness.provider"),
    ("layers", "switches", "oidc_harness.checks"),
    ("layers", "checks", "oidc_harness.harness"),
    ("layers", "harness", "oidc_harness.web"),
    ("layers", "web", "oidc_harness.relying_party"),
    ("layers", "relying_party", "oidc_harness.cli"),
    ("relying-party", "relying_party", "oidc_harness.protocol"),
    ("relying-party", "relying_party", "oidc_harness.shipped"),
    ("shipped", "shipped", "oidc_harness.model"),
    ("model", "model", "pydantic"),
    ("store-port", "provider", "oidc_harness.storage.breach"),
    ("store-port", "services", "oidc_harness.storage.breach"),
    ("found-not-imported", "harness", "oidc_harness.switches.breach"),
    ("found-not-imported", "harness", "oidc_harness.checks.breach"),
    ("jose", "services", "cryptography"),
    ("jose", "web", "cryptography"),
    ("jose", "protocol", "joserfc"),
    ("http", "cli", "aiohttp"),
    ("http", "harness", "aiohttp"),
    ("pyoidc", "web", "oic"),
    ("pyoidc", "cli", "jwkest"),
    ("sqlite", "storage", "sqlite3"),
]


def _contracts() -> dict[str, str]:
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def _lint(checkout: Path) -> subprocess.CompletedProcess[str]:
    lint = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    return subprocess.run(
        [sys.executable, "-c", lint, "--no-cache", "--no-logo"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout / "src"), "COLUMNS": "400", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def _copy(folder: Path) -> Path:
    shutil.copytree(CHECKOUT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", folder)
    return folder


def _breached_copy(folder: Path) -> Path:
    _copy(folder)
    for _, place, imported in BREACHES:
        package = folder / "src" / PACKAGE
        module = package / place / "breach.py" if (package / place).is_dir() else package / f"{place}.py"
        with module.open("a", encoding="utf-8") as text:
            text.write(f"\nimport {imported}\n")
    return folder


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the linter says of a copy with every breach of the table in it, by the contract's name."""
    answer = _lint(_breached_copy(tmp_path_factory.mktemp("breached")))
    assert answer.returncode == 1, answer.stdout + answer.stderr
    _, *parts = re.split(r"\n([^\n]+)\n-{10,}\n", answer.stdout.split("Broken contracts\n", 1)[1])
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_layers_hold() -> None:
    answer = _lint(CHECKOUT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(("contract", "place", "imported"), BREACHES)
def test_a_breach_is_caught(contract: str, place: str, imported: str, findings: dict[str, str]) -> None:
    module = f"{PACKAGE}.{place}" if place == "shipped" else f"{PACKAGE}.{place}.breach"
    assert f"{module} -> {imported} (l." in findings[_contracts()[contract]]


def test_every_contract_has_a_breach_that_proves_it() -> None:
    assert {contract for contract, _, _ in BREACHES} == set(_contracts())


def test_a_new_module_without_a_layer_is_caught(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    (copy / "src" / PACKAGE / "stray.py").write_text('"""Belongs to no layer."""\n', encoding="utf-8")
    answer = _lint(copy)
    assert answer.returncode == 1
    assert f"- {PACKAGE}.stray" in answer.stdout
