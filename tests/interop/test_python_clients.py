"""Two Python client libraries that share no code with ours complete code flow with PKCE, refresh and logout."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from cryptojwt.key_jar import KeyJar
from idpyoidc.client.rp_handler import RPHandler
from joserfc import jwt
from joserfc.jwk import JWKRegistry, KeySet

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
    claims = _verified_by_authlib(token["id_token"], metadata, provider)
    assert claims["sub"] == provider.subject
    assert session.get(metadata["userinfo_endpoint"]).json()["email"] == provider.email

    refreshed = session.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert refreshed["refresh_token"] != token["refresh_token"]
    assert session.introspect_token(metadata["introspection_endpoint"], refreshed["access_token"]).json()["active"]
    assert session.revoke_token(metadata["revocation_endpoint"], refreshed["refresh_token"]).status_code == 200
    introspected = session.introspect_token(metadata["introspection_endpoint"], refreshed["access_token"])
    assert introspected.json() == {"active": False}
    _sign_out(metadata, token["id_token"], provider)


def _verified_by_authlib(id_token: str, metadata: dict[str, Any], provider: Provider) -> CodeIDToken:
    published = KeySet([JWKRegistry.import_key(key) for key in fetch(metadata["jwks_uri"])["keys"]])
    decoded = jwt.decode(id_token, published, algorithms=["RS256"])
    options = {
        "iss": {"essential": True, "value": metadata["issuer"]},
        "aud": {"essential": True, "value": provider.client_id},
    }
    claims = CodeIDToken(decoded.claims, decoded.header, options, {"nonce": "a nonce", "client_id": provider.client_id})
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
