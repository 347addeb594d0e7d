"""`oidc-harness switches`: the catalogue for people."""

import pytest

from oidc_harness.cli.main import main
from oidc_harness.harness.catalogue import Catalogue

CATALOGUE = Catalogue()


def test_every_switch_is_listed_with_its_purpose(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["switches", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [switch.name for switch in CATALOGUE.switches()]
    assert all(len(line.split()) > 4 for line in lines)


@pytest.mark.parametrize("switch", CATALOGUE.switches(), ids=lambda switch: switch.name)
def test_every_switch_is_explained(capsys: pytest.CaptureFixture[str], switch: type) -> None:
    name = str(switch.name)  # type: ignore[attr-defined]
    assert main(["switches", "show", name]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{name}\n\n")
    for word in ("\nseam ", "\nbreaks ", "\nexpects  The client"):
        assert word in shown
    described = CATALOGUE.describe(CATALOGUE.find(name))
    assert all(f"\nparameter {parameter.name} = {parameter.default!r}: " in shown for parameter in described)
    assert described or "\nIt has no parameters.\n" in shown


def test_a_switch_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["switches", "show", "is-wrong"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "there is no switch 'is-wrong'; did you mean iss-wrong" in shown.err
