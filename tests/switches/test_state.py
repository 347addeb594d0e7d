"""What changes between two requests, in a real realm with real services."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.key import Key
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.user import User
from oidc_harness.protocol.about import About
from oidc_harness.switches.base import StateSwitch
from oidc_harness.switches.state import (
    AcctBlockedBeforeToken,
    AcctBlockedMidSession,
    AppDeleted,
    AppSuspended,
    JwksRotateNewKey,
)
from tests.support import records
from tests.support.world import MakeWorld, World

ALL: tuple[StateSwitch, ...] = (
    AcctBlockedBeforeToken(),
    AcctBlockedMidSession(),
    AppSuspended(),
    AppDeleted(),
    JwksRotateNewKey(),
)
ABOUT = About("token", records.application(), records.user(), "grant-1")


async def happen(world: World, switch: StateSwitch, about: About = ABOUT) -> str:
    return await world.realm.transact(lambda circumstances: switch.act(circumstances, about))


@pytest.mark.parametrize("switch", ALL, ids=str)
def test_it_concerns_a_persons_flow(switch: StateSwitch) -> None:
    assert switch.applies(ABOUT)
    for missing in ({"application": None}, {"user": None}, {"grant_id": None}):
        assert not switch.applies(replace(ABOUT, **missing))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("switch", "after"),
    [
        (AcctBlockedBeforeToken(), "authorize"),
        (AcctBlockedMidSession(), "userinfo"),
        (AcctBlockedMidSession("token"), "token"),
        (AppSuspended(), "authorize"),
        (AppDeleted("userinfo"), "userinfo"),
        (JwksRotateNewKey("token"), "token"),
    ],
    ids=str,
)
def test_when_it_happens(switch: StateSwitch, after: str) -> None:
    assert switch.after == after


@pytest.mark.parametrize("switch", [AcctBlockedBeforeToken(), AcctBlockedMidSession()], ids=str)
async def test_the_user_is_blocked(world: World, switch: StateSwitch) -> None:
    await world.people()
    assert await happen(world, switch) == "user user-alice is blocked"
    user = await world.get(User, "user-alice")
    assert (user.status, user.generation == records.user().generation) == ("blocked", False)


async def test_the_application_is_deactivated(world: World) -> None:
    await world.people()
    assert await happen(world, AppSuspended()) == "application web is deactivated"
    assert (await world.get(Application, "web")).status == "deactivated"


@pytest.mark.parametrize("deletion", ["cascade", "refuse_with_users"])
async def test_the_application_is_deleted_whatever_the_policy(make_world: MakeWorld, deletion: Any) -> None:
    world = await make_world(RealmPolicy(deletion=deletion))
    await world.people()
    await world.add(records.member())
    assert await happen(world, AppDeleted()) == "application web is deleted"
    assert await world.find(Application, "web") is None


@pytest.mark.parametrize("switch", ALL[:4], ids=str)
async def test_what_is_gone_already_is_no_trouble(world: World, switch: StateSwitch) -> None:
    assert await happen(world, switch)


async def test_a_new_key_signs_and_is_published_at_once(world: World) -> None:
    client = await world.people()
    world.realm.arm(JwksRotateNewKey())
    before = world.realm.keys
    code = await client.code()
    new = world.realm.keys.signing_key("RS256")
    assert new.kid not in {key.kid for key in before.published()}
    assert {key.kid for key in world.realm.keys.published()} == {key.kid for key in before.published()} | {new.kid}
    assert world.realm.keys.algorithms() == before.algorithms()
    assert len(await world.all(Key)) == len(before.keys) + 1
    # The oracle verifies the ID token with the key set as it is published now.
    await client.accept(await client.redeem(code), nonce="n-0S6_WzA2Mj")


@pytest.mark.parametrize("alg", ["HS256", "HS512", "none"])
def test_clients_of_no_key_meet_no_new_one(alg: Any) -> None:
    about = replace(ABOUT, application=records.application(id_token_signed_response_alg=alg))
    assert not JwksRotateNewKey().applies(about)
