"""Realm: one isolated world with its own issuer, records, keys, policy, clock, entropy, conduct and journal."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from oidc_harness.harness.clock import Clock
from oidc_harness.harness.conditions import ALWAYS, When
from oidc_harness.harness.entropy import SYSTEM, SeededEntropy
from oidc_harness.harness.journal import Journal, Observation
from oidc_harness.harness.realm_record import RealmRecord
from oidc_harness.harness.recording import Recording
from oidc_harness.harness.sealing import Sealing
from oidc_harness.harness.switchboard import Armed, Switchboard
from oidc_harness.model.key import KeyRing
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.entropy import Entropy
from oidc_harness.protocol.metadata import Addresses
from oidc_harness.provider.exchange import Exchange
from oidc_harness.provider.provider import Provider
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.keys import load_ring
from oidc_harness.storage.port import Conflict, Records, Store
from oidc_harness.switches.base import AnySwitch

T = TypeVar("T")
SWEEP_EVERY = 16
"""Exchanges between two sweeping steps."""
SWEEP_STEP = 100
"""Records one step removes at most."""
RETENTION = 3600
"""Seconds an expired record is kept, so that its late use can still be explained."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a realm shares with the others of its server."""

    store: Store
    sealing: Sealing


class Realm:
    """A world. A test takes one and throws it away."""

    __slots__ = (
        "_seed",
        "_surroundings",
        "addresses",
        "clock",
        "journal",
        "keys",
        "name",
        "policy",
        "switchboard",
    )

    def __init__(self, record: RealmRecord, keys: KeyRing, addresses: Addresses, surroundings: Surroundings) -> None:
        """A realm as recorded, with its keys, at these addresses."""
        self.name = record.id
        self.policy: RealmPolicy = record.policy
        self.clock = Clock(record.clock)
        self.keys = keys
        self.addresses = addresses
        self.switchboard = Switchboard()
        self.journal = Journal(record.policy.journal_limit)
        self._seed = record.seed
        self._surroundings = surroundings

    @property
    def issuer(self) -> str:
        """The issuer identifier."""
        return self.addresses.issuer

    def record(self) -> RealmRecord:
        """What is to survive a restart."""
        return RealmRecord(id=self.name, policy=self.policy, clock=self.clock.state, seed=self._seed)

    def arm(self, switch: AnySwitch, when: When = ALWAYS) -> Armed:
        """Make the provider misbehave in this realm."""
        return self.switchboard.arm(switch, when)

    def report(self, *, signed_in: bool, subject: str | None = None, note: str = "") -> None:
        """Tell the journal what was seen of the client from outside."""
        self.journal.observe(Observation(self.journal.number, self.clock.now(), signed_in, subject, note))

    def entropy(self, exchange: int) -> Entropy:
        """The entropy of one exchange."""
        return SYSTEM if self._seed is None else SeededEntropy(self._seed, exchange)

    def provider(self, recording: Recording) -> Provider:
        """The provider as it is for the length of one request."""
        return Provider(
            self.addresses,
            self.policy,
            self.keys,
            self.switchboard.conduct_for(recording),
            self.clock.now(),
            self.entropy(recording.number),
            self._surroundings.sealing.unseal,
        )

    def records(self) -> AbstractAsyncContextManager[Records]:
        """A transaction over this realm's records."""
        return self._surroundings.store.begin(self.name)

    def circumstances(self, records: Records, entropy: Entropy | None = None) -> Circumstances:
        """What services are given, within a transaction."""
        sealing = self._surroundings.sealing
        return Circumstances(
            records=records,
            policy=self.policy,
            entropy=entropy or self.entropy(self.journal.next_number()),
            now=self.clock.now(),
            seal=sealing.seal,
            unseal=sealing.unseal,
            algorithms=self.keys.algorithms(),
            keys=self.keys,
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Circumstances]:
        """Circumstances in a transaction of their own; may raise `Conflict` at its end."""
        async with self.records() as records:
            yield self.circumstances(records)

    async def transact(self, act: Callable[[Circumstances], Awaitable[T]]) -> T:
        """Run services in a transaction, again on fresh facts whenever another was faster."""
        while True:
            try:
                async with self.transaction() as circumstances:
                    result = await act(circumstances)
                return result
            except Conflict:
                continue

    async def reload_keys(self) -> None:
        """Sign with and publish the keys as they are stored now: needed once a service has changed them."""
        self.keys = await self.transact(lambda circumstances: load_ring(circumstances, circumstances.keys))

    async def append(self, exchange: Exchange) -> None:
        """Keep an exchange, and now and then sweep a few expired records."""
        self.journal.append(exchange)
        self.switchboard.note(exchange)
        if exchange.number % SWEEP_EVERY == 0:
            await self._surroundings.store.sweep(self.name, self.clock.now() - RETENTION, SWEEP_STEP)
