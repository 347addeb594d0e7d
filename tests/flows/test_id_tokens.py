"""ID tokens in every algorithm, and what is in them (OIDC Core 2, 3.1.3.6, 5.4, 5.5, 12.2)."""

import json
from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.protocol.jose import decode_unverified
from tests.support import oracle, records
from tests.support.client import Client
from tests.support.world import AUTOMATIC, MakeWorld, World

FIRST = ("RS256", "PS256", "ES256", "EdDSA")
"""What a realm begins with."""
MADE = ("RS384", "RS512", "PS384", "PS512", "ES384", "ES512", "ES256K")
BY_SECRET = ("HS256", "HS384", "HS512")
ALGORITHMS = (*FIRST, *MADE, *BY_SECRET)
ALWAYS = {"iss", "sub", "aud", "exp", "iat", "acr", "amr", "sid", "at_hash"}


async def client_for(alg: str, world: World) -> Client:
    """A client that registered for the algorithm, in a realm that has a key for it."""
    await world.people()
    if alg in MADE:
        await world.rotate(alg)
    return await world.client(id=alg, id_token_signed_response_alg=alg)


@pytest.mark.parametrize("alg", ALGORITHMS)
async def test_every_algorithm_is_verified_by_the_other_side(alg: str, world: World) -> None:
    """By pyoidc, and where it has none, by joserfc (A12)."""
    client = await client_for(alg, world)
    tokens = await client.sign_in("openid offline_access")
    header, claims = decode_unverified(tokens.id_token)
    assert header["alg"] == alg
    assert ("kid" in header) is (alg not in BY_SECRET)
    assert claims == tokens.claims
    renewed = await client.renew(tokens)
    assert decode_unverified(renewed.id_token)[0] == header


async def test_oidcc_idtoken_unsigned(world: World) -> None:
    """`none` for who registered for it (OIDC Core 2); nothing it shows later can be known to be ours."""
    client = await client_for("none", world)
    tokens = await client.sign_in("openid offline_access")
    assert decode_unverified(tokens.id_token) == ({"alg": "none"}, tokens.claims)
    assert decode_unverified((await client.renew(tokens)).id_token)[0] == {"alg": "none"}
    answer = await client.authorize(id_token_hint=tokens.id_token)
    assert answer.redirect.parameters["error"] == "invalid_request"


@pytest.mark.parametrize("alg", ["RS256", "ES384", "HS512", "none"])
async def test_access_tokens_are_signed_with_a_key_of_the_realm(alg: str, world: World) -> None:
    """RFC 9068 2.1, 4: by the realm's first algorithm, whatever the client takes in ID tokens."""
    client = await client_for(alg, world)
    await world.change(type(client.application), alg, access_token_format="jwt")
    assert decode_unverified((await client.sign_in()).access)[0]["alg"] == "RS256"


async def test_the_oracle_notices(world: World) -> None:
    """Each check the other tests lean on is one that can fail."""
    client = await world.people()
    code = await client.code()
    answer = await client.redeem(code)
    keys = (await world.send("GET", "/jwks")).json
    good = client.addressee
    oracle.accept_tokens(answer, good, keys)
    for wrong in (
        replace(good, issuer="https://elsewhere.example"),
        replace(good, client_id="other"),
        replace(good, alg="ES256"),
        replace(good, alg="HS256"),
        replace(good, alg="none"),
    ):
        with pytest.raises(Exception):  # noqa: B017, PT011 - pyoidc has twenty without a common base
            oracle.accept_tokens(answer, wrong, keys)
    kids = {"keys": [key for key in keys["keys"] if key.get("alg") != "RS256"]}
    with pytest.raises(Exception):  # noqa: B017, PT011
        oracle.accept_tokens(answer, good, kids)
    other = await client.redeem(await client.code())
    swapped = json.dumps({**answer.json, "access_token": other.json["access_token"]})
    with pytest.raises(AssertionError):
        oracle.accept_tokens(replace(answer, text=swapped), good, keys)


async def test_rs256_unless_asked_otherwise(world: World) -> None:
    client = await world.people()
    assert decode_unverified((await client.sign_in()).id_token)[0]["alg"] == "RS256"


@pytest.mark.parametrize("scope", ["openid", "openid profile email address phone offline_access"])
async def test_nothing_unrequested_is_in_it(scope: str, world: World) -> None:
    """Claims of scopes are for userinfo, because an access token is issued (OIDC Core 5.4)."""
    client = await world.people()
    tokens = await client.sign_in(scope)
    assert tokens.claims.keys() == ALWAYS | {"nonce"}
    assert (await client.sign_in(scope, nonce=None)).claims.keys() == ALWAYS


