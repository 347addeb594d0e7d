"""Clients that register themselves (RFC 7591, OIDC Registration 1.0), read by pyoidc where it can read them."""

import json
from dataclasses import replace
from typing import Any

import pytest
from oic.oic.message import RegistrationResponse

from oidc_harness.harness.realm import Realm
from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.registration import Registration
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.jose import generate_private_jwk, public_part
from oidc_harness.web.admin.journal_view import exchange_view
from tests.support import records
from tests.support.client import Client
from tests.support.registration import JSON, manage, register, registered
from tests.support.world import AUTOMATIC, MakeWorld, World

OPEN = RealmPolicy(sign_in="auto", default_persona=records.ALICE, dynamic_registration="open")
LOCAL = {"client_name#de": "Haselmaus"}
INITIAL = "an initial access token"


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    """A realm in which clients register themselves."""
    return await make_world(OPEN)


async def test_what_is_registered_is_told_with_its_defaults(world: World) -> None:
    answer = await register(world, client_name="Mad Hatter")
    assert answer.status == 201
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json
    assert RegistrationResponse().from_dict(dict(told)).verify()
    assert told["client_secret_expires_at"] == 0
    assert told["client_id_issued_at"] == world.now
    assert told["registration_client_uri"] == f"{world.issuer}/register/{told['client_id']}"
    assert len(told["registration_access_token"]) >= 32
    expected = {
        "client_name": "Mad Hatter",
        "redirect_uris": [records.REDIRECT_URI],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "application_type": "web",
        "token_endpoint_auth_method": "client_secret_basic",
        "subject_type": "public",
        "id_token_signed_response_alg": "RS256",
        "require_auth_time": False,
        "backchannel_logout_session_required": False,
        "frontchannel_logout_session_required": False,
    }
    ours = {"client_id", "client_id_issued_at", "client_secret", "client_secret_expires_at"}
    ours |= {"registration_client_uri", "registration_access_token"}
    assert {name: value for name, value in told.items() if name not in ours} == expected
    registration = await world.get(Registration, told["client_id"])
    assert registration.token_hash == fingerprint(told["registration_access_token"])


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_a_registered_client_is_an_application(world: World) -> None:
    told = await registered(world, grant_types=["authorization_code", "refresh_token"], client_name="Dormouse", **LOCAL)
    await world.add(records.user())
    application = await world.get(Application, told["client_id"])
    assert (application.name, application.localized) == ("Dormouse", LOCAL)
    client = Client(world.http, world.realm, application, told["client_secret"])
    tokens = await client.sign_in("openid offline_access")
    assert tokens.claims["aud"] in (told["client_id"], [told["client_id"]])
    assert tokens.refresh


RSA_KEY = {"keys": [{**public_part(generate_private_jwk("RS256")), "use": "enc", "alg": "RSA-OAEP"}]}
OTHER_RSA_KEY = {"keys": [{**RSA_KEY["keys"][0], "alg": "RSA-OAEP-256"}]}
KEPT: list[dict[str, Any]] = [
    {"token_endpoint_auth_method": "client_secret_post"},
    {"response_types": ["code id_token", "id_token"], "grant_types": ["authorization_code", "implicit"]},
    {"application_type": "native", "redirect_uris": ["http://127.0.0.1/native"]},
    {"subject_type": "pairwise"},
    {"id_token_signed_response_alg": "none"},
    {"require_auth_time": True, "contacts": ["ada@people.example"], "scope": "openid email"},
    {"software_id": "4NRB1", "software_version": "2.1"},
    {"default_max_age": 0, "default_acr_values": ["2", "1"]},
    {"client_name#de": "Hutmacher", "tos_uri#de-AT": "https://rp.example/agb", "client_name": "Hatter"},
    {"post_logout_redirect_uris": ["https://rp.example/bye"]},
    {"initiate_login_uri": "https://rp.example/login"},
    {"jwks_uri": "https://rp.example/jwks", "token_endpoint_auth_method": "private_key_jwt"},
    {f"{name}_uri": f"https://rp.example/{name}" for name in ("client", "logo", "policy", "tos")},
    {"request_uris": ["https://rp.example/object"], "request_object_signing_alg": "none"},
    {"userinfo_signed_response_alg": "ES256", "introspection_signed_response_alg": "PS256"},
    {"id_token_encrypted_response_alg": "RSA-OAEP", "id_token_encrypted_response_enc": "A256GCM", "jwks": RSA_KEY},
    {"userinfo_encrypted_response_alg": "RSA-OAEP-256", "jwks": OTHER_RSA_KEY},
    {"request_object_encryption_alg": "ECDH-ES+A128KW", "request_object_encryption_enc": "A192GCM"},
    {"id_token_encrypted_response_alg": "ECDH-ES", "jwks_uri": "https://rp.example/jwks"},
    {"backchannel_logout_uri": "https://rp.example/out", "backchannel_logout_session_required": True},
    {"frontchannel_logout_uri": "https://rp.example/frame", "frontchannel_logout_session_required": True},
]


