"""Shapes: what a document may be is told by the dataclasses, and so is every complaint."""

import json
from dataclasses import fields

import pytest

from oidc_harness.harness.complaints import known_names, unknown_name
from oidc_harness.harness.scenario import Scenario
from oidc_harness.harness.scenario_steps import STEPS, step_name
from oidc_harness.harness.shapes import json_schema, read_shape
from oidc_harness.harness.world import People, World, WrittenApplication, WrittenUser
from oidc_harness.harness.yaml_files import BadFile, parse_document
from oidc_harness.model.application import Application
from oidc_harness.model.user import User

REALM = "realms:\n  default:\n"
KNOWN_OF_MEMBERS = "application_id, role, status, user"

BAD_WORLDS = [
    ("[]", "f:1:1: found a list; expected a mapping"),
    ("5", "f:1:1: found 5; expected a mapping"),
    ("about: x", "f:1:1: realms: is missing"),
    ("realms: 5", "f:1:9: realms: found 5; expected a mapping"),
    ("realm: {}\nrealms: {}", "f:1:1: realm: is not known here; did you mean realms?"),
    ("realms:\n  x:", "f:2:3: realms.x: found nothing (null); expected a mapping"),
    (
        REALM + "    policy: {sign_in: forms}",
        "f:3:23: realms.default.policy.sign_in: found \"forms\"; expected 'form' or 'auto'",
    ),
    (
        REALM + "    policy: {consents: ask}",
        "f:3:14: realms.default.policy.consents: is not known here; did you mean consent?",
    ),
    (
        REALM + "    policy: {access_token_ttl: -5}",
        "f:3:32: realms.default.policy.access_token_ttl: found -5; expected a number greater than or equal to 0",
    ),
    (
        REALM + "    policy: {iss_parameter: yes}",
        'f:3:29: realms.default.policy.iss_parameter: found "yes"; expected true or false',
    ),
    (
        REALM + "    applications:\n    - {id: a, name: A, access_token_ttl: never}",
        "f:4:42: realms.default.applications[0].access_token_ttl: found \"never\"; expected an integer or 'default'",
    ),
    (
        REALM + '    applications:\n    - {id: a, name: ""}',
        'f:4:21: realms.default.applications[0].name: found ""; expected a text of at least 1 character',
    ),
    (
        REALM + "    applications:\n    - {id: a, name: A, secret: %s}" % ("s" * 513),
        "f:4:32: realms.default.applications[0].secret: found 513 characters;"
        " expected a text of at most 512 characters",
    ),
    (
        REALM + "    applications:\n    - {name: A}",
        "f:4:7: realms.default.applications[0].id: is missing",
    ),
    (
        REALM + "    applications:\n    - {id: a, name: A, redirect_uris: http://x}",
        'f:4:39: realms.default.applications[0].redirect_uris: found "http://x"; expected a list',
    ),
    (
        REALM + "    applications:\n    - {id: a, name: A, jwks: [{kty: 5}, 7]}",
        "f:4:41: realms.default.applications[0].jwks[1]: found a number; expected a mapping",
    ),
    (
        REALM + "    users:\n    - {username: u, email: u@x.example, password: 12345}",
        "f:4:51: realms.default.users[0].password: found a number; expected a text",
    ),
    (
        REALM + "    users:\n    - {username: u, email: u@x.example, profile: {address: {street: x}}}",
        "f:4:61: realms.default.users[0].profile.address.street: is not known here; did you mean street_address?",
    ),
    (
        REALM + "    members:\n    - {application_id: a, user: u, joined_at: 5}",
        f"f:4:36: realms.default.members[0].joined_at: is not known here; expected one of {KNOWN_OF_MEMBERS}",
    ),
]

