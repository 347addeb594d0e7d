"""A seeded realm gives the same ids, codes and tokens twice; an unseeded one never."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.grant import Grant
from oidc_harness.model.record import Record
from oidc_harness.provider.exchange import Exchange
from oidc_harness.web.server import serving
from oidc_harness.web.settings import ServerSettings
from tests.support.http import Http
from tests.support.refusals import refused
from tests.support.world import AUTOMATIC, World

FIXED = "http://op.example"
AT = 1_800_000_000


async def run(http: Http, seed: str | None, port: int) -> dict[str, Any]:
    """A sign-in, a refresh and a replay, and everything that came of it."""
    settings = ServerSettings(port=port)
    async with serving(settings) as server:
        world = World(await server.realms.make("default", replace(AUTOMATIC, refresh_tokens="always"), seed), http)
        world.realm.clock.freeze(AT)
        client = await world.people()
        answer = await client.authorize()
        code = answer.redirect.parameters["code"]
        tokens = await client.redeem(code)
        renewed = await client.refresh(tokens.json["refresh_token"])
        refused(await client.redeem(code), "invalid_grant")
        return {
            "location": answer.location,
            "session": answer.cookie("oidc_session_"),
            "tokens": tokens.json,
            "renewed": renewed.json,
            "grants": await world.all(Grant),
            "journal": [told(exchange) for exchange in world.exchanges],
            "port": server.base_url,
        }


def told(exchange: Exchange) -> tuple[Any, ...]:
    reply = exchange.reply
    assert reply is not None
    return exchange.number, exchange.endpoint, exchange.at, reply.status, reply.headers, reply.body


async def test_the_same_seed_gives_the_same_twice(http: Http) -> None:
    first = await run(http, "seed", 0)
    port = int(first["port"].rpartition(":")[2])
    second = await run(http, "seed", port)
    assert first == second


async def test_another_seed_gives_something_else(http: Http) -> None:
    first = await run(http, "seed", 0)
    port = int(first["port"].rpartition(":")[2])
    for seed in ("another", None):
        other = await run(http, seed, port)
        for name in ("location", "session"):
            assert other[name] != first[name]
        for name in ("access_token", "refresh_token"):
            assert other["tokens"][name] != first["tokens"][name]


async def test_within_a_run_nothing_is_given_twice(http: Http) -> None:
    out = await run(http, "seed", 0)
    secrets = [out["session"], out["location"], *out["tokens"].values(), *out["renewed"].values()]
    texts = [text for text in secrets if isinstance(text, str) and len(text) > 30]
    assert len(set(texts)) == len(texts)
    assert all(len(record.id) >= 20 for record in out["grants"] if isinstance(record, Record))


@pytest.mark.parametrize("seed", [None, "seed"])
async def test_codes_and_tokens_cannot_be_guessed_by_length(seed: str | None, http: Http) -> None:
    """At least 128 bits (RFC 6749 10.10)."""
    out = await run(http, seed, 0)
    for name in ("access_token", "refresh_token"):
        assert len(out["tokens"][name]) == 43