@pytest.mark.parametrize("members", KEPT, ids=lambda members: next(iter(members)))
async def test_what_was_asked_for_is_reflected(members: dict[str, Any], world: World) -> None:
    told = await registered(world, **members)
    assert {name: told[name] for name in members} == members


async def test_3rd_party_init_login(world: World) -> None:
    """oidcc-3rd_party-init-login: in the response, and readable again."""
    told = await registered(world, initiate_login_uri="https://rp.example/login")
    headers = {"Authorization": f"Bearer {told['registration_access_token']}"}
    again = await world.send("GET", f"/register/{told['client_id']}", headers=headers)
    assert again.json["initiate_login_uri"] == told["initiate_login_uri"] == "https://rp.example/login"


@pytest.mark.parametrize(
    ("members", "response_types", "grant_types"),
    [
        ({"response_types": ["token id_token"]}, ["id_token token"], ["implicit"]),
        ({"response_types": ["id_token code"]}, ["code id_token"], ["authorization_code", "implicit"]),
        ({"grant_types": ["client_credentials"], "redirect_uris": []}, [], ["client_credentials"]),
        ({"response_types": None}, ["code"], ["authorization_code"]),
    ],
)
async def test_types_agree(
    members: dict[str, Any], response_types: list[str], grant_types: list[str], world: World
) -> None:
    """RFC 7591 2.1; the order of the words of a response type is free."""
    told = await registered(world, **members)
    assert (told["response_types"], told["grant_types"]) == (response_types, grant_types)


async def test_unknown_members_are_ignored(world: World) -> None:
    """RFC 7591 2, and with them what is no text in another language."""
    told = await registered(world, wonderland=True, client_secret="mine", **{"client_name#de": 1, "client_name#": "x"})
    assert not {"wonderland", "client_name#de", "client_name#"}.intersection(told)
    assert told["client_secret"] != "mine"


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"redirect_uris": ["https://rp.example/cb#here"]}, "invalid_redirect_uri", "redirect_uris[0]"),
    ({"redirect_uris": []}, "invalid_redirect_uri", "is empty"),
    ({"redirect_uris": None}, "invalid_redirect_uri", "is empty"),
    ({"redirect_uris": "https://rp.example/cb"}, "invalid_redirect_uri", "is not a list"),
    ({"redirect_uris": [1]}, "invalid_redirect_uri", "is not text"),
    ({"redirect_uris": ["https://rp.example/*"]}, "invalid_redirect_uri", "no wildcards"),
    ({"redirect_uris": ["https://[::1/cb"]}, "invalid_redirect_uri", "is not a URI"),
    ({"initiate_login_uri": "http://rp.example/login"}, "invalid_client_metadata", "must be https"),
    ({"logo_uri": "javascript:alert(1)"}, "invalid_client_metadata", "logo_uri"),
    ({"policy_uri": 'https://rp.example/"><script>'}, "invalid_client_metadata", "policy_uri"),
    ({"tos_uri#de": "data:text/html,x"}, "invalid_client_metadata", "tos_uri#de: "),
    ({"client_name": ""}, "invalid_client_metadata", "client_name: has 0 characters"),
    ({"client_name": "x" * 65}, "invalid_client_metadata", "client_name: has 65 characters"),
    ({"client_name": ["x"]}, "invalid_client_metadata", "client_name: is not text"),
    ({"require_auth_time": "yes"}, "invalid_client_metadata", "neither true nor false"),
    ({"response_types": ["code", "magic"]}, "invalid_client_metadata", "'magic' is not one of"),
    ({"response_types": ["id_token"], "grant_types": ["authorization_code"]}, "invalid_client_metadata", "implicit"),
    ({"grant_types": [[]]}, "invalid_client_metadata", "grant_types: is not text"),
    ({"token_endpoint_auth_method": {}}, "invalid_client_metadata", "is not one of"),
    ({"token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata", "jwks"),
    ({"jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}, "invalid_client_metadata", "jwks: keys[0].kty"),
    ({"jwks": "x"}, "invalid_client_metadata", "jwks"),
    ({"jwks_uri": "ftp://rp.example/"}, "invalid_client_metadata", "jwks_uri"),
    ({"id_token_signed_response_alg": "HS256", "token_endpoint_auth_method": "none"}, "invalid_client_metadata", ""),
    ({"id_token_signed_response_alg": "XX"}, "invalid_client_metadata", "is not one of"),
    ({"subject_type": "pairwise", "redirect_uris": ["https://a.example/", "https://b.example/"]}, "", "share one host"),
    ({"software_id": "x" * 256}, "invalid_client_metadata", "software_id: has 256 characters"),
    ({"default_max_age": -1}, "invalid_client_metadata", "default_max_age: -1 is not a number of seconds"),
    ({"default_max_age": True}, "invalid_client_metadata", "default_max_age: True is not a number"),
    ({"default_max_age": 10**30}, "invalid_client_metadata", "default_max_age: 10"),
    ({"default_acr_values": ["1 2"]}, "invalid_client_metadata", "default_acr_values[0]: '1 2'"),
    ({"default_acr_values": "1"}, "invalid_client_metadata", "default_acr_values: is not a list"),
    ({"scope": 'say "please"'}, "invalid_client_metadata", "scope[1]"),
]


@pytest.mark.parametrize(("members", "code", "told"), REFUSED)
async def test_what_cannot_be_registered(members: dict[str, Any], code: str, told: str, world: World) -> None:
    answer = await register(world, **members)
    assert answer.status == 400
    assert answer.json.keys() == {"error", "error_description"}
    assert answer.json["error"] == (code or "invalid_client_metadata")
    assert told.replace('"', "'") in answer.json["error_description"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert not await world.all(Application)
    assert world.last.error is not None
    assert str(world.last.error.where) == "RFC7591-3.2.2"


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"{}", {"Content-Type": "text/plain"}, "invalid_request"),
        (b"a=b", {}, "invalid_request"),
        (b"\xff", JSON, "invalid_request"),
        (b"", JSON, "invalid_client_metadata"),
        (b"[]", JSON, "invalid_client_metadata"),
        (b"[" * 50_000, JSON, "invalid_client_metadata"),
        (b'{"redirect_uris": ["\\ud800"]}', JSON, "invalid_client_metadata"),
        (b'{"client_name": "a", "client_name": "b"}', JSON, "invalid_client_metadata"),
        (b'{"default_max_age": 1e999}', JSON, "invalid_client_metadata"),
    ],
)
async def test_bodies_that_are_no_metadata(body: bytes, headers: dict[str, str], code: str, world: World) -> None:
    answer = await world.send("POST", "/register", body=body, headers=headers)
    assert (answer.status, answer.json["error"]) == (400, code)


