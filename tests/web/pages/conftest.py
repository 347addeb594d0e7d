"""A realm in which people sign in through pages, with Alice, an application, and browsers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.relying_party.user_agent import UserAgent
from tests.support import records
from tests.support.world import MakeWorld, World
from tests.web.pages.visitor import CALLBACK, Visitor

MakeVisitor = Callable[[], Awaitable[Visitor]]


@pytest.fixture
def policy() -> RealmPolicy:
    """The policy of the realm; a test may give another."""
    return RealmPolicy()


@pytest.fixture
async def world(make_world: MakeWorld, policy: RealmPolicy) -> World:
    made = await make_world(policy)
    await made.add(records.user())
    await made.client(
        application_type="native", redirect_uris=(CALLBACK,), description="Tea, and the end of the croquet ground."
    )
    return made


@pytest.fixture
async def make_visitor(world: World) -> AsyncIterator[MakeVisitor]:
    """Browsers, each with its own cookies."""
    async with AsyncExitStack() as open_browsers:

        async def make() -> Visitor:
            agent = await open_browsers.enter_async_context(UserAgent())
            application = (await world.all(Application))[0]
            return Visitor(world, application, agent)

        yield make


@pytest.fixture
async def visitor(make_visitor: MakeVisitor) -> Visitor:
    return await make_visitor()
