"""ID tokens and userinfo encrypted to keys that stand at a client's `jwks_uri` (OIDC Core 10.2, 10.2.1)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from oidc_harness.model.code import Code
from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.provider.client_keys import COOL_DOWN_SECONDS
from oidc_harness.web.server import Server
from oidc_harness.web.settings import OutboundPolicy, ServerSettings
from tests.support import jwt_oracle, oracle
from tests.support.client import Client
from tests.support.decryption import ALGORITHMS, key_for, opened, private_key, public
from tests.support.http import Answer
from tests.support.judged import judged
from tests.support.library import Library, open_library
from tests.support.refusals import refused, refused_bearer, told_client
from tests.support.world import MakeWorld, World

USUAL = "A128CBC-HS256"
OTHER = private_key("EC", "P-384")
HYBRID: dict[str, Any] = {
    "response_types": ("code", "id_token", "code id_token"),
    "grant_types": ("authorization_code", "implicit"),
}


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server that may ask this machine."""
    async with judged(ServerSettings(port=0, outbound=OutboundPolicy(allow_private=True))) as running:
        yield running


@pytest.fixture
async def library() -> AsyncIterator[Library]:
    """The client's own server."""
    async with open_library() as opened_library:
        yield opened_library


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    """A realm whose time stands still."""
    made = await make_world()
    made.realm.clock.freeze(made.now)
    return made


def key_set(*jwks: dict[str, Any]) -> dict[str, Any]:
    return {"keys": [public(jwk) for jwk in jwks]}


async def sealed_client(world: World, library: Library, alg: str = "ECDH-ES", **changes: Any) -> Client:
    """A client with its keys elsewhere, and everything encrypted to them."""
    wanted = {f"{answer}_encrypted_response_alg": alg for answer in ("id_token", "userinfo")}
    return await world.people(jwks_uri=library.base + "/jwks", **wanted, **changes)


async def redeemed(client: Client) -> Answer:
    return await client.redeem(await client.code())


@pytest.mark.parametrize("alg", ALGORITHMS)
async def test_everything_is_encrypted_to_the_key_that_stands_there(alg: str, world: World, library: Library) -> None:
    library.put("/jwks", key_set({**key_for(alg), "use": "sig", "kid": "for-signatures"}, key_for(alg)))
    client = await sealed_client(world, library, alg, **HYBRID)
    answer = await redeemed(client)
    signed = opened(answer.json["id_token"], key_for(alg), alg, USUAL)
    assert oracle.plain(signed)["sub"] == "user-alice"
    told = jwt_oracle.accept_jwt(await client.userinfo(answer.json["access_token"]))
    assert "user-alice" in opened(told, key_for(alg), alg, USUAL, cty=None)
    front = (await client.authorize(response_type="id_token")).redirect.parameters["id_token"]
    assert oracle.plain(opened(front, key_for(alg), alg, USUAL))["sub"] == "user-alice"
    assert library.asked == ["/jwks"]


async def test_nobody_is_asked_before_something_is_encrypted(world: World, library: Library) -> None:
    client = await sealed_client(world, library)
    await client.code()
    refused(await client.ask_token("made-up"), "unsupported_grant_type")
    refused_bearer(await client.userinfo("nobody-has-it"), "invalid_token", 401)
    assert library.asked == []


async def test_a_new_key_is_found_after_a_while(world: World, library: Library) -> None:
    """OIDC Core 10.2.1: a client rotates its keys by changing what stands there."""
    library.put("/jwks", key_set(key_for("ECDH-ES")))
    client = await sealed_client(world, library)
    await redeemed(client)
    library.put("/jwks", key_set(OTHER))
    assert opened((await redeemed(client)).json["id_token"], key_for("ECDH-ES"), "ECDH-ES", USUAL)
    [known] = await world.all(FetchedDocument)
    await world.change(FetchedDocument, known.id, system_time=known.system_time - COOL_DOWN_SECONDS - 1)
    assert opened((await redeemed(client)).json["id_token"], OTHER, "ECDH-ES", USUAL)
    assert library.asked == ["/jwks"] * 2


FAULTS = [
    (None, "404"),
    ("<html>", "is no key set"),
    (key_set(private_key("RSA")), "the client has no key of type EC P-256"),
    (key_set({**key_for("ECDH-ES"), "use": "sig"}), "the client has no key of type EC P-256"),
    ({"keys": [{"kty": "OKP", "crv": "X25519", "x": "A" * 43}]}, "Nothing can be encrypted to this key"),
]


def stand(library: Library, document: Any) -> None:
    if document is None:
        library.documents.pop("/jwks", None)
    else:
        library.put("/jwks", document)


def check_told(world: World, reason: str) -> None:
    assert world.last.error is not None
    assert reason in world.last.error.detail


@pytest.mark.parametrize(("document", "reason"), FAULTS)
async def test_without_a_key_no_token_is_issued(document: Any, reason: str, world: World, library: Library) -> None:
    """An honest error and never an open token; the code can be redeemed once there is a key again."""
    stand(library, document)
    client = await sealed_client(world, library)
    code = await client.code()
    for _ in range(3):
        told = refused(await client.redeem(code), "unauthorized_client")
        assert told == "there is no key of the client to encrypt to under ECDH-ES"
    check_told(world, reason)
    assert library.asked == ["/jwks"]
    assert [each.spent_at for each in await world.all(Code)] == [None]
    library.put("/jwks", key_set(OTHER))
    world.realm.clock.advance(COOL_DOWN_SECONDS + 1)
    assert opened((await client.redeem(code)).json["id_token"], OTHER, "ECDH-ES", USUAL)


@pytest.mark.parametrize(("document", "reason"), FAULTS)
async def test_without_a_key_the_browser_brings_an_error(
    document: Any, reason: str, world: World, library: Library
) -> None:
    stand(library, document)
    client = await sealed_client(world, library, **HYBRID)
    for response_type in ("id_token", "code id_token"):
        answer = await client.authorize(response_type=response_type)
        told_client(answer, "unauthorized_client", world.issuer)
    check_told(world, reason)
    assert not await world.all(Code)


@pytest.mark.parametrize(("document", "reason"), FAULTS)
async def test_without_a_key_userinfo_says_nothing(document: Any, reason: str, world: World, library: Library) -> None:
    library.put("/jwks", key_set(OTHER))
    client = await sealed_client(world, library)
    access_token = (await redeemed(client)).json["access_token"]
    stand(library, document)
    world.realm.clock.advance(COOL_DOWN_SECONDS + 1)
    refused(await client.userinfo(access_token), "unauthorized_client")
    check_told(world, reason)


async def test_a_registered_key_that_went_missing_is_no_fault_of_the_server(world: World) -> None:
    """Past the rules of applications, in a fixture or a store."""
    client = await world.people(id_token_encrypted_response_alg="RSA-OAEP")
    refused(await redeemed(client), "unauthorized_client")
