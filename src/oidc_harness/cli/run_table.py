"""The table a run ends with: scenario, outcome, and why."""

import shutil
import textwrap
from collections.abc import Iterator
from typing import Literal, TypeAlias

from oidc_harness.cli.run_report import ReasonReport, Report, ScenarioReport

_NARROWEST, _WIDEST = 80, 140
_OUTCOME_WIDTH = 14
_WHY_INDENT = 6
MOST_REASONS = 2
"""Reasons shown of one scenario, unless all are asked for."""


Detail: TypeAlias = Literal["brief", "usual", "full"]
"""`brief`: one line for each scenario. `full`: with every reason, and the exchanges of what did not pass."""


def table(report: Report, detail: Detail) -> str:
    """The whole report for people, the summary last."""
    return "\n".join([*_rows(report, detail), "", *_summary(report)])


def _rows(report: Report, detail: Detail) -> Iterator[str]:
    name_width = max([len("scenario"), *(len(scenario.name) for scenario in report.scenarios)]) + 2
    yield f"{'scenario':{name_width}}{'outcome':{_OUTCOME_WIDTH}}why"
    yield "-" * _line_width()
    for scenario in report.scenarios:
        outcome = scenario.outcome if scenario.outcome == "passed" else scenario.outcome.upper()
        yield f"{scenario.name:{name_width}}{outcome:{_OUTCOME_WIDTH}}{_grounds(scenario)}".rstrip()
        if scenario.outcome != "passed" and detail != "brief":
            yield from _explained(scenario, detail)


def _grounds(scenario: ScenarioReport) -> str:
    """For a pass what it rests on, else what the scenario is about."""
    if scenario.outcome != "passed":
        return scenario.title
    decisive = next(iter(scenario.reasons), None)
    if decisive is None or not decisive.clause:
        return "" if decisive is None else decisive.text
    return f"{decisive.clause}, {_exchanges(decisive)}"


def _explained(scenario: ScenarioReport, detail: Detail) -> Iterator[str]:
    shown = (*scenario.reasons, *scenario.notes) if detail == "full" else scenario.reasons[:MOST_REASONS]
    for reason in shown:
        yield from _wrapped(f"{_opening(reason)}{reason.text}{_closing(reason)}")
    if detail == "full":
        yield from _journal(scenario)
    elif len(scenario.reasons) > len(shown):
        yield from _wrapped(f"and {len(scenario.reasons) - len(shown)} more; -v shows all, with the exchanges")


def _opening(reason: ReasonReport) -> str:
    return f"{reason.clause}: " if reason.clause else ""


def _closing(reason: ReasonReport) -> str:
    return f" ({_exchanges(reason)})" if reason.evidence else ""


def _exchanges(reason: ReasonReport) -> str:
    shown = ", ".join(str(number) for number in reason.evidence[:6])
    more = ", …" if len(reason.evidence) > 6 else ""
    return f"{'exchange' if len(reason.evidence) == 1 else 'exchanges'} {shown}{more}"


def _journal(scenario: ScenarioReport) -> Iterator[str]:
    for exchange in scenario.exchanges:
        status = exchange.status if exchange.status is not None else "cut"
        fired = f" [{', '.join(exchange.fired)}]" if exchange.fired else ""
        told = f" {exchange.error}" if exchange.error else ""
        yield from _wrapped(f"{exchange.number:>4} {exchange.method} {exchange.endpoint} {status}{fired}{told}")


def _wrapped(text: str) -> list[str]:
    """The lines of the text, a trace's for example, each by itself."""
    return [part for line in text.splitlines() for part in _wrapped_line(line)]


def _wrapped_line(line: str) -> list[str]:
    indent = " " * _WHY_INDENT
    return textwrap.wrap(
        line, _line_width(), initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
    )


def _line_width() -> int:
    return min(max(shutil.get_terminal_size((100, 24)).columns, _NARROWEST), _WIDEST)


def _summary(report: Report) -> Iterator[str]:
    counts = ", ".join(f"{number} {outcome}" for outcome, number in report.outcomes.items())
    number = len(report.scenarios)
    yield f"{number} {'scenario' if number == 1 else 'scenarios'} in {report.seconds:.1f} s: {counts or 'none'}."
    caught = report.outcomes.get("failed", 0)
    if report.passed:
        yield f"The client {report.client} did what a correct client does, every time."
    elif caught:
        yield f"The client {report.client} was caught by {caught} of them; above is by which, and why."
