"""`oidc-harness validate`: each kind of file, and every problem with its place."""

from pathlib import Path

import pytest

from oidc_harness.cli.main import main
from oidc_harness.shipped import fixtures_directory, scenarios_directory


def test_good_files_of_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    fixtures, scenario = fixtures_directory(), scenarios_directory() / "iss-wrong.yaml"
    files = [str(path) for path in (fixtures / "default.yaml", fixtures / "people.yaml", scenario)]
    assert main(["validate", *files]) == 0
    told = [line.rpartition(": ")[2] for line in capsys.readouterr().out.splitlines()]
    assert told == ["good fixture", "good people file", "good scenario"]


BAD = [
    ("realms: {a: {polcy: {}}}", "1:14: realms.a.polcy: is not known here; did you mean policy?"),
    ("users: [{username: a}]", "1:9: users[0].email: is missing"),
    (
        "title: T\nsteps: [wait]\nexpect: {client: {}}",
        "2:9: steps[0]: found nothing (null); expected an integer",
    ),
    ("[1]", "1:1: found a list; expected a mapping"),
    (
        "about: x",
        "1:1: is no file of a known kind; expected one of the members realms (a fixture), steps (a scenario),"
        " users (a people file)",
    ),
]


@pytest.mark.parametrize(("text", "complaint"), BAD)
def test_a_bad_file(tmp_path: Path, text: str, complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    assert main(["validate", str(path)]) == 2
    assert capsys.readouterr().err == f"{path}:{complaint}\n"


def test_good_and_bad_files_are_all_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, good = tmp_path / "bad.yaml", fixtures_directory() / "people.yaml"
    assert main(["validate", str(bad), str(good)]) == 2
    shown = capsys.readouterr()
    assert shown.err == f"{bad}:1:1: cannot be read: No such file or directory\n"
    assert shown.out == f"{good}: good people file\n"
