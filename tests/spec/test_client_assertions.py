"""Client assertions: client_secret_jwt and private_key_jwt, claim by claim (RFC 7523 3, OIDC Core 9).

The request goes on to a refresh token that nobody has: `invalid_grant` says that the client was let in.
"""

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from oidc_harness.model.used_assertion import UsedAssertion
from tests.support import assertions, records
from tests.support.client import Client
from tests.support.http import Answer
from tests.support.refusals import refused
from tests.support.world import World

UNKNOWN_TOKEN = {"grant_type": "refresh_token", "refresh_token": "nobody-has-it"}
LONG_SECRET = "s" * 64
ES256 = assertions.public("ES256")


async def send(client: Client, assertion: str, **more: str) -> Answer:
    return await client.post("/token", assertions.form(assertion, **UNKNOWN_TOKEN, **more))


async def secret_client(world: World, **changes: Any) -> Client:
    return await world.client(token_endpoint_auth_method="client_secret_jwt", **changes)


async def key_client(world: World, *jwks: dict[str, Any], **changes: Any) -> Client:
    return await world.client(token_endpoint_auth_method="private_key_jwt", jwks=jwks or (ES256,), **changes)


def explanation(world: World) -> str:
    error = world.last.error
    assert error is not None
    return error.detail


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
async def test_a_secret_proves(alg: str, world: World) -> None:
    async with world.realm.transaction() as circumstances:
        sealed = circumstances.seal(LONG_SECRET)
    client = await secret_client(world, secret_sealed=sealed)
    refused(await send(client, assertions.by_secret(client, alg, LONG_SECRET)), "invalid_grant")


@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256", "EdDSA"])
async def test_a_key_proves(alg: str, world: World) -> None:
    client = await key_client(world, assertions.public("ES256", "another"), assertions.public(alg))
    refused(await send(client, assertions.by_key(client, alg)), "invalid_grant")


# What is in the assertion, and what the journal says of it.
WRONG_CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({"iss": None}, "iss is None; expected the client_id 'web'"),
    ({"iss": "else"}, "iss is 'else'"),
    ({"iss": ["else"]}, "iss is ['else']"),
    ({"sub": "else"}, "sub is 'else'"),
    ({"aud": None}, "aud is None"),
    ({"aud": "https://elsewhere.example"}, "aud is 'https://elsewhere.example'; expected one of http://"),
    ({"aud": []}, "aud is []"),
    ({"aud": ["https://elsewhere.example", 5, {"a": 1}]}, "aud is ["),
    ({"aud": 5}, "aud is 5"),
    ({"exp": None}, "exp is missing or no number"),
    ({"exp": "soon"}, "exp is missing or no number"),
    ({"exp": True}, "exp is missing or no number"),
    ({"jti": None}, "jti is missing"),
    ({"jti": ""}, "jti is missing"),
    ({"jti": 5}, "jti is missing"),
]
# Seconds from the realm's time.
WRONG_TIMES = [
    ({"exp": -60}, "it expired at"),
    ({"exp": -100_000}, "it expired at"),
    ({"exp": 3661}, "more than 3600 seconds ahead"),
    ({"iat": 61}, "iat is"),
    ({"nbf": 61}, "nbf is"),
]
GOOD_TIMES = [{"exp": -59}, {"exp": 3660}, {"iat": 60}, {"nbf": 8}, {"nbf": 60}, {"iat": -100_000}]


@pytest.mark.parametrize(("changes", "said"), WRONG_CLAIMS)
async def test_a_wrong_claim_is_refused(changes: dict[str, Any], said: str, world: World) -> None:
    for client, make in (
        (await secret_client(world, id="web"), assertions.by_secret),
        (await key_client(world, id="other"), assertions.by_key),
    ):
        refused(await send(client, make(client, **changes), client_id=client.id), "invalid_client", 401)
        assert said.replace("'web'", repr(client.id)) in explanation(world)


@pytest.mark.parametrize(("changes", "said"), WRONG_TIMES)
async def test_a_wrong_time_is_refused(changes: dict[str, int], said: str, world: World) -> None:
    client = await key_client(world)
    world.realm.clock.freeze()
    times: dict[str, Any] = {name: world.now + seconds for name, seconds in changes.items()}
    refused(await send(client, assertions.by_key(client, **times)), "invalid_client", 401)
    assert said in explanation(world)


