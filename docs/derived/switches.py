"""The page of the switches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from docs.derived.docstrings import of_fields
from docs.derived.fields import members
from docs.derived.markdown import anchor, bullets, code, linked_rules, page, paragraphs, summary, table
from oidc_harness.harness.catalogue import Catalogue, SwitchClass
from oidc_harness.harness.conditions import When
from oidc_harness.harness.parameters import Parameter
from oidc_harness.harness.shapes import json_schema
from oidc_harness.harness.yaml_files import read_document
from oidc_harness.protocol.spec import Spec
from oidc_harness.provider.conduct import Conduct
from oidc_harness.shipped import scenarios_directory

_INTRODUCTION = """\
A switch makes the provider misbehave in one way. It acts at one *seam*, a place where the provider answers one
question. The honest answer and the one that was given both stand in the journal. How to arm one:
[Your first scenario](../first-scenario.md). How to make one: [Write a switch](../how-to/write-a-switch.md)."""

_STATE = "These do not change an answer. They change a person, an application or a key, for real, between two requests."


def switches_page() -> str:
    """Every installed switch: what it does, which clause, what a correct client does, its parameters."""
    catalogue = Catalogue()
    switches = catalogue.switches()
    scenarios = _scenarios()
    sections = [_section(switch, catalogue, scenarios.get(switch.name, ())) for switch in switches]
    return page(
        "Switches", "the classes in src/oidc_harness/switches", _INTRODUCTION, _seams(switches), *sections, _when()
    )


def _seams(switches: Iterable[SwitchClass]) -> str:
    by_seam: dict[str, list[str]] = defaultdict(list)
    for switch in switches:
        by_seam[switch.seam].append(f"[{switch.name}](#{anchor(switch.name)})")
    questions = {**of_fields(Conduct), "state": "What happens meanwhile?"}
    rows = [(code(seam), questions[seam], ", ".join(by_seam[seam]) or "none yet") for seam in questions]
    return "\n\n".join(["## Seams", table(("seam", "question", "switches"), rows), f"`state`: {_STATE}"])


def _section(switch: SwitchClass, catalogue: Catalogue, scenarios: Iterable[str]) -> str:
    facts = [
        f"Seam: {code(switch.seam)}",
        f"Clause: {clause(switch.breaks)}",
        f"A correct client: {_told(switch.expects.describe())}",
    ]
    shown_by = ", ".join(f"[{name}](../../scenarios/{name}.yaml)" for name in scenarios)
    if shown_by:
        facts.append(f"Scenarios: {shown_by}")
    parameters = _parameters(catalogue.describe(switch))
    return "\n\n".join([f"## {switch.name}", linked_rules(paragraphs(switch.__doc__)), bullets(facts), parameters])


def clause(where: Spec) -> str:
    """A clause with its link, where it has one."""
    tag = f"[{code(where)}]({where.link})" if where.link else code(where)
    return f"{tag}, {where.title}"


def _told(sentence: str) -> str:
    return sentence.removeprefix("The client ")


def _parameters(described: Iterable[Parameter]) -> str:
    rows = [(code(each.name), each.allowed(), code(each.default), each.doc) for each in described]
    return table(("parameter", "may be", "default", "meaning"), rows) if rows else "It has no parameters."


def _scenarios() -> Mapping[str, list[str]]:
    """The shipped scenarios that arm each switch."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(Path(scenarios_directory()).glob("*.yaml")):
        for armed in read_document(path).tree.get("armed", ()):
            found[armed["switch"]].append(path.stem)
    return found


def _when() -> str:
    schema = json_schema(When)
    said = f"Whoever arms a switch can say in which requests it acts. {summary(When.__doc__)}"
    return "\n\n".join(["## Conditions", said, members(schema, schema)])
