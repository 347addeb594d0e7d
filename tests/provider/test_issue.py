"""How long a grant is kept: until the last thing that can come of it has expired."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.grant import Grant
from tests.support.world import AUTOMATIC, MakeWorld

LIFETIMES = {"code_lifetime": 60, "access_token_ttl": 600, "refresh_token_ttl": 6000}
OFFLINE = "openid offline_access"


@pytest.mark.parametrize(
    ("policy", "scope", "seconds"),
    [
        ({}, "openid", 60 + 600),
        ({}, OFFLINE, 60 + 600 + 6000),
        ({"refresh_tokens": "always"}, "openid", 60 + 600 + 6000),
        ({"refresh_token_ttl": None}, OFFLINE, None),
        ({"refresh_token_ttl": None}, "openid", 60 + 600),
        ({"access_token_ttl": None}, "openid", None),
    ],
)
async def test_each_may_be_used_at_the_very_end_of_the_one_before(
    policy: dict[str, Any], scope: str, seconds: int | None, make_world: MakeWorld
) -> None:
    world = await make_world(replace(AUTOMATIC, **{**LIFETIMES, **policy}))
    client = await world.people()
    world.realm.clock.freeze()
    await client.code(scope=scope)
    [grant] = await world.all(Grant)
    assert grant.expires_at == (None if seconds is None else world.now + seconds)
