"""A realm for the services: the real memory store, real sealing, time and policy as a test sets them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest

from oidc_harness.harness.entropy import SYSTEM
from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.record import Record
from oidc_harness.model.user import User
from oidc_harness.protocol.jose import seal, unseal
from oidc_harness.services import applications, users
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.storage.memory import MemoryStore

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", bound=Record)
_SEALING_KEY = bytes(range(32))


@dataclass
class Desk:
    """Where services are asked for; each call is a transaction of its own."""

    store: MemoryStore = field(default_factory=MemoryStore)
    policy: RealmPolicy = field(default_factory=RealmPolicy)
    now: int = 1_000_000
    algorithms: tuple[str, ...] = ("RS256", "ES256")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Circumstances]:
        async with self.store.begin("test") as records:
            yield Circumstances(
                records=records,
                policy=self.policy,
                entropy=SYSTEM,
                now=self.now,
                seal=partial(seal, _SEALING_KEY),
                unseal=partial(unseal, _SEALING_KEY),
                algorithms=self.algorithms,
            )

    async def ask(
        self, service: Callable[Concatenate[Circumstances, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        async with self.transaction() as circumstances:
            return await service(circumstances, *args, **kwargs)

    async def overtake(
        self, late: Callable[[Circumstances], Awaitable[Any]], early: Callable[[Circumstances], Awaitable[Any]]
    ) -> None:
        """Let `early` begin and commit while `late` is about to."""
        async with self.transaction() as circumstances:
            await late(circumstances)
            await self.ask(early)

    async def stored(self, kind: type[R], id: str) -> R | None:
        async with self.store.begin("test") as records:
            return await records.get(kind, id)

    async def count(self, kind: type[Record], **where: str) -> int:
        async with self.store.begin("test") as records:
            return len(await records.find(kind, limit=10_000, **where))

    async def application(self, **changes: Any) -> Application:
        return (await self.ask(applications.create, replace(WEB, **changes))).application

    async def user(self, name: str = "ada", **changes: Any) -> User:
        draft = User(id=name, username=name, email=f"{name}@example.com", test_password="pass-word")
        return await self.ask(users.create, replace(draft, **changes))


WEB = Application(id="shop", name="Shop", redirect_uris=("https://shop.example/callback",))


@pytest.fixture
def desk() -> Desk:
    return Desk()
