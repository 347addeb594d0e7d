"""Requests that arrive at the same instant: each record is made once, each thing is spent once, on each store."""

import asyncio
from urllib.parse import parse_qsl, urlsplit

import pytest

from oidc_harness.model.code import Code
from oidc_harness.model.consent import Consent
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member
from oidc_harness.model.realm_policy import RealmPolicy
from tests.support import records
from tests.support.refusals import refused, told_person
from tests.support.world import MakeWorld, World

pytestmark = pytest.mark.parametrize("store", ["memory", "sqlite"])
OFFLINE = "openid offline_access"


async def test_many_first_sign_ins_make_one_member(world: World) -> None:
    await world.add(records.user(), records.invitation())
    client = await world.client(closed=True)
    answers = await asyncio.gather(*(client.authorize(scope=OFFLINE) for _ in range(10)))
    codes = {answer.redirect.parameters["code"] for answer in answers}
    assert len(codes) == 10
    [member], [consent], [invitation] = await world.all(Member), await world.all(Consent), await world.all(Invitation)
    assert (member.user_id, consent.scopes, invitation.status) == (
        "user-alice",
        ("openid", "offline_access"),
        "accepted",
    )
    for code in codes:
        assert await client.lives((await client.redeem(code)).json["access_token"])


async def test_a_request_that_is_continued_twice_at_once_is_answered_once(make_world: MakeWorld) -> None:
    """As by a double click."""
    world = await make_world(RealmPolicy(consent="implied"))
    client = await world.people()
    answer = await client.authorize()
    query = parse_qsl(urlsplit(answer.location).query)
    browser = {f"oidc_browser_{world.realm.name}": answer.cookie("oidc_browser_") or ""}
    cookies = await world.sign_in(records.user()) | browser
    answers = await asyncio.gather(*(world.get_page("/authorize", query, cookies) for _ in range(5)))
    [success] = [answer for answer in answers if answer.status == 303]
    for answer in answers:
        if answer is not success:
            told_person(answer)
    assert len(await world.all(Code)) == 1


async def test_a_code_and_its_replay_with_other_faults(world: World) -> None:
    """What is refused for another reason neither spends nor revokes, however it is mixed with what is right."""
    client, other = await world.people(), await world.client(id="other")
    code = await client.code()
    wrong = [client.redeem(code, redirect_uri="https://rp.example/else") for _ in range(5)]
    foreign = [other.redeem(code) for _ in range(5)]
    right, *refusals = await asyncio.gather(client.redeem(code), *wrong, *foreign)
    for answer in refusals:
        refused(answer, "invalid_grant")
    assert right.status == 200


async def test_revocation_beside_a_refresh(world: World) -> None:
    """Whichever comes first: in the end nothing of it lives."""
    client = await world.people()
    tokens = await client.sign_in(OFFLINE)
    refresh, revocation = await asyncio.gather(client.refresh(tokens.refresh), client.revoke(tokens.refresh))
    assert revocation.status == 200
    if refresh.status == 200:
        assert not await client.lives(refresh.json["access_token"])
        refused(await client.refresh(refresh.json["refresh_token"]), "invalid_grant")
    else:
        refused(refresh, "invalid_grant")
    assert not await client.lives(tokens.access)


async def test_many_sign_ins_side_by_side(world: World) -> None:
    client = await world.people()
    flows = await asyncio.gather(*(client.sign_in(OFFLINE, nonce=f"n{number}") for number in range(20)))
    assert len({tokens.access for tokens in flows}) == 20
    assert {tokens.claims["nonce"] for tokens in flows} == {f"n{number}" for number in range(20)}
    people = await asyncio.gather(*(client.person(tokens) for tokens in flows))
    assert {person["sub"] for person in people} == {"user-alice"}
    renewed = await asyncio.gather(*(client.renew(tokens) for tokens in flows))
    assert len({tokens.refresh for tokens in renewed}) == 20
