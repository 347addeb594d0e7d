"""The key set (RFC 7517 5, OIDC Core 10.1)."""

from typing import Any

from joserfc.jwk import KeySet

from oidc_harness.harness.shipped_keys import keys_for
from oidc_harness.model.key import KeyRing
from oidc_harness.protocol.jose import decode_unverified, generate_private_jwk, key_from_jwk
from tests.support.world import MakeWorld, World

PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"}


async def keys_of(world: World) -> list[dict[str, Any]]:
    answer = await world.send("GET", "/jwks")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/jwk-set+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    keys: list[dict[str, Any]] = answer.json["keys"]
    assert answer.json.keys() == {"keys"}
    return keys


async def test_the_keys_are_public_distinct_and_say_what_they_are_for(world: World) -> None:
    keys = await keys_of(world)
    assert [key.get("alg") for key in keys] == ["RS256", "PS256", "ES256", "EdDSA", None, None]
    assert [(key["kty"], key["use"]) for key in keys[4:]] == [("RSA", "enc"), ("EC", "enc")]
    assert len({key["kid"] for key in keys}) == len(keys)
    for key in keys:
        assert not PRIVATE & key.keys()
        assert key["use"] == ("sig" if "alg" in key else "enc")
    assert len(KeySet.import_key_set({"keys": keys}).keys) == len(keys)


async def test_an_rsa_key_is_long_enough(world: World) -> None:
    for key in await keys_of(world):
        if key["kty"] == "RSA":
            assert len(key["n"]) * 6 >= 2048


async def test_a_rotated_key_stays_and_the_new_one_signs(world: World) -> None:
    """OIDC Core 10.1.1: what the old key signed is verified with the old key."""
    client = await world.people()
    before = await client.sign_in()
    new = key_from_jwk("new", generate_private_jwk("RS256"), world.now)
    world.realm.keys = world.realm.keys.rotated(new)
    keys = await keys_of(world)
    assert len(keys) == 7
    after = await client.sign_in()
    assert decode_unverified(after.id_token)[0]["kid"] == new.kid
    assert decode_unverified(before.id_token)[0]["kid"] in {key["kid"] for key in keys} - {new.kid}
    answer = await client.authorize(id_token_hint=before.id_token, prompt="none")
    assert answer.redirect.parameters["error"] == "login_required"


async def test_a_realm_without_keys_publishes_an_empty_set(world: World) -> None:
    world.realm.keys = KeyRing()
    assert await keys_of(world) == []


async def test_realms_have_their_own_keys(make_world: MakeWorld) -> None:
    sets = [{key["kid"] for key in await keys_of(await make_world())} for _ in range(6)]
    assert len({frozenset(kids) for kids in sets}) > 1
    assert {key.kid for key in keys_for("realm-1")} == sets[0]
