"""Going through an index misses nothing and gives nothing twice."""

import pytest

from oidc_harness.model.session import Session
from oidc_harness.model.write import Add, Remove
from oidc_harness.services.paging import PAGE, each
from tests.services.conftest import Desk


def _session(number: int) -> Session:
    return Session(id=f"{number:04}", sid="s", user_id="ada" if number % 2 else "bob", user_generation="", auth_time=0)


@pytest.mark.parametrize("count", [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE])
async def test_every_record_once(desk: Desk, count: int) -> None:
    async with desk.transaction() as circumstances:
        circumstances.records.write(*(Add(_session(number)) for number in range(2 * count)))
    async with desk.transaction() as circumstances:
        found = [session.id async for session in each(circumstances.records, Session, user_id="ada")]
    assert found == [f"{number:04}" for number in range(1, 2 * count, 2)]


async def test_removing_on_the_way(desk: Desk) -> None:
    async with desk.transaction() as circumstances:
        circumstances.records.write(*(Add(_session(number)) for number in range(3 * PAGE)))
    async with desk.transaction() as circumstances:
        async for session in each(circumstances.records, Session):
            circumstances.records.write(Remove(session))
    assert await desk.count(Session) == 0
