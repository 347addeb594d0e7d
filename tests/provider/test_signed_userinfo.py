"""Userinfo as a JWT (OIDC Core 5.3.2): `userinfo_signed_response_alg`."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.protocol.signature import UNSIGNED
from oidc_harness.switches.signature import AlgNone, SigGarbage
from tests.flows.test_id_tokens import ALGORITHMS, BY_SECRET, MADE
from tests.support import jwt_oracle, oracle
from tests.support.client import Client
from tests.support.refusals import refused_bearer
from tests.support.world import World


async def signed_in(world: World, alg: str, **changes: Any) -> tuple[Client, str]:
    """A client that registered for userinfo in this algorithm, and its access token."""
    if alg in MADE:
        await world.rotate(alg)
    client = await world.people(userinfo_signed_response_alg=alg, **changes)
    return client, (await client.sign_in("openid email")).access


async def told(client: Client, token: str, world: World) -> dict[str, Any]:
    """The claims that the oracle takes from signed userinfo."""
    alg = client.application.userinfo_signed_response_alg
    assert alg is not None
    addressee = replace(client.addressee, alg=alg)
    text = jwt_oracle.accept_jwt(await client.userinfo(token))
    key_set = (await world.send("GET", "/jwks")).json
    return dict(jwt_oracle.accept_userinfo(text, "user-alice", addressee, key_set))


async def test_oidcc_userinfo_rs256(world: World) -> None:
    """`oidcc-userinfo-rs256`: `application/jwt`, `iss`, `aud`, no nonce; listed in the metadata."""
    metadata = (await world.send("GET", "/.well-known/openid-configuration")).json
    assert "RS256" in metadata["userinfo_signing_alg_values_supported"]
    client, token = await signed_in(world, "RS256")
    assert await told(client, token, world) == {
        "iss": world.issuer,
        "aud": "web",
        "sub": "user-alice",
        "email": "alice@people.example",
        "email_verified": True,
    }


@pytest.mark.parametrize("alg", [*ALGORITHMS, UNSIGNED])
async def test_every_algorithm_of_id_tokens(alg: str, world: World) -> None:
    client, token = await signed_in(world, alg)
    assert (await told(client, token, world))["email"] == "alice@people.example"
    header = jwt_oracle.header_of((await client.userinfo(token)).text)
    assert ("kid" in header) is (alg not in (*BY_SECRET, UNSIGNED))
    assert "typ" not in header


async def test_the_oracle_notices(world: World) -> None:
    client, token = await signed_in(world, "RS256")
    text = (await client.userinfo(token)).text
    key_set = (await world.send("GET", "/jwks")).json
    addressee = client.addressee
    for wrong in (
        replace(addressee, issuer="https://elsewhere.example"),
        replace(addressee, client_id="other"),
        replace(addressee, alg="PS256"),
    ):
        with pytest.raises(AssertionError):
            jwt_oracle.accept_userinfo(text, "user-alice", wrong, key_set)
    first_parts, _, _ = text.rpartition(".")
    with pytest.raises(Exception):  # noqa: B017, PT011 - pyoidc has twenty without a common base
        jwt_oracle.accept_userinfo(f"{first_parts}.{'A' * 342}", "user-alice", addressee, key_set)


async def test_its_own_setting(world: World) -> None:
    """Neither follows the algorithm of the ID token, nor is it followed."""
    client, token = await signed_in(world, "ES256", id_token_signed_response_alg="PS256")
    await told(client, token, world)
    await world.change(Application, "web", userinfo_signed_response_alg=None)
    oracle.accept_userinfo(await client.userinfo(token), "user-alice")


async def test_pairwise_subjects_are_in_it(world: World) -> None:
    client = await world.people(userinfo_signed_response_alg="RS256", subject_type="pairwise")
    tokens = await client.sign_in()
    assert oracle.plain((await client.userinfo(tokens.access)).text)["sub"] == tokens.claims["sub"] != "user-alice"


async def test_refusals_stay_as_they_are(world: World) -> None:
    """RFC 6750 3: whoever is refused has proven nothing, so nothing is known of whom to sign for."""
    client, token = await signed_in(world, "RS256")
    await client.revoke(token)
    answer = await client.userinfo(token)
    refused_bearer(answer, "invalid_token", 401)
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("switch", [SigGarbage(), AlgNone()], ids=lambda switch: switch.name)
async def test_lies_about_id_tokens_leave_it_alone(switch: Any, world: World) -> None:
    client, token = await signed_in(world, "RS256")
    world.realm.switchboard.arm(switch)
    await told(client, token, world)
    assert not world.exchanges[-2].fired


async def test_the_journal_tells_what_it_says(world: World) -> None:
    client, token = await signed_in(world, "RS256")
    await client.userinfo(token)
    reply = world.last.reply
    assert reply is not None
    assert reply.members is not None
    assert reply.members["email"] == "alice@people.example"
