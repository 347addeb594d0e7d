"""The password grant (RFC 6749 4.3): for applications registered for it, under the same rules about people."""

import asyncio
from typing import Any

import pytest

from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member
from oidc_harness.model.user import User
from oidc_harness.protocol.passwords import hash_password
from tests.support import records
from tests.support.client import Client
from tests.support.http import Answer
from tests.support.refusals import refused
from tests.support.world import World


async def trusted(world: World, **changes: Any) -> Client:
    return await world.client(grant_types=("password", "refresh_token"), response_types=(), **changes)


async def ask(client: Client, **changes: Any) -> Answer:
    usual = {"username": "alice", "password": records.PASSWORD, "scope": "openid email"}
    return await client.ask_token("password", **{**usual, **changes})


@pytest.mark.parametrize("name", ["alice", "alice@people.example", "ALICE@People.example"])
async def test_a_person_gives_name_and_password(name: str, world: World) -> None:
    await world.add(records.user())
    client = await trusted(world, require_auth_time=True)
    world.realm.clock.freeze()
    tokens = await client.accept(await ask(client, username=name))
    assert tokens.members.keys() == {"access_token", "token_type", "expires_in", "id_token", "scope"}
    expected = {"sub": "user-alice", "amr": ["pwd"], "acr": "1", "auth_time": world.now}
    assert {name: tokens.claims[name] for name in expected} == expected
    # There is no browser, so there is no session to name.
    assert "sid" not in tokens.claims
    assert (await client.person(tokens))["email"] == "alice@people.example"
    assert [member.user_id for member in await world.all(Member)] == ["user-alice"]


async def test_a_password_typed_by_a_person(world: World) -> None:
    hashed = hash_password("correct horse", "salt")
    await world.add(records.user(test_password=None, password_hash=hashed))
    client = await trusted(world)
    assert (await ask(client, password="correct horse")).status == 200
    refused(await ask(client, password="correct horsf"), "invalid_grant")
    refused(await ask(client, password=hashed), "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "wrong"},
        {"password": records.PASSWORD.upper()},
        {"password": records.PASSWORD + " "},
        {"password": "pässwörd"},
        {"username": "bob"},
        {"username": "user-alice"},
        {"username": "*"},
        {"username": "alice\0"},
    ],
)
async def test_unknown_user_and_wrong_password_look_the_same(changes: dict[str, str], world: World) -> None:
    await world.add(records.user(), records.user("nobody", test_password=None))
    client = await trusted(world)
    assert refused(await ask(client, **changes), "invalid_grant") == "wrong username or password"
    assert refused(await ask(client, username="nobody", password="x"), "invalid_grant") == "wrong username or password"


REFUSED: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None]] = [
    ({}, {"status": "blocked"}, None),
    ({}, {}, {"status": "blocked"}),
    ({"closed": True}, {}, None),
    ({"restricted": True}, {}, None),
    ({"restricted": True}, {}, {}),
]


@pytest.mark.parametrize(("application", "user", "member"), REFUSED)
async def test_who_may_not_sign_in_gets_nothing(
    application: dict[str, Any], user: dict[str, Any], member: dict[str, Any] | None, world: World
) -> None:
    await world.add(records.user(**user))
    if member is not None:
        await world.add(records.member(**member))
    client = await trusted(world, **application)
    refused(await ask(client), "invalid_grant")


async def test_an_invited_person_joins(world: World) -> None:
    await world.add(records.user(), records.invitation())
    client = await trusted(world, closed=True)
    assert (await ask(client)).status == 200
    [invitation] = await world.all(Invitation)
    assert (invitation.status, invitation.accepted_by) == ("accepted", "user-alice")


async def test_a_deactivated_application_is_refused(world: World) -> None:
    await world.add(records.user())
    client = await trusted(world, status="deactivated")
    refused(await ask(client), "unauthorized_client")


async def test_it_can_be_refreshed_and_ends_with_the_person(world: World) -> None:
    await world.add(records.user())
    client = await trusted(world)
    tokens = await client.accept(await ask(client, scope="openid offline_access"))
    renewed = await client.renew(tokens)
    assert await client.lives(renewed.access)
    await world.change(User, "user-alice", status="blocked", generation="2")
    assert not await client.lives(renewed.access)
    refused(await client.refresh(renewed.refresh), "invalid_grant")


async def test_the_application_may_be_limited_in_scope(world: World) -> None:
    await world.add(records.user())
    client = await trusted(world, allowed_scopes=("openid",))
    refused(await ask(client), "invalid_scope")


async def test_two_first_sign_ins_at_once_make_one_member(world: World) -> None:
    await world.add(records.user())
    client = await trusted(world)
    answers = await asyncio.gather(*(ask(client) for _ in range(5)))
    assert [answer.status for answer in answers] == [200] * 5
    assert len(await world.all(Member)) == 1
    for answer in answers:
        assert await client.lives(answer.json["access_token"])
