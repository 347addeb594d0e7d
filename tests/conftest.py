"""A real server for each test, and worlds on it. It costs a millisecond, so nothing is shared between tests."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("tests.support", "tests.web.admin.api", "tests.web.admin.cases")

from oidc_harness.model.realm_policy import RealmPolicy  # noqa: E402
from oidc_harness.web.server import Server  # noqa: E402
from oidc_harness.web.settings import ServerSettings  # noqa: E402
from tests.support.http import Http  # noqa: E402
from tests.support.judged import judged  # noqa: E402
from tests.support.world import AUTOMATIC, MakeWorld, World  # noqa: E402

# How long an example takes is for the machine to say, and for what else it has to do.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def store() -> str:
    """Where the server keeps its records: `memory`, or by a parameter of the test `sqlite`."""
    return "memory"


@pytest.fixture
async def server(store: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """A server on a free port. What it answers is judged, whatever the test looked at."""
    place = f"sqlite:{tmp_path_factory.mktemp('store')}/records.db" if store == "sqlite" else store
    async with judged(ServerSettings(port=0, store=place)) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    """A connection without a memory."""
    async with Http() as connection:
        yield connection


@pytest.fixture
def make_world(server: Server, http: Http) -> MakeWorld:
    """Makes realms."""
    numbers = count(1)

    async def make(policy: RealmPolicy = AUTOMATIC, seed: str | None = None) -> World:
        return World(await server.realms.make(f"realm-{next(numbers)}", policy, seed), http)

    return make


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    """An empty realm in which people sign in without pages."""
    return await make_world()
