"""Write the page of the certification modules from a run of their tests: `make conformance` does both.

The list of modules is that of the tests, the results are those of the run, which pytest has told in JUnit's format.
"""

import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docs.derived.markdown import code, table
from tests.conformance.modules import MODULES, Module, proofs
from tests.conformance.plans import PLANS

CHECKOUT = Path(__file__).resolve().parents[1]
PAGE = CHECKOUT / "docs" / "conformance.md"

_INTRODUCTION = """\
<!-- Written by `make conformance` from tests/conformance/modules.txt and from the results of that run. -->

# Conformance

What the OpenID Foundation's certification programme demands of a provider, module by module, and how this provider
does. The names are the programme's, so that results can be compared; the tests are the project's own. They act as the
Foundation's suite does: by https, with plain form posts on the real pages, with clients that register themselves or are
registered beforehand, and judge what they get by libraries that share no line with the provider. This is no
certification. [How to certify](how-to/certify.md) tells how to run the suite itself.

Each test runs once for each of its plans: a response type, a response mode, and a way to register. Where the programme
would only warn, the test fails. The result is that of the last run, by which this page was written; the number in
brackets is that of its plans. What "pass" is worth is tested too: with a
[switch](reference/switches.md) armed that makes the provider lie, the happy flow has to fail."""
_COLUMNS = ("Module", "In", "Demand", "Clause", "Test", "Result")


@dataclass(frozen=True)
class Result:
    """What became of a module's test: how often it was passed, failed, and left out."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        """As it stands in the table."""
        counted = (("pass", self.passed), ("FAIL", self.failed), ("not run", self.skipped))
        return ", ".join(f"{word} ({number})" for word, number in counted if number) or "not run"


def results(report: Path) -> Mapping[str, Result]:
    """The results of a run, by the name of the test."""
    counted: dict[str, Counter[str]] = {}
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - pytest has written it just now
        name = case.get("name", "").partition("[")[0]
        counted.setdefault(name, Counter())[_outcome(case)] += 1
    return {name: Result(**outcomes) for name, outcomes in counted.items()}


def _outcome(case: ET.Element) -> str:
    told = {child.tag for child in case}
    if told & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in told else "passed"


def page(outcomes: Mapping[str, Result]) -> str:
    """The whole page."""
    groups = dict.fromkeys(module.group for module in MODULES)
    parts = [_INTRODUCTION, _plans()]
    for group in groups:
        rows = [_row(module, outcomes) for module in MODULES if module.group == group]
        parts += [f"## {group}", table(_COLUMNS, rows)]
    return "\n\n".join(parts) + "\n"


def _plans() -> str:
    """What the letters of the second column stand for."""
    rows = []
    for letter, plans in PLANS.items():
        if letter.isupper():
            types = dict.fromkeys(code(plan.response_type) for plan in plans)
            ways = dict.fromkeys(plan.registration + " and form_post" * plan.form_post for plan in plans)
            rows.append((letter, plans[0].profile, ", ".join(types), ", ".join(ways)))
    return "## Plans\n\n" + table(("Letter", "Profile", "Response types", "Registration of clients"), rows)


def _row(module: Module, outcomes: Mapping[str, Result]) -> tuple[str, ...]:
    file = proofs()[module.test_name].relative_to(CHECKOUT)
    test = f"[{file.stem}](../{file.as_posix()}) {code(module.test_name)}"
    result = str(outcomes.get(module.test_name, Result()))
    return code(module.name), module.profiles, module.demand, module.clause, test, result


def main(report: str) -> None:
    """Write the page from the report of a run."""
    PAGE.write_text(page(results(Path(report))), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
