"""A seeded realm gives the same ids, codes and tokens twice; an unseeded one never."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.grant import Grant
from oidc_harness.provider.exchange import Exchange
from oidc_harness.web.server import Server
from tests.support.http import Http
from tests.support.refusals import refused
from tests.support.world import AUTOMATIC, World

AT = 1_800_000_000


async def run(server: Server, http: Http, seed: str | None) -> dict[str, Any]:
    """A sign-in, a refresh and a replay in a new realm of always the same name, and everything that came of it."""
    policy = replace(AUTOMATIC, refresh_tokens="always")
    world = World(await server.realms.make("seeded", policy, seed), http)
    world.realm.clock.freeze(AT)
    client = await world.people()
    answer = await client.authorize()
    code = answer.redirect.parameters["code"]
    tokens = await client.redeem(code)
    renewed = await client.refresh(tokens.json["refresh_token"])
    refused(await client.redeem(code), "invalid_grant")
    outcome = {
        "location": answer.location,
        "session": answer.cookie("oidc_session_"),
        "tokens": tokens.json,
        "renewed": renewed.json,
        "grants": await world.all(Grant),
        "journal": [told(exchange) for exchange in world.exchanges],
    }
    await server.realms.drop("seeded")
    return outcome


def told(exchange: Exchange) -> tuple[Any, ...]:
    reply = exchange.reply
    assert reply is not None
    return exchange.number, exchange.endpoint, exchange.at, reply.status, reply.headers, reply.body


async def test_the_same_seed_gives_the_same_twice(server: Server, http: Http) -> None:
    assert await run(server, http, "seed") == await run(server, http, "seed")


@pytest.mark.parametrize("seeds", [("seed", "another"), ("seed", None), (None, None)])
async def test_anything_else_gives_something_else(
    seeds: tuple[str | None, str | None], server: Server, http: Http
) -> None:
    first, second = [await run(server, http, seed) for seed in seeds]
    assert first["location"] != second["location"]
    assert first["session"] != second["session"]
    for name in ("access_token", "refresh_token", "id_token"):
        assert first["tokens"][name] != second["tokens"][name]


@pytest.mark.parametrize(("seeds", "same"), [(("s", "s"), True), (("s", "t"), False), ((None, None), False)])
async def test_pairwise_subjects_are_drawn_too(
    seeds: tuple[str | None, str | None], same: bool, server: Server, http: Http
) -> None:
    subjects = []
    for seed in seeds:
        world = World(await server.realms.make("seeded", AUTOMATIC, seed), http)
        await world.people()
        client = await world.client(id="pairwise", subject_type="pairwise")
        subjects.append((await client.sign_in()).claims["sub"])
        await server.realms.drop("seeded")
    assert (subjects[0] == subjects[1]) is same


@pytest.mark.parametrize("seed", [None, "seed"])
async def test_nothing_is_given_twice_and_all_is_long_enough(seed: str | None, server: Server, http: Http) -> None:
    """At least 128 bits (RFC 6749 10.10)."""
    outcome = await run(server, http, seed)
    drawn = [outcome["session"]]
    for response in (outcome["tokens"], outcome["renewed"]):
        drawn += [response["access_token"], response["refresh_token"]]
    assert {len(text) for text in drawn} == {43}
    assert len(set(drawn)) == len(drawn)
