"""Documents of clients that the provider fetches: keys at `jwks_uri`, redirect URIs at `sector_identifier_uri`."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.provider.client_keys import COOL_DOWN_SECONDS, KEPT_SECONDS
from oidc_harness.web.server import Server
from oidc_harness.web.settings import OutboundPolicy, ServerSettings
from tests.support import assertions, records
from tests.support.client import Client
from tests.support.http import Answer
from tests.support.judged import judged
from tests.support.library import Library, open_library
from tests.support.refusals import refused
from tests.support.registration import manage, register, registered
from tests.support.world import MakeWorld, World

POLICY = RealmPolicy(sign_in="auto", default_persona=records.ALICE, dynamic_registration="open")
UNKNOWN_TOKEN = {"grant_type": "refresh_token", "refresh_token": "nobody-has-it"}
TWO_HOSTS = ["https://a.example/cb", "https://b.example/cb"]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server that may ask this machine."""
    async with judged(ServerSettings(port=0, outbound=OutboundPolicy(allow_private=True))) as running:
        yield running


@pytest.fixture
async def library() -> AsyncIterator[Library]:
    """The client's own server."""
    async with open_library() as opened:
        yield opened


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    """A realm whose time stands still."""
    made = await make_world(POLICY)
    made.realm.clock.freeze(made.now)
    return made


async def key_client(world: World, library: Library, *keys: str) -> Client:
    """A client that registered where its keys stand."""
    url = library.put("/jwks", key_set(*keys))
    told = await registered(
        world,
        jwks_uri=url,
        token_endpoint_auth_method="private_key_jwt",
        grant_types=["authorization_code", "refresh_token"],
    )
    return Client(world.http, world.realm, await world.get(Application, told["client_id"]))


def key_set(*names: str) -> dict[str, Any]:
    return {"keys": [assertions.public("ES256", name) for name in names]}


async def prove(client: Client, name: str, path: str = "/token") -> Answer:
    """Authenticate with the key of this name; `invalid_grant` says that the client was let in."""
    assertion = assertions.by_key(client, "ES256", name)
    return await client.post(path, assertions.form(assertion, **UNKNOWN_TOKEN, token="x"))


async def test_registration_jwks_uri(world: World, library: Library) -> None:
    """oidcc-registration-jwks-uri: keys by URL, used for private_key_jwt, and fetched once."""
    client = await key_client(world, library, "first")
    assert not library.asked
    for _ in range(3):
        refused(await prove(client, "first"), "invalid_grant")
    assert (await prove(client, "first", "/introspect")).json == {"active": False}
    assert (await prove(client, "first", "/revoke")).status == 200
    assert library.asked == ["/jwks"]


async def test_refresh_token_rp_key_rotation(world: World, library: Library) -> None:
    """oidcc-refresh-token-rp-key-rotation: a key under a new kid is found a while after the change."""
    client = await key_client(world, library, "first")
    refused(await prove(client, "first"), "invalid_grant")
    library.put("/jwks", key_set("second"))
    world.realm.clock.advance(60)
    refused(await prove(client, "second"), "invalid_grant")
    refused(await prove(client, "first"), "invalid_client", 401)
    assert library.asked == ["/jwks"] * 2


async def test_an_unknown_key_cannot_make_it_ask_all_the_time(world: World, library: Library) -> None:
    client = await key_client(world, library, "first")
    for _ in range(5):
        refused(await prove(client, "stranger"), "invalid_client", 401)
    assert library.asked == ["/jwks"]
    assert world.last.error is not None
    assert "known key ids: 'first'" in world.last.error.detail
    world.realm.clock.advance(COOL_DOWN_SECONDS + 1)
    refused(await prove(client, "stranger"), "invalid_client", 401)
    assert library.asked == ["/jwks"] * 2


async def test_where_the_realms_time_stands_still_time_passes_for_keys(world: World, library: Library) -> None:
    client = await key_client(world, library, "first")
    refused(await prove(client, "first"), "invalid_grant")
    library.put("/jwks", key_set("second"))
    refused(await prove(client, "second"), "invalid_client", 401)
    [known] = await world.all(FetchedDocument)
    await world.change(FetchedDocument, known.id, system_time=known.system_time - COOL_DOWN_SECONDS - 1)
    refused(await prove(client, "second"), "invalid_grant")


