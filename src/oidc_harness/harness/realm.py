"""Realm: one isolated world with its own issuer, records, keys, policy, clock, entropy, conduct and journal."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import TypeVar

from oidc_harness.harness.answered import Answered
from oidc_harness.harness.clock import Clock, system_time
from oidc_harness.harness.conditions import ALWAYS, When
from oidc_harness.harness.entropy import SYSTEM, SeededEntropy
from oidc_harness.harness.fetching import Fetch, NotAsked, fetch_nothing, found_at, keep, look
from oidc_harness.harness.journal import Journal, Observation
from oidc_harness.harness.outbox import Outbox, Post, Posted, post_nothing
from oidc_harness.harness.realm_record import RealmRecord
from oidc_harness.harness.recording import Recording
from oidc_harness.harness.sealing import Sealing
from oidc_harness.harness.switchboard import Armed, Switchboard
from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.model.key import KeyRing
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.entropy import Entropy
from oidc_harness.protocol.metadata import Addresses
from oidc_harness.provider.exchange import Exchange
from oidc_harness.provider.outside import Outside
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.registrar import Registrar
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.storage.port import Conflict, Records, StorageError, Store
from oidc_harness.switches.switch import AnySwitch

T = TypeVar("T")
MOST_ATTEMPTS = 50
"""Lost races in a row before something is given up as a fault of the harness."""
SWEEP_EVERY = 16
"""Exchanges between two sweeping steps."""
SWEEP_STEP = 100
"""Records one step removes at most."""
RETENTION = 3600
"""Seconds an expired record is kept, so that its late use can still be explained."""
NOTHING_SEEN: Mapping[str, FetchedDocument] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a realm shares with the others of its server."""

    store: Store
    sealing: Sealing
    fetch: Fetch = fetch_nothing
    """How documents of clients are fetched."""
    post: Post = post_nothing
    """How notices are sent to clients."""
    client_authorities: tuple[bytes, ...] = ()
    """Certificates, as DER, of those who may vouch for clients (RFC 8705 2.1)."""


class TooManyConflicts(Exception):
    """The request lost every race for its records."""


class RealmGone(Exception):
    """The realm was dropped while something was going on in it."""


