"""Distributions as people install them: a module and its metadata in a folder on the path."""

from pathlib import Path

SWITCH = '''
from dataclasses import dataclass
from typing import Annotated, Any
from annotated_types import Ge
from oidc_harness.protocol.spec import Spec, spec
from oidc_harness.switches.base import AnySwitch, IdTokenSwitch, StateSwitch
from oidc_harness.switches.expectation import Expectation, refuses_sign_in
from oidc_harness.switches.id_token import ExpPast


@dataclass(frozen=True)
class IatAhead(IdTokenSwitch):
    """The ID token says it was issued in the future."""

    name = "acme-iat-ahead"
    breaks = spec("OIDCC-3.1.3.7", rule=10)
    expects = refuses_sign_in()

    seconds: Annotated[int, Ge(1)] = 3600
    """How far ahead."""

    def act(self, honest, question):
        claims = honest(question)
        return {**claims, "iat": claims["iat"] + self.seconds}
'''
CHECK = '''
from oidc_harness.checks.base import Breach, Check, Looked
from oidc_harness.protocol.spec import spec


class AsksPolitely(Check):
    """Asks by GET."""

    name = "acme-asks-politely"
    clause = spec("RFC6749-3.1")
    level = "SHOULD"

    def look(self, exchanges):
        impolite = [each for each in exchanges if each.request.method != "GET"]
        return Looked(len(exchanges), tuple(Breach("it did not", (each.number,)) for each in impolite))
'''


def install(folder: Path, module: str, text: str, entries: str) -> None:
    """Put a distribution called `acme-switches` into the folder; `entries` is its entry_points.txt."""
    (folder / f"{module}.py").write_text(text, encoding="utf-8")
    metadata = folder / "acme_switches-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-switches\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(entries, encoding="utf-8")
