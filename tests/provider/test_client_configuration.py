"""A client reads, updates and deletes its own registration (RFC 7592)."""

from dataclasses import replace
from typing import Any

import pytest
from oic.oic.message import RegistrationResponse

from oidc_harness.model.application import Application
from oidc_harness.model.member import Member
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.registration import Registration
from oidc_harness.services import applications
from tests.support import records
from tests.support.registration import manage, registered
from tests.support.world import MakeWorld, World

OPEN = RealmPolicy(dynamic_registration="open")


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    """A realm in which clients register themselves."""
    return await make_world(OPEN)


@pytest.fixture
async def client(world: World) -> dict[str, Any]:
    """A client information response."""
    return await registered(world, client_name="Hatter")


async def test_it_reads_what_it_registered(world: World, client: dict[str, Any]) -> None:
    answer = await manage(world, "GET", client)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert RegistrationResponse().from_dict(dict(answer.json)).verify()
    secret = {"client_secret", "client_secret_expires_at"}
    assert answer.json == {name: value for name, value in client.items() if name not in secret}


async def test_a_viewable_secret_is_read_again(make_world: MakeWorld) -> None:
    world = await make_world(replace(OPEN, client_secrets="viewable"))
    client = await registered(world)
    assert (await manage(world, "GET", client)).json == client


async def test_an_update_replaces_everything(world: World, client: dict[str, Any]) -> None:
    """RFC 7592 2.2: what is left out is back at its default. What no client registers stays as it is."""
    await world.change(Application, client["client_id"], closed=True)
    changes = {"redirect_uris": ["https://rp.example/other"], "contacts": ["ada@people.example"]}
    answer = await manage(world, "PUT", client, client_id=client["client_id"], **changes)
    assert answer.status == 200, answer.text
    assert RegistrationResponse().from_dict(dict(answer.json)).verify()
    assert answer.json["redirect_uris"] == changes["redirect_uris"]
    assert answer.json["client_name"] == "rp.example"
    application = await world.get(Application, client["client_id"])
    assert application.contacts == ("ada@people.example",)
    assert application.closed


async def test_the_secret_that_is_repeated_is_kept(world: World, client: dict[str, Any]) -> None:
    names = ("client_id", "client_secret", "redirect_uris")
    answer = await manage(world, "PUT", client, **{name: client[name] for name in names})
    assert answer.json["client_secret"] == client["client_secret"]


async def test_a_secret_that_is_repeated_may_become_a_key(world: World, client: dict[str, Any]) -> None:
    """Of a hashed one only the client itself knows the text that HMAC needs."""
    changes = {"redirect_uris": client["redirect_uris"], "token_endpoint_auth_method": "client_secret_jwt"}
    refused = await manage(world, "PUT", client, client_id=client["client_id"], **changes)
    assert refused.status == 400
    assert refused.json["error_description"].startswith("client_secret: ")
    names = ("client_id", "client_secret")
    answer = await manage(world, "PUT", client, **{name: client[name] for name in names}, **changes)
    assert answer.json["client_secret"] == client["client_secret"]
    assert (await world.get(Application, client["client_id"])).secret_sealed is not None


async def test_an_update_to_no_secret_forgets_it(world: World, client: dict[str, Any]) -> None:
    names = ("client_id", "client_secret", "redirect_uris")
    changes = {name: client[name] for name in names}
    answer = await manage(world, "PUT", client, **changes, token_endpoint_auth_method="none")
    assert answer.status == 200
    assert "client_secret" not in answer.json
    assert (await world.get(Application, client["client_id"])).secret_hash is None


