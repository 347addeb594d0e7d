"""A realm with its records, and a connection to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from oidc_harness.harness.realm import SWEEP_EVERY, Realm
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.record import Record
from oidc_harness.model.user import User
from oidc_harness.model.write import Add, Remove, Swap
from oidc_harness.provider.exchange import Exchange
from oidc_harness.services import keys
from oidc_harness.services.circumstances import Circumstances
from tests.support import records
from tests.support.client import Client
from tests.support.http import Answer, Http, Pairs, Sent

R = TypeVar("R", bound=Record)
AUTOMATIC = RealmPolicy(sign_in="auto", default_persona=records.ALICE)
"""One round trip to a code: whoever is asked for signs in and consents."""


@dataclass(frozen=True)
class World:
    """Everything a test looks at."""

    realm: Realm
    http: Http

    @property
    def issuer(self) -> str:
        return self.realm.issuer

    @property
    def now(self) -> int:
        return self.realm.clock.now()

    async def add(self, *added: Record) -> None:
        """Write new records."""
        async with self.realm.records() as transaction:
            transaction.write(*(Add(record) for record in added))

    async def get(self, kind: type[R], id: str) -> R:
        """A record that has to be there."""
        found = await self.find(kind, id)
        assert found is not None, f"no {kind.kind} {id}"
        return found

    async def find(self, kind: type[R], id: str) -> R | None:
        async with self.realm.records() as transaction:
            return await transaction.get(kind, id)

    async def all(self, kind: type[R]) -> list[R]:
        async with self.realm.records() as transaction:
            return await transaction.find(kind)

    async def put(self, record: Record) -> None:
        """Swap a changed record in."""
        async with self.realm.records() as transaction:
            transaction.write(Swap(record))

    async def change(self, kind: type[R], id: str, **changes: Any) -> R:
        """Change fields of a stored record."""
        changed = replace(await self.get(kind, id), **changes)
        await self.put(changed)
        return changed

    async def remove(self, kind: type[R], id: str) -> None:
        record = await self.get(kind, id)
        async with self.realm.records() as transaction:
            transaction.write(Remove(record))

    async def people(self, **changes: Any) -> Client:
        """Add Alice and an application, the usual inhabitants; gives the application, changed so, at work."""
        await self.add(records.user())
        return await self.client(**changes)

    async def client(self, **changes: Any) -> Client:
        """Add an application; gives it at work. Its secret is kept where a rule needs the clear text."""
        application = records.application(**changes)
        async with self.realm.transaction() as circumstances:
            if application.secret_hash is not None and application.secret_sealed is None:
                application = replace(application, secret_sealed=circumstances.seal(records.SECRET))
            circumstances.records.write(Add(application))
        return Client(self.http, self.realm, application)

    async def send(self, method: str, path: str, **rest: Any) -> Answer:
        """A request to a path of the realm."""
        return await self.http.send(Sent(method, self.issuer + path, **rest))

    async def get_page(self, path: str, query: Pairs = (), cookies: Mapping[str, str] | None = None) -> Answer:
        """Open an address of the realm as a browser does."""
        return await self.send("GET", path, query=query, cookies=cookies or {})

    async def sign_in(self, person: User, cookie: str = "c" * 43, **changes: Any) -> dict[str, str]:
        """Give a browser a session; gives its cookies."""
        await self.add(records.session(cookie, changes.pop("auth_time", self.now), person, **changes))
        return {f"oidc_session_{self.realm.name}": cookie}

    async def rotate(self, alg: str) -> None:
        """Sign with a new key of this algorithm from now on."""

        async def act(circumstances: Circumstances) -> None:
            await keys.rotate(circumstances, circumstances.keys, await keys.make(circumstances, alg))

        await self.realm.transact(act)
        await self.realm.reload_keys()

    async def sweep(self) -> None:
        """Let so many requests go by that whatever has long expired is gone."""
        for _ in range(2 * SWEEP_EVERY):
            await self.get_page("/jwks")

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return self.realm.journal.exchanges()

    @property
    def last(self) -> Exchange:
        """The newest exchange of the journal."""
        return self.exchanges[-1]


class MakeWorld(Protocol):
    """The fixture that makes realms with names of their own on the test's server."""

    async def __call__(self, policy: RealmPolicy = AUTOMATIC, seed: str | None = None) -> World: ...
