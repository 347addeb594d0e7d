"""Whom the end of a session concerns, why ever it ended, and how a logout token names it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from oidc_harness.services import applications, consents, members, sign_out, users
from oidc_harness.services.circumstances import Circumstances
from tests.support import records
from tests.support.logout import Listener, accept_logout_token, leave, settled, told_client
from tests.support.world import World

Deed = Callable[[Circumstances], Awaitable[object]]
DEEDS: dict[str, Deed] = {
    "block the member": lambda given: members.block(given, "web", "user-alice"),
    "end the member's sessions": lambda given: members.end_sessions(given, "web", "user-alice"),
    "remove the member": lambda given: members.remove(given, "web", "user-alice"),
    "withdraw the consent": lambda given: consents.withdraw(given, "web", "user-alice"),
    "deactivate the application": lambda given: applications.deactivate(given, "web"),
    "block the user": lambda given: users.block(given, "user-alice"),
    "end the user's sessions": lambda given: sign_out.end_all_sessions(given, "user-alice"),
    "delete the user": lambda given: users.delete(given, "user-alice"),
}


@pytest.mark.parametrize("named", [False, True], ids=["all sessions", "each session"])
@pytest.mark.parametrize("deed", DEEDS)
async def test_who_ends_sessions_from_here_has_applications_told(
    deed: str, named: bool, world: World, listener: Listener
) -> None:
    client = await told_client(world, listener, backchannel_logout_session_required=named)
    other = await told_client(world, listener, "other")
    browsers = [await world.sign_in(records.user(), letter * 43) for letter in "cde"]
    signed_in = [await client.sign_in(cookies=cookies) for cookies in browsers[:2]]
    await other.sign_in(cookies=browsers[2])
    await world.realm.transact(DEEDS[deed])
    to_other = 1 if "the user" in deed else 0
    await settled(world, *["delivered"] * ((2 if named else 1) + to_other))
    forms = [form for form, path in zip(listener.forms, listener.heard, strict=True) if path.startswith("/web")]
    told = [await accept_logout_token(form, client) for form in forms]
    assert {claims["sub"] for claims in told} == {"user-alice"}
    sids = {tokens.claims["sid"] for tokens in signed_in}
    assert {claims.get("sid") for claims in told} == (sids if named else {None})


@pytest.mark.parametrize(("named", "expected"), [("sub_and_sid", {"sub", "sid"}), ("sub", {"sub"}), ("sid", {"sid"})])
async def test_whom_a_logout_token_names(named: Any, expected: set[str], world: World, listener: Listener) -> None:
    client = await told_client(world, listener, backchannel_logout_claims=named)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    await leave(world, cookies, tokens.id_token)
    claims = await accept_logout_token(listener.forms[0], client)
    assert {name: claims[name] for name in ("sub", "sid") if name in claims} == {
        name: tokens.claims[name] for name in expected
    }


async def test_who_is_never_told_the_user_hears_of_each_session(world: World, listener: Listener) -> None:
    client = await told_client(world, listener, backchannel_logout_claims="sid")
    browsers = [await world.sign_in(records.user(), letter * 43) for letter in "cd"]
    signed_in = [await client.sign_in(cookies=cookies) for cookies in browsers]
    await world.realm.transact(lambda given: members.end_sessions(given, "web", "user-alice"))
    await settled(world, "delivered", "delivered")
    told = [await accept_logout_token(form, client) for form in listener.forms]
    assert {claims["sid"] for claims in told} == {tokens.claims["sid"] for tokens in signed_in}
    assert not any("sub" in claims for claims in told)


async def test_every_member_is_told_of_an_application_that_is_shut(world: World, listener: Listener) -> None:
    client = await told_client(world, listener)
    names = ("alice", "bob", "carol")
    for letter, name in zip("abc", names, strict=True):
        if name != "alice":
            await world.add(records.user(name))
        await client.sign_in(cookies=await world.sign_in(records.user(name), letter * 43))
    await world.realm.transact(lambda given: members.block(given, "web", "user-carol"))
    await settled(world, "delivered")
    listener.forms.clear()
    await world.realm.transact(lambda given: applications.deactivate(given, "web"))
    # Carol has nothing left there to end.
    await settled(world, *["delivered"] * 3)
    told = [await accept_logout_token(form, client) for form in listener.forms]
    assert {claims["sub"] for claims in told} == {"user-alice", "user-bob"}
