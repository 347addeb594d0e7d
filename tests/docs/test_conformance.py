"""The page of the certification modules is that of a run in which every test of every module was passed."""

import re
from pathlib import Path

import pytest

from docs.conformance import PAGE, Result, page, results
from tests.conformance.modules import MODULES

_RESULT = re.compile(r"`(test_\w+)` \| ([^|]+) \|$", re.MULTILINE)
_COUNT = re.compile(r"(pass|FAIL|not run) \((\d+)\)")
_FIELDS = {"pass": "passed", "FAIL": "failed", "not run": "skipped"}


def _told(text: str) -> dict[str, Result]:
    """What a page says of each test."""
    rows = _RESULT.findall(text)
    return {test: Result(**{_FIELDS[word]: int(n) for word, n in _COUNT.findall(result)}) for test, result in rows}


def test_the_page_is_as_it_would_be_written_after_the_same_run() -> None:
    text = PAGE.read_text("utf-8")
    assert page(_told(text)) == text, "run: make conformance"


def test_it_tells_of_a_run_of_every_test_for_every_plan() -> None:
    expected = {module.test_name: Result(passed=len(module.plans)) for module in MODULES}
    assert _told(PAGE.read_text("utf-8")) == expected, "run: make conformance"


CASE = '<testcase classname="tests.conformance.test_x" name="{}">{}</testcase>'


@pytest.mark.parametrize(
    ("cases", "result"),
    [
        ([("[basic-code]", ""), ("[implicit-id_token]", "")], "pass (2)"),
        ([("[basic-code]", ""), ("[implicit-id_token]", "<failure/>")], "pass (1), FAIL (1)"),
        ([("[basic-code]", "<error/>")], "FAIL (1)"),
        ([("[basic-code]", '<skipped type="pytest.xfail"/>')], "not run (1)"),
        ([], "not run"),
    ],
)
def test_what_failed_is_told(cases: list[tuple[str, str]], result: str, tmp_path: Path) -> None:
    module = next(module for module in MODULES if module.name == "oidcc-userinfo-get")
    written = "".join(CASE.format(module.test_name + plan, outcome) for plan, outcome in cases)
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite>{written}</testsuite></testsuites>", "utf-8")
    text = page(results(report))
    assert f"`{module.test_name}` | {result} |" in text
    assert _told(text).get(module.test_name) == results(report).get(module.test_name, Result())
