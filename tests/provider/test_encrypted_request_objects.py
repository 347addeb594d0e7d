"""Request objects that only the provider can read (OIDC Core 6.1, 10.2; RFC 9101 4, 6.1)."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.protocol.signature import REQUEST_OBJECT_ALGORITHMS
from oidc_harness.services import key_life
from oidc_harness.services.errors import Taken
from tests.protocol.jose_keys import SECRET_ALGORITHMS, public_jwk
from tests.support import oracle
from tests.support.client import Client
from tests.support.decryption import ALGORITHMS, ENCODINGS, private_key
from tests.support.encryption import encrypted, realm_key
from tests.support.http import Answer
from tests.support.refusals import told_client
from tests.support.request_objects import INSIDE, base64url, claims, encoded, signed, unsigned
from tests.support.world import AUTOMATIC, MakeWorld, World

EVERY = [(alg, enc) for alg in ALGORITHMS for enc in ENCODINGS]
JAR = replace(AUTOMATIC, request_objects="jar")


async def obeyed(client: Client, answer: Answer) -> None:
    oracle.accept_authorization(answer, client.addressee, INSIDE)


def said(client: Client, **changes: Any) -> str:
    """The claims of an object as they stand in a JWE, unsigned."""
    return json.dumps(claims(client, **changes))


async def signing_client(world: World, **changes: Any) -> Client:
    return await world.people(jwks=(public_jwk("ES256"),), **changes)


async def refused_object(world: World, client: Client, token: str) -> str:
    """Why an object was refused, as people are told."""
    parameters = (await client.authorize(request=token)).redirect.parameters
    assert parameters["error"] == "invalid_request_object"
    assert world.last.error is not None
    return world.last.error.detail


@pytest.mark.parametrize(("alg", "enc"), EVERY)
async def test_signed_and_then_encrypted(alg: str, enc: str, world: World) -> None:
    client = await signing_client(world)
    token = encrypted(signed(claims(client)), await realm_key(world, alg), alg, enc)
    await obeyed(client, await client.authorize(request=token))


async def test_every_algorithm_announced_is_one_of_them(world: World) -> None:
    metadata = (await world.send("GET", "/.well-known/openid-configuration")).json
    assert metadata["request_object_encryption_alg_values_supported"] == list(ALGORITHMS)
    assert metadata["request_object_encryption_enc_values_supported"] == list(ENCODINGS)


@pytest.mark.parametrize("alg", REQUEST_OBJECT_ALGORITHMS)
async def test_however_it_is_signed(alg: str, world: World) -> None:
    jwks = () if alg in (*SECRET_ALGORITHMS, "none") else (public_jwk(alg),)
    client = await world.people(jwks=jwks)
    inner = unsigned(claims(client)) if alg == "none" else signed(claims(client), alg, secret=client.secret)
    token = encrypted(inner, await realm_key(world, "ECDH-ES"), "ECDH-ES")
    await obeyed(client, await client.authorize(request=token))


async def test_encrypted_and_not_signed(world: World) -> None:
    """The claims themselves (RFC 7519 7.2), which count as an unsigned object."""
    client = await world.people()
    key = await realm_key(world, "RSA-OAEP")
    await obeyed(client, await client.authorize(request=encrypted(said(client), key, "RSA-OAEP", cty=None)))
    await world.change(Application, client.id, request_object_signing_alg="ES256")
    told = await refused_object(world, client, encrypted(said(client), key, "RSA-OAEP", cty=None))
    assert "alg is 'none'" in told


@pytest.mark.parametrize("alg", ["RSA-OAEP-256", "ECDH-ES+A256KW"])
async def test_where_it_stands_alone(alg: str, make_world: MakeWorld) -> None:
    """RFC 9101 5: what is beside it is not looked at."""
    world = await make_world(JAR)
    client = await signing_client(world)
    inner = signed(claims(client), typ="oauth-authz-req+jwt")
    token = encrypted(inner, await realm_key(world, alg), alg, "A256GCM", typ="oauth-authz-req+jwt")
    answer = await world.send("GET", "/authorize", query=[("client_id", client.id), ("request", token)])
    await obeyed(client, answer)


@pytest.mark.parametrize("header", [{"kid": None}, {"typ": "JWT"}, {"iss": "web"}, {"cty": "jwt"}, {"cty": None}])
async def test_what_the_header_may_say(header: dict[str, Any], world: World) -> None:
    """RFC 7516 4: what is not understood is passed over; without a kid the keys that suit are tried."""
    client = await signing_client(world)
    token = encrypted(signed(claims(client)), await realm_key(world, "ECDH-ES"), "ECDH-ES", **header)
    await obeyed(client, await client.authorize(request=token))


async def test_an_algorithm_that_is_registered_is_not_the_only_one(world: World) -> None:
    """OIDC Registration 2: a client says by what it may encrypt, and may do otherwise."""
    client = await signing_client(world, request_object_encryption_alg="RSA-OAEP")
    token = encrypted(signed(claims(client)), await realm_key(world, "ECDH-ES"), "ECDH-ES")
    for request in (token, signed(claims(client))):
        await obeyed(client, await client.authorize(request=request))


async def test_the_object_inside_is_held_against_every_rule(world: World) -> None:
    client = await signing_client(world, request_object_signing_alg="ES256")
    key = await realm_key(world, "ECDH-ES")
    for inner, told in [
        (signed(claims(client), number=1), "signature was not made by"),
        (unsigned(claims(client)), "alg is 'none'"),
        (signed(claims(client, aud="https://elsewhere.example")), "expected the issuer"),
        (signed(claims(client, exp=1)), "it expired"),
        (signed(claims(client), typ="at+jwt"), "its typ is"),
        (encrypted(signed(claims(client)), key, "ECDH-ES"), "has five parts"),
        ("", "has 1 parts"),
        ("a.b.c", "is not"),
        ("é.é.é", "is not ASCII"),
    ]:
        assert told in await refused_object(world, client, encrypted(inner, key, "ECDH-ES"))


def changed(place: int, change: Callable[[str], str]) -> Callable[[str], str]:
    """The token with one of its five parts changed."""

    def act(token: str) -> str:
        parts = token.split(".")
        parts[place] = change(parts[place])
        return ".".join(parts)

    return act


def flipped(part: str) -> str:
    return ("B" if part[:1] == "A" else "A") + part[1:]


BROKEN: list[Callable[[str], str]] = [
    *(changed(place, flipped) for place in range(1, 5)),
    *(changed(place, lambda part: part[:-4]) for place in range(1, 5)),
    *(changed(place, lambda part: "") for place in range(1, 5)),
    *(changed(place, lambda part: "*") for place in range(1, 5)),
    *(changed(place, lambda part: part + "AAAA") for place in range(1, 5)),
]


@pytest.mark.parametrize("enc", ["A128CBC-HS256", "A256GCM"])
@pytest.mark.parametrize("alg", ["RSA-OAEP", "ECDH-ES", "ECDH-ES+A128KW"])
async def test_nobody_learns_what_went_wrong_with_keys_and_octets(alg: str, enc: str, world: World) -> None:
    """RFC 7516 11.5: one answer to all of it, for the client and in the journal."""
    client = await signing_client(world)
    token = encrypted(signed(claims(client)), await realm_key(world, alg), alg, enc)
    stranger = {**private_key("RSA" if alg.startswith("RSA") else "EC", None if alg.startswith("RSA") else "P-256")}
    for_another = encrypted("{}", {**stranger, "kid": (await realm_key(world, alg))["kid"]}, alg, enc)
    told = set()
    # With direct agreement there is no encrypted key to be broken.
    broken = {break_it(token) for break_it in BROKEN} - {token}
    for bad in (for_another, *broken):
        answer = told_client(await client.authorize(request=bad), "invalid_request_object", world.issuer)
        assert world.last.error is not None
        told.add((answer["error_description"], world.last.error.detail))
    assert [description for description, _ in told] == ["the request object cannot be opened"]


EPK = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}


@pytest.mark.parametrize(
    "epk",
    [
        EPK,
        {**EPK, "crv": "P-521"},
        {**EPK, "crv": "none"},
        {"kty": "OKP", "crv": "X25519", "x": "A" * 43},
        {"kty": "oct", "k": "AAAA"},
        {"kty": "RSA", "n": "AAAA", "e": "AQAB"},
        {"kty": 5},
        {},
        [],
        "AAAA",
        None,
    ],
)
async def test_no_point_off_the_curve_is_agreed_with(epk: Any, world: World) -> None:
    """RFC 8725 3.4."""
    client = await signing_client(world)
    key = await realm_key(world, "ECDH-ES")
    for more in ({}, {"apu": 5}, {"apv": "*"}):
        header = {"alg": "ECDH-ES", "enc": "A128GCM", "kid": key["kid"], "epk": epk, **more}
        token = ".".join((encoded(header), "", base64url(b"i" * 12), base64url(b"text"), base64url(b"t" * 16)))
        assert "cannot be decrypted" in await refused_object(world, client, token)


HEADERS: list[tuple[dict[str, Any], str]] = [
    ({"alg": "RSA1_5"}, "alg is 'RSA1_5'; accepted here: RSA-OAEP, RSA-OAEP-256, ECDH-ES"),
    ({"alg": "dir"}, "alg is 'dir'"),
    ({"alg": "A128KW"}, "alg is 'A128KW'"),
    ({"alg": "PBES2-HS256+A128KW", "p2c": 10**9, "p2s": "AAAA"}, "alg is 'PBES2"),
    ({"alg": ["RSA-OAEP"]}, "alg is a list"),
    ({"alg": None}, "alg is None"),
    ({"enc": "A128CTR"}, "enc is 'A128CTR'; accepted here: A128CBC-HS256"),
    ({"enc": {}}, "enc is an object"),
    ({"enc": None}, "enc is None"),
    ({"zip": "DEF"}, "compressed"),
    ({"crit": ["exp"], "exp": 1}, "crit"),
    ({"kid": "unknown"}, "kid is 'unknown'; for RSA-OAEP the key set has"),
    ({"kid": 5}, "kid is 5"),
    ({"cty": "text/plain"}, "cannot be decrypted"),
]


@pytest.mark.parametrize(("header", "told"), HEADERS)
async def test_a_header_that_is_not_taken(header: dict[str, Any], told: str, world: World) -> None:
    client = await signing_client(world)
    key = await realm_key(world, "RSA-OAEP")
    members = {"alg": "RSA-OAEP", "enc": "A128GCM", "kid": key["kid"], "cty": "JWT", **header}
    shown = {name: value for name, value in members.items() if value is not None}
    token = ".".join((encoded(shown), base64url(b"k" * 256), base64url(b"i" * 12), "AAAA", base64url(b"t" * 16)))
    assert told in await refused_object(world, client, token)


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ("....", "header is not JSON in UTF-8"),
        ("e30....", "Its alg is None"),
        ("*....", "header is not base64url"),
        (f"{base64url(b'[]')}....", "header is not a JSON object"),
        ("A" * 70_000 + "....", "at most 65536 characters"),
        ("é....", "is not ASCII"),
    ],
)
async def test_what_is_no_jwe_at_all(token: str, told: str, world: World) -> None:
    client = await signing_client(world)
    answer = await client.authorize("POST", request=token)
    told_client(answer, "invalid_request_object", world.issuer)
    assert world.last.error is not None
    assert told in world.last.error.detail


@pytest.mark.parametrize(("cty", "text"), [("text/plain", "claims"), ("text/plain", "signed"), ("JWT", "claims")])
async def test_what_is_inside_is_what_cty_says(cty: str | None, text: str, world: World) -> None:
    """RFC 7519 5.2: a JWT in a JWE needs cty."""
    client = await signing_client(world)
    inner = signed(claims(client)) if text == "signed" else said(client)
    detail = await refused_object(
        world, client, encrypted(inner, await realm_key(world, "ECDH-ES"), "ECDH-ES", cty=cty)
    )
    assert "cty" in detail or "parts" in detail


async def lead(world: World, name: str, kid: str) -> None:
    deed = {"retire": key_life.retire, "remove": key_life.remove}[name]
    await world.realm.transact(lambda given: deed(given, kid))
    await world.realm.reload_keys()


@pytest.mark.parametrize("alg", ["RSA-OAEP", "ECDH-ES"])
async def test_a_key_is_led_through_its_life(alg: str, world: World) -> None:
    """OIDC Core 10.2.1: a retired key is not published, and opens what is still on its way, until it is removed."""
    client = await signing_client(world)
    old = await realm_key(world, alg)
    on_its_way = {kid: encrypted(signed(claims(client)), old, alg, kid=kid) for kid in (old["kid"], None)}
    await world.rotate(alg)
    new = await realm_key(world, alg)
    assert new["kid"] != old["kid"]
    published = [key["kid"] for key in (await world.send("GET", "/jwks")).json["keys"]]
    assert (old["kid"] in published, len(published)) == (False, 6)
    for token in (*on_its_way.values(), encrypted(signed(claims(client)), new, alg)):
        await obeyed(client, await client.authorize(request=token))
    await lead(world, "remove", old["kid"])
    assert "kid is" in await refused_object(world, client, on_its_way[old["kid"]])
    assert "cannot be decrypted" in await refused_object(world, client, on_its_way[None])


async def test_without_a_key_nothing_is_announced(world: World) -> None:
    client = await signing_client(world)
    key = await realm_key(world, "RSA-OAEP")
    token = encrypted(signed(claims(client)), key, "RSA-OAEP")
    for alg in ("RSA-OAEP", "ECDH-ES"):
        await lead(world, "retire", (await realm_key(world, alg))["kid"])
    metadata = (await world.send("GET", "/.well-known/openid-configuration")).json
    assert not [name for name in metadata if name.startswith("request_object_encryption")]
    assert "accepted here: none" in await refused_object(world, client, token)


async def test_a_key_that_a_client_counts_on_is_not_retired(world: World) -> None:
    await signing_client(world, request_object_encryption_alg="ECDH-ES+A128KW")
    key = await realm_key(world, "ECDH-ES")
    with pytest.raises(Taken, match="'web' encrypts by ECDH-ES"):
        await lead(world, "retire", key["kid"])
    await world.rotate("ECDH-ES")
    await lead(world, "remove", key["kid"])
