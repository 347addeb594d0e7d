"""The pages of what people write into files: policy, applications, worlds, scenarios."""

from collections.abc import Iterable
from dataclasses import fields

from docs.derived.fields import Schema, allowed, heading, members
from docs.derived.markdown import bullets, code, for_files, linked_rules, page, summary, table
from oidc_harness.harness.scenario import Scenario
from oidc_harness.harness.scenario_steps import BARE, STEPS, Step, step_name
from oidc_harness.harness.shapes import json_schema
from oidc_harness.harness.world import People, World, WrittenApplication
from oidc_harness.model.realm_policy import RealmPolicy

_ELSEWHERE = {"RealmPolicy": "realm-policy.md", "WrittenApplication": "application.md"}
"""Kinds that have pages of their own."""


def policy_page() -> str:
    """Every policy of a realm."""
    schema = json_schema(RealmPolicy)
    introduction = """\
What a conforming provider may do one way or the other is decided per realm, by its policy: in a fixture under
`realms.NAME.policy`, in a scenario under `given.policy`, and by the [control API](control-api.md). What no conforming
provider may do is a [switch](switches.md)."""
    return page("Realm policy", "src/oidc_harness/model/realm_policy.py", introduction, members(schema, schema))


def application_page() -> str:
    """Every setting of an application."""
    schema = json_schema(WrittenApplication)
    introduction = """\
An application is an OAuth client: its `id` is the `client_id`. In a fixture it stands under
`realms.NAME.applications`; a scenario changes one under `given.applications.CLIENT_ID`."""
    return page("Application", "src/oidc_harness/model/application.py", introduction, members(schema, schema))


def world_page() -> str:
    """Fixtures and people files."""
    introduction = """\
A fixture describes a world: realms, each with its policy, applications, users, members and invitations.
[Write a world](../how-to/write-a-world.md) shows one being made. `oidc-harness validate FILE` checks a file,
`oidc-harness schema fixture` prints its JSON Schema for your editor."""
    world, people = json_schema(World), json_schema(People)
    parts = [introduction, "## Fixture", members(world, world), *_kinds(world, _ELSEWHERE)]
    parts += ["## People file", summary(People.__doc__), members(people, people)]
    return _with_links_elsewhere(page("World files", "src/oidc_harness/harness/world.py", *parts))


def scenario_page() -> str:
    """Scenarios and their steps."""
    introduction = """\
A scenario is one file: a world, armed switches, steps, and what is expected of the client.
[Write a scenario](../how-to/write-a-scenario.md) shows one being made. `oidc-harness validate FILE` checks a file,
`oidc-harness schema scenario` prints its JSON Schema for your editor."""
    schema = json_schema(Scenario)
    of_steps = {kind.__name__ for kind in STEPS}
    of_worlds = set(json_schema(World)["$defs"])
    kinds = _kinds(_named_changes(schema), of_steps | of_worlds)
    parts = [introduction, "## Scenario", members(_named_steps(schema), schema), *kinds, _steps(schema)]
    return _with_links_elsewhere(page("Scenario files", "src/oidc_harness/harness/scenario.py", *parts))


def _kinds(schema: Schema, leaving_out: Iterable[str]) -> list[str]:
    """A section for each kind of mapping that a file of this schema can hold."""
    parts = []
    for name, kind in schema["$defs"].items():
        if name not in leaving_out and kind.get("type") == "object":
            said = linked_rules(for_files(summary(kind.get("description"))))
            parts += [f"## {heading(name)}", said, members(kind, schema)]
    return parts


def _named_steps(schema: Schema) -> Schema:
    """The same without the long list of steps, which has a section."""
    steps = {**schema["properties"]["steps"], "items": {"type": "[steps](#steps)"}}
    return {**schema, "properties": {**schema["properties"], "steps": steps}}


def _named_changes(schema: Schema) -> Schema:
    """The same with a name for what is described elsewhere: some of the members of a policy, application or user."""
    given = schema["$defs"]["Given"]
    changes = {
        "policy": "some members of [Realm policy](#realm-policy)",
        "applications": "mapping to some members of [Application](#application)",
        "users": "mapping to some members of [User](#user)",
    }
    named = {name: {**given["properties"][name], **_named(text)} for name, text in changes.items()}
    properties = {**given["properties"], **named}
    return {**schema, "$defs": {**schema["$defs"], "Given": {**given, "properties": properties}}}


def _named(text: str) -> dict[str, str]:
    return {"type": text, "title": ""}


def _steps(schema: Schema) -> str:
    said = bullets(
        [
            "Most steps are a mapping with one member: `sign_in_as: alice@example.com`.",
            f"Those marked {code('*')} may stand alone, as a bare word: `start_login`.",
            "After every step your client is asked who is signed in.",
        ]
    )
    rows = [_step(kind, schema) for kind in STEPS]
    return "\n\n".join(["## Steps", said, table(("step", "may be", "what happens", "meaning of the value"), rows)])


def _step(kind: type[Step], schema: Schema) -> tuple[str, str, str, str]:
    name = fields(kind)[0].name
    member = schema["$defs"][kind.__name__]["properties"][name]
    star = " *" if kind in BARE else ""
    meaning = for_files(str(member.get("description", "")))
    return code(step_name(kind)) + star, allowed(member, schema), linked_rules(summary(kind.__doc__)), meaning


def _with_links_elsewhere(text: str) -> str:
    """Kinds of other pages are linked to there."""
    text = text.replace("(#realm-policy)", "(realm-policy.md)").replace("(#application)", "(application.md)")
    for name in ("invitation", "member", "user"):
        if f"## {name.capitalize()}" not in text:
            text = text.replace(f"(#{name})", f"(world-file.md#{name})")
    return text
