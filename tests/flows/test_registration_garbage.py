"""Generated garbage as metadata of a client: an answer in words, never a fault, and an application only for a 201."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.client_metadata import MEMBERS
from tests.flows import garbage
from tests.support import records
from tests.support.registration import JSON, manage, registered
from tests.support.world import MakeWorld, World

pytestmark = pytest.mark.property
GOOD: tuple[Any, ...] = (
    [records.REDIRECT_URI],
    ["code", "id_token"],
    ["authorization_code", "implicit"],
    "https://rp.example/",
    "none",
    "RS256",
    {"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]},
)
REGISTERED = [member.name for member in MEMBERS if member.name != "sector_identifier_uri"]
"""But what would have the server send requests."""
NAMES = (*REGISTERED, "client_id", "client_secret", "client_name#de", "tos_uri#x", "unknown")
values: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from((*GOOD, *garbage.BAD))
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("keys", "kty", "kid", "n")), inner),
    max_leaves=6,
)
metadata = st.dictionaries(st.sampled_from(NAMES), values, max_size=6)
TRIED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    """A realm in which clients register themselves."""
    return await make_world(RealmPolicy(dynamic_registration="open"))


@TRIED
@given(members=metadata)
async def test_any_registration(members: dict[str, Any], world: World) -> None:
    usual = {"redirect_uris": [records.REDIRECT_URI]}
    before = len(await world.all(Application))
    answer = await world.send("POST", "/register", body=json.dumps({**usual, **members}).encode(), headers=JSON)
    assert answer.status in (201, 400), answer.text
    if answer.status == 400:
        assert answer.json.keys() == {"error", "error_description"}
    else:
        assert (await manage(world, "DELETE", answer.json)).status == 204
    assert len(await world.all(Application)) == before


@TRIED
@given(members=metadata)
async def test_any_update(members: dict[str, Any], world: World) -> None:
    client = await registered(world)
    usual = {"client_id": client["client_id"], "redirect_uris": [records.REDIRECT_URI]}
    answer = await manage(world, "PUT", client, **{**usual, **members})
    assert answer.status in (200, 400), answer.text
    assert (await manage(world, "DELETE", client)).status == 204


@TRIED
@given(body=st.binary(max_size=60) | garbage.json_texts.map(str.encode))
async def test_any_body(body: bytes, world: World) -> None:
    answer = await world.send("POST", "/register", body=body, headers=JSON)
    assert answer.status == 400, answer.text
