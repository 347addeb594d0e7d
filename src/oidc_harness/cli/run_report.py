"""Report: what came of a run, as data. The table, JSON and JUnit are written from it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from oidc_harness.harness.scenario_outcome import Reason, Result
from oidc_harness.harness.scenario_trial import Trial
from oidc_harness.provider.exchange import Exchange

_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonReport:
    """One thing that was found."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    text: str
    """A sentence for people."""
    clause: str
    """Tag of the clause it is about, such as `OIDCC-3.1.3.7 rule 2`. Empty where none is."""
    evidence: tuple[int, ...]
    """Numbers of the exchanges that show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeReport:
    """One request to the provider. Parameters are left out: they hold codes, tokens and secrets."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    number: int
    endpoint: str
    method: str
    status: int | None
    """None: the connection was cut before an answer was made."""
    error: str
    """The refusal in full, as people are told it. Empty where there was none."""
    fired: tuple[str, ...]
    """Names of the switches that acted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioReport:
    """What came of one scenario."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    name: str
    """The file's, without its ending."""
    file: str
    title: str
    outcome: Result
    seconds: float
    """How long it took, its honest twin included."""
    reasons: tuple[ReasonReport, ...]
    """Why, for every outcome but a plain pass."""
    notes: tuple[ReasonReport, ...]
    """What is no fault and worth knowing."""
    exchanges: tuple[ExchangeReport, ...]
    """The journal of the run that decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a run."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    program: str = "oidc-harness"
    version: str
    client: str
    """`careful`, `careless`, or the URL of a client."""
    passed: bool
    """Whether every scenario passed."""
    outcomes: Mapping[str, int]
    """How many scenarios came out how."""
    seconds: float
    scenarios: tuple[ScenarioReport, ...]

    def json_tree(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def make_report(version: str, client: str, seconds: float, scenarios: tuple[ScenarioReport, ...]) -> Report:
    """The report of these scenarios."""
    outcomes = Counter(scenario.outcome for scenario in scenarios)
    return Report(
        version=version,
        client=client,
        passed=set(outcomes) <= {"passed"},
        outcomes=dict(sorted(outcomes.items())),
        seconds=round(seconds, 3),
        scenarios=scenarios,
    )


def scenario_report(trial: Trial, seconds: float) -> ScenarioReport:
    """The report of one trial that took so long."""
    return ScenarioReport(
        name=trial.file.name,
        file=str(trial.file.path),
        title=trial.file.scenario.title,
        outcome=trial.finding.result,
        seconds=round(seconds, 3),
        reasons=tuple(_reason(reason) for reason in trial.finding.reasons),
        notes=tuple(_reason(note) for note in trial.finding.notes),
        exchanges=tuple(_exchange(exchange) for exchange in trial.exchanges),
    )


def _reason(reason: Reason) -> ReasonReport:
    return ReasonReport(text=reason.text, clause=reason.clause, evidence=reason.evidence)


def _exchange(exchange: Exchange) -> ExchangeReport:
    return ExchangeReport(
        number=exchange.number,
        endpoint=exchange.endpoint,
        method=exchange.request.method,
        status=exchange.reply.status if exchange.reply is not None else None,
        error=str(exchange.error) if exchange.error is not None else "",
        fired=tuple(fired.switch for fired in exchange.fired),
    )
