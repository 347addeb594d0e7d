"""Scenario files: every name is looked up, every rule holds, and the changes of `given` are made."""

from pathlib import Path
from textwrap import dedent

import pytest

from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.file_cache import FileCache
from oidc_harness.harness.scenario_files import ScenarioReader
from oidc_harness.harness.yaml_files import BadFile
from oidc_harness.shipped import scenarios_directory

CATALOGUE = Catalogue()
SHIPPED = sorted(scenarios_directory().glob("*.yaml"))
WORLD = """\
realms:
  default:
    policy: {default_persona: ann}
    users:
    - {username: ann, email: ann@x.example, password: pw}
    - {username: mute, email: mute@x.example}
    applications:
    - {id: web, name: Web, redirect_uris: [http://localhost/cb]}
    - {id: other, name: Other, redirect_uris: [http://localhost/cb]}
"""
HEAD = "title: T\ngiven: {world: world.yaml%s}\nsteps: [%s]\nexpect: {client: {signed_in: false%s}}\n"


def scenario(given: str = "", steps: str = "start_login", client: str = "", more: str = "") -> str:
    return HEAD % (given, steps, client) + more


@pytest.fixture
def reader() -> ScenarioReader:
    return ScenarioReader(CATALOGUE, None)


def write(directory: Path, text: str) -> Path:
    (directory / "world.yaml").write_text(WORLD)
    path = directory / "scenario.yaml"
    path.write_text(text)
    return path


BAD = [
    (
        scenario().replace("world.yaml", "nothing"),
        "scenario.yaml:2:16: given.world: there is no file 'nothing' and no shipped fixture 'nothing';"
        " shipped are default",
    ),
    (
        scenario(", realm: defalt"),
        "scenario.yaml:2:35: given.realm: 'defalt' is not known here; did you mean default?",
    ),
    (
        scenario(", application: wob"),
        "scenario.yaml:2:41: given.application: 'wob' is not known here; did you mean web?",
    ),
    (
        scenario(", applications: {web: {closed: true}, x: {}}"),
        "scenario.yaml:2:67: given.applications.x: 'x' is not known here; expected one of web, other",
    ),
    (
        scenario(", users: {anne: {status: blocked}}"),
        "scenario.yaml:2:42: given.users.anne: 'anne' is not known here; did you mean ann?",
    ),
    (
        scenario(", users: {ann: {arms: [{switch: exp-pst}]}}"),
        "scenario.yaml:2:58: given.users.ann.arms[0].switch: there is no switch 'exp-pst'; did you mean exp-past?",
    ),
    (
        scenario(", applications: {web: {pkce: off, token_endpoint_auth_method: none}}"),
        "scenario.yaml:2:55: given.applications.web.pkce: is off, but public clients must use PKCE;"
        " choose required or S256",
    ),
    (
        scenario(", users: {ann: {email: nothing}}"),
        "scenario.yaml:2:49: given.users.ann.email: 'nothing' is no e-mail address: it has no @",
    ),
    (
        scenario(", members: [{application_id: web, user: eve}]"),
        "scenario.yaml:2:66: given.members[0].user: 'eve' is no user of this realm; add one to its users or people",
    ),
    (
        scenario(", policy: {refresh_token_ttl: 1}"),
        "scenario.yaml:2:56: given.policy.refresh_token_ttl: refresh tokens would live 1 s, access tokens"
        " 3600 s; refresh tokens must not die first (policy refresh_must_outlive_access)",
    ),
    (
        scenario(steps="start_login: {prompt: login lgoin}").replace("[start", "[{start").replace("n}]", "n}}]"),
        "scenario.yaml:3:32: steps[0].start_login.prompt: 'lgoin' is not known here; did you mean login?",
    ),
    (
        scenario(client="}, exchanges: {token: {min: 3, max: 1}"),
        "scenario.yaml:4:71: expect.exchanges.token.max: 1 is less than min, 3",
    ),
    (
        scenario(steps="start_login, {sign_in_as: an}"),
        "scenario.yaml:3:35: steps[1].sign_in_as: 'an' is not known here; did you mean ann?",
    ),
    (
        scenario(steps="{sign_in_as: mute}"),
        "scenario.yaml:3:22: steps[0].sign_in_as: 'mute' has no password in this world, so nobody can type it",
    ),
    (
        scenario(steps="{close_application: wbe}"),
        "scenario.yaml:3:29: steps[0].close_application: 'wbe' is not known here; did you mean web?",
    ),
    (
        scenario(client=", subject: annn"),
        "scenario.yaml:4:46: expect.client.subject: 'annn' is not known here; did you mean ann?",
    ),
    (
        scenario(more="armed: [{switch: isswrong}]\n"),
        "scenario.yaml:5:18: armed[0].switch: there is no switch 'isswrong';"
        " did you mean iss-wrong or bcl-iss-wrong or iss-param-wrong?",
    ),
    (
        scenario(more="armed: [{switch: exp-past, when: {after: tokn}}]\n"),
        "scenario.yaml:5:42: armed[0].when.after: 'tokn' is not known here; did you mean token?",
    ),
    (
        scenario(more="armed: [{switch: exp-past, when: {user: eve, application: wob}}]\n"),
        "scenario.yaml:5:59: armed[0].when.application: 'wob' is not known here; did you mean web?\n"
        "scenario.yaml:5:41: armed[0].when.user: 'eve' is not known here; expected one of ann, ann@x.example, mute,"
        " mute@x.example",
    ),
]


