"""Real HTTP servers for the tests of the other side."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from oidc_harness.relying_party.serving import listen, serving
from tests.relying_party.local_servers import Serve


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serve routes on a free port until the end of the test; gives the base URL."""
    async with AsyncExitStack() as servers:

        async def start(routes: Sequence[web.RouteDef]) -> str:
            application = web.Application()
            application.add_routes(routes)
            return await servers.enter_async_context(serving(application, listen()))

        yield start
