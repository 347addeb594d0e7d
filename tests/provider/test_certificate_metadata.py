"""Clients find out whether and where they can authenticate with certificates, and register for it (RFC 8705)."""

from pathlib import Path
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from tests.support.certificates import authority, certificate
from tests.support.http import Answer
from tests.support.registration import manage, register, registered
from tests.support.secured import secured
from tests.support.world import MakeWorld, World

OPEN = RealmPolicy(dynamic_registration="open")
DISCOVERY = "/.well-known/openid-configuration"
ENDPOINTS = ("token", "introspection", "revocation")
ALIASED = {
    "token_endpoint": "/token",
    "introspection_endpoint": "/introspect",
    "revocation_endpoint": "/revoke",
    "userinfo_endpoint": "/userinfo",
}
BY_AUTHORITY = {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=shop"}
SELF_SIGNED = {"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": {"keys": [certificate().jwk()]}}


async def document(world: World) -> dict[str, Any]:
    return (await world.send("GET", DISCOVERY)).json


def methods(told: dict[str, Any]) -> set[str]:
    """The methods by certificates, which are the same at each endpoint."""
    found = {frozenset(told[f"{name}_endpoint_auth_methods_supported"]) for name in ENDPOINTS}
    (offered,) = {frozenset(name for name in each if "tls" in name) for each in found}
    return set(offered)


async def test_a_server_that_asks_for_none_announces_nothing(world: World) -> None:
    told = await document(world)
    assert methods(told) == set()
    assert "mtls_endpoint_aliases" not in told


@pytest.mark.parametrize("vouching", [True, False])
async def test_what_is_announced_works_there(vouching: bool, tmp_path: Path) -> None:
    async with secured(tmp_path, authority().held if vouching else None) as asking, asking.world() as world:
        told = await document(world)
        assert methods(told) == {"self_signed_tls_client_auth"} | ({"tls_client_auth"} if vouching else set())
        base = world.realm.addresses.mutual_tls
        assert told["mtls_endpoint_aliases"] == {name: f"{base}{path}" for name, path in ALIASED.items()}
        assert told["token_endpoint"] == f"{world.issuer}/token"
        assert "tls_client_certificate_bound_access_tokens" not in told


async def test_registration_has_an_alias_where_there_is_registration(tmp_path: Path) -> None:
    async with secured(tmp_path) as asking, asking.world() as world:
        world.realm.policy = OPEN
        told = await document(world)
        assert told["mtls_endpoint_aliases"]["registration_endpoint"] == f"{world.realm.addresses.mutual_tls}/register"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"public_url": "https://idp.test"}, "https://idp.test:PORT"),
        ({"public_url": "https://idp.test/oidc", "internal_url": "https://provider"}, "https://provider:PORT"),
        ({"host": "::1"}, "https://localhost:PORT"),
    ],
)
async def test_the_address_is_that_of_the_back_channel(settings: dict[str, Any], expected: str, tmp_path: Path) -> None:
    async with secured(tmp_path, **settings) as asking:
        base = asking.server.realms.addresses_of("default").mutual_tls
        assert base is not None
        assert base.rpartition(":")[0] == expected.rpartition(":")[0]


async def test_the_address_can_be_given(tmp_path: Path) -> None:
    async with secured(tmp_path, url="https://mtls.test/at") as asking, asking.world() as world:
        told = await document(world)
        assert told["mtls_endpoint_aliases"]["token_endpoint"] == "https://mtls.test/at/shop/token"


@pytest.mark.parametrize("members", [BY_AUTHORITY, SELF_SIGNED], ids=["tls", "self_signed"])
async def test_a_client_registers_for_it(members: dict[str, Any], tmp_path: Path) -> None:
    async with secured(tmp_path, authority().held) as asking, asking.world() as world:
        world.realm.policy = OPEN
        told = await registered(world, **members)
        assert "client_secret" not in told
        assert {name: told[name] for name in members} == members
        application = await world.get(Application, told["client_id"])
        assert application.token_endpoint_auth_method == members["token_endpoint_auth_method"]
        changed = {
            "redirect_uris": told["redirect_uris"],
            "client_id": told["client_id"],
            **members,
            "client_name": "B",
        }
        assert (await manage(world, "PUT", told, **changed)).json["client_name"] == "B"


@pytest.mark.parametrize("members", [BY_AUTHORITY, SELF_SIGNED], ids=["tls", "self_signed"])
async def test_a_client_cannot_register_for_what_is_not_offered(members: dict[str, Any], make_world: MakeWorld) -> None:
    world = await make_world(OPEN)
    method = members["token_endpoint_auth_method"]
    assert why(await register(world, **members)).startswith(f"token_endpoint_auth_method: {method} is not offered")
    told = await registered(world)
    update = {"redirect_uris": told["redirect_uris"], "client_id": told["client_id"], **members}
    assert why(await manage(world, "PUT", told, **update)).startswith("token_endpoint_auth_method: ")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tls_client_auth_subject_dn": None}, "tls_client_auth_subject_dn: is missing"),
        ({"tls_client_auth_san_dns": "shop"}, "tls_client_auth_san_dns: is given and tls_client_auth_subject_dn too"),
        ({"tls_client_auth_subject_dn": "shop"}, "tls_client_auth_subject_dn: 'shop' is no name"),
        ({"tls_client_auth_subject_dn": 1}, "tls_client_auth_subject_dn: is not text"),
    ],
)
async def test_a_registration_that_cannot_work(changes: dict[str, Any], told: str, tmp_path: Path) -> None:
    async with secured(tmp_path, authority().held) as asking, asking.world() as world:
        world.realm.policy = OPEN
        assert why(await register(world, **{**BY_AUTHORITY, **changes})).startswith(told)


def why(answer: Answer) -> str:
    assert (answer.status, answer.json["error"]) == (400, "invalid_client_metadata")
    return str(answer.json["error_description"])
