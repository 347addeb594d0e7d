"""Fixtures with the people files they name: read, checked whole, and complained about in the file where it stands."""

from pathlib import Path

import pytest

from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.world_files import read_world, tried_world
from oidc_harness.harness.yaml_files import BadFile
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.shipped import fixtures_directory

CATALOGUE = Catalogue()
PEOPLE = "users:\n- {username: ann, email: ann@x.example}\n"
WORLD = "realms:\n  default:\n    people: people.yaml\n    users:\n    - {username: own, email: own@x.example}\n"


def write(directory: Path, world: str, people: str = PEOPLE) -> Path:
    (directory / "people.yaml").write_text(people)
    path = directory / "world.yaml"
    path.write_text(world)
    return path


async def complaint(path: Path) -> str:
    with pytest.raises(BadFile) as refused:
        await tried_world(read_world(path), CATALOGUE)
    return str(refused.value).replace(f"{path.parent}/", "")


def test_people_come_behind_the_users_of_the_fixture_itself(tmp_path: Path) -> None:
    files = read_world(write(tmp_path, WORLD))
    assert [user.username for user in files.world.realms["default"].users] == ["own", "ann"]
    assert sorted(Path(path).name for path in files.digests) == ["people.yaml", "world.yaml"]


async def test_a_world_without_anything_in_it_is_a_world(tmp_path: Path) -> None:
    await tried_world(read_world(write(tmp_path, "realms: {}")), CATALOGUE)
    await tried_world(read_world(write(tmp_path, "realms: {a: {}}")), CATALOGUE)


@pytest.mark.parametrize(
    ("world", "people", "message"),
    [
        (
            WORLD + "    - {username: x, email: nothing}\n",
            PEOPLE,
            "world.yaml:6:28: realms.default.users[1].email: 'nothing' is no e-mail address: it has no @",
        ),
        (
            WORLD + '    - {username: x, email: x@x.example, profile: {given_name: "X\\u202e"}}\n',
            PEOPLE,
            "world.yaml:6:63: realms.default.users[1].profile.given_name: has a character that cannot be shown",
        ),
        (
            WORLD,
            PEOPLE + "- {username: bob, email: OWN@x.example}\n",
            "people.yaml:3:26: users[1].email: 'own@x.example' is in use by another user; choose another one",
        ),
        (WORLD, "users: 5", "people.yaml:1:8: users: found 5; expected a list (named by world.yaml:3:13)"),
        (
            WORLD.replace("people.yaml", "nobody.yaml"),
            PEOPLE,
            "nobody.yaml:1:1: cannot be read: No such file or directory (named by world.yaml:3:13)",
        ),
        (
            WORLD,
            PEOPLE + "- {username: b, email: b@x.example, arms: [{switch: is-wrong}]}\n",
            "people.yaml:3:53: users[1].arms[0].switch: there is no switch 'is-wrong'; did you mean iss-wrong",
        ),
        (
            WORLD + "    - {username: b, email: b@x.example, arms: [{switch: exp-past, parameters: {seconds: x}}]}\n",
            PEOPLE,
            "world.yaml:6:89: realms.default.users[1].arms[0].parameters.seconds: 'x' will not do",
        ),
        (
            "realms: {Default: {}}",
            PEOPLE,
            "world.yaml:1:19: realms.Default: realm name 'Default': expected 1 to 64 of a-z, 0-9 and inner hyphens",
        ),
        (
            "realms: {a: {policy: {access_token_ttl: 100, refresh_token_ttl: 50}}}",
            PEOPLE,
            "world.yaml:1:65: realms.a.policy.refresh_token_ttl: refresh tokens would live 50 s, access tokens 100 s;",
        ),
        (
            "realms: {a: {applications: [{id: w, name: %s, redirect_uris: ['https://w.example']}]}}" % ("n" * 300),
            PEOPLE,
            "world.yaml:1:43: realms.a.applications[0].name: has 300 characters; the limit of this realm is 64 (name",
        ),
        (
            "realms:\n  a: {applications: [{id: w, name: W}]}\n  b: {policy: {default_persona: eve}}\n",
            PEOPLE,
            "world.yaml:2:22: realms.a.applications[0].redirect_uris: is empty; the response type code needs"
            " at least one\nworld.yaml:3:33: realms.b.policy.default_persona: 'eve' is no user of this realm",
        ),
    ],
)
async def test_a_rule_that_does_not_hold_is_told_where_it_is_written(
    tmp_path: Path, world: str, people: str, message: str
) -> None:
    assert (await complaint(write(tmp_path, world, people))).startswith(message)


@pytest.mark.parametrize("path", sorted(fixtures_directory().glob("[!p]*.yaml")), ids=lambda path: path.stem)
async def test_a_shipped_fixture_keeps_every_rule(path: Path) -> None:
    files = read_world(path)
    await tried_world(files, CATALOGUE)
    assert files.world.realms


async def test_what_a_fixture_states_wins_over_its_preset(tmp_path: Path) -> None:
    files = read_world(
        write(tmp_path, "realms:\n  a: {preset: oauth21}\n  b: {preset: oauth21, policy: {pkce: allowed}}\n  c: {}\n")
    )
    furnishings = await tried_world(files, CATALOGUE)
    found = {name: (realm.policy.pkce, realm.policy.response_types) for name, realm in furnishings.realms.items()}
    assert found["a"] == ("S256", ("code",))
    assert found["b"] == ("allowed", ("code",))
    assert found["c"][1] == RealmPolicy().response_types
    assert furnishings.realms["b"].stated == ("pkce",)


async def test_an_application_that_its_realm_could_not_serve(tmp_path: Path) -> None:
    world = (
        "realms:\n  a:\n    preset: oauth21\n    applications:\n"
        "    - {id: x, name: X, grant_types: [password], response_types: []}\n"
    )
    assert "applications[0].grant_types[0]: password is not permitted" in await complaint(write(tmp_path, world))
