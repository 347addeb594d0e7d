"""Request objects by reference, fetched from where the client registered and nowhere else (OIDC Core 6.2)."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.provider.client_keys import COOL_DOWN_SECONDS
from oidc_harness.provider.request_object import FRESH_SECONDS
from oidc_harness.relying_party.user_agent import UserAgent
from oidc_harness.web.server import Server
from oidc_harness.web.settings import OutboundPolicy, ServerSettings
from tests.protocol.jose_keys import public_jwk
from tests.support import oracle, records
from tests.support.client import Client
from tests.support.elsewhere import Authority, Elsewhere, authority_in, elsewhere
from tests.support.encryption import encrypted, realm_key
from tests.support.http import Answer
from tests.support.judged import judged
from tests.support.refusals import told_client, told_person
from tests.support.request_objects import INSIDE, claims, hashed, signed, unsigned
from tests.support.world import MakeWorld, World

NATIVE = "com.example.app:/callback"
PATH = "/request.jwt"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority_in(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def server(authority: Authority) -> AsyncIterator[Server]:
    """A server that may ask the client's own, and trusts it."""
    outbound = OutboundPolicy(allow_private=True, ca_file=str(authority.file))
    async with judged(ServerSettings(port=0, outbound=outbound)) as running:
        yield running


@pytest.fixture
async def place(authority: Authority) -> AsyncIterator[Elsewhere]:
    """The client's own server."""
    async with elsewhere(authority) as there:
        yield there


async def client_at(place: Elsewhere, world: World, **changes: Any) -> Client:
    """A client that registered both addresses of the document."""
    uris = (place.https + PATH, place.http + PATH)
    return await world.people(**{"request_uris": uris, "jwks": (public_jwk("RS256"),), **changes})


async def obeyed(client: Client, answer: Answer) -> None:
    """Check that the request is answered as its object says."""
    code = oracle.accept_authorization(answer, client.addressee, INSIDE)
    await client.accept(await client.redeem(code), nonce="nonce-inside")


async def test_oidcc_request_uri_unsigned(world: World, place: Elsewhere) -> None:
    """The registered URI has the hash of the document."""
    client = await client_at(place, world)
    text = place.documents[PATH] = unsigned(claims(client, iss=None, aud=None, iat=None, exp=None))
    uri = hashed(place.https + PATH, text)
    await world.change(Application, client.id, request_uris=(uri,), request_object_signing_alg="none")
    await obeyed(client, await client.authorize(request_uri=uri))
    assert place.asked == [PATH]


async def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(
    world: World, place: Elsewhere
) -> None:
    client = await client_at(place, world)
    place.documents[PATH] = unsigned(claims(client))
    await obeyed(client, await client.authorize(request_uri=place.https + PATH, state="outside", nonce="outside"))


@pytest.mark.parametrize("by_value", [True, False])
async def test_it_is_verified_by_keys_that_stand_at_jwks_uri(by_value: bool, world: World, place: Elsewhere) -> None:
    client = await client_at(place, world, jwks=(), jwks_uri=place.https + "/jwks", request_object_signing_alg="RS256")
    place.documents["/jwks"] = json.dumps({"keys": [{**public_jwk("ES256"), "kid": "old"}]})
    text = place.documents[PATH] = signed(claims(client), "RS256", kid="new")
    sent: dict[str, Any] = {"request": text} if by_value else {"request_uri": place.https + PATH}
    answer = await client.authorize(**sent)
    assert answer.redirect.parameters["error"] == "invalid_request_object"
    place.documents["/jwks"] = json.dumps({"keys": [{**public_jwk("RS256"), "kid": "new"}]})
    world.realm.clock.advance(COOL_DOWN_SECONDS + 1)
    await obeyed(client, await client.authorize(**sent))
    assert place.asked.count("/jwks") == 2


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_an_encrypted_object_by_reference(scheme: str, world: World, place: Elsewhere) -> None:
    """The hash is that of the document as it stands there; inside is what has to be signed where http may change it."""
    client = await client_at(place, world)
    key, uri = await realm_key(world, "ECDH-ES"), getattr(place, scheme) + PATH
    text = place.documents[PATH] = encrypted(signed(claims(client), "RS256"), key, "ECDH-ES") + "\n"
    await obeyed(client, await client.authorize(request_uri=hashed(uri, text)))
    open_to_all = place.documents[PATH] = encrypted(unsigned(claims(client)), key, "ECDH-ES")
    answer = await client.authorize(request_uri=hashed(uri, open_to_all))
    if scheme == "https":
        await obeyed(client, answer)
    else:
        told_client(answer, "invalid_request_object", world.issuer)


