"""Request objects by value, as clients send them (OIDC Core 6.1, RFC 9101)."""

from dataclasses import replace
from typing import Any

import pytest
from jwkest.jwk import SYMKey, keyrep
from oic.oic import Client as OracleClient
from oic.utils.authn.client import CLIENT_AUTHN_METHOD

from oidc_harness.protocol.signature import REQUEST_OBJECT_ALGORITHMS
from tests.protocol.jose_keys import SECRET_ALGORITHMS, private_jwks, public_jwk
from tests.support import oracle, records
from tests.support.client import Client
from tests.support.http import Answer
from tests.support.refusals import told_client, told_person
from tests.support.request_objects import INSIDE, base64url, claims, encoded, signed, unsigned
from tests.support.world import AUTOMATIC, MakeWorld, World

ELSEWHERE = "https://elsewhere.example/callback"
JAR = replace(AUTOMATIC, request_objects="jar")


async def obeyed(client: Client, answer: Answer) -> dict[str, Any]:
    """The claims of the ID token, in the end, of a request whose object was obeyed."""
    code = oracle.accept_authorization(answer, client.addressee, INSIDE)
    tokens = await client.accept(await client.redeem(code), nonce="nonce-inside")
    return dict(tokens.claims)


async def client_for(alg: str, world: World, **changes: Any) -> Client:
    """A client that can be known by what it signs with."""
    jwks = () if alg in (*SECRET_ALGORITHMS, "none") else (public_jwk(alg),)
    return await world.people(jwks=jwks, **changes)


def made(client: Client, alg: str, **changes: Any) -> str:
    said = claims(client, **changes)
    return unsigned(said) if alg == "none" else signed(said, alg, secret=client.secret)


@pytest.mark.parametrize("registered", [True, False], ids=["registered", "any"])
@pytest.mark.parametrize("alg", REQUEST_OBJECT_ALGORITHMS)
async def test_every_announced_algorithm_is_taken(alg: str, registered: bool, world: World) -> None:
    client = await client_for(alg, world, request_object_signing_alg=alg if registered else None)
    await obeyed(client, await client.authorize(request=made(client, alg)))


@pytest.mark.parametrize("other", REQUEST_OBJECT_ALGORITHMS)
async def test_a_registered_algorithm_is_the_only_one(other: str, world: World) -> None:
    registered = "PS256" if other != "PS256" else "RS256"
    client = await client_for(other, world, request_object_signing_alg=registered)
    told_client(await client.authorize(request=made(client, other)), "invalid_request_object", world.issuer)


async def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(world: World) -> None:
    client = await world.people()
    request = unsigned(claims(client, iss=None, aud=None, iat=None, exp=None))
    await obeyed(client, await client.authorize(request=request, state="outside", nonce="outside"))


async def test_oidcc_ensure_request_object_with_redirect_uri(world: World) -> None:
    """The place inside is the one that counts, whatever stands outside."""
    client = await world.people()
    answer = await client.authorize(request=unsigned(claims(client)), redirect_uri=ELSEWHERE)
    assert answer.redirect.target == records.REDIRECT_URI
    await obeyed(client, answer)
    told_person(await client.authorize(request=unsigned(claims(client, redirect_uri=ELSEWHERE))))


async def test_what_is_missing_inside_is_taken_from_outside(world: World) -> None:
    client = await world.people()
    said = {"state": INSIDE, "max_age": 10_000, "claims": {"id_token": {"email": None}}}
    code = oracle.accept_authorization(
        await client.authorize(request=unsigned(said), scope="openid"), client.addressee, INSIDE
    )
    tokens = await client.accept(await client.redeem(code), nonce="n-0S6_WzA2Mj")
    assert tokens.claims["email"] == "alice@people.example"
    assert "auth_time" in tokens.claims


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_person_hinted_at_inside_is_signed_in(method: str, world: World) -> None:
    client = await world.people()
    await world.add(records.user("bob"))
    answer = await client.authorize(method, request=unsigned(claims(client, login_hint="bob")), login_hint="alice")
    assert (await obeyed(client, answer))["sub"] == "user-bob"


@pytest.mark.parametrize("mode", ["fragment", "form_post"])
async def test_the_mode_inside_counts(mode: str, world: World) -> None:
    client = await world.people()
    answer = await client.authorize(request=unsigned(claims(client, response_mode=mode)), response_mode="query")
    assert answer.redirect.mode == mode
    refused = await client.authorize(request=unsigned(claims(client, response_mode=mode, exp=1)))
    assert refused.redirect.mode == mode
    told_client(refused, "invalid_request_object", world.issuer, INSIDE)


