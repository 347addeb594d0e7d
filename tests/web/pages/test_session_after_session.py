"""One session takes the place of another in a browser: which applications are told, and when."""

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.ended_session import EndedSession
from oidc_harness.model.outbox import LogoutNotice
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from tests.support import records
from tests.web.pages.visitor import Visitor


@pytest.fixture
def policy() -> RealmPolicy:
    return RealmPolicy(consent="implied")


@pytest.fixture
async def signed_in(visitor: Visitor) -> Session:
    """Alice's session, in which she went to an application that wants to be told."""
    uri = "https://127.0.0.1/told"
    await visitor.world.change(Application, visitor.application.id, backchannel_logout_uri=uri)
    await visitor.log_in_anew()
    [session] = await visitor.world.all(Session)
    assert session.application_ids == (visitor.application.id,)
    return session


async def test_who_signs_in_again_keeps_the_session_for_those_it_went_to(visitor: Visitor, signed_in: Session) -> None:
    await visitor.log_in_anew(prompt="login")
    [session] = await visitor.world.all(Session)
    assert session.id != signed_in.id
    assert (session.sid, session.application_ids) == (signed_in.sid, signed_in.application_ids)
    assert await visitor.world.all(LogoutNotice) == []


async def test_whoever_takes_the_place_of_another_ends_their_session(visitor: Visitor, signed_in: Session) -> None:
    await visitor.world.add(records.user("bob"))
    await visitor.log_in_anew("bob", prompt="login")
    [notice] = await visitor.world.all(LogoutNotice)
    assert (notice.user_id, notice.sid) == (signed_in.user_id, signed_in.sid)
    assert notice.application_id == visitor.application.id


async def test_what_was_issued_in_it_ends_as_by_a_logout(visitor: Visitor, signed_in: Session) -> None:
    await visitor.world.add(records.user("bob"))
    await visitor.log_in_anew(prompt="login")
    assert await visitor.world.all(EndedSession) == []
    await visitor.log_in_anew("bob", prompt="login")
    [ended] = await visitor.world.all(EndedSession)
    assert (ended.id, ended.revokes) == (signed_in.sid, "online_access")