class Realm:
    """A world. A test takes one and throws it away."""

    __slots__ = (
        "_draws",
        "_seed",
        "_surroundings",
        "addresses",
        "clock",
        "documents",
        "is_gone",
        "journal",
        "keys",
        "name",
        "outbox",
        "policy",
        "subject_salt",
        "switchboard",
    )

    def __init__(self, record: RealmRecord, keys: KeyRing, addresses: Addresses, surroundings: Surroundings) -> None:
        """A realm as recorded, with its keys, at these addresses."""
        self.name = record.id
        self.policy: RealmPolicy = record.policy
        self.clock = Clock(record.clock)
        self.keys = keys
        self.addresses = addresses
        self.subject_salt = record.subject_salt
        """The secret that pairwise subjects are made with (OIDC Core 8.1)."""
        self.switchboard = Switchboard()
        self.journal = Journal(record.policy.journal_limit)
        self.outbox = Outbox()
        self.documents: dict[str, Answered] = {}
        """What it last said of itself, by endpoint; `harness/documents.py` knows whether that is still so."""
        self.is_gone = False
        """Whether it was dropped. What still goes on in it writes nothing any more."""
        self._draws = 0
        # What was drawn before a restart must not be drawn again: draws are counted from one again.
        self._seed = f"{record.seed}\n{record.restarts}" if record.seed and record.restarts else record.seed
        self._surroundings = surroundings

    @property
    def issuer(self) -> str:
        """The issuer identifier."""
        return self.addresses.issuer

    def arm(self, switch: AnySwitch, when: When = ALWAYS) -> Armed:
        """Make the provider misbehave in this realm."""
        return self.switchboard.arm(switch, when)

    def report(self, *, signed_in: bool, subject: str | None = None, note: str = "") -> None:
        """Tell the journal what was seen of the client from outside."""
        self.journal.observe(Observation(self.journal.number, self.clock.now(), signed_in, subject, note))

    def next_draw(self) -> int:
        """The number under which the next request or service draws its entropy."""
        self._draws += 1
        return self._draws

    def entropy(self, draw: int) -> Entropy:
        """The entropy of one draw: with a seed, the same for the same number."""
        return SYSTEM if self._seed is None else SeededEntropy(self._seed, draw)

    def provider(self, recording: Recording, seen: Mapping[str, FetchedDocument] = NOTHING_SEEN) -> Provider:
        """The provider as it is for the length of one request; `seen`: what was fetched for it, by URL."""
        entropy = self.entropy(recording.draw)
        return Provider(
            self.addresses,
            self.policy,
            self.keys,
            self.switchboard.conduct_for(recording),
            self.clock.now(),
            Outside(self.clock.now(), int(system_time()), seen),
            entropy,
            self._surroundings.sealing.unseal,
            self.subject_salt,
            lambda records: self._registrar(records, entropy),
            self._surroundings.client_authorities,
        )

    def _registrar(self, records: Records, entropy: Entropy) -> Registrar:
        from oidc_harness.harness.registrar import ServiceRegistrar  # brings in services that few requests need

        return ServiceRegistrar(self.circumstances(records, entropy))

    def records(self) -> AbstractAsyncContextManager[Records]:
        """A transaction over this realm's records. Raises `RealmGone` at its end where the realm was dropped."""
        return _Living(self, self._surroundings.store.begin(self.name))

    def circumstances(self, records: Records, entropy: Entropy | None = None) -> Circumstances:
        """What services are given, within a transaction."""
        sealing = self._surroundings.sealing
        return Circumstances(
            records=records,
            policy=self.policy,
            entropy=entropy or self.entropy(self.next_draw()),
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
        """Run services in a transaction, again on fresh facts whenever another was faster.

        Raises `TooManyConflicts`, where every attempt lost its race.
        """
        for _ in range(MOST_ATTEMPTS):
            try:
                async with self.transaction() as circumstances:
                    result = await act(circumstances)
                self.outbox.may_have_mail = True
                return result
            except Conflict:
                continue
        raise TooManyConflicts(f"{MOST_ATTEMPTS} attempts lost their race; the records they need are contended")

    async def reload_keys(self) -> None:
        """Sign with and publish the keys as they are stored now: needed once a service has changed them."""
        from oidc_harness.services.keys import load_ring  # brings in all that makes keys; most servers make none

        self.keys = await self.transact(lambda circumstances: load_ring(circumstances, circumstances.keys))

    async def look_at(self, url: str) -> FetchedDocument:
        """Fetch a document of somebody else's; what was found is remembered, or that nothing was.

        Where nobody was asked, what is known stays: a stranger could displace it by requests in a client's name.
        """
        try:
            found = await look(url, self._surroundings.fetch, self.clock.now())
        except NotAsked as reason:
            return found_at(url, self.clock.now(), None, str(reason))
        await self.transact(lambda circumstances: keep(circumstances, found))
        return found

    async def post(self, url: str, form: dict[str, str]) -> Posted:
        """Post a form to somebody else. Raises `FetchFailed`."""
        return await self._surroundings.post(url, form)

    async def append(self, numbered: Callable[[int], Exchange]) -> None:
        """Keep an exchange, made with its number, and now and then sweep a few expired records."""
        self.switchboard.note(self.journal.append(numbered))
        if self.journal.number % SWEEP_EVERY == 0:
            await self._sweep()

    async def _sweep(self) -> None:
        try:
            await self._surroundings.store.sweep(self.name, self.clock.now() - RETENTION, SWEEP_STEP)
        except StorageError as error:
            # What stays is swept later. An answer that was given must not be lost for it.
            logging.getLogger(__name__).warning("%s: expired records stay for now: %s", self.name, error)


class _Living:
    """A transaction that commits nothing once its realm is gone, so that nothing of it is left behind."""

    __slots__ = ("_realm", "_transaction")

    def __init__(self, realm: Realm, transaction: AbstractAsyncContextManager[Records]) -> None:
        self._realm = realm
        self._transaction = transaction

    async def __aenter__(self) -> Records:
        return await self._transaction.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self._realm.is_gone:
            gone = RealmGone(f"realm {self._realm.name!r} was dropped in the meantime")
            await self._transaction.__aexit__(RealmGone, gone, None)
            raise gone
        await self._transaction.__aexit__(kind, error, trace)