@pytest.mark.parametrize("alg", ["none", "RS256", "PS512", "HS256"])
async def test_the_oracle_sends_one(alg: str, world: World) -> None:
    client = await world.people(jwks=tuple(public_jwk(name) for name in ("RS256", "PS512")))
    asking = OracleClient(client_id=client.id, client_authn_method=CLIENT_AUTHN_METHOD)
    asking.authorization_endpoint = world.issuer + "/authorize"
    inside = {
        "client_id": client.id,
        "response_type": "code",
        "redirect_uri": records.REDIRECT_URI,
        "scope": ["openid", "email"],
        "state": INSIDE,
        "nonce": "nonce-inside",
        "max_age": 10_000,
    }
    secret = SYMKey(k=base64url(client.secret.encode()))
    keys = [secret] if alg == "HS256" else [keyrep(jwk) for jwk in private_jwks(alg)[:1]] if alg != "none" else []
    request = asking.construct_AuthorizationRequest(
        request_args=inside, request_param="request", request_object_signing_alg=alg, keys=keys
    )
    await obeyed(client, await world.get_page("/authorize", [*request.to_dict().items()]))


@pytest.mark.parametrize("enc", ["A128CBC-HS256", "A256GCM"])
@pytest.mark.parametrize("encryption", ["RSA-OAEP", "RSA-OAEP-256"])
async def test_the_oracle_encrypts_one(encryption: str, enc: str, world: World) -> None:
    """As it does by itself, to the key that it finds in the key set."""
    client = await world.people(jwks=(public_jwk("RS256"),))
    asking = OracleClient(client_id=client.id, client_authn_method=CLIENT_AUTHN_METHOD)
    asking.authorization_endpoint = world.issuer + "/authorize"
    asking.keyjar.import_jwks((await world.send("GET", "/jwks")).json, world.issuer)
    said = {**claims(client), "scope": ["openid", "email"]}
    request = asking.construct_AuthorizationRequest(
        request_args={name: said[name] for name in said.keys() - {"iss", "aud", "iat", "exp"}},
        request_param="request",
        request_object_signing_alg="RS256",
        keys=[keyrep(jwk) for jwk in private_jwks("RS256")[:1]],
        request_object_encryption_alg=encryption,
        request_object_encryption_enc=enc,
        target=world.issuer,
    )
    assert request["request"].count(".") == 4
    await obeyed(client, await world.get_page("/authorize", [*request.to_dict().items()]))


# changes inside, changes outside, error, the state that comes back (None: it is told on a page)
REFUSED: list[tuple[dict[str, Any], dict[str, Any], str, str | None]] = [
    ({"exp": 1}, {}, "invalid_request_object", INSIDE),
    ({"exp": "soon"}, {}, "invalid_request_object", INSIDE),
    ({"exp": True}, {}, "invalid_request_object", INSIDE),
    ({"nbf": 99_999_999_999}, {}, "invalid_request_object", INSIDE),
    ({"aud": "https://elsewhere.example"}, {}, "invalid_request_object", INSIDE),
    ({"aud": ["https://elsewhere.example"]}, {}, "invalid_request_object", INSIDE),
    ({"client_id": "another"}, {}, "invalid_request_object", INSIDE),
    ({"response_type": "id_token"}, {}, "invalid_request_object", INSIDE),
    ({"response_type": "id_token"}, {"response_type": "token"}, "invalid_request_object", INSIDE),
    ({"request": "e30.e30."}, {}, "invalid_request_object", INSIDE),
    ({"request_uri": "https://rp.example/o"}, {}, "invalid_request_object", INSIDE),
    ({}, {"response_type": None}, "invalid_request", INSIDE),
    ({"scope": ["openid"]}, {}, "invalid_request_object", "state-of-the-art"),
    ({"state": 5}, {}, "invalid_request_object", "state-of-the-art"),
    ({"claims": []}, {}, "invalid_request_object", "state-of-the-art"),
    ({}, {"request_uri": "https://rp.example/o"}, "invalid_request", "state-of-the-art"),
    ({"prompt": "wink"}, {}, "invalid_request", INSIDE),
    ({"max_age": 1.5}, {}, "invalid_request", INSIDE),
    ({"scope": "openid", "claims": {"id_token": 5}}, {}, "invalid_request", INSIDE),
    ({}, {"nonce": ["a", "b"]}, "invalid_request", "state-of-the-art"),
    ({"exp": 1, "redirect_uri": ELSEWHERE}, {}, "invalid_request_object", None),
    ({"redirect_uri": ELSEWHERE}, {}, "invalid_request", None),
    ({}, {"client_id": "nobody"}, "invalid_request", None),
    ({}, {"client_id": None}, "invalid_request", None),
    ({"state": 5}, {"redirect_uri": ELSEWHERE}, "invalid_request_object", None),
    ({}, {"redirect_uri": [records.REDIRECT_URI, ELSEWHERE]}, "invalid_request", None),
]


