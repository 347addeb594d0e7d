"""A key is published, used, retired and removed; nothing that is promised goes unsigned meanwhile."""

from collections.abc import Mapping

import pytest

from oidc_harness.model.key import Key, KeyRing
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.jose import generate_private_jwk, key_from_jwk
from oidc_harness.services import key_life, keys
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import NotFound, Taken
from tests.support import records
from tests.support.world import MakeWorld, World


async def published(world: World, alg: str = "ES256") -> str:
    """Publish a key; gives its kid."""
    made = await world.realm.transact(lambda given: publish(given, alg))
    await world.realm.reload_keys()
    return made.kid


async def publish(circumstances: Circumstances, alg: str) -> Key:
    return await key_life.publish(circumstances, await keys.make(circumstances, alg))


async def change(world: World, name: str, kid: str) -> None:
    deeds = {"use": key_life.use, "retire": key_life.retire, "remove": key_life.remove}
    await world.realm.transact(lambda given: deeds[name](given, kid))
    await world.realm.reload_keys()


async def statuses(world: World, alg: str = "ES256") -> Mapping[str, str]:
    """As clients find them, with what each does."""
    seen = {key["kid"] for key in (await world.get_page("/jwks")).json["keys"]}
    found = {key.kid: key.status for key in world.realm.keys.keys if key.alg == alg}
    assert found.keys() <= seen
    return found


async def test_a_life(world: World) -> None:
    client = await world.people(id_token_signed_response_alg="ES256")
    [old] = await statuses(world)
    before = await client.sign_in()
    new = await published(world)
    assert await statuses(world) == {old: "current", new: "next"}
    await client.sign_in()
    await change(world, "use", new)
    assert await statuses(world) == {old: "retired", new: "current"}
    # What the old one signed is still taken for what it is.
    hinted = await client.authorize(id_token_hint=before.id_token, prompt="none")
    assert "invalid_request" not in hinted.location
    await client.sign_in()
    await change(world, "remove", old)
    assert await statuses(world) == {new: "current"}
    await client.sign_in()


async def test_a_retired_key_can_be_used_again(world: World) -> None:
    [old] = await statuses(world)
    new = await published(world)
    await change(world, "use", new)
    await change(world, "use", old)
    assert await statuses(world) == {old: "current", new: "retired"}


async def test_what_is_used_already_stays_so(world: World) -> None:
    [old] = await statuses(world)
    await change(world, "use", old)
    assert await statuses(world) == {old: "current"}


async def test_an_algorithm_that_nobody_asks_for_can_be_given_up(world: World) -> None:
    await world.people()
    [old] = await statuses(world)
    await change(world, "retire", old)
    document = (await world.get_page("/.well-known/openid-configuration")).json
    assert "ES256" not in document["id_token_signing_alg_values_supported"]
    await change(world, "remove", old)
    assert await statuses(world) == {}


@pytest.mark.parametrize(
    ("alg", "deed", "told"),
    [
        ("RS256", "retire", "every provider signs with RS256"),
        ("ES256", "retire", f"application '{records.CLIENT_ID}' asks for ES256"),
        ("ES256", "remove", "signs for ES256"),
        ("PS256", "remove", "signs for PS256"),
    ],
)
async def test_a_key_that_is_needed_stays(world: World, alg: str, deed: str, told: str) -> None:
    await world.people(id_token_signed_response_alg="ES256")
    [kid] = before = await statuses(world, alg)
    with pytest.raises(Taken, match=told):
        await change(world, deed, kid)
    assert await statuses(world, alg) == before


@pytest.mark.parametrize("deed", ["use", "retire", "remove"])
async def test_a_key_that_is_not_there(world: World, deed: str) -> None:
    with pytest.raises(NotFound):
        await change(world, deed, "nowhere")


async def test_the_key_set_has_an_end(world: World) -> None:
    private = generate_private_jwk("EdDSA")
    many = [key_from_jwk(f"k{number}", private, 0, "next") for number in range(keys.MOST_KEYS)]
    world.realm.keys = KeyRing(tuple(many))
    with pytest.raises(Taken, match="cannot have more"):
        await published(world)


@pytest.mark.parametrize(("age", "header"), [(0, "no-cache"), (600, "public, max-age=600")])
async def test_how_long_clients_may_keep_the_key_set(make_world: MakeWorld, age: int, header: str) -> None:
    world = await make_world(RealmPolicy(jwks_max_age=age))
    assert (await world.get_page("/jwks")).headers["Cache-Control"] == header
