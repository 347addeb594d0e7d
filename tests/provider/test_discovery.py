"""The discovery documents (OIDC Discovery 3 and 4, RFC 8414 2 and 3): they announce what works, and nothing else."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.user import User
from oidc_harness.web.server import Server
from tests.support import assertions, oracle
from tests.support.client import basic
from tests.support.http import Answer, Http, Sent
from tests.support.world import AUTOMATIC, MakeWorld, World

OPENID, OAUTH = "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"
KNOWN = {
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "introspection_endpoint",
    "revocation_endpoint",
    "end_session_endpoint",
    "check_session_iframe",
    "frontchannel_logout_supported",
    "frontchannel_logout_session_supported",
    "backchannel_logout_supported",
    "backchannel_logout_session_supported",
    "scopes_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "prompt_values_supported",
    "acr_values_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "userinfo_signing_alg_values_supported",
    "introspection_signing_alg_values_supported",
    "id_token_encryption_alg_values_supported",
    "id_token_encryption_enc_values_supported",
    "userinfo_encryption_alg_values_supported",
    "userinfo_encryption_enc_values_supported",
    "code_challenge_methods_supported",
    "claim_types_supported",
    "claims_supported",
    "claims_parameter_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "require_request_uri_registration",
    "request_object_signing_alg_values_supported",
    "request_object_encryption_alg_values_supported",
    "request_object_encryption_enc_values_supported",
    "authorization_response_iss_parameter_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "introspection_endpoint_auth_methods_supported",
    "introspection_endpoint_auth_signing_alg_values_supported",
    "revocation_endpoint_auth_methods_supported",
    "revocation_endpoint_auth_signing_alg_values_supported",
}


async def document(world: World) -> dict[str, Any]:
    answer = await world.send("GET", OPENID)
    assert answer.status == 200
    return answer.json


async def fetch(world: World, url: str, method: str = "GET", **rest: Any) -> Answer:
    return await world.http.send(Sent(method, url, **rest))


async def test_the_oracle_takes_the_document(world: World) -> None:
    told = oracle.accept_metadata(await document(world))
    assert told["issuer"] == world.issuer
    assert told.keys() == KNOWN


async def test_every_form_of_the_address_gives_the_same(world: World) -> None:
    """Appended (OIDC Discovery 4) and inserted (RFC 8414 3.1)."""
    told = await document(world)
    base, path = world.issuer.removesuffix(f"/{world.realm.name}"), f"/{world.realm.name}"
    for url in (world.issuer + OPENID, world.issuer + OAUTH, base + OAUTH + path):
        answer = await fetch(world, url)
        assert answer.json == told
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert (await fetch(world, url, "HEAD")).status == 200


async def test_another_realm_says_another_issuer(make_world: MakeWorld) -> None:
    one, other = await make_world(), await make_world()
    told = [await document(world) for world in (one, other)]
    for name in ("issuer", "token_endpoint", "jwks_uri", "authorization_endpoint"):
        assert told[0][name] != told[1][name]


async def test_an_unknown_realm_is_not_found(world: World) -> None:
    base = world.issuer.removesuffix(world.realm.name)
    for path in ("nowhere" + OPENID, OAUTH[1:] + "/nowhere", "default/authorize", "nowhere/token"):
        answer = await fetch(world, base + path)
        assert answer.status in (404, 405)


async def test_everything_announced_is_there(world: World) -> None:
    told = await document(world)
    urls = {name: url for name, url in told.items() if name.endswith(("_endpoint", "_uri"))}
    assert len(urls) == 7
    for name, url in urls.items():
        assert url.startswith(world.issuer + "/"), name
        assert not urlsplit(url).query
        answer = await fetch(world, url, "POST" if name.startswith(("token", "introspection", "revocation")) else "GET")
        assert answer.status in (200, 400, 401), name


async def test_nothing_is_there_that_is_not_announced(world: World) -> None:
    for path in ("/register", "/par", "/device_authorization", "/backchannel_authentication", "/check_session", "/"):
        answer = await fetch(world, world.issuer + path, "POST")
        assert answer.status in (400, 403, 404, 405), path
    assert not {name for name in await document(world) if name.startswith(("registration", "pushed", "device"))}


async def test_every_scope_and_grant_type_announced_works(world: World) -> None:
    told = await document(world)
    await world.people()
    await world.change(User, "user-alice", groups=("rowers",))
    everything = {name: tuple(told[f"{name}_supported"]) for name in ("grant_types", "response_types")}
    client = await world.client(id="all", **everything)
    tokens = await client.sign_in(" ".join(told["scopes_supported"]))
    assert tokens.members["scope"].split() == told["scopes_supported"]
    person = await client.person(tokens)
    about_the_sign_in = {"iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid"}
    assert set(told["claims_supported"]) == person.keys() | about_the_sign_in
    assert set(told["claims_supported"]) >= tokens.claims.keys() - {"at_hash"}
    for response_type in told["response_types_supported"]:
        answer = await client.authorize(response_type=response_type)
        assert "error" not in answer.redirect.parameters
    # `implicit` is what the authorization endpoint gives by itself; nothing is exchanged for it.
    for grant_type in {*told["grant_types_supported"]} - {"implicit"}:
        assert (await client.ask_token(grant_type)).json.get("error") != "unsupported_grant_type"


async def test_every_claim_announced_can_be_asked_for(world: World) -> None:
    told = await document(world)
    client = await world.people()
    await world.change(User, "user-alice", groups=("rowers",))
    claims = json.dumps({"id_token": dict.fromkeys(told["claims_supported"])})
    tokens = await client.sign_in(claims=claims)
    assert tokens.claims.keys() == set(told["claims_supported"]) | {"at_hash"}


async def test_every_response_mode_and_prompt_announced_works(world: World) -> None:
    told = await document(world)
    client = await world.people()
    for mode in told["response_modes_supported"]:
        answer = await client.authorize(response_mode=mode)
        assert (answer.redirect.mode, "code" in answer.redirect.parameters) == (mode, True)
    for prompt in told["prompt_values_supported"]:
        expected = {"none": "login_required"}.get(prompt)
        assert (await client.authorize(prompt=prompt)).redirect.parameters.get("error") == expected
    for acr in told["acr_values_supported"]:
        claims = json.dumps({"id_token": {"acr": {"essential": True, "value": acr}}})
        assert (await client.sign_in(claims=claims, acr_values=acr)).claims["acr"] == acr


async def test_every_signing_algorithm_announced_works(world: World) -> None:
    told = await document(world)
    await world.people()
    first, always = ["RS256", "PS256", "ES256", "EdDSA"], ["HS256", "HS384", "HS512", "none"]
    assert told["id_token_signing_alg_values_supported"] == [*first, *always]
    await world.rotate("ES384")
    told = await document(world)
    assert told["id_token_signing_alg_values_supported"] == [*first, "ES384", *always]
    for alg in told["id_token_signing_alg_values_supported"]:
        client = await world.client(id=f"client-{alg}", id_token_signed_response_alg=alg)
        assert (await client.sign_in()).claims["sub"] == "user-alice"
    # tests/provider/test_signed_userinfo.py tries each.
    assert told["userinfo_signing_alg_values_supported"] == told["id_token_signing_alg_values_supported"]


@pytest.mark.parametrize("endpoint", ["token", "introspection", "revocation"])
async def test_every_assertion_algorithm_announced_works(endpoint: str, world: World) -> None:
    told = await document(world)
    url = told[f"{endpoint}_endpoint"]
    async with world.realm.transaction() as circumstances:
        sealed = circumstances.seal("s" * 64)
    for alg in told[f"{endpoint}_endpoint_auth_signing_alg_values_supported"]:
        by_secret = alg.startswith("HS")
        client = await world.client(
            id=f"client-{alg}",
            token_endpoint_auth_method="client_secret_jwt" if by_secret else "private_key_jwt",
            secret_sealed=sealed,
            jwks=() if by_secret else (assertions.public(alg),),
        )
        make = assertions.by_secret(client, alg, "s" * 64) if by_secret else assertions.by_key(client, alg)
        form = assertions.form(make, token="t", grant_type="refresh_token", refresh_token="r")
        answer = await fetch(world, url, "POST", form=form)
        assert answer.status == 200 or answer.json["error"] == "invalid_grant", alg


@pytest.mark.parametrize("endpoint", ["token", "introspection", "revocation"])
async def test_every_authentication_method_announced_works(endpoint: str, world: World) -> None:
    told = await document(world)
    url = told[f"{endpoint}_endpoint"]
    offered = told[f"{endpoint}_endpoint_auth_methods_supported"]
    assert ("none" in offered) is (endpoint != "introspection")
    for method in offered:
        client = await world.client(
            id=f"client-{method}", token_endpoint_auth_method=method, jwks=(assertions.public("ES256"),)
        )
        proofs: dict[str, list[tuple[str, str]]] = {
            "client_secret_post": [("client_id", client.id), ("client_secret", client.secret)],
            "client_secret_jwt": assertions.form(assertions.by_secret(client)),
            "private_key_jwt": assertions.form(assertions.by_key(client)),
            "none": [("client_id", client.id)],
        }
        headers = {"Authorization": basic(client.id, client.secret)} if method == "client_secret_basic" else {}
        form = [*proofs.get(method, []), ("token", "t"), ("grant_type", "refresh_token"), ("refresh_token", "r")]
        answer = await fetch(world, url, "POST", form=form, headers=headers)
        assert answer.status == 200 or answer.json["error"] == "invalid_grant", method


@pytest.mark.parametrize("announced", [True, False])
async def test_the_issuer_parameter_is_announced_as_it_is(announced: bool, make_world: MakeWorld) -> None:
    world = await make_world(RealmPolicy(sign_in="auto", default_persona="alice", iss_parameter=announced))
    client = await world.people()
    assert (await document(world))["authorization_response_iss_parameter_supported"] is announced
    for prompt in (None, "none"):
        answer = await client.authorize(prompt=prompt)
        assert ("iss" in answer.redirect.parameters) is announced


async def test_what_is_not_announced_is_refused(make_world: MakeWorld) -> None:
    world = await make_world(replace(AUTOMATIC, request_objects="off"))
    told = await document(world)
    client = await world.people()
    assert told["request_parameter_supported"] is told["request_uri_parameter_supported"] is False
    assert not [name for name in told if name.startswith(("request_object", "require_request"))]
    assert told["code_challenge_methods_supported"] == ["S256", "plain"]
    refusals: list[tuple[dict[str, Any], str]] = [
        ({"request": "a.b.c"}, "request_not_supported"),
        ({"request_uri": "urn:x"}, "request_uri_not_supported"),
        ({"response_type": "code device"}, "unsupported_response_type"),
        ({"code_challenge": "c" * 43, "code_challenge_method": "S512"}, "invalid_request"),
    ]
    for changes, code in refusals:
        assert (await client.authorize(**changes)).redirect.parameters["error"] == code


async def test_the_document_is_asked_for_anew_each_time(world: World) -> None:
    answer = await world.send("GET", OPENID)
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_the_root_realm_has_no_path(server: Server, http: Http) -> None:
    realm = await server.realms.make("default")
    assert realm.issuer == server.base_url
    for path in (OPENID, OAUTH):
        answer = await http.send(Sent("GET", server.base_url + path))
        assert answer.json["issuer"] == server.base_url
    # It has one issuer, and so one address.
    for path in (f"/default{OPENID}", f"/default{OAUTH}", f"{OAUTH}/default"):
        assert (await http.send(Sent("GET", server.base_url + path))).status == 404
