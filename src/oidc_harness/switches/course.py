"""Course: what happened after a switch fired, in one flow. Expectations are judged by it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oidc_harness.provider.exchange import Exchange, Fired
from oidc_harness.switches.traces import subjects_told
from oidc_harness.switches.traffic import Observed, Traffic


@dataclass(frozen=True, slots=True)
class Course:
    """One flow from the moment a switch fired in it, to the end of the journal or the next authorization."""

    traffic: Traffic
    """Everything in the realm."""
    fired: tuple[Exchange, ...]
    """The exchanges in which it fired; at least one."""
    deeds: tuple[Fired, ...]
    """What it did in them."""
    flow: tuple[Exchange, ...]
    """The exchanges after it first fired that belong to the same authorization."""
    before: Observed | None
    """The last look at the client before it fired."""
    observed: tuple[Observed, ...]
    """The looks at the client since."""

    @property
    def start(self) -> Exchange:
        """The exchange in which it fired first."""
        return self.fired[0]

    @property
    def earlier(self) -> Sequence[Exchange]:
        """Every exchange of the realm before it fired."""
        return self.traffic.before(self.start)

    @property
    def later(self) -> Sequence[Exchange]:
        """Every exchange of the realm after it first fired, to the end of the journal."""
        return self.traffic.since(self.start)

    def at(self, endpoint: str) -> tuple[Exchange, ...]:
        """The later requests to an endpoint; those of the flow where the endpoint's requests belong to one."""
        if endpoint in ("discovery", "jwks"):
            return self.traffic.at(endpoint, self.start)
        return tuple(exchange for exchange in self.flow if exchange.endpoint == endpoint)

    def authorizations(self) -> Iterator[Exchange]:
        """The later authorization requests of the same application; going on after a page is none."""
        return self.traffic.asked.since(self.start)

    def subjects(self) -> frozenset[str]:
        """Every `sub` under which the person of this flow may be known to the client; empty where unknown."""
        told = frozenset(subject for exchange in (*self.fired, *self.flow) for subject in subjects_told(exchange))
        about = self.start.about
        if about.user is None or about.application is None or about.application.subject_type == "pairwise":
            return told
        return told | {about.user.id}


def courses(armed_id: str, traffic: Traffic) -> Iterator[Course]:
    """The flows in which an armed switch fired, in the order in which it did."""
    flows: dict[tuple[str | None, str | None], list[Exchange]] = {}
    for exchange in traffic.fired(armed_id):
        flows.setdefault(_flow_key(exchange), []).append(exchange)
    return (_course(armed_id, tuple(fired), traffic) for fired in flows.values())


def _flow_key(exchange: Exchange) -> tuple[str | None, str | None]:
    application = exchange.about.application
    return exchange.about.grant_id, application.id if application else None


def _course(armed_id: str, fired: tuple[Exchange, ...], traffic: Traffic) -> Course:
    start = fired[0]
    return Course(
        traffic=traffic,
        fired=fired,
        deeds=tuple(deed for exchange in fired for deed in exchange.fired if deed.armed_id == armed_id),
        flow=_flow(start, traffic),
        before=traffic.look_before(start),
        observed=traffic.looks_until(start, _next_authorization(start, traffic)),
    )


def _next_authorization(start: Exchange, traffic: Traffic) -> int | None:
    """Number of the exchange that gave the same application another grant: what is seen from then on is its doing."""
    if start.about.application is None:
        return None
    others = (each for each in traffic.granted.since(start) if each.about.grant_id != start.about.grant_id)
    return next((exchange.number for exchange in others), None)


def _flow(start: Exchange, traffic: Traffic) -> tuple[Exchange, ...]:
    grant_id = start.about.grant_id
    return tuple(traffic.ungranted.since(start)) if grant_id is None else traffic.flow(grant_id, start)
