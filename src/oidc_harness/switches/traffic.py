"""Traffic: a journal, indexed once for all that is judged by it.

So judging a flow costs what there is of the flow, and not what there is of the journal.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from typing import Protocol

from oidc_harness.provider.exchange import Exchange
from oidc_harness.switches.traces import is_authorization_request, issued_by, presented_in


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


class ByApplication:
    """Exchanges by the application they concern. Where that is unknown, it may be any."""

    __slots__ = ("_all", "_known")

    def __init__(self) -> None:
        """None yet."""
        self._all: list[Exchange] = []
        self._known: dict[str | None, list[Exchange]] = defaultdict(list)

    def add(self, exchange: Exchange) -> None:
        """Put in the newest."""
        application = exchange.about.application
        self._all.append(exchange)
        self._known[application.id if application else None].append(exchange)

    def since(self, start: Exchange) -> Iterator[Exchange]:
        """Those after it that may concern the same application, in their order."""
        application = start.about.application
        if application is None:
            return later(self._all, start)
        sources = (self._known.get(id, ()) for id in (application.id, None))
        return merge(*(later(source, start) for source in sources), key=_number)


class Traffic:
    """The exchanges of a journal, oldest first, and the looks at the client among them."""

    __slots__ = ("_at", "_fired", "_flows", "_presented", "asked", "exchanges", "granted", "looks", "ungranted")

    def __init__(self, exchanges: Sequence[Exchange], looks: Iterable[Observed]) -> None:
        """Exchanges are in the order of their numbers."""
        self.exchanges = exchanges
        self.looks = sorted(looks, key=_after)
        self.asked = ByApplication()
        """Requests of clients for an authorization."""
        self.granted = ByApplication()
        """Answers that gave a client a grant."""
        self.ungranted = ByApplication()
        """Exchanges that belong to no grant."""
        self._at: dict[str, list[Exchange]] = defaultdict(list)
        self._fired: dict[str, list[Exchange]] = defaultdict(list)
        self._flows: dict[str, list[Exchange]] = defaultdict(list)
        self._presented: dict[str, list[Exchange]] = defaultdict(list)
        for exchange in exchanges:
            self._index(exchange)

    def _index(self, exchange: Exchange) -> None:
        grant_id = exchange.about.grant_id
        self._at[exchange.endpoint].append(exchange)
        for armed_id in {fired.armed_id for fired in exchange.fired}:
            self._fired[armed_id].append(exchange)
        for text in set(presented_in(exchange)):
            self._presented[text].append(exchange)
        if is_authorization_request(exchange):
            self.asked.add(exchange)
        if grant_id is None:
            self.ungranted.add(exchange)
        else:
            self._flows[grant_id].append(exchange)
            if exchange.endpoint == "authorize":
                self.granted.add(exchange)

    def fired(self, armed_id: str) -> Sequence[Exchange]:
        """Those in which an armed switch fired."""
        return self._fired.get(armed_id, ())

    def before(self, start: Exchange) -> Sequence[Exchange]:
        """Everything before it."""
        return self.exchanges[: bisect_left(self.exchanges, start.number, key=_number)]

    def since(self, start: Exchange) -> Sequence[Exchange]:
        """Everything after it."""
        return self.exchanges[bisect_right(self.exchanges, start.number, key=_number) :]

    def at(self, endpoint: str, start: Exchange) -> tuple[Exchange, ...]:
        """The requests to an endpoint after it."""
        return tuple(later(self._at.get(endpoint, ()), start))

    def flow(self, grant_id: str, start: Exchange) -> tuple[Exchange, ...]:
        """Those after it that belong to a grant, or present what was issued under it (of a deleted client, say)."""
        own = self._flows.get(grant_id, ())
        artefacts = {text for exchange in own for text in issued_by(exchange)}
        uses = (exchange for text in artefacts for exchange in self._presented.get(text, ()))
        found = {exchange.number: exchange for exchange in (*own, *uses) if exchange.number > start.number}
        return tuple(found[number] for number in sorted(found))

    def look_before(self, start: Exchange) -> Observed | None:
        """The last look at the client before it."""
        place = bisect_left(self.looks, start.number, key=_after)
        return self.looks[place - 1] if place else None

    def looks_until(self, start: Exchange, end: int | None) -> tuple[Observed, ...]:
        """The looks at the client since it, and before the exchange with the number `end`."""
        stop = len(self.looks) if end is None else bisect_left(self.looks, end, key=_after)
        return tuple(self.looks[bisect_left(self.looks, start.number, key=_after) : stop])


def later(exchanges: Sequence[Exchange], start: Exchange) -> Iterator[Exchange]:
    """Those with a higher number, one by one: most who ask need only the first."""
    for place in range(bisect_right(exchanges, start.number, key=_number), len(exchanges)):
        yield exchanges[place]


def _number(exchange: Exchange) -> int:
    return exchange.number


def _after(look: Observed) -> int:
    return look.after