@pytest.mark.parametrize(("text", "complaint"), BAD)
async def test_a_name_or_rule_that_is_wrong(tmp_path: Path, reader: ScenarioReader, text: str, complaint: str) -> None:
    with pytest.raises(BadFile) as refused:
        await reader.read(write(tmp_path, text))
    assert str(refused.value).replace(f"{tmp_path}/", "").replace(f"{tmp_path}", "").replace("'/", "'") == complaint


async def test_parameters_of_a_switch_are_checked(tmp_path: Path, reader: ScenarioReader) -> None:
    text = scenario(more="armed: [{switch: exp-past, parameters: {seconds: soon}}]\n")
    with pytest.raises(BadFile, match=r"scenario\.yaml:5:50: armed\[0\]\.parameters\.seconds: 'soon' will not do"):
        await reader.read(write(tmp_path, text))


async def test_a_fixture_that_is_broken_is_told_as_itself(tmp_path: Path, reader: ScenarioReader) -> None:
    path = write(tmp_path, scenario())
    (tmp_path / "world.yaml").write_text(WORLD.replace("default_persona: ann", "default_persona: eve"))
    told = (
        r"world\.yaml:3:31: realms\.default\.policy\.default_persona: 'eve' is no user of this realm"
        r" \(named by .*scenario\.yaml:2:16\)"
    )
    with pytest.raises(BadFile, match=told):
        await reader.read(path)


async def test_what_is_given_changes_the_world(tmp_path: Path, reader: ScenarioReader) -> None:
    text = dedent("""\
        title: T
        given:
          world: world.yaml
          policy: {consent: implied, access_token_ttl: 5}
          applications: {other: {closed: true}}
          users: {mute: {password: now, status: blocked}}
          members: [{application_id: other, user: ann}]
          invitations: [{application_id: other, email: new@x.example}]
        steps: [start_login]
        expect: {client: {signed_in: false}}
        """)
    file = await reader.read(write(tmp_path, text))
    world = file.world
    assert (world.policy.consent, world.policy.access_token_ttl, world.policy.default_persona) == ("implied", 5, "ann")
    assert [(each.id, each.closed) for each in world.applications] == [("web", False), ("other", True)]
    assert [(each.username, each.password, each.status) for each in world.users] == [
        ("ann", "pw", "active"),
        ("mute", "now", "blocked"),
    ]
    assert [each.user for each in world.members] == ["ann"]
    assert [each.email for each in world.invitations] == ["new@x.example"]
    assert (file.name, file.plain.members, file.plain.policy.consent) == ("scenario", (), "ask")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
async def test_a_shipped_scenario_is_good(path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = FileCache(tmp_path_factory.getbasetemp() / "worlds")
    file = await ScenarioReader(CATALOGUE, cache).read(path)
    assert len(file.scenario.about) > 20


async def test_every_switch_has_a_scenario(reader: ScenarioReader) -> None:
    files = [await reader.read(path) for path in SHIPPED]
    shown = {arm.switch for file in files for arm in file.scenario.armed}
    assert shown == {switch.name for switch in CATALOGUE.switches()}
    assert len(files) >= 26
