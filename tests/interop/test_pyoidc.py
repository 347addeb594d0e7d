"""pyoidc as a client, over TLS as it demands: it registers itself, asks by every response type, and signs out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from oic.oic import Client
from oic.oic.message import (
    AccessTokenResponse,
    AuthorizationResponse,
    EndSessionRequest,
    OpenIDSchema,
    ProviderConfigurationResponse,
    RegistrationResponse,
)
from oic.utils.authn.client import CLIENT_AUTHN_METHOD
from oic.utils.keyio import KeyJar
from oic.utils.settings import OicClientSettings
from requests.cookies import RequestsCookieJar

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.web.server import Server
from oidc_harness.web.settings import SelfSigned, ServerSettings
from tests.protocol.jose_keys import private_jwks
from tests.support import records
from tests.support.judged import judged
from tests.support.world import MakeWorld, World

pytestmark = pytest.mark.interop

REDIRECT_URI = "https://rp.example/callback"
GOODBYE = "https://rp.example/goodbye"
STATE, NONCE = "state-of-the-art", "n-0S6_WzA2Mj"
OWN_KEYS = [
    {**private_jwks("RS256")[1], "use": "sig"},
    {**private_jwks("ES256")[1], "use": "sig"},
    {**private_jwks("RS384")[1], "use": "enc", "alg": "RSA-OAEP"},
]
RESPONSE_TYPES = [
    "code",
    "id_token",
    "id_token token",
    "code id_token",
    "code token",
    "code id_token token",
]
ENCRYPTED = {
    "id_token_encrypted_response_alg": "RSA-OAEP",
    "id_token_encrypted_response_enc": "A128CBC-HS256",
    "userinfo_signed_response_alg": "RS256",
    "userinfo_encrypted_response_alg": "RSA-OAEP",
    "userinfo_encrypted_response_enc": "A256GCM",
}
REGISTRATIONS: dict[str, dict[str, Any]] = {
    "basic": {},
    "post": {"token_endpoint_auth_method": "client_secret_post", "subject_type": "pairwise"},
    "secret-jwt": {"token_endpoint_auth_method": "client_secret_jwt", "id_token_signed_response_alg": "HS256"},
    "signed": {
        "token_endpoint_auth_method": "private_key_jwt",
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": "ES256",
        "request_object_signing_alg": "ES256",
    },
    "encrypted": {"token_endpoint_auth_method": "private_key_jwt", "request_object_signing_alg": "RS256", **ENCRYPTED},
}


@pytest.fixture
def ca_file(tmp_path: Path) -> str:
    return str(tmp_path / "ca.pem")


@pytest.fixture
async def server(ca_file: str) -> AsyncIterator[Server]:
    # Known by its number: of a host called localhost, pyoidc does not look at the certificate.
    async with judged(ServerSettings(port=0, tls=SelfSigned(ca_out=ca_file))) as running:
        yield running


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    policy = RealmPolicy(sign_in="auto", default_persona=records.ALICE, dynamic_registration="open")
    world = await make_world(policy)
    await world.add(records.user())
    await world.rotate("ES256")
    return world


@dataclass(frozen=True)
class Login:
    """pyoidc with a registration of its own, and the cookies of a browser."""

    client: Client
    response_type: str
    ca_file: str
    cookies: RequestsCookieJar = field(default_factory=RequestsCookieJar)

    @property
    def registration(self) -> RegistrationResponse:
        return self.client.registration_response

    def visit(self, url: str) -> str:
        """The realm signs in by itself, so a visit is one request that is not followed."""
        response = requests.get(url, cookies=self.cookies, verify=self.ca_file, allow_redirects=False, timeout=10)
        self.cookies.update(response.cookies)
        assert response.status_code == 303, response.text
        return response.headers["Location"]

    def authorize(self) -> AuthorizationResponse:
        arguments = {
            "response_type": self.response_type,
            "redirect_uri": REDIRECT_URI,
            "scope": ["openid", "email", *(["offline_access"] if "code" in self.response_type else [])],
            "state": STATE,
            "nonce": NONCE,
        }
        alg = self.registration.get("request_object_signing_alg")
        inside = {"request_method": "parameter", "request_object_signing_alg": alg} if alg else {}
        request = self.client.construct_AuthorizationRequest(request_args=arguments, **inside)
        assert ("request" in request) == (alg is not None)
        answer = urlsplit(self.visit(request.request(self.client.authorization_endpoint)))
        response = self.client.parse_response(
            AuthorizationResponse, info=answer.query or answer.fragment, sformat="urlencoded", **self._expected
        )
        assert isinstance(response, AuthorizationResponse), response.to_dict()
        assert (response["state"], response["iss"]) == (STATE, self.client.provider_info["issuer"])
        return response

    def redeem(self) -> AccessTokenResponse:
        response = self.client.do_access_token_request(
            state=STATE, request_args={"redirect_uri": REDIRECT_URI}, **self._authenticated, **self._expected
        )
        assert isinstance(response, AccessTokenResponse), response
        return response

    def refresh(self) -> AccessTokenResponse:
        response = self.client.do_access_token_refresh(state=STATE, **self._authenticated)
        assert isinstance(response, AccessTokenResponse), response
        return response

    def userinfo(self) -> OpenIDSchema:
        response = self.client.do_user_info_request(method="GET", state=STATE)
        assert isinstance(response, OpenIDSchema), response
        return response

    def sign_out(self, hint: str) -> str:
        request = EndSessionRequest(id_token_hint=hint, post_logout_redirect_uri=GOODBYE, state="bye")
        return self.visit(request.request(self.client.provider_info["end_session_endpoint"]))

    @property
    def _authenticated(self) -> dict[str, Any]:
        method = self.registration["token_endpoint_auth_method"]
        algorithms = {"private_key_jwt": "RS256", "client_secret_jwt": "HS256"}
        return {"authn_method": method, **({"algorithm": algorithms[method]} if method in algorithms else {})}

    @property
    def _expected(self) -> dict[str, Any]:
        return {"algs": self.client.sign_enc_algs("id_token"), "keyjar": self.client.keyjar}


def signed_up(issuer: str, ca_file: str, response_type: str, **metadata: Any) -> Login:
    """A client that discovers the provider and registers with keys of its own."""
    keys = KeyJar(verify_ssl=ca_file)
    keys.import_jwks({"keys": OWN_KEYS}, "")
    client = Client(
        client_authn_method=CLIENT_AUTHN_METHOD, keyjar=keys, settings=OicClientSettings(verify_ssl=ca_file)
    )
    assert isinstance(client.provider_config(issuer), ProviderConfigurationResponse)
    client.redirect_uris = [REDIRECT_URI]
    # Where the provider fetches request objects only from registered addresses, the library registers one below this.
    client.base_url = "https://rp.example/"
    client.register(
        client.provider_info["registration_endpoint"],
        response_types=[response_type],
        post_logout_redirect_uris=[GOODBYE],
        jwks=keys.export_jwks(),
        **{"grant_types": ["refresh_token"] if "code" in response_type else [], **metadata},
    )
    return Login(client, response_type, ca_file)


@pytest.mark.parametrize("response_type", RESPONSE_TYPES)
async def test_every_response_type(response_type: str, world: World, ca_file: str) -> None:
    await asyncio.to_thread(_complete, world.issuer, ca_file, response_type)


@pytest.mark.parametrize("registration", REGISTRATIONS)
async def test_every_way_to_be_registered(registration: str, world: World, ca_file: str) -> None:
    metadata = REGISTRATIONS[registration]
    await asyncio.to_thread(_complete, world.issuer, ca_file, "code id_token", **metadata)


def _complete(issuer: str, ca_file: str, response_type: str, **metadata: Any) -> None:
    login = signed_up(issuer, ca_file, response_type, **metadata)
    response = login.authorize()
    id_token = response.get("id_token")
    if "code" in login.response_type.split():
        id_token = login.redeem()["id_token"]
        # The library loses the endpoint's name on the way to an assertion for a refresh.
        if not login.registration["token_endpoint_auth_method"].endswith("_jwt"):
            assert login.refresh()["access_token"]
    assert id_token["nonce"] == NONCE
    if login.response_type != "id_token":
        userinfo = login.userinfo()
        assert (userinfo["sub"], userinfo["email"]) == (id_token["sub"], "alice@people.example")
    assert login.sign_out(id_token.jwt) == GOODBYE + "?state=bye"
    assert login.client.registration_read()["client_id"] == login.client.client_id
