"""`oidc-harness presets`: listed and shown; `serve --preset`: in force."""

import argparse
from pathlib import Path

import pytest

from oidc_harness.cli import serve
from oidc_harness.cli.main import CannotGoOn, main
from oidc_harness.cli.serve_world import furnished_server
from oidc_harness.model.preset import PRESETS


@pytest.mark.parametrize("call", [("presets",), ("presets", "list")])
def test_every_preset_is_listed(call: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(call) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == list(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_what_a_preset_sets(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets", "show", name]) == 0
    told = capsys.readouterr().out
    assert all(f"\n{policy} = " in told for policy in PRESETS[name].sets)  # type: ignore[index]


def test_a_default_is_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    main(["presets", "show", "oauth21"])
    told = capsys.readouterr().out
    assert 'pkce = "S256"\n' in told
    assert "refresh_rotation = true  (the default)\n" in told


def arguments(fixture: Path) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    return parser.parse_args(["--port", "0", "--fixture", str(fixture), "--preset", "oauth21"])


async def test_the_policies_of_a_preset_where_the_fixture_states_nothing(tmp_path: Path) -> None:
    world = tmp_path / "mine.yaml"
    world.write_text("realms:\n  default: {}\n  acme:\n    policy: {pkce: allowed}\n")
    async with furnished_server(arguments(world)) as furnished:
        policies = {realm.name: realm.policy for realm in furnished.server.realms}
    assert {name: policy.pkce for name, policy in policies.items()} == {"default": "S256", "acme": "allowed"}
    assert {policy.response_types for policy in policies.values()} == {("code",)}


async def test_a_preset_under_which_the_fixture_could_not_be_used(tmp_path: Path) -> None:
    world = tmp_path / "mine.yaml"
    world.write_text(
        "realms:\n  default:\n    applications:\n"
        "    - {id: old, name: Old, grant_types: [password], response_types: [], secret: s}\n"
    )
    with pytest.raises(CannotGoOn, match=r"--preset oauth21: realm 'default' .* password is not permitted"):
        async with furnished_server(arguments(world)):
            pass