@pytest.mark.parametrize("changes", GOOD_TIMES)
async def test_clocks_may_differ_by_a_minute(changes: dict[str, int], world: World) -> None:
    client = await key_client(world)
    world.realm.clock.freeze()
    times: dict[str, Any] = {name: world.now + seconds for name, seconds in changes.items()}
    refused(await send(client, assertions.by_key(client, **times)), "invalid_grant")


async def test_the_time_is_that_of_the_realm(world: World) -> None:
    client = await key_client(world)
    world.realm.clock.freeze(1_000_000)
    refused(await send(client, assertions.by_key(client)), "invalid_grant")
    assertion = assertions.by_key(client)
    world.realm.clock.advance(200)
    refused(await send(client, assertion), "invalid_client", 401)


async def test_the_audience_may_be_issuer_or_endpoint(world: World) -> None:
    client, issuer = await key_client(world), world.issuer
    for audience in (issuer, f"{issuer}/token", [issuer], ["https://elsewhere.example", f"{issuer}/token"]):
        refused(await send(client, assertions.by_key(client, aud=audience)), "invalid_grant")
    for audience in (f"{issuer}/introspect", f"{issuer}/", issuer.upper(), f"{issuer}/revoke"):
        refused(await send(client, assertions.by_key(client, aud=audience)), "invalid_client", 401)


@pytest.mark.parametrize(("path", "other"), [("introspect", "revoke"), ("revoke", "introspect")])
async def test_the_token_endpoint_names_the_provider_everywhere(path: str, other: str, world: World) -> None:
    """RFC 7523 3; besides it an endpoint goes by its own name, and by no other one's."""
    client, issuer = await key_client(world), world.issuer
    for audience in (issuer, f"{issuer}/token", [f"{issuer}/token"], f"{issuer}/{path}"):
        right = assertions.by_key(client, aud=audience)
        assert (await client.post(f"/{path}", assertions.form(right, token="nobody-has-it"))).status == 200
    for audience in (f"{issuer}/{other}", f"{issuer}/userinfo", f"{issuer}/token/"):
        wrong = assertions.by_key(client, aud=audience)
        refused(await client.post(f"/{path}", assertions.form(wrong, token="nobody-has-it")), "invalid_client", 401)


async def test_an_assertion_serves_once(world: World) -> None:
    client = await key_client(world)
    assertion = assertions.by_key(client)
    refused(await send(client, assertion), "invalid_grant")
    refused(await send(client, assertion), "invalid_client", 401)
    assert "was used before" in explanation(world)
    other_endpoint = await client.post("/introspect", assertions.form(assertion, token="nobody-has-it"))
    refused(other_endpoint, "invalid_client", 401)
    same_jti = assertions.by_key(client, jti=json.loads(_payload(assertion))["jti"], exp=world.now + 30)
    refused(await send(client, same_jti), "invalid_client", 401)


@pytest.mark.parametrize("path", ["/introspect", "/revoke"])
async def test_an_assertion_serves_once_even_where_the_request_is_refused(path: str, world: World) -> None:
    client = await key_client(world)
    assertion = assertions.by_key(client)
    refused(await client.post(path, assertions.form(assertion)), "invalid_request")
    refused(await client.post(path, assertions.form(assertion, token="nobody-has-it")), "invalid_client", 401)


async def test_clients_choose_their_jti_apart(world: World) -> None:
    for client in (await key_client(world), await key_client(world, id="other")):
        refused(await send(client, assertions.by_key(client, jti="1")), "invalid_grant")


async def test_a_refused_assertion_does_not_use_up_its_jti(world: World) -> None:
    """Otherwise anybody could lock a client out by guessing."""
    client = await key_client(world)
    refused(await send(client, assertions.by_key(client, name="another", jti="1")), "invalid_client", 401)
    refused(await send(client, assertions.by_key(client, jti="1")), "invalid_grant")


async def test_of_twenty_at_once_one_is_let_in(world: World) -> None:
    client = await key_client(world)
    assertion = assertions.by_key(client)
    answers = await asyncio.gather(*(send(client, assertion) for _ in range(20)))
    assert sorted(answer.json["error"] for answer in answers) == ["invalid_client"] * 19 + ["invalid_grant"]
    assert len(await world.all(UsedAssertion)) == 1


def _payload(token: str) -> bytes:
    part = token.split(".")[1]
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encoded(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).rstrip(b"=").decode()


def of_texts(header: str, claims: str) -> str:
    return f"{_encoded(header)}.{_encoded(claims)}.AA"