async def test_keys_are_looked_at_again_now_and_then(world: World, library: Library) -> None:
    client = await key_client(world, library, "first")
    refused(await prove(client, "first"), "invalid_grant")
    world.realm.clock.advance(KEPT_SECONDS + 1)
    library.put("/jwks", key_set("second"))
    refused(await prove(client, "first"), "invalid_client", 401)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (None, "404"),
        ("<html>", "is no key set: The key set is not JSON"),
        ({"keys": []}, "has no key with a known kty"),
        ({"keys": [{"kty": "oct", "k": "AAAA"}]}, "is oct, a shared secret"),
    ],
)
async def test_where_no_keys_stand(document: Any, told: str, world: World, library: Library) -> None:
    client = await key_client(world, library, "first")
    library.documents.pop("/jwks")
    if document is not None:
        library.put("/jwks", document)
    refused(await prove(client, "first"), "invalid_client", 401)
    assert world.last.error is not None
    assert told in world.last.error.detail
    # It is asked again, after a while.
    library.put("/jwks", key_set("first"))
    world.realm.clock.advance(COOL_DOWN_SECONDS + 1)
    refused(await prove(client, "first"), "invalid_grant")


async def test_registration_sector_uri(world: World, library: Library) -> None:
    """oidcc-registration-sector-uri: redirect URIs of two hosts, and one sector."""
    await world.add(records.user())
    url = library.put("/sector", TWO_HOSTS)
    subjects = []
    for redirect_uris in (TWO_HOSTS, TWO_HOSTS[1:]):
        members: dict[str, Any] = {
            "subject_type": "pairwise",
            "sector_identifier_uri": url,
            "redirect_uris": redirect_uris,
        }
        told = await registered(world, **members)
        assert {name: told[name] for name in members} == members
        application = await world.get(Application, told["client_id"])
        client = Client(world.http, world.realm, application, told["client_secret"])
        subjects.append((await client.sign_in()).claims["sub"])
    assert subjects[0] == subjects[1] != records.user().id


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (TWO_HOSTS[:1], "the redirect URI https://b.example/cb is not in the array"),
        ([], "is not in the array"),
        ({"redirect_uris": TWO_HOSTS}, "is not a JSON array"),
        ([*TWO_HOSTS, 1], "is not a JSON array"),
        ("<html>", "is not JSON"),
        ("[" * 9000, "is not JSON"),
        (None, "cannot be fetched"),
    ],
)
async def test_registration_sector_bad(document: Any, told: str, world: World, library: Library) -> None:
    """oidcc-registration-sector-bad."""
    url = library.base + "/sector" if document is None else library.put("/sector", document)
    members: dict[str, Any] = {"subject_type": "pairwise", "sector_identifier_uri": url, "redirect_uris": TWO_HOSTS}
    answer = await register(world, **members)
    assert (answer.status, answer.json["error"]) == (400, "invalid_client_metadata")
    assert told in answer.json["error_description"]
    assert not await world.all(Application)


async def test_a_corrected_sector_counts_at_once(world: World, library: Library) -> None:
    """The realm's time stands still all the while; each attempt looks once."""
    url = library.put("/sector", TWO_HOSTS[:1])
    members: dict[str, Any] = {"sector_identifier_uri": url, "redirect_uris": TWO_HOSTS}
    assert (await register(world, **members)).status == 400
    library.put("/sector", TWO_HOSTS)
    assert (await register(world, **members)).status == 201
    library.put("/sector", TWO_HOSTS[1:])
    assert (await register(world, **members)).status == 400
    assert library.asked == ["/sector"] * 3


async def test_an_update_is_held_against_the_sector_too(world: World, library: Library) -> None:
    url = library.put("/sector", TWO_HOSTS)
    client = await registered(world, sector_identifier_uri=url, redirect_uris=TWO_HOSTS)
    changes = {"client_id": client["client_id"], "sector_identifier_uri": url}
    answer = await manage(world, "PUT", client, **changes, redirect_uris=["https://c.example/cb"])
    assert (answer.status, answer.json["error"]) == (400, "invalid_client_metadata")
