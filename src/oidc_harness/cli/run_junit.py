"""JUnit XML of a run, as continuous integration reads it."""

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from oidc_harness.cli.run_report import Report, ScenarioReport

# What XML 1.0 2.2 allows; a client may have put anything into what is quoted here.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENTS = {"failed": "failure", "skipped": "skipped"}
"""Outcome → element. Every other one that is no pass is an `error`: nothing was found out about the client."""


def junit(reports: Iterable[Report]) -> str:
    """One test suite for each client, with a test case for each scenario."""
    root = ElementTree.Element("testsuites")
    root.extend(_suite(report) for report in reports)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(report: Report) -> ElementTree.Element:
    cases = [_case(scenario, report.client) for scenario in report.scenarios]
    suite = ElementTree.Element(
        "testsuite",
        name="oidc-harness",
        tests=str(len(cases)),
        failures=str(_number(cases, "failure")),
        errors=str(_number(cases, "error")),
        skipped=str(_number(cases, "skipped")),
        time=f"{report.seconds:.3f}",
    )
    suite.extend(cases)
    return suite


def _case(scenario: ScenarioReport, client: str) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase", classname=_legal(f"oidc-harness.{client}"), name=scenario.name, time=f"{scenario.seconds:.3f}"
    )
    if scenario.outcome != "passed":
        told = [_legal(_told(reason.clause, reason.text, reason.evidence)) for reason in scenario.reasons]
        message = told[0] if told else scenario.outcome
        element = ElementTree.SubElement(case, _ELEMENTS.get(scenario.outcome, "error"), message=message)
        if scenario.outcome != "skipped":
            element.set("type", scenario.outcome)
        element.text = "\n".join([scenario.title, *told])
        ElementTree.SubElement(case, "system-out").text = _journal(scenario)
    return case


def _told(clause: str, text: str, evidence: tuple[int, ...]) -> str:
    opening = f"{clause}: " if clause else ""
    noun = "exchange" if len(evidence) == 1 else "exchanges"
    closing = f" ({noun} {', '.join(map(str, evidence))})" if evidence else ""
    return opening + text + closing


def _journal(scenario: ScenarioReport) -> str:
    lines = (
        f"{each.number} {each.method} {each.endpoint} {each.status} {','.join(each.fired)} {each.error}".rstrip()
        for each in scenario.exchanges
    )
    return _legal("\n".join(lines))


def _number(cases: list[ElementTree.Element], element: str) -> int:
    return sum(case.find(element) is not None for case in cases)


def _legal(text: str) -> str:
    return _NOT_IN_XML.sub("�", text)