async def test_the_values(world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    claims = (await client.sign_in()).claims
    expected = {
        "iss": world.issuer,
        "sub": "user-alice",
        "aud": "web",
        "iat": world.now,
        "exp": world.now + 3600,
        "acr": "1",
        "amr": ["pwd"],
        "nonce": "n-0S6_WzA2Mj",
    }
    assert {name: claims[name] for name in expected} == expected
    assert len(claims["sub"]) <= 255
    assert len(claims["sid"]) >= 16


@pytest.mark.parametrize("ttl", [0, 1, 60, 86400])
async def test_the_life_of_id_tokens_is_policy(ttl: int, make_world: MakeWorld) -> None:
    world = await make_world(replace(AUTOMATIC, id_token_ttl=ttl))
    claims = (await (await world.people()).sign_in()).claims
    assert claims["exp"] - claims["iat"] == ttl


AUTH_TIME: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({}, {}, False),
    ({}, {"max_age": "1000"}, True),
    ({}, {"max_age": "0"}, True),
    ({}, {"claims": '{"id_token": {"auth_time": null}}'}, True),
    ({}, {"claims": '{"id_token": {"auth_time": {"essential": true}}}'}, True),
    ({}, {"claims": '{"userinfo": {"auth_time": null}}'}, False),
    ({"require_auth_time": True}, {}, True),
]


@pytest.mark.parametrize(("application", "changes", "there"), AUTH_TIME)
async def test_auth_time_where_it_is_asked_for(
    application: dict[str, Any], changes: dict[str, Any], there: bool, world: World
) -> None:
    await world.people()
    client = await world.client(id="other", **application)
    world.realm.clock.freeze()
    tokens = await client.sign_in("openid offline_access", **changes)
    assert ("auth_time" in tokens.claims) is there
    assert tokens.claims.get("auth_time", world.now) == world.now
    world.realm.clock.advance(100)
    renewed = await client.renew(tokens)
    assert renewed.claims.get("auth_time") == tokens.claims.get("auth_time")


async def test_auth_time_is_that_of_the_session(make_world: MakeWorld) -> None:
    world = await make_world(replace(AUTOMATIC, sign_in="form", consent="implied"))
    client = await world.people()
    cookies = await world.sign_in(records.user(), auth_time=world.now - 500)
    for max_age in ("15000", "10000"):
        claims = (await client.sign_in(cookies=cookies, max_age=max_age)).claims
        assert abs(world.now - 500 - claims["auth_time"]) <= 1
        assert claims["sid"] == f"sid-of-{'c' * 43}"


REQUESTED: list[tuple[dict[str, Any], set[str], set[str]]] = [
    ({"id_token": {"name": None}}, {"name"}, set()),
    ({"userinfo": {"name": {"essential": True}}}, set(), {"name"}),
    ({"id_token": {"email": None}, "userinfo": {"phone_number": None}}, {"email"}, {"phone_number"}),
    ({"id_token": {"address": None, "updated_at": None}}, {"address", "updated_at"}, set()),
    ({"id_token": {"unknown": {"essential": True}, "https://example.org/role": None}}, set(), set()),
    ({"id_token": {"password_hash": None, "test_password": None, "id": None, "status": None}}, set(), set()),
    ({"id_token": {"iss": {"value": "https://elsewhere.example"}, "exp": None, "aud": None}}, set(), set()),
    ({"id_token": {"sub": {"value": "user-alice"}}, "userinfo": {"sub": None}}, set(), set()),
    ({"id_token": {"name": {"value": "Somebody Else"}}}, set(), set()),
    ({"id_token": {"name": {"value": "Alice Liddell"}}}, {"name"}, set()),
    ({"id_token": None, "userinfo": {}}, set(), set()),
]


@pytest.mark.parametrize(("claims", "in_id_token", "in_userinfo"), REQUESTED)
async def test_single_claims_are_where_they_were_asked_for(
    claims: dict[str, Any], in_id_token: set[str], in_userinfo: set[str], world: World
) -> None:
    client = await world.people()
    tokens = await client.sign_in(claims=json.dumps(claims))
    assert tokens.claims.keys() == ALWAYS | {"nonce"} | in_id_token
    assert tokens.claims["iss"] == world.issuer
    assert (await client.person(tokens)).keys() == {"sub"} | in_userinfo
    # Also in what is refreshed.
    again = await client.sign_in("openid offline_access", claims=json.dumps(claims))
    assert (await client.renew(again)).claims.keys() == ALWAYS | in_id_token


@pytest.mark.parametrize("place", ["id_token", "userinfo"])
@pytest.mark.parametrize("subject", ["user-bob", "", "user-ALICE", 5, None, {"a": 1}])
async def test_a_requested_subject_must_be_the_one(place: str, subject: Any, world: World) -> None:
    client = await world.people()
    claims = json.dumps({place: {"sub": {"value": subject}}})
    answer = await client.authorize(claims=claims)
    assert answer.redirect.parameters.get("error") == (None if subject is None else "login_required")


@pytest.mark.parametrize("alg", ALGORITHMS)
async def test_a_hint_of_every_algorithm_names_the_person(alg: str, world: World) -> None:
    client = await client_for(alg, world)
    await world.add(records.user("bob"))
    tokens = await client.sign_in()
    again = await client.sign_in(id_token_hint=tokens.id_token)
    assert again.claims["sub"] == tokens.claims["sub"]
    answer = await client.authorize(id_token_hint=tokens.id_token, login_hint="bob")
    assert answer.redirect.parameters["error"] == "login_required"


async def test_a_hint_that_is_not_ours_is_refused(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in()
    for hint in ("a.b.c", tokens.access, tokens.id_token[:-4] + "AAAA", "é"):
        answer = await client.authorize(id_token_hint=hint)
        assert answer.redirect.parameters["error"] == "invalid_request"
