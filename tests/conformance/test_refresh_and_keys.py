"""Refresh tokens; keys of clients, and of the provider."""

import json
from dataclasses import replace
from typing import Any

from tests.conformance import keys
from tests.conformance.client import Client
from tests.conformance.suite import Suite
from tests.support.elsewhere import Elsewhere
from tests.support.jwt_oracle import header_of
from tests.support.refusals import refused

OFFLINE = {"scope": "openid offline_access", "prompt": "consent"}
KEYS = "/jwks"


async def test_oidcc_refresh_token(suite: Suite) -> None:
    refreshing, person = suite.grants("refresh_token"), suite.person()
    client, other = await suite.client(**refreshing), await suite.client(**refreshing)
    first = await client.sign_in(person, **OFFLINE)
    await other.sign_in(person, **OFFLINE)
    refused(await other.refresh(first.tokens["refresh_token"]), "invalid_grant")
    await suite.wait(2)
    renewed = await client.accept_refreshed(await client.refresh(first.tokens["refresh_token"]), first)
    assert renewed.access_token != first.access_token
    await client.told(renewed)


def _key_set(*names: str) -> str:
    return json.dumps({"keys": [keys.public(name) for name in names]})


async def _client_with_keys(suite: Suite, place: Elsewhere, **members: Any) -> Client:
    """A client whose keys stand at its own server."""
    place.documents[KEYS] = _key_set("client-key")
    return replace(await suite.client(jwks_uri=place.https + KEYS, **members), key="client-key")


async def test_oidcc_refresh_token_rp_key_rotation(suite: Suite, place: Elsewhere) -> None:
    client = await _client_with_keys(suite, place, **suite.grants("refresh_token"))
    first = await client.sign_in(suite.person(), **OFFLINE)
    place.documents[KEYS] = _key_set("next-key")
    await suite.wait(60)
    changed = replace(client, key="next-key")
    await changed.accept_refreshed(await changed.refresh(first.tokens["refresh_token"]), first)


async def test_oidcc_ensure_client_assertion_with_iss_aud_succeeds(suite: Suite) -> None:
    assert "private_key_jwt" in suite.metadata["token_endpoint_auth_methods_supported"]
    client = replace(await suite.client(), audience=suite.issuer)
    assert header_of(client.assertion())["alg"] in suite.metadata["token_endpoint_auth_signing_alg_values_supported"]
    await client.sign_in(suite.person())
    # Addressed to somebody else it says nothing.
    strange = replace(client, audience="https://other.example/token")
    refused(await strange.refresh("whatever"), "invalid_client", 401)


async def test_oidcc_registration_jwks_uri(suite: Suite, place: Elsewhere) -> None:
    client = await _client_with_keys(suite, place)
    assert client.registration["jwks_uri"] == place.https + KEYS
    await client.sign_in(suite.person())
    assert place.asked == [KEYS]
    stranger = replace(client, key="strange-key")
    refused(await stranger.refresh("whatever"), "invalid_client", 401)


async def test_oidcc_server_rotate_keys(suite: Suite) -> None:
    client, person = await suite.client(), suite.person()
    before = header_of((await client.sign_in(person)).id_token)["kid"]
    await suite.control.rotate_key("RS256")
    after = header_of((await client.sign_in(person)).id_token)["kid"]
    assert after != before
    assert {before, after} <= {key["kid"] for key in (await suite.key_set())["keys"]}