async def test_an_encrypted_object_is_verified_by_keys_that_stand_elsewhere(world: World, place: Elsewhere) -> None:
    """Which key is wanted, the object inside says."""
    client = await client_at(place, world, jwks=(), jwks_uri=place.https + "/jwks")
    place.documents["/jwks"] = json.dumps({"keys": [{**public_jwk("RS256"), "kid": "old"}]})
    sealed = {
        kid: encrypted(signed(claims(client), "RS256", kid=kid), await realm_key(world, "RSA-OAEP"), "RSA-OAEP")
        for kid in ("old", "new")
    }
    await obeyed(client, await client.authorize(request=sealed["old"]))
    place.documents["/jwks"] = json.dumps({"keys": [{**public_jwk("RS256"), "kid": "new"}]})
    world.realm.clock.advance(COOL_DOWN_SECONDS + 1)
    await obeyed(client, await client.authorize(request=sealed["new"]))


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_oidcc_request_uri_signed_rs256(scheme: str, world: World, place: Elsewhere) -> None:
    client = await client_at(place, world, request_object_signing_alg="RS256")
    text = place.documents[PATH] = signed(claims(client), "RS256") + "\n"
    uri = getattr(place, scheme) + PATH
    await obeyed(client, await client.authorize(request_uri=uri))
    # The hash may be added to what is registered.
    await obeyed(client, await client.authorize(request_uri=hashed(uri, text)))


async def test_oidcc_ensure_request_object_with_redirect_uri(world: World, place: Elsewhere) -> None:
    client = await client_at(place, world)
    place.documents[PATH] = unsigned(claims(client))
    bad = "https://elsewhere.example/"
    await obeyed(client, await client.authorize(request_uri=place.https + PATH, redirect_uri=bad))


@pytest.mark.parametrize(
    "uri",
    [
        "/other.jwt",
        PATH + "?a=b",
        PATH + "/",
        PATH + "#",
        PATH + "#fragment",
        "urn:ietf:params:oauth:request_uri:x",
        "file:///etc/passwd",
        "x" * 513,
    ],
)
async def test_nobody_is_asked_for_what_is_not_registered(uri: str, world: World, place: Elsewhere) -> None:
    client = await client_at(place, world)
    uri = place.https + uri if uri.startswith("/") else uri
    told_client(await client.authorize(request_uri=uri), "invalid_request_uri", world.issuer)
    told_person(await client.authorize(request_uri=uri, redirect_uri="https://x.example/"), "invalid_request_uri")
    assert place.asked == []


async def test_nobody_is_asked_for_a_request_that_is_refused_anyway(world: World, place: Elsewhere) -> None:
    client = await client_at(place, world)
    uri = place.https + PATH
    for changes in ({"request": "a.b.c"}, {"nonce": ["a", "b"]}):
        told_client(await client.authorize(request_uri=uri, **changes), "invalid_request", world.issuer)
    told_person(await client.authorize(request_uri=uri, client_id="nobody"))
    assert place.asked == []


async def test_what_cannot_be_had_and_what_does_not_fit(world: World, place: Elsewhere) -> None:
    client = await client_at(place, world)
    told_client(await client.authorize(request_uri=place.https + PATH), "invalid_request_uri", world.issuer)
    assert world.last.error is not None
    assert "answered with status 404" in world.last.error.detail
    place.documents[PATH] = unsigned(claims(client))
    uri = hashed(place.https + PATH, "another document")
    told_client(await client.authorize(request_uri=uri), "invalid_request_uri", world.issuer)
    world.realm.policy = replace(world.realm.policy, request_uri_hash="ignored")
    await obeyed(client, await client.authorize(request_uri=uri))


