"""`oidc-harness users`: made and listed."""

from pathlib import Path

import pytest

from oidc_harness.cli.main import main
from oidc_harness.harness.shapes import read_shape
from oidc_harness.harness.world import People
from oidc_harness.harness.yaml_files import parse_document


def test_made_users_can_be_read_as_a_people_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["users", "make", "--seed", "5", "--count", "3", "--locale", "de_DE"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# Made up by: oidc-harness users make --seed 5 --count 3 --locale de_DE\n")
    assert len(read_shape(People, parse_document("f", text)).users) == 3
    main(["users", "make", "--seed", "5", "--count", "3", "--locale", "de_DE"])
    assert capsys.readouterr().out == text


def test_the_users_of_a_fixture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = tmp_path / "world.yaml"
    world.write_text(
        "realms:\n  acme:\n    users:\n"
        "    - {username: ann, email: ann@x.example, password: pw, arms: [{switch: exp-past}]}\n"
        "    - {username: bob, email: bob@x.example, status: blocked}\n"
    )
    assert main(["users", "list", "--fixture", str(world)]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["realm", "username", "password", "arms"],
        ["acme", "ann", "pw", "exp-past"],
        ["acme", "bob", "-", "blocked"],
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("make", "--count", "0"), "--count 0: expected 1 to 10000"),
        (("make", "--locale", "xx_YY"), "--locale: 'xx_YY' is no locale that Faker knows"),
        (("list", "--fixture", "nothing"), "--fixture: there is no file"),
    ],
)
def test_a_bad_call(arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["users", *arguments]) == 2
    assert message in capsys.readouterr().err
