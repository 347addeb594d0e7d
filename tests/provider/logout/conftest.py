"""A realm whose applications, on this machine, are told of logouts."""

from collections.abc import AsyncIterator

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.web.server import Server
from oidc_harness.web.settings import ServerSettings
from tests.support import records
from tests.support.judged import judged
from tests.support.logout import PRIVATE, Listener, listening
from tests.support.world import MakeWorld, World


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with judged(ServerSettings(port=0, outbound=PRIVATE)) as running:
        yield running


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as listener:
        yield listener


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    world = await make_world(RealmPolicy(consent="implied"))
    await world.add(records.user())
    return world
