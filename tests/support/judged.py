"""A server whose answers are judged when a test is over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import ServerSettings
from tests.support.journal_oracle import misread


@asynccontextmanager
async def judged(settings: ServerSettings) -> AsyncIterator[Server]:
    """A running server. A fault of its own in any realm fails the test, and so does an answer that pyoidc misreads."""
    async with serving(settings) as running:
        yield running
        exchanges = [exchange for realm in running.realms for exchange in realm.journal.exchanges()]
    traces = [exchange.trace for exchange in exchanges if exchange.trace]
    assert not traces, "\n".join(traces)
    complaints = [*misread(exchanges)]
    assert not complaints, "\n".join(complaints)