async def test_an_update_may_need_a_secret(world: World) -> None:
    client = await registered(world, token_endpoint_auth_method="none")
    assert "client_secret" not in client
    told = await manage(world, "PUT", client, client_id=client["client_id"], redirect_uris=client["redirect_uris"])
    assert len(told.json["client_secret"]) >= 32
    assert told.json["client_secret_expires_at"] == 0


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [
        ({"client_id": "another"}, "invalid_client_metadata", "client_id is not that of this registration"),
        ({"client_id": None}, "invalid_client_metadata", "client_id is missing"),
        ({"client_secret": "wrong"}, "invalid_client_metadata", "client_secret is not the one that was issued"),
        ({"client_secret": 1}, "invalid_client_metadata", "client_secret is not the one that was issued"),
        ({"client_secret_expires_at": 0}, "invalid_client_metadata", "must not be in an update"),
        ({"registration_access_token": "x"}, "invalid_client_metadata", "must not be in an update"),
        ({"redirect_uris": ["https://rp.example/#x"]}, "invalid_redirect_uri", "has a fragment"),
    ],
)
async def test_updates_that_are_refused(
    changes: dict[str, Any], code: str, told: str, world: World, client: dict[str, Any]
) -> None:
    before = await world.get(Application, client["client_id"])
    usual = {"client_id": client["client_id"], "redirect_uris": [records.REDIRECT_URI]}
    answer = await manage(world, "PUT", client, **{**usual, **changes})
    assert (answer.status, answer.json["error"]) == (400, code)
    assert told in answer.json["error_description"]
    assert await world.get(Application, client["client_id"]) == before


async def test_what_is_deleted_is_gone(world: World, client: dict[str, Any]) -> None:
    await world.add(Member.joined(client["client_id"], "u", world.now, "g"))
    answer = await manage(world, "DELETE", client)
    assert (answer.status, answer.text) == (204, "")
    assert not await world.all(Application)
    assert not await world.all(Registration)
    assert not await world.all(Member)
    for method in ("GET", "PUT", "DELETE"):
        assert (await manage(world, method, client)).status == 401


async def test_where_applications_with_users_are_kept(make_world: MakeWorld) -> None:
    world = await make_world(replace(OPEN, deletion="refuse_with_users"))
    client = await registered(world)
    await world.add(Member.joined(client["client_id"], "u", world.now, "g"))
    answer = await manage(world, "DELETE", client)
    assert (answer.status, answer.json["error"]) == (403, "access_denied")
    assert await world.find(Application, client["client_id"])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_only_with_its_own_token(method: str, world: World, client: dict[str, Any]) -> None:
    other = await registered(world)
    for token in ("wrong", "", other["registration_access_token"]):
        answer = await manage(world, method, client, token=token)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="registration"')
    assert len(await world.all(Application)) == 2


async def test_an_application_that_did_not_register_itself_has_no_token(world: World) -> None:
    await world.client()
    headers = {"Authorization": "Bearer x"}
    assert (await world.send("GET", "/register/web", headers=headers)).status == 401


async def test_a_deleted_application_leaves_no_way_in(world: World, client: dict[str, Any]) -> None:
    """Another application may be called as it was."""
    await world.realm.transact(lambda given: applications.delete(given, client["client_id"]))
    await world.client(id=client["client_id"])
    assert (await manage(world, "DELETE", client)).status == 401


async def test_a_deactivated_application_is_closed_to_its_client_too(world: World, client: dict[str, Any]) -> None:
    await world.realm.transact(lambda given: applications.deactivate(given, client["client_id"]))
    answer = await manage(world, "GET", client)
    assert (answer.status, answer.json["error"]) == (403, "access_denied")


async def test_tokens_that_rotate(make_world: MakeWorld) -> None:
    """Each read or update spends the token (RFC 7592 2.1, 2.2)."""
    world = await make_world(replace(OPEN, registration_token_rotation=True))
    first = await registered(world)
    second = (await manage(world, "GET", first)).json
    assert second["registration_access_token"] != first["registration_access_token"]
    assert (await manage(world, "GET", first)).status == 401
    changes = {name: second[name] for name in ("client_id", "redirect_uris")}
    third = (await manage(world, "PUT", second, **changes)).json
    assert (await manage(world, "GET", second)).status == 401
    assert (await manage(world, "DELETE", third)).status == 204


async def test_registrations_of_another_realm(make_world: MakeWorld, client: dict[str, Any]) -> None:
    elsewhere = await make_world(OPEN)
    headers = {"Authorization": f"Bearer {client['registration_access_token']}"}
    assert (await elsewhere.send("GET", f"/register/{client['client_id']}", headers=headers)).status == 401