async def test_where_it_is_off_there_is_nothing(make_world: MakeWorld) -> None:
    world = await make_world(AUTOMATIC)
    answer = await register(world)
    assert (answer.status, answer.json["error"]) == (404, "not_found")
    document = await world.send("GET", "/.well-known/openid-configuration")
    assert "registration_endpoint" not in document.json


async def test_it_is_announced_where_it_is_on(world: World) -> None:
    for name in ("openid-configuration", "oauth-authorization-server"):
        document = await world.send("GET", f"/.well-known/{name}")
        assert document.json["registration_endpoint"] == f"{world.issuer}/register"


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [(INITIAL, 201, None), (INITIAL + "!", 401, "invalid_token"), ("", 401, None), (None, 401, None)],
)
async def test_an_initial_access_token(token: str | None, status: int, code: str | None, make_world: MakeWorld) -> None:
    """RFC 7591 3; without any token the challenge names no error (RFC 6750 3.1)."""
    policy = RealmPolicy(dynamic_registration="initial_access_token", initial_access_token=INITIAL)
    world = await make_world(policy)
    answer = await register(world, token=token)
    assert answer.status == status, answer.text
    assert answer.json.get("error") == code
    if status == 401:
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="registration"')
        assert not await world.all(Application)


async def test_the_journal_repeats_no_secret(world: World) -> None:
    told = await registered(world, client_secret="wanted-secret")
    seen = json.dumps(exchange_view(world.last))
    assert told["client_secret"] not in seen
    assert "wanted-secret" not in seen
    assert told["client_id"] in seen
    assert told["registration_access_token"] not in seen


@pytest.mark.parametrize("token", [INITIAL, "another " + INITIAL])
async def test_the_journal_repeats_no_initial_access_token(token: str, make_world: MakeWorld) -> None:
    policy = RealmPolicy(dynamic_registration="initial_access_token", initial_access_token=INITIAL)
    world = await make_world(policy)
    await register(world, token=token, initial_access_token=token)
    seen = json.dumps(exchange_view(world.last))
    assert token not in seen
    assert '["Authorization", "Bearer (hidden)"]' in seen


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_the_journal_repeats_no_token_of_a_registration(method: str, world: World) -> None:
    told = await registered(world)
    world.realm.policy = replace(OPEN, registration_token_rotation=True)
    same = {"client_id": told["client_id"], "redirect_uris": told["redirect_uris"]}
    answer = await manage(world, method, told, **same)
    assert answer.status in (200, 204), answer.text
    tokens = [told["registration_access_token"], *([answer.json["registration_access_token"]] if answer.text else [])]
    seen = json.dumps(exchange_view(world.last))
    assert [token for token in tokens if token in seen] == []
    assert ("registration_access_token" in seen) == (method != "DELETE")


async def test_the_policy_shows_no_token(world: World) -> None:
    from oidc_harness.web.admin.realms import view

    realm: Realm = world.realm
    realm.policy = RealmPolicy(dynamic_registration="initial_access_token", initial_access_token=INITIAL)
    assert INITIAL not in repr(view(realm))
    assert INITIAL not in repr(realm.policy)
