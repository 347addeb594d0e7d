"""The authorization code flow from end to end (RFC 6749 4.1, OIDC Core 3.1)."""

from tests.support.world import World


async def test_a_person_signs_in(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in("openid profile email")
    assert tokens.claims["sub"] == "user-alice"
    assert (await client.person(tokens))["email"] == "alice@people.example"
