"""Two Python client libraries that share no code with ours complete code flow with PKCE, refresh and logout.

Registered by themselves, they complete hybrid flow too.
"""

import asyncio
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken, HybridIDToken, IDToken
from cryptojwt.key_jar import KeyJar
from idpyoidc.client.rp_handler import RPHandler
from joserfc import jwt
from joserfc.jwk import JWKRegistry, KeySet

from tests.protocol.jose_keys import authlib_token, private_jwks, public_jwk

from .conftest import Provider

pytestmark = pytest.mark.interop
SCOPE = "openid email offline_access"


def visit(url: str) -> str:
    """The realm signs in by itself, so a browser is one request that is not followed."""
    response = requests.get(url, allow_redirects=False, timeout=10)
    assert response.status_code == 303, response.text
    return response.headers["Location"]


def fetch(url: str) -> dict[str, Any]:
    document: dict[str, Any] = requests.get(url, timeout=10).json()
    return document


async def test_authlib_completes_its_flow(provider: Provider) -> None:
    await asyncio.to_thread(_sign_in_with_authlib, provider)


def _sign_in_with_authlib(provider: Provider) -> None:
    metadata = fetch(provider.issuer + "/.well-known/openid-configuration")
    session = OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope=SCOPE,
        redirect_uri=provider.redirect_uri,
        code_challenge_method="S256",
    )
    url, state = session.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier="v" * 48, nonce="a nonce"
    )
    answer = visit(url)
    token = session.fetch_token(
        metadata["token_endpoint"], authorization_response=answer, state=state, code_verifier="v" * 48
    )
    held = {"client_id": provider.client_id, "access_token": token["access_token"]}
    claims = _verified_by_authlib(CodeIDToken, token["id_token"], metadata, held)
    assert claims["sub"] == provider.subject
    assert session.get(metadata["userinfo_endpoint"]).json()["email"] == provider.email

    refreshed = session.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert refreshed["refresh_token"] != token["refresh_token"]
    assert session.introspect_token(metadata["introspection_endpoint"], refreshed["access_token"]).json()["active"]
    assert session.revoke_token(metadata["revocation_endpoint"], refreshed["refresh_token"]).status_code == 200
    introspected = session.introspect_token(metadata["introspection_endpoint"], refreshed["access_token"])
    assert introspected.json() == {"active": False}
    _sign_out(metadata, token["id_token"], provider)


def _verified_by_authlib(kind: type[IDToken], id_token: str, metadata: dict[str, Any], held: dict[str, str]) -> IDToken:
    """The claims of an ID token; `held` is what came with it, to be compared with the hashes in it."""
    published = KeySet([JWKRegistry.import_key(key) for key in fetch(metadata["jwks_uri"])["keys"]])
    decoded = jwt.decode(id_token, published, algorithms=["RS256"])
    options = {
        "iss": {"essential": True, "value": metadata["issuer"]},
        "aud": {"essential": True, "value": held["client_id"]},
    }
    claims = kind(decoded.claims, decoded.header, options, {"nonce": "a nonce", **held})
    claims.validate()
    return claims


def _sign_out(metadata: dict[str, Any], id_token: str, provider: Provider) -> None:
    parameters = {
        "id_token_hint": id_token,
        "post_logout_redirect_uri": provider.post_logout_redirect_uri,
        "state": "bye",
    }
    target = visit(metadata["end_session_endpoint"] + "?" + urlencode(parameters))
    assert target == f"{provider.post_logout_redirect_uri}?state=bye"


async def test_authlib_completes_hybrid_flow(provider: Provider) -> None:
    await asyncio.to_thread(_sign_in_by_hybrid_flow, provider)