async def check_refused(client: Client, answer: Answer, code: str, state: str | None, status: int = 400) -> None:
    if state is None:
        told_person(answer, code, status)
    else:
        told_client(answer, code, client.realm.issuer, state)


@pytest.mark.parametrize(("inside", "outside", "code", "state"), REFUSED, ids=str)
async def test_what_is_refused(
    inside: dict[str, Any], outside: dict[str, Any], code: str, state: str | None, world: World
) -> None:
    client = await client_for("ES256", world)
    answer = await client.authorize(**{"request": signed(claims(client, **inside)), **outside})
    await check_refused(client, answer, code, state)


async def test_what_is_kept_to_the_second(world: World) -> None:
    """A clock may be a minute off."""
    client = await world.people()
    for changes in ({"exp": world.now - 55}, {"nbf": world.now + 55}, {"aud": ["x", world.issuer]}, {"extra": [1]}):
        await obeyed(client, await client.authorize(request=unsigned(claims(client, **changes))))


MALFORMED = ("a", "a.b.c", "..", "e30.e30.", "e30.e30.e30.e30.e30", f"{encoded({'alg': 'none'})}.W10.", "é.é.é")


@pytest.mark.parametrize("text", [*MALFORMED, "x" * 8192])
async def test_what_is_no_object(text: str, world: World) -> None:
    client = await world.people()
    told_client(await client.authorize(request=text), "invalid_request_object", world.issuer)
    told_person(await client.authorize(request=text, redirect_uri=ELSEWHERE), "invalid_request_object")


@pytest.mark.parametrize("outside", [{}, {"redirect_uri": ELSEWHERE}], ids=["known", "unknown"])
async def test_who_did_not_sign_is_not_believed(outside: dict[str, Any], world: World) -> None:
    """Neither is the place that an object names which nobody has verified."""
    client = await client_for("ES256", world)
    said = claims(client)
    forged = [
        signed(said, number=1),
        signed(said)[:-4] + "AAAA",
        signed(said, kid="unknown"),
        signed(said, "HS256", secret="not the secret of the client, but long enough"),
        signed(said, typ="at+jwt"),
        signed(said, typ="dpop+jwt"),
        unsigned(said) + "AAAA",
    ]
    for text in forged:
        state = None if outside else "state-of-the-art"
        await check_refused(client, await client.authorize(request=text, **outside), "invalid_request_object", state)


async def test_a_secret_of_which_only_the_fingerprint_is_kept_verifies_nothing(world: World) -> None:
    client = await world.people()
    await world.change(type(client.application), client.id, secret_sealed=None)
    text = signed(claims(client), "HS256", secret=client.secret)
    told_client(await client.authorize(request=text), "invalid_request_object", world.issuer)
    assert world.last.error is not None
    assert "set request_object_signing_alg of the application to HS256" in world.last.error.detail
    assert world.last.about.application is not None


async def test_jar_takes_what_is_inside_and_nothing_else(make_world: MakeWorld) -> None:
    world = await make_world(JAR)
    client = await client_for("ES256", world)
    headers: list[dict[str, Any]] = [{}, {"typ": "oauth-authz-req+jwt"}, {"typ": "application/OAuth-Authz-Req+JWT"}]
    for header in headers:
        text = signed(claims(client), **header)
        await obeyed(client, await world.get_page("/authorize", [("client_id", client.id), ("request", text)]))
    answer = await client.authorize(request=signed(claims(client, state=None)))
    assert "state" not in answer.redirect.parameters
    # Without an object it is a request as any other.
    assert (await client.authorize()).redirect.parameters["state"] == "state-of-the-art"


REFUSED_BY_JAR: list[tuple[dict[str, Any], dict[str, Any], str, str | None]] = [
    ({"iss": None}, {}, "invalid_request_object", INSIDE),
    ({"iss": "another"}, {}, "invalid_request_object", INSIDE),
    ({"aud": None}, {}, "invalid_request_object", INSIDE),
    ({"client_id": None}, {}, "invalid_request_object", INSIDE),
    ({"client_id": "another"}, {}, "invalid_request_object", INSIDE),
    ({"response_type": None}, {}, "invalid_request", INSIDE),
    ({"redirect_uri": None}, {}, "invalid_request", None),
    ({}, {"typ": "JWT"}, "invalid_request_object", "state-of-the-art"),
]


@pytest.mark.parametrize(("inside", "header", "code", "state"), REFUSED_BY_JAR, ids=str)
async def test_what_jar_refuses(
    inside: dict[str, Any], header: dict[str, Any], code: str, state: str | None, make_world: MakeWorld
) -> None:
    client = await client_for("ES256", await make_world(JAR))
    answer = await client.authorize(request=signed(claims(client, **inside), **header))
    await check_refused(client, answer, code, state)
