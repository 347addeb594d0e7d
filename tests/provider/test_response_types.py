"""Every response type, read from the front channel as its client reads it (OIDC Core 3.2, 3.3)."""

from collections.abc import Mapping
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.model.member import Member
from oidc_harness.model.token import RefreshToken
from oidc_harness.protocol.response_type import RESPONSE_TYPES
from tests.support import oracle
from tests.support.client import Client
from tests.support.http import Sent
from tests.support.refusals import told_client
from tests.support.world import World

GRANTS = ("authorization_code", "implicit", "refresh_token")
IN_FRONT = [name for name in RESPONSE_TYPES if {"token", "id_token"}.intersection(name.split())]
WITH_ID_TOKEN = [name for name in RESPONSE_TYPES if "id_token" in name.split()]
STATE, NONCE = "state-of-the-art", "n-0S6_WzA2Mj"


@pytest.fixture
async def client(world: World) -> Client:
    """A client that registered every response type."""
    return await world.people(response_types=RESPONSE_TYPES, grant_types=GRANTS)


async def given(client: Client, response_type: str, **changes: Any) -> Mapping[str, str]:
    """The parameters of a response that has to be in order."""
    answer = await client.authorize(response_type=response_type, **changes)
    key_set = (await client.http.send(Sent("GET", client.realm.issuer + "/jwks"))).json
    nonce = changes.get("nonce", NONCE)
    return oracle.accept_front_channel(answer, response_type, client.addressee, key_set, STATE, nonce)


@pytest.mark.parametrize("response_type", RESPONSE_TYPES)
async def test_it_gives_what_it_names_and_nothing_else(response_type: str, client: Client, world: World) -> None:
    parameters = await given(client, response_type, scope="openid email offline_access")
    if "code" in response_type.split():
        tokens = await client.accept(await client.redeem(parameters["code"]), nonce=NONCE)
        assert (await client.person(tokens))["email"] == "alice@people.example"
    if "access_token" in parameters:
        assert await client.lives(parameters["access_token"])
    assert len(await world.all(Grant)) == (response_type != "none")
    assert len(await world.all(Member)) == 1
    # F4: only the token endpoint gives refresh tokens.
    assert len(await world.all(RefreshToken)) == ("code" in response_type.split())


@pytest.mark.parametrize("response_type", ["token id_token", "id_token code", "token code", "token id_token code"])
async def test_the_order_of_its_words_is_free(response_type: str, client: Client) -> None:
    assert await given(client, response_type)


@pytest.mark.parametrize("alg", ["PS256", "ES256", "EdDSA", "HS256"])
async def test_the_hashes_are_those_of_the_algorithm(alg: str, world: World) -> None:
    client = await world.people(response_types=RESPONSE_TYPES, grant_types=GRANTS, id_token_signed_response_alg=alg)
    await given(client, "code id_token token")


@pytest.mark.parametrize("response_type", RESPONSE_TYPES)
@pytest.mark.parametrize("mode", [None, "fragment", "form_post", "query"])
async def test_where_the_answer_stands(mode: str | None, response_type: str, client: Client, world: World) -> None:
    answer = await client.authorize(response_type=response_type, response_mode=mode)
    default = "fragment" if response_type in IN_FRONT else "query"
    if mode == "query" and default == "fragment":
        # Multiple Response Types 5: refused, and where a query must not be used either.
        told_client(answer, "invalid_request", world.issuer)
        assert answer.redirect.mode == "fragment"
    else:
        assert answer.redirect.mode == (mode or default)
        assert "error" not in answer.redirect.parameters


@pytest.mark.parametrize("response_type", RESPONSE_TYPES)
async def test_errors_stand_where_the_answer_would(response_type: str, client: Client, world: World) -> None:
    answer = await client.authorize(response_type=response_type, prompt="none")
    told_client(answer, "login_required", world.issuer)
    assert answer.redirect.mode == ("fragment" if response_type in IN_FRONT else "query")


@pytest.mark.parametrize("response_type", RESPONSE_TYPES)
async def test_who_must_send_a_nonce(response_type: str, client: Client, world: World) -> None:
    """OIDC Core 3.2.2.1, 3.3.2.11: where an ID token comes through the browser."""
    if response_type in WITH_ID_TOKEN:
        told_client(await client.authorize(response_type=response_type, nonce=None), "invalid_request", world.issuer)
    else:
        assert await given(client, response_type, nonce=None) is not None


@pytest.mark.parametrize("response_type", WITH_ID_TOKEN)
async def test_an_id_token_is_for_openid_alone(response_type: str, client: Client, world: World) -> None:
    answer = await client.authorize(response_type=response_type, scope="email")
    told_client(answer, "invalid_request", world.issuer)


async def test_claims_stand_in_the_id_token_only_where_there_is_no_userinfo(client: Client) -> None:
    """OIDC Core 5.4."""
    for response_type in WITH_ID_TOKEN:
        parameters = await given(client, response_type, scope="openid email profile")
        claims = oracle.plain(parameters["id_token"])
        assert ("email" in claims) == (response_type == "id_token"), response_type
        asked = await given(client, response_type, scope="openid", claims='{"id_token":{"name":{"essential":true}}}')
        told = oracle.plain(asked["id_token"])
        assert (told["name"], "email" in told) == ("Alice Liddell", False)


async def test_a_code_used_twice_takes_the_tokens_of_the_front_channel_with_it(client: Client) -> None:
    parameters = await given(client, "code id_token token")
    await client.redeem(parameters["code"])
    assert await client.lives(parameters["access_token"])
    await client.redeem(parameters["code"])
    assert not await client.lives(parameters["access_token"])


@pytest.mark.parametrize("response_type", ["id_token", "token", "id_token token", "none"])
async def test_without_a_code_there_is_nothing_to_prove_by_pkce(response_type: str, world: World) -> None:
    client = await world.people(response_types=RESPONSE_TYPES, grant_types=GRANTS, token_endpoint_auth_method="none")
    assert "error" not in (await client.authorize(response_type=response_type)).redirect.parameters
    told_client(await client.authorize(response_type="code id_token"), "invalid_request", world.issuer)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (None, "invalid_request"),
        ("", "invalid_request"),
        ("id_token  token", "unsupported_response_type"),
        ("code code", "unsupported_response_type"),
        ("code none", "unsupported_response_type"),
        ("Code", "unsupported_response_type"),
        ("id_token", "unauthorized_client"),
        (["code", "id_token"], "invalid_request"),
    ],
)
async def test_what_is_no_response_type_of_this_client(asked: Any, code: str, world: World) -> None:
    client = await world.people()
    told_client(await client.authorize(response_type=asked), code, world.issuer)


async def test_a_response_of_none_records_consent_and_hands_over_nothing(world: World) -> None:
    client = await world.people(response_types=RESPONSE_TYPES, grant_types=GRANTS)
    assert await given(client, "none", scope="openid email") == {}
    await world.change(Application, client.id, closed=True)
    # A member by now.
    assert await given(client, "code") != {}
