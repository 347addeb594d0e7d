"""Course: what happened after a switch fired, in one flow. Expectations are judged by it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from oidc_harness.provider.exchange import Exchange, Fired
from oidc_harness.switches.traces import is_authorization_request, issued_by, presented_in, subjects_told


class Observed(Protocol):
    """What was seen of the client from outside."""

    @property
    def after(self) -> int:
        """Number of the last exchange before it."""

    @property
    def signed_in(self) -> bool:
        """Whether the client showed somebody as signed in."""

    @property
    def subject(self) -> str | None:
        """As whom, where known."""


@dataclass(frozen=True, slots=True)
class Course:
    """One flow from the moment a switch fired in it, to the end of the journal or the next authorization."""

    fired: tuple[Exchange, ...]
    """The exchanges in which it fired; at least one."""
    deeds: tuple[Fired, ...]
    """What it did in them."""
    earlier: tuple[Exchange, ...]
    """Every exchange of the realm before it fired."""
    later: tuple[Exchange, ...]
    """Every exchange of the realm after it first fired, to the end of the journal."""
    flow: tuple[Exchange, ...]
    """Of those, the ones that belong to the same authorization."""
    before: Observed | None
    """The last look at the client before it fired."""
    observed: tuple[Observed, ...]
    """The looks at the client since."""

    @property
    def start(self) -> Exchange:
        """The exchange in which it fired first."""
        return self.fired[0]

    def at(self, endpoint: str) -> tuple[Exchange, ...]:
        """The later requests to an endpoint; those of the flow where the endpoint's requests belong to one."""
        among = self.later if endpoint in ("discovery", "jwks") else self.flow
        return tuple(exchange for exchange in among if exchange.endpoint == endpoint)

    def authorizations(self) -> tuple[Exchange, ...]:
        """The later authorization requests of the same application; going on after a page is none."""
        return tuple(
            exchange
            for exchange in self.later
            if is_authorization_request(exchange) and _same_application(exchange, self.start)
        )

    def subjects(self) -> frozenset[str]:
        """Every `sub` under which the person of this flow may be known to the client; empty where unknown."""
        told = frozenset(subject for exchange in (*self.fired, *self.flow) for subject in subjects_told(exchange))
        about = self.start.about
        if about.user is None or about.application is None or about.application.subject_type == "pairwise":
            return told
        return told | {about.user.id}


def courses(armed_id: str, exchanges: Sequence[Exchange], observed: Iterable[Observed]) -> tuple[Course, ...]:
    """The flows in which an armed switch fired, in the order in which it did."""
    looks = tuple(observed)
    flows: dict[tuple[str | None, str | None], list[Exchange]] = {}
    for exchange in exchanges:
        if any(fired.armed_id == armed_id for fired in exchange.fired):
            flows.setdefault(_flow_key(exchange), []).append(exchange)
    return tuple(_course(armed_id, tuple(fired), exchanges, looks) for fired in flows.values())


def _flow_key(exchange: Exchange) -> tuple[str | None, str | None]:
    application = exchange.about.application
    return exchange.about.grant_id, application.id if application else None


def _course(
    armed_id: str, fired: tuple[Exchange, ...], exchanges: Sequence[Exchange], looks: tuple[Observed, ...]
) -> Course:
    start = fired[0]
    later = tuple(exchange for exchange in exchanges if exchange.number > start.number)
    end = _next_authorization(start, later)
    return Course(
        fired=fired,
        deeds=tuple(deed for exchange in fired for deed in exchange.fired if deed.armed_id == armed_id),
        earlier=tuple(exchange for exchange in exchanges if exchange.number < start.number),
        later=later,
        flow=_flow(start, exchanges),
        before=next((look for look in reversed(looks) if look.after < start.number), None),
        observed=tuple(look for look in looks if start.number <= look.after and (end is None or look.after < end)),
    )


def _next_authorization(start: Exchange, later: Iterable[Exchange]) -> int | None:
    """Number of the exchange that gave the same application another grant: what is seen from then on is its doing."""
    if start.about.application is None:
        return None
    for exchange in later:
        grant_id = exchange.about.grant_id
        granted = exchange.endpoint == "authorize" and grant_id is not None and grant_id != start.about.grant_id
        if granted and _same_application(exchange, start):
            return exchange.number
    return None


def _flow(start: Exchange, exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """Later exchanges of the same grant, or that present what was issued under it (of a deleted client, say)."""
    grant_id = start.about.grant_id
    if grant_id is None:
        return tuple(
            exchange
            for exchange in exchanges
            if exchange.number > start.number and exchange.about.grant_id is None and _same_application(exchange, start)
        )
    artefacts = {text for exchange in exchanges if exchange.about.grant_id == grant_id for text in issued_by(exchange)}
    return tuple(
        exchange
        for exchange in exchanges
        if exchange.number > start.number
        and (exchange.about.grant_id == grant_id or not artefacts.isdisjoint(presented_in(exchange)))
    )


def _same_application(exchange: Exchange, start: Exchange) -> bool:
    ours, theirs = start.about.application, exchange.about.application
    return ours is None or theirs is None or ours.id == theirs.id