def _sign_in_by_hybrid_flow(provider: Provider) -> None:
    """Registered by itself: a signed request object, and an assertion by key at the token endpoint."""
    metadata = fetch(provider.issuer + "/.well-known/openid-configuration")
    # For assertions the library knows no keys but RSA.
    published = public_jwk("RS256")
    key = {**private_jwks("RS256")[0], "kid": published["kid"]}
    registration: dict[str, Any] = {
        "redirect_uris": [provider.redirect_uri],
        "response_types": ["code id_token token"],
        "grant_types": ["authorization_code", "implicit", "refresh_token"],
        "token_endpoint_auth_method": "private_key_jwt",
        "request_object_signing_alg": "RS256",
        "jwks": {"keys": [published]},
    }
    client = requests.post(metadata["registration_endpoint"], json=registration, timeout=10).json()
    method = PrivateKeyJWT(metadata["token_endpoint"], alg="RS256", headers={"kid": key["kid"]})
    session = OAuth2Session(
        client["client_id"], key, scope=SCOPE, redirect_uri=provider.redirect_uri, token_endpoint_auth_method=method
    )
    url, state = session.create_authorization_url(
        metadata["authorization_endpoint"], response_type="code id_token token", nonce="a nonce"
    )
    asked = dict(parse_qsl(urlsplit(url).query))
    inside = {**asked, "iss": client["client_id"], "aud": metadata["issuer"]}
    request = authlib_token({"alg": "RS256", "kid": key["kid"]}, inside, key)
    outside = {name: asked[name] for name in ("client_id", "response_type", "scope")}
    answer = visit(metadata["authorization_endpoint"] + "?" + urlencode({**outside, "request": request}))

    told = dict(parse_qsl(urlsplit(answer).fragment))
    assert told["state"] == state
    held = {"client_id": client["client_id"], "code": told["code"], "access_token": told["access_token"]}
    in_front = _verified_by_authlib(HybridIDToken, told["id_token"], metadata, held)
    token = session.fetch_token(metadata["token_endpoint"], code=told["code"])
    held["access_token"] = token["access_token"]
    claims = _verified_by_authlib(CodeIDToken, token["id_token"], metadata, held)
    assert claims["sub"] == in_front["sub"] == session.get(metadata["userinfo_endpoint"]).json()["sub"]
    assert session.refresh_token(metadata["token_endpoint"], token["refresh_token"])["access_token"]


async def test_idpyoidc_completes_its_flow(provider: Provider) -> None:
    await asyncio.to_thread(_sign_in_with_idpyoidc, provider)


def _sign_in_with_idpyoidc(provider: Provider) -> None:
    handler = RPHandler(
        base_url="http://127.0.0.1:8765",
        client_configs={"harness": _idpyoidc_configuration(provider)},
        # Without a key jar of ours the library writes one into the folder it runs in.
        keyjar=KeyJar(),
    )
    url = handler.begin("harness")
    answer = dict(parse_qsl(urlsplit(visit(url)).query))
    client = handler.issuer2rp[provider.issuer]
    result = handler.finalize(provider.issuer, answer)
    assert "error" not in result, result
    assert result["userinfo"]["sub"] == provider.subject
    assert result["userinfo"]["email"] == provider.email

    before = result["token"]
    refreshed = handler.refresh_access_token(result["state"], client)
    assert refreshed["access_token"] != before
    goodbye = handler.logout(result["state"], client, provider.post_logout_redirect_uri)
    assert visit(goodbye["url"]).startswith(provider.post_logout_redirect_uri + "?state=")


@pytest.mark.parametrize("response_type", ["code", "code id_token"])
async def test_idpyoidc_registers_itself(response_type: str, provider: Provider) -> None:
    await asyncio.to_thread(_register_with_idpyoidc, provider, response_type)


def _register_with_idpyoidc(provider: Provider, response_type: str) -> None:
    usual = _idpyoidc_configuration(provider)
    for name in ("client_id", "client_secret"):
        del usual[name]
    is_hybrid = response_type != "code"
    services = {**usual["services"], "registration": {"class": "idpyoidc.client.oidc.registration.Registration"}}
    configuration = {
        **usual,
        "services": services,
        "response_types_supported": [response_type],
        # It registers how it signs request objects, whether it sends any or not.
        "key_conf": {"key_defs": [{"type": "RSA", "use": ["sig"]}]},
        "grant_types_supported": ["authorization_code", "refresh_token", *(["implicit"] if is_hybrid else [])],
    }
    handler = RPHandler(base_url="http://127.0.0.1:8765", client_configs={"harness": configuration}, keyjar=KeyJar())
    answer = urlsplit(visit(handler.begin("harness")))
    result = handler.finalize(provider.issuer, dict(parse_qsl(answer.query or answer.fragment)))
    assert "error" not in result, result
    assert (result["userinfo"]["sub"], result["userinfo"]["email"]) == (provider.subject, provider.email)


def _idpyoidc_configuration(provider: Provider) -> dict[str, Any]:
    return {
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "client_type": "oidc",
        "redirect_uris": [provider.redirect_uri],
        "post_logout_redirect_uris": [provider.post_logout_redirect_uri],
        "response_types_supported": ["code"],
        "scopes_supported": SCOPE.split(),
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "client_authn_methods": ["client_secret_basic", "bearer_header"],
        "allow": {"issuer_mismatch": False},
        "add_ons": {
            "pkce": {
                "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
                "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
            }
        },
        "services": {
            name: {"class": f"idpyoidc.client.oidc.{module}"}
            for name, module in {
                "discovery": "provider_info_discovery.ProviderInfoDiscovery",
                "authorization": "authorization.Authorization",
                "accesstoken": "access_token.AccessToken",
                "refresh_token": "refresh_access_token.RefreshAccessToken",
                "userinfo": "userinfo.UserInfo",
                "end_session": "end_session.EndSession",
            }.items()
        },
    }
