"""The journal of a realm: read it, clear it, add what was seen of the client; and the verdicts it gives."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import MaxLen

from oidc_harness.harness.verdict import Verdict, judge
from oidc_harness.services.errors import Invalid
from oidc_harness.web.admin.journal_view import exchange_view
from oidc_harness.web.admin.operation import Call, Operation
from oidc_harness.web.admin.shapes import PageOf, Shape

_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeView:
    """One request and its answer. Passwords, client secrets, cookies and tokens of registrations are not repeated."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    number: int
    """Counted up per realm, in the order in which answers were ready to go out."""
    endpoint: str
    request: dict[str, Any]
    about: dict[str, Any]
    """Application, user and flow it concerned, by id."""
    reply: dict[str, Any] | None
    fired: list[dict[str, Any]]
    """What switches did: the honest answer beside the one that was given."""
    error: dict[str, Any] | None
    """The refusal that was told, with its explanation and clause."""
    at: int
    """Seconds since 1970 in the realm's time."""
    real_at: float
    """Seconds since 1970 by the system's clock."""
    trace: str | None
    """The stack trace, where the harness itself failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewObservation:
    """What was seen of the client from outside."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    signed_in: bool
    subject: Annotated[str, MaxLen(255)] | None = None
    """As whom, where known."""
    note: Annotated[str, MaxLen(1000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictView:
    """What is found about one switch or one check."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    subject: str
    """Name of the switch or check."""
    outcome: str
    """`passed`, `failed`, `warned`, `inconclusive` or `not exercised`."""
    clause: str
    link: str
    reason: str
    evidence: tuple[int, ...]
    """Numbers of the exchanges it rests on."""
    armed: str | None
    """Id of the armed switch, where it is about one."""


async def read_journal(call: Call) -> list[ExchangeView]:
    """A page of exchanges, oldest first."""
    if call.after and not (call.after.isascii() and call.after.isdigit() and len(call.after) < 16):
        raise Invalid("expected the number of an exchange", field="after")
    found = call.realm.journal.exchanges(int(call.after or 0))[: call.limit]
    return [ExchangeView(**exchange_view(exchange)) for exchange in found]


async def clear_journal(call: Call) -> None:
    """Forget exchanges and observations; numbers go on."""
    call.realm.journal.clear()


async def observe(call: Call) -> None:
    """Tell the journal what was seen of the client: verdicts rest on it."""
    call.realm.report(**asdict(call.body))


async def read_verdicts(call: Call) -> list[VerdictView]:
    """What the journal says about the client: of each armed switch, of each check."""
    journal, board = call.realm.journal, call.realm.switchboard
    verdicts = judge(journal.exchanges(), journal.observations(), board.armed(), call.catalogue.checks())
    return [_view(verdict) for verdict in verdicts]


def _view(verdict: Verdict) -> VerdictView:
    return VerdictView(
        subject=verdict.subject,
        outcome=verdict.outcome,
        clause=str(verdict.clause),
        link=verdict.clause.link,
        reason=verdict.reason,
        evidence=verdict.evidence,
        armed=verdict.armed_id,
    )


VIEW: Shape[ExchangeView] = Shape(ExchangeView)
JOURNAL = "/realms/{realm}/journal"
OBSERVATIONS = "/realms/{realm}/observations"
VERDICTS = "/realms/{realm}/verdicts"

OPERATIONS = (
    Operation("readJournal", "GET", JOURNAL, "Read the journal", read_journal, PageOf(VIEW, "number"), paged=True),
    Operation("clearJournal", "DELETE", JOURNAL, "Clear the journal", clear_journal),
    Operation("observe", "POST", OBSERVATIONS, "Report what the client did", observe, None, Shape(NewObservation)),
    Operation("readVerdicts", "GET", VERDICTS, "Read the verdicts", read_verdicts, Shape(list[VerdictView])),
)
