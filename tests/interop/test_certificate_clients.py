"""A Python client library that shares no code with ours authenticates with a certificate, and finds out where."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from tests.support.certificates import Held, authority, certificate
from tests.support.secured import Secured, secured
from tests.support.world import World

pytestmark = pytest.mark.interop
AUTHORITY = authority()
MACHINE: dict[str, Any] = {
    "grant_types": ("client_credentials",),
    "response_types": (),
    "redirect_uris": (),
    "secret_hash": None,
}
SIGNED, OWN = AUTHORITY.issue("CN=shop,O=Example"), certificate()
CLIENTS: dict[str, tuple[Held, dict[str, Any]]] = {
    "tls_client_auth": (SIGNED, {"tls_client_auth_subject_dn": "CN=shop,O=Example"}),
    "self_signed_tls_client_auth": (OWN, {"jwks": (OWN.jwk(),)}),
}


@pytest.mark.parametrize("method", CLIENTS)
async def test_authlib_authenticates_with_a_certificate(method: str, tmp_path: Path) -> None:
    held, fields = CLIENTS[method]
    async with secured(tmp_path, AUTHORITY.held) as asking, asking.world() as world:
        await world.client(**MACHINE, token_endpoint_auth_method=method, **fields)
        await asyncio.to_thread(_get_a_token, world, asking, held)


def _get_a_token(world: World, asking: Secured, held: Held) -> None:
    discovery = world.issuer + "/.well-known/openid-configuration"
    aliases = requests.get(discovery, verify=asking.ca_file, timeout=10).json()["mtls_endpoint_aliases"]
    # What is presented is in the connection, so to this library it is a client without authentication.
    with OAuth2Session("web", token_endpoint_auth_method="none", revocation_endpoint_auth_method="none") as session:
        session.trust_env = False
        session.verify, session.cert = asking.ca_file, str(held.pem_file(asking.directory))
        token = session.fetch_token(aliases["token_endpoint"], grant_type="client_credentials")["access_token"]
        told = session.introspect_token(aliases["introspection_endpoint"], token)
        assert told.json()["active"] is True
        assert session.revoke_token(aliases["revocation_endpoint"], token).status_code == 200
        assert session.introspect_token(aliases["introspection_endpoint"], token).json() == {"active": False}
