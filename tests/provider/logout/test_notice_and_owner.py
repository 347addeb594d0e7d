"""A notice is for the application that it was written for, and for no other."""

from typing import Any

import pytest

from oidc_harness.harness.postman import send_due
from oidc_harness.model.application import Application
from oidc_harness.model.outbox import LogoutNotice
from oidc_harness.services import applications, members, users
from oidc_harness.services.circumstances import Circumstances
from tests.support import records
from tests.support.client import Client
from tests.support.logout import AFTERWARDS, Listener, accept_logout_token, leave, settled, told_client
from tests.support.world import World


async def test_an_application_that_is_gone_hears_nothing(world: World, listener: Listener) -> None:
    client = await told_client(world, listener)
    cookies = await world.sign_in(records.user())
    await client.sign_in(cookies=cookies)

    async def end_and_delete(given: Circumstances) -> None:
        await members.end_sessions(given, "web", "user-alice")
        await applications.delete(given, "web")

    await world.realm.transact(end_and_delete)
    [notice] = await settled(world, "failed")
    assert "gone" in notice.last_outcome
    assert listener.forms == []


@pytest.mark.parametrize("uri", [None, "http://127.0.0.1:9/elsewhere"])
async def test_where_no_notice_is_wanted_any_more_none_is_sent(uri: Any, world: World, listener: Listener) -> None:
    """Withdrawn, changed, or by somebody else who has the client_id now."""
    listener.statuses = [503, 200]
    world.realm.clock.freeze(world.now)
    client = await told_client(world, listener)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)
    await world.change(Application, client.id, backchannel_logout_uri=uri)
    world.realm.clock.advance(11)
    await settled(world, "failed")
    [notice] = await world.all(LogoutNotice)
    assert "wants no notice there now" in notice.last_outcome
    assert len(listener.forms) == 1


async def test_another_application_of_the_same_id_and_address_is_told_nothing(world: World, listener: Listener) -> None:
    """It is somebody else's now: what the one before it was to hear is not theirs to know."""
    listener.statuses = [503, 200]
    world.realm.clock.freeze(world.now)
    former = await _registered(world, listener)
    cookies = await world.sign_in(records.user())
    tokens = await former.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)
    await world.realm.transact(lambda given: applications.delete(given, former.id))
    latter = await _registered(world, listener)
    assert latter.application.backchannel_logout_uri == former.application.backchannel_logout_uri
    world.realm.clock.advance(11)
    await settled(world, "failed")
    assert len(listener.forms) == 1
    # Its own are sent.
    cookies = await world.sign_in(records.user(), "d" * 43)
    tokens = await latter.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)
    await accept_logout_token(listener.forms[1], latter)


async def _registered(world: World, listener: Listener) -> Client:
    """An application made by the service that makes them for people."""
    draft = records.application(
        backchannel_logout_uri=f"{listener.base}/web", post_logout_redirect_uris=(AFTERWARDS,), secret_hash=None
    )
    made = await world.realm.transact(lambda given: applications.create(given, draft, secret=records.SECRET))
    return Client(world.http, world.realm, made.application)


@pytest.mark.parametrize("change", ["deactivate", "edit", "block"])
async def test_what_becomes_of_the_application_otherwise_holds_no_notice_back(
    change: str, world: World, listener: Listener
) -> None:
    """Its generation changes, and it is the same application."""
    listener.statuses = [503, 200]
    world.realm.clock.freeze(world.now)
    client = await _registered(world, listener)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)

    async def happen(given: Circumstances) -> None:
        if change == "deactivate":
            await members.remove(given, "web", "user-alice")
            await applications.deactivate(given, "web")
        elif change == "edit":
            await applications.edit(given, "web", {"name": "Renamed"})
        else:
            await users.block(given, "user-alice")

    await world.realm.transact(happen)
    world.realm.clock.advance(11)
    await send_due(world.realm)
    assert {notice.state for notice in await world.all(LogoutNotice)} == {"delivered"}
