"""ID tokens and userinfo that only the client can open (OIDC Core 5.3.2, 10.2; Registration 2)."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.switches.id_token import AudWrong
from oidc_harness.switches.signature import AlgNone
from tests.support import jwt_oracle, oracle
from tests.support.client import Client
from tests.support.decryption import (
    ALGORITHMS,
    BEYOND_PYOIDC,
    ENCODINGS,
    key_for,
    opened,
    private_key,
    public,
    read_by_pyoidc,
)
from tests.support.http import Answer
from tests.support.refusals import told_client, told_person
from tests.support.world import World

USUAL = "A128CBC-HS256"
EVERY = [(alg, enc) for alg in ALGORITHMS for enc in ENCODINGS]
HYBRID: dict[str, Any] = {
    "response_types": ("code", "id_token", "code id_token token"),
    "grant_types": ("authorization_code", "implicit", "refresh_token"),
}
NONCE = "n-0S6_WzA2Mj"


def registered(answer: str, alg: str, enc: str | None = None) -> dict[str, Any]:
    """Changes that make an application one whose ID tokens, or userinfo, are encrypted."""
    return {
        f"{answer}_encrypted_response_alg": alg,
        f"{answer}_encrypted_response_enc": enc,
        "jwks": (public(key_for(alg)),),
    }


async def published(world: World) -> Mapping[str, Any]:
    return (await world.send("GET", "/jwks")).json


def with_open_token(answer: Answer, signed: str) -> Answer:
    """The token response as it would be without encryption, for the oracle."""
    return replace(answer, text=json.dumps({**answer.json, "id_token": signed}))


async def id_token_of(client: Client, answer: Answer, alg: str, enc: str = USUAL, nonce: str | None = NONCE) -> str:
    """The signed ID token inside the encrypted one of a token response that is in order."""
    signed = opened(answer.json["id_token"], key_for(alg), alg, enc)
    tokens = await client.accept(with_open_token(answer, signed), nonce=nonce)
    assert tokens.claims["sub"] == "user-alice"
    return signed


@pytest.mark.parametrize(("alg", "enc"), EVERY)
async def test_every_algorithm(alg: str, enc: str, world: World) -> None:
    client = await world.people(
        **{**registered("id_token", alg, enc), **registered("userinfo", alg, enc)}, userinfo_signed_response_alg="ES256"
    )
    answer = await client.redeem(await client.code())
    await id_token_of(client, answer, alg, enc)
    text = jwt_oracle.accept_jwt(await client.userinfo(answer.json["access_token"]))
    addressee = replace(client.addressee, alg="ES256")
    signed = opened(text, key_for(alg), alg, enc)
    jwt_oracle.accept_userinfo(signed, "user-alice", addressee, await published(world))


async def test_every_algorithm_announced_is_one_of_them(world: World) -> None:
    metadata = (await world.send("GET", "/.well-known/openid-configuration")).json
    for answer in ("id_token", "userinfo"):
        assert metadata[f"{answer}_encryption_alg_values_supported"] == list(ALGORITHMS)
        assert metadata[f"{answer}_encryption_enc_values_supported"] == list(ENCODINGS)


@pytest.mark.parametrize(("alg", "enc"), [each for each in EVERY if not {*each} & {*BEYOND_PYOIDC}])
async def test_pyoidc_opens_it_by_itself(alg: str, enc: str, world: World) -> None:
    client = await world.people(**registered("id_token", alg, enc))
    token = (await client.redeem(await client.code())).json["id_token"]
    claims = read_by_pyoidc(token, key_for(alg), dict(await published(world)), world.issuer)
    assert (claims["iss"], claims["sub"]) == (world.issuer, "user-alice")


@pytest.mark.parametrize("crv", ["P-256", "P-384", "P-521", "X25519", "X448"])
@pytest.mark.parametrize("alg", ["ECDH-ES", "ECDH-ES+A256KW"])
async def test_every_curve(alg: str, crv: str, world: World) -> None:
    key = private_key("OKP" if crv.startswith("X") else "EC", crv)
    client = await world.people(id_token_encrypted_response_alg=alg, jwks=(public(key),))
    answer = await client.redeem(await client.code())
    assert oracle.plain(opened(answer.json["id_token"], key, alg, USUAL))["sub"] == "user-alice"


@pytest.mark.parametrize("signed", ["HS256", "EdDSA", "none"])
async def test_however_it_is_signed(signed: str, world: World) -> None:
    client = await world.people(**registered("id_token", "RSA-OAEP"), id_token_signed_response_alg=signed)
    await id_token_of(client, await client.redeem(await client.code()), "RSA-OAEP")


async def test_on_refresh_too(world: World) -> None:
    client = await world.people(**registered("id_token", "ECDH-ES"))
    first = await client.redeem(await client.code(scope="openid offline_access"))
    renewed = await client.refresh(first.json["refresh_token"])
    await id_token_of(client, renewed, "ECDH-ES", nonce=None)


async def test_for_a_password_too(world: World) -> None:
    client = await world.people(**registered("id_token", "ECDH-ES"), grant_types=("authorization_code", "password"))
    form = {"username": "alice", "password": "wonderland", "scope": "openid"}
    await id_token_of(client, await client.ask_token("password", **form), "ECDH-ES", nonce=None)


@pytest.mark.parametrize("response_type", ["id_token", "code id_token token"])
async def test_from_the_authorization_endpoint_too(response_type: str, world: World) -> None:
    """The hashes are those of the signed token in it (OIDC Core 3.3.2.11)."""
    client = await world.people(**registered("id_token", "RSA-OAEP-256", "A256GCM"), **HYBRID)
    answer = await client.authorize(response_type=response_type)
    pairs = [
        (name, opened(value, key_for("RSA"), "RSA-OAEP-256", "A256GCM") if name == "id_token" else value)
        for name, value in answer.redirect.pairs
    ]
    readable = replace(answer)
    readable.__dict__["redirect"] = replace(answer.redirect, pairs=pairs)
    given = oracle.accept_front_channel(
        readable, response_type, client.addressee, await published(world), "state-of-the-art", NONCE
    )
    if "code" in given:
        await id_token_of(client, await client.redeem(given["code"]), "RSA-OAEP-256", "A256GCM")


async def test_userinfo_may_be_encrypted_and_not_signed(world: World) -> None:
    """OIDC Core 5.3.2: the claims themselves, and no JWT around them."""
    client = await world.people(**registered("userinfo", "RSA-OAEP", "A128GCM"))
    tokens = await client.sign_in("openid email")
    text = jwt_oracle.accept_jwt(await client.userinfo(tokens.access))
    claims = json.loads(opened(text, key_for("RSA-OAEP"), "RSA-OAEP", "A128GCM", cty=None))
    assert claims == {"sub": "user-alice", "email": "alice@people.example", "email_verified": True}


async def test_one_is_encrypted_without_the_other(world: World) -> None:
    client = await world.people(**registered("id_token", "RSA-OAEP"))
    answer = await client.redeem(await client.code())
    oracle.accept_userinfo(await client.userinfo(answer.json["access_token"]), "user-alice")


KEYS = [
    ([{"kid": "a", "use": "sig"}, {"kid": "b", "use": "enc"}], "b"),
    ([{"kid": "a", "use": None}, {"kid": "b", "use": "enc"}], "b"),
    ([{"kid": "a", "use": None}], "a"),
    ([{"kid": "a", "use": "enc"}, {"kid": "b", "use": "enc"}], "a"),
    ([{"kid": "a", "alg": "ECDH-ES"}, {"kid": "b", "alg": "ECDH-ES+A128KW"}], "b"),
    ([{"kid": "a", "key_ops": ["verify"]}, {"kid": "b", "key_ops": ["deriveBits"]}], "b"),
    ([{"kid": "a", "key_ops": []}], "a"),
    ([{"kid": None}], None),
]


@pytest.mark.parametrize(("labels", "chosen"), KEYS)
async def test_which_key(labels: list[dict[str, Any]], chosen: str | None, world: World) -> None:
    """RFC 7517 4: what a key says of itself; the header names it."""
    key = private_key("EC", "P-256")
    keys = tuple(public(key, **label) for label in labels)
    client = await world.people(
        id_token_encrypted_response_alg="ECDH-ES+A128KW", jwks=(public(private_key("RSA")), *keys)
    )
    token = (await client.redeem(await client.code())).json["id_token"]
    assert opened(token, {**key, "kid": chosen}, "ECDH-ES+A128KW", USUAL)


async def test_an_encrypted_id_token_is_no_hint(world: World) -> None:
    """OIDC Core 3.1.2.1: the client decrypts it first. Told where it is asked, and how to mend it."""
    client = await world.people(**registered("id_token", "RSA-OAEP"))
    encrypted = (await client.redeem(await client.code())).json["id_token"]
    parameters = told_client(await client.authorize(id_token_hint=encrypted), "invalid_request", world.issuer)
    assert "decrypt it" in parameters["error_description"]
    page = told_person(await world.get_page("/end_session", [("id_token_hint", encrypted)]))
    assert "decrypt it" in page
    signed = opened(encrypted, key_for("RSA-OAEP"), "RSA-OAEP", USUAL)
    assert "code" in (await client.authorize(id_token_hint=signed)).redirect.parameters


async def test_lies_stand_inside(world: World) -> None:
    """A client that decrypts still has to look at what it finds."""
    client = await world.people(**registered("id_token", "RSA-OAEP"))
    world.realm.switchboard.arm(AudWrong())
    world.realm.switchboard.arm(AlgNone())
    token = (await client.redeem(await client.code())).json["id_token"]
    inside = opened(token, key_for("RSA-OAEP"), "RSA-OAEP", USUAL)
    assert jwt_oracle.header_of(inside) == {"alg": "none"}
    assert oracle.plain(inside)["aud"] == "another-client"


async def test_a_key_may_be_changed(world: World) -> None:
    """The next token is for the new one."""
    client = await world.people(**registered("id_token", "ECDH-ES"))
    other = private_key("EC", "P-384")
    await world.change(Application, "web", jwks=(public(other),))
    token = (await client.redeem(await client.code())).json["id_token"]
    assert opened(token, other, "ECDH-ES", USUAL)
