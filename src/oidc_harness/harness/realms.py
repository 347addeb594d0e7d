"""Realms: make, find, drop. The registry of one server's worlds."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from oidc_harness.harness.entropy import SYSTEM, SeededEntropy
from oidc_harness.harness.realm import Realm, Surroundings
from oidc_harness.harness.realm_record import REGISTRY, RealmRecord
from oidc_harness.model.key import Key, KeyRing
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.write import Add, Remove, Swap
from oidc_harness.protocol.metadata import Addresses
from oidc_harness.provider.table import ENDPOINTS
from oidc_harness.services.paging import each
from oidc_harness.storage.port import Duplicate

Furnish = Callable[[Realm], Awaitable[None]]
NAME = "[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
"""Pattern of a realm's name."""
_PAGES = frozenset({"login", "sign_up", "consent", "invitation", "account", "manage"})
"""First parts of the paths of pages, which are known further up, and of those that are to come."""
RESERVED = frozenset({"_harness"}) | _PAGES | {endpoint.path.split("/")[1] for endpoint in ENDPOINTS}
"""What stands first in a path of the root realm, or of no realm at all."""


class RealmError(Exception):
    """A realm cannot be made or found under this name; the message says why."""


class RealmTaken(RealmError):
    """There is a realm of this name already."""


def check_name(name: str) -> None:
    """Raises `RealmError` for a name that is malformed or reserved."""
    if not re.fullmatch(NAME, name) or name in RESERVED:
        taken = ", ".join(sorted(RESERVED))
        raise RealmError(f"realm name {name!r}: expected 1 to 64 of a-z, 0-9 and inner hyphens, and none of {taken}")


class Realms:
    """The worlds of one server."""

    def __init__(
        self,
        surroundings: Surroundings,
        base: Addresses,
        root: str | None,
        keys_for: Callable[[str], tuple[Key, ...]],
    ) -> None:
        """No realms yet.

        `base`: where the server is reached; `root`: the realm mounted without a path; `keys_for`: the first keys of a
        new realm, by its name.
        """
        self._surroundings = surroundings
        self._base = base
        self._root = root
        self._keys_for = keys_for
        self._realms: dict[str, Realm] = {}
        self._changing = asyncio.Lock()
        """Held while the registry changes: what is dropped must be gone before its name is given again."""

    @property
    def root(self) -> str | None:
        """Name of the realm that is mounted at `/`."""
        return self._root

    def __iter__(self) -> Iterator[Realm]:
        """Every realm, in the order they were made."""
        return iter(tuple(self._realms.values()))

    def find(self, name: str) -> Realm | None:
        """The realm of this name, or None."""
        return self._realms.get(name)

    async def make(
        self, name: str, policy: RealmPolicy | None = None, seed: str | None = None, furnish: Furnish | None = None
    ) -> Realm:
        """A new realm, which is there for nobody before `furnish` has put in what it begins with.

        Raises `RealmError` for a name that is malformed or reserved, `RealmTaken` for one in use, and what `furnish`
        raises; then nothing was made.
        """
        check_name(name)
        record = RealmRecord(id=name, policy=policy or RealmPolicy(), seed=seed, subject_salt=_subject_salt(seed))
        async with self._changing:
            if await self._is_taken(name):
                raise _taken(name)
            realm = self._realm(record)
            if furnish is not None:
                # A start that was cut short may have left records of a realm that was never registered.
                await self._surroundings.store.drop(name)
                await furnish(realm)
            await self._register(record)
            self._realms[name] = realm
            return realm

    async def _is_taken(self, name: str) -> bool:
        """Whether there is such a realm; in the store too, for another process may have made it there."""
        if name in self._realms:
            return True
        async with self._surroundings.store.begin(REGISTRY) as records:
            return await records.get(RealmRecord, name) is not None

    async def _register(self, record: RealmRecord) -> None:
        try:
            async with self._surroundings.store.begin(REGISTRY) as records:
                records.write(Add(record))
        except Duplicate:
            raise _taken(record.id) from None

    async def restore(self) -> None:
        """Open every realm the store remembers."""
        async with self._surroundings.store.begin(REGISTRY) as records:
            stored = [record async for record in each(records, RealmRecord)]
            found = [_reopened(record) for record in stored]
            records.write(*(Swap(now) for before, now in zip(stored, found, strict=True) if now != before))
        for record in found:
            realm = self._realm(record)
            await realm.reload_keys()
            self._realms[record.id] = realm

    async def save(self, realm: Realm) -> None:
        """Remember the realm's policy and clock as they are now."""
        async with self._changing, self._surroundings.store.begin(REGISTRY) as records:
            stored = await records.get(RealmRecord, realm.name)
            if stored is not None:
                records.write(Swap(_updated(stored, realm)))

    async def drop(self, name: str) -> bool:
        """Forget a realm and everything in it; whether there was one."""
        async with self._changing:
            realm = self._realms.pop(name, None)
            if realm is None:
                return False
            realm.is_gone = True
            async with self._surroundings.store.begin(REGISTRY) as records:
                stored = await records.get(RealmRecord, name)
                if stored is not None:
                    records.write(Remove(stored))
            await self._surroundings.store.drop(name)
            return True

    def addresses_of(self, name: str) -> Addresses:
        """Where a realm of this name is reached."""
        path = "" if name == self._root else f"/{name}"
        return self._base.below(path)

    def _realm(self, record: RealmRecord) -> Realm:
        return Realm(record, KeyRing(self._keys_for(record.id)), self.addresses_of(record.id), self._surroundings)


def _subject_salt(seed: str | None) -> str:
    """Drawn before the realm's first exchange, and once in its life: the same again for the same seed."""
    entropy = SYSTEM if seed is None else SeededEntropy(seed, 0)
    return entropy.token()


def _reopened(record: RealmRecord) -> RealmRecord:
    """As it is at this start: a seeded realm counts them, and a record that has no salt yet gets one."""
    restarts = record.restarts if record.seed is None else record.restarts + 1
    return replace(record, restarts=restarts, subject_salt=record.subject_salt or _subject_salt(record.seed))


def _taken(name: str) -> RealmTaken:
    return RealmTaken(f"realm {name!r} exists already; drop it first, or take another name")


def _updated(stored: RealmRecord, realm: Realm) -> RealmRecord:
    return replace(stored, policy=realm.policy, clock=realm.clock.state)
