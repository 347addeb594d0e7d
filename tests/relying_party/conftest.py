"""Real HTTP servers for the tests of the other side: plain routes, and whole worlds."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from oidc_harness.relying_party.serving import listen, serving
from tests.relying_party.local_servers import Serve
from tests.relying_party.worlds import Make, Open, Settings, World, world


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serve routes on a free port until the end of the test; gives the base URL."""
    async with AsyncExitStack() as servers:

        async def start(routes: Sequence[web.RouteDef]) -> str:
            application = web.Application()
            application.add_routes(routes)
            return await servers.enter_async_context(serving(application, listen()))

        yield start


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Opens a provider with a client, until the end of the test."""
    async with AsyncExitStack() as worlds:

        async def enter(make: Make, settings: Settings | None = None) -> World:
            return await worlds.enter_async_context(world(make, settings))

        yield enter
