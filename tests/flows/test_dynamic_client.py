"""pyoidc's own client registers itself, signs somebody in with what it was given, and looks at its registration."""

import asyncio
from typing import Any

import requests
from oic import rndstr
from oic.oic import Client
from oic.oic.message import AccessTokenResponse, AuthorizationResponse, RegistrationResponse
from oic.utils.authn.client import CLIENT_AUTHN_METHOD

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from tests.support import records
from tests.support.world import MakeWorld, World

OPEN = RealmPolicy(sign_in="auto", default_persona=records.ALICE, dynamic_registration="open")


async def test_it_registers_signs_in_and_reads_its_registration(make_world: MakeWorld) -> None:
    world = await make_world(OPEN)
    await world.add(records.user())
    # The client waits for its answers; the server must not wait with it.
    client_id = await asyncio.to_thread(_run, world, world.issuer)
    assert (await world.get(Application, client_id)).contacts == ("ada@people.example",)


def _run(world: World, issuer: str) -> str:
    client = Client(client_authn_method=CLIENT_AUTHN_METHOD)
    # Where it would keep its request objects; it registers that too.
    client.base_url = "https://rp.example/"
    document = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
    client.handle_provider_config(_told(document), issuer, keys=False)
    client.keyjar.load_keys(document, issuer)
    registration = client.register(
        document["registration_endpoint"],
        redirect_uris=[records.REDIRECT_URI],
        contacts=["ada@people.example"],
        response_types=["code"],
        client_name="pyoidc",
    )
    assert isinstance(registration, RegistrationResponse)
    again = client.registration_read()
    assert isinstance(again, RegistrationResponse)
    assert (again["client_id"], again["client_name"]) == (client.client_id, "pyoidc")
    _sign_in(client, world)
    return str(client.client_id)


def _told(document: dict[str, Any]) -> Any:
    from oic.oic.message import ProviderConfigurationResponse

    return ProviderConfigurationResponse(**document)


def _sign_in(client: Client, world: World) -> None:
    state, nonce = rndstr(), rndstr()
    asked = {"state": state, "nonce": nonce, "scope": "openid email", "redirect_uri": records.REDIRECT_URI}
    request = client.construct_AuthorizationRequest(request_args={"response_type": "code", **asked})
    answer = requests.get(request.request(client.authorization_endpoint), allow_redirects=False, timeout=10)
    parsed = client.parse_response(
        AuthorizationResponse, info=answer.headers["Location"].partition("?")[2], sformat="urlencoded"
    )
    assert isinstance(parsed, AuthorizationResponse)
    tokens = client.do_access_token_request(
        state=state,
        request_args={"code": parsed["code"], "redirect_uri": records.REDIRECT_URI},
        authn_method=client.registration_response["token_endpoint_auth_method"],
    )
    assert isinstance(tokens, AccessTokenResponse)
    assert tokens["id_token"]["nonce"] == nonce
    assert client.do_user_info_request(state=state)["email"] == "alice@people.example"