def unsigned(client: Client, **header: Any) -> str:
    return f"{_encoded({'alg': 'none', **header})}.{_encoded(assertions.claims(client))}."


def confused(client: Client) -> str:
    """Signed by HMAC with what everybody knows: the public key."""
    public = OctKey.import_key(json.dumps(ES256))
    return jwt.encode({"alg": "HS256"}, assertions.claims(client), public, algorithms=["HS256"])


def self_made(client: Client) -> str:
    """Brings its own key along."""
    header = {"alg": "ES256", "jwk": assertions.public("ES256", "stranger")}
    return jwt.encode(header, assertions.claims(client), assertions.key("ES256", "stranger"), algorithms=["ES256"])


def tampered(client: Client) -> str:
    header, _, signature = assertions.by_key(client).split(".")
    return f"{header}.{_encoded(assertions.claims(client, exp=client.realm.clock.now() + 3000))}.{signature}"


FORGED: dict[str, Callable[[Client], str]] = {
    "alg none": unsigned,
    "alg None": lambda client: unsigned(client, alg="None"),
    "the public key as a secret": confused,
    "its own key": self_made,
    "changed claims": tampered,
    "another key": lambda client: assertions.by_key(client, name="stranger"),
    "another key under the known kid": lambda client: jwt.encode(
        {"alg": "ES256", "kid": "client-key"},
        assertions.claims(client),
        assertions.key("ES256", "stranger"),
        algorithms=["ES256"],
    ),
    "a key for another alg": lambda client: assertions.by_key(client, "RS256"),
    "the secret": assertions.by_secret,
    "no signature": lambda client: assertions.by_key(client).rpartition(".")[0] + ".",
    "two parts": lambda client: assertions.by_key(client).rpartition(".")[0],
    "five parts": lambda client: assertions.by_key(client) + ".a.b",
    "no JSON": lambda client: of_texts("{", "{"),
    "a list": lambda client: of_texts("[]", "[]"),
    "half a character": lambda client: of_texts('{"alg": "ES256"}', '{"sub": "\\ud800", "jti": "\\ud800"}'),
    "deep nesting": lambda client: of_texts('{"alg": "ES256"}', "[" * 3000 + "]" * 3000),
    "a number too large": lambda client: of_texts('{"alg": "ES256"}', '{"sub": ' + "9" * 5000 + "}"),
    "a claim twice": lambda client: of_texts('{"alg": "ES256"}', '{"sub": "other", "sub": "web"}'),
    "not ASCII": lambda client: "é.é.é",
    "a space": lambda client: " ",
}


@pytest.mark.parametrize("what", FORGED)
@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_a_forged_assertion_is_refused(what: str, world: World) -> None:
    client = await key_client(world)
    refused(await send(client, FORGED[what](client)), "invalid_client", 401)
    refused(await send(client, FORGED[what](client), client_id=client.id), "invalid_client", 401)


FORGED_SECRETS: dict[str, Callable[[Client], str]] = {
    "alg none": unsigned,
    "another secret": lambda client: assertions.by_secret(client, secret=records.SECRET + "x"),
    "a key": assertions.by_key,
    "an empty secret": lambda client: jwt.encode(
        {"alg": "HS256"}, assertions.claims(client), OctKey.import_key("0" * 32), algorithms=["HS256"]
    ),
}


@pytest.mark.parametrize("what", FORGED_SECRETS)
async def test_a_forged_proof_of_the_secret_is_refused(what: str, world: World) -> None:
    client = await secret_client(world)
    refused(await send(client, FORGED_SECRETS[what](client)), "invalid_client", 401)


async def test_a_secret_that_is_not_kept_proves_nothing(world: World) -> None:
    await world.add(records.application(token_endpoint_auth_method="client_secret_jwt"))
    client = Client(world.http, world.realm, records.application())
    refused(await send(client, assertions.by_secret(client)), "invalid_client", 401)


async def test_an_assertion_of_one_client_is_none_of_another(world: World) -> None:
    client, other = await key_client(world), await key_client(world, id="other")
    refused(await send(other, assertions.by_key(client), client_id=other.id), "invalid_client", 401)
    assert "iss is 'web'; expected the client_id 'other'" in explanation(world)


async def test_an_assertion_names_its_client_by_itself(world: World) -> None:
    client = await key_client(world)
    refused(await send(client, assertions.by_key(client)), "invalid_grant")
    refused(await send(client, assertions.by_key(client, sub=None)), "invalid_client", 401)