STEP_NAMES = ", ".join(step_name(step) for step in STEPS)
HEAD = "title: T\nexpect: {client: {signed_in: true}}\n"
BAD_SCENARIOS = [
    ("title: T\nsteps: [refresh]", "f:1:1: expect: is missing"),
    (HEAD + "steps: []", "f:3:8: steps: found a list; expected a list of at least 1 item"),
    (HEAD + "steps: [refrsh]", 'f:3:9: steps[0]: "refrsh" is not known here; did you mean refresh?'),
    (HEAD + "steps: [5]", f"f:3:9: steps[0]: found 5; expected one of {STEP_NAMES}"),
    (HEAD + "steps: [{}]", f"f:3:9: steps[0]: found a mapping; expected one of {STEP_NAMES}"),
    (
        HEAD + "steps:\n- start_login: {promt: none}",
        "f:4:17: steps[0].start_login.promt: is not known here; did you mean prompt?",
    ),
    (HEAD + "steps:\n- consent: yes", "f:4:12: steps[0].consent: found \"yes\"; expected 'approve' or 'deny'"),
    (HEAD + "steps:\n- wait: 0", "f:4:9: steps[0].wait: found 0; expected a number greater than or equal to 1"),
    (HEAD + "steps:\n- refresh: now", 'f:4:12: steps[0].refresh: found "now"; expected null'),
    (
        HEAD + "steps:\n- {wait: 5, consent: deny}",
        "f:4:13: steps[0].consent: cannot stand beside the member before it; write each as an entry of its own",
    ),
    (
        HEAD + "steps: [refresh]\narmed: [{switch: iss-wrong, when: {times: 0}}]",
        "f:4:43: armed[0].when.times: found 0; expected a number greater than or equal to 1",
    ),
    (
        HEAD + "steps: [refresh]\ngiven: {policy: {consent: never}}",
        "f:4:27: given.policy.consent: found \"never\"; expected 'ask' or 'implied'",
    ),
    (
        HEAD + "steps: [refresh]\ngiven: {applications: {web: {secrt: x}}}",
        "f:4:30: given.applications.web.secrt: is not known here; did you mean secret?",
    ),
    (
        "title: T\nsteps: [refresh]\nexpect: {client: {}, exchanges: {tokn: {max: 1}}}",
        "f:3:34: expect.exchanges.tokn: found \"tokn\"; expected 'discovery', 'webfinger', 'jwks', 'authorize',"
        " 'token', 'userinfo', 'claims', 'introspection', 'revocation', 'registration', 'client_configuration',"
        " 'end_session', 'check_session' or 'backchannel_logout'",
    ),
]


@pytest.mark.parametrize(("text", "complaint"), BAD_WORLDS)
def test_what_a_fixture_may_not_be(text: str, complaint: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_shape(World, parse_document("f", text))
    assert str(refused.value) == complaint


@pytest.mark.parametrize(("text", "complaint"), BAD_SCENARIOS)
def test_what_a_scenario_may_not_be(text: str, complaint: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_shape(Scenario, parse_document("f", text))
    assert str(refused.value) == complaint


def test_every_problem_is_told_in_the_order_of_the_file() -> None:
    text = "realms:\n  a: {seed: 1}\n  b: 5\n  c: {policy: {sign_in: x, consent: y}}\nz: 1\n"
    with pytest.raises(BadFile) as refused:
        read_shape(World, parse_document("f", text))
    assert [str(problem).partition(": ")[0] for problem in refused.value.problems] == [
        "f:2:13",
        "f:3:6",
        "f:4:25",
        "f:4:37",
        "f:5:1",
    ]


@pytest.mark.parametrize(
    "name", ["version", "expires_at", "secret_hash", "secret_sealed", "generation", "email_key", "test_password"]
)
def test_what_the_services_keep_cannot_be_written(name: str) -> None:
    for kind, record in ((WrittenApplication, Application), (WrittenUser, User)):
        if name in {field.name for field in fields(record)}:
            assert name not in json_schema(kind)["properties"]


@pytest.mark.parametrize(("kind", "record"), [(WrittenApplication, Application), (WrittenUser, User)])
def test_a_file_can_say_whatever_else_the_record_has(
    kind: type[WrittenApplication | WrittenUser], record: type
) -> None:
    written = set(json_schema(kind)["properties"])
    assert {field.name for field in fields(record)} - kind.kept <= written


def test_the_schema_describes_the_fields_as_the_record_does() -> None:
    described = json_schema(WrittenApplication)["properties"]["closed"]["description"]
    assert described == "On: only members and invited people may sign in (B5)."


@pytest.mark.parametrize("kind", [World, People, Scenario])
def test_a_schema_is_json(kind: type) -> None:
    assert json.loads(json.dumps(json_schema(kind)))["$schema"].startswith("https://json-schema.org/")


def test_the_schema_takes_the_bare_name_of_a_step() -> None:
    items = json_schema(Scenario)["properties"]["steps"]["items"]
    assert "call_api" in items["anyOf"][0]["enum"]
    assert "sign_in_as" not in items["anyOf"][0]["enum"]
    assert set(known_names(json_schema(Scenario), ("steps", 0))) == {step_name(step) for step in STEPS}


@pytest.mark.parametrize(
    ("name", "known", "advice"),
    [
        ("colour", ["color", "size"], "is not known here; did you mean color?"),
        ("xyz", ["color", "size"], "is not known here; expected one of color, size"),
        ("xyz", [], "is not known here, and nothing else is"),
    ],
)
def test_what_is_said_of_an_unknown_name(name: str, known: list[str], advice: str) -> None:
    assert unknown_name(name, known) == advice
