"""Groups of a person, in ID tokens and from userinfo (A24)."""

import json
from typing import Any

import pytest

from oidc_harness.model.claim_source import ClaimSource
from oidc_harness.model.user import User
from tests.support.client import Client
from tests.support.world import World

GROUPS = ["rowers", "ringers", "readers"]


async def _people(world: World, most: int | None, **changes: Any) -> Client:
    client = await world.people(max_groups_in_id_token=most, **changes)
    await world.change(User, "user-alice", groups=tuple(GROUPS))
    return client


@pytest.mark.parametrize(
    ("most", "told"),
    [
        (None, {"groups": GROUPS}),
        (4, {"groups": GROUPS}),
        (3, {"groups": GROUPS}),
        (2, {"hasgroups": True}),
        (0, {"hasgroups": True}),
    ],
)
@pytest.mark.parametrize(("scope", "claims"), [("openid groups", None), ("openid", {"id_token": {"groups": None}})])
async def test_an_id_token_has_all_groups_or_says_that_there_are_more(
    scope: str, claims: dict[str, Any] | None, most: int | None, told: dict[str, Any], world: World
) -> None:
    client = await _people(world, most)
    tokens = await client.sign_in(scope, claims=claims and json.dumps(claims))
    assert {name: tokens.claims[name] for name in ("groups", "hasgroups") if name in tokens.claims} == told


@pytest.mark.parametrize("most", [None, 0])
async def test_userinfo_has_all(most: int | None, world: World) -> None:
    client = await _people(world, most)
    assert await client.person(await client.sign_in("openid groups")) == {"sub": "user-alice", "groups": GROUPS}


async def test_a_refreshed_id_token_says_the_same(world: World) -> None:
    client = await _people(world, 2)
    tokens = await client.sign_in("openid groups offline_access", prompt="consent")
    assert (await client.renew(tokens)).claims["hasgroups"] is True


@pytest.mark.parametrize("scope", ["openid", "openid profile"])
async def test_who_does_not_ask_is_told_nothing(scope: str, world: World) -> None:
    client = await _people(world, 0)
    tokens = await client.sign_in(scope)
    assert not {"groups", "hasgroups"} & {*tokens.claims, *(await client.person(tokens))}


async def test_who_is_in_no_group_is_told_of_none(world: World) -> None:
    client = await world.people(max_groups_in_id_token=0)
    tokens = await client.sign_in("openid groups")
    assert not {"groups", "hasgroups"} & {*tokens.claims, *(await client.person(tokens))}


async def test_groups_that_another_provider_tells_are_that_ones(world: World) -> None:
    client = await _people(world, 0)
    await world.change(User, "user-alice", claim_sources={"club": ClaimSource(says={"groups": ["members"]})})
    claims = (await client.sign_in("openid groups")).claims
    assert claims["_claim_names"] == {"groups": "club"}
    assert not {"groups", "hasgroups"} & claims.keys()


async def test_metadata_announces_scope_and_claim(world: World) -> None:
    document = (await world.get_page("/.well-known/openid-configuration")).json
    assert "groups" in document["scopes_supported"]
    assert "groups" in document["claims_supported"]