async def test_one_document_is_kept_whatever_hashes_are_asked_for(world: World, place: Elsewhere) -> None:
    """Anybody can make up hashes without end; each is looked for, and nothing more remains of them."""
    client = await client_at(place, world)
    text = place.documents[PATH] = unsigned(claims(client))
    uri = place.https + PATH
    for made_up in ("one", "another"):
        told_client(await client.authorize(request_uri=hashed(uri, made_up)), "invalid_request_uri", world.issuer)
    assert place.asked == [PATH, PATH]
    await obeyed(client, await client.authorize(request_uri=hashed(uri, text)))
    assert [document.url for document in await world.all(FetchedDocument)] == [uri]


@pytest.mark.parametrize("text", ["", "<html>", "a.b.c", "x" * 100_000])
async def test_what_is_no_object(text: str, world: World, place: Elsewhere) -> None:
    client = await client_at(place, world)
    place.documents[PATH] = text
    told_client(await client.authorize(request_uri=place.https + PATH), "invalid_request_object", world.issuer)


async def test_what_came_by_http_has_to_be_signed(world: World, place: Elsewhere) -> None:
    client = await client_at(place, world)
    place.documents[PATH] = unsigned(claims(client))
    told_client(await client.authorize(request_uri=place.http + PATH), "invalid_request_object", world.issuer)


async def test_it_is_looked_at_again_when_it_may_have_changed(world: World, place: Elsewhere) -> None:
    world.realm.clock.freeze(world.now)
    client = await client_at(place, world)
    uri = place.https + PATH
    place.documents[PATH] = unsigned(claims(client, state="first"))
    assert (await client.authorize(request_uri=uri)).redirect.parameters["state"] == "first"
    place.documents[PATH] = second = unsigned(claims(client, state="second"))
    # Another hash says that it is another document (OIDC Core 6.2).
    answer = await client.authorize(request_uri=hashed(uri, second))
    assert answer.redirect.parameters["state"] == "second"
    world.realm.clock.advance(FRESH_SECONDS + 1)
    assert (await client.authorize(request_uri=uri)).redirect.parameters["state"] == "second"
    place.documents[PATH] = unsigned(claims(client, state="third"))
    world.realm.clock.freeze(world.now - 3600)
    assert (await client.authorize(request_uri=uri)).redirect.parameters["state"] == "third"


@pytest.mark.parametrize("by_reference", [True, False], ids=["reference", "value"])
async def test_it_is_not_looked_at_again_after_the_pages(
    by_reference: bool, make_world: MakeWorld, place: Elsewhere
) -> None:
    """A person may take longer than the object is good for, and the document may be another by then."""
    world = await make_world(RealmPolicy())
    client = await client_at(place, world, application_type="native", redirect_uris=(NATIVE,))
    place.documents[PATH] = text = unsigned(claims(client, exp=world.now + 60))
    sent = {"request_uri": place.https + PATH} if by_reference else {"request": text}
    query = urlencode({"client_id": client.id, "response_type": "code", "scope": "openid", **sent})
    async with UserAgent() as agent:
        visit = await agent.get(f"{world.issuer}/authorize?{query}")
        world.realm.clock.advance(600)
        del place.documents[PATH]
        visit = await agent.sign_in(visit.page.url, "alice", records.PASSWORD)
    assert visit.handed_over is not None, visit.page.text
    told = dict(parse_qsl(urlsplit(visit.handed_over).query))
    assert told["state"] == INSIDE
    await client.accept(await client.redeem(told["code"]), nonce="nonce-inside")
    assert len(place.asked) == by_reference


async def test_a_server_without_a_way_out_says_so(authority: Authority, place: Elsewhere, world: World) -> None:
    """The usual guard: no private address is asked, whoever registered it."""
    async with judged(ServerSettings(port=0)) as guarded:
        strict = World(await guarded.realms.make("strict"), world.http)
        client = await client_at(place, strict)
        told_client(await client.authorize(request_uri=place.https + PATH), "invalid_request_uri", strict.issuer)
    assert place.asked == []
