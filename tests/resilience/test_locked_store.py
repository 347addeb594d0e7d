"""Another process has locked the file: whoever needs it is told so and when to ask again, and nobody is blamed."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from oidc_harness.web.server import serving
from oidc_harness.web.settings import ServerSettings
from tests.support import records
from tests.support.http import Answer, Http
from tests.support.world import AUTOMATIC, World
from tests.web.admin.api import Api

DESCRIPTION = "the store is locked by another process; ask again later"
REGISTRATION = [("email", "dodo@people.example"), ("password", "race"), ("password_again", "race")]


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def test_whoever_writes_is_put_off_in_the_way_of_the_place(tmp_path: Path) -> None:
    database = tmp_path / "records.db"
    async with serving(ServerSettings(port=0, store=f"sqlite:{database}")) as server, Http() as http:
        world = World(await server.realms.make("acme", AUTOMATIC), http)
        client, api = await world.people(), Api(http, server.base_url)
        await world.add(records.invitation("dodo@people.example", id="tea-party"))
        code = await client.code()
        tokens = await client.sign_in()
        world.realm.journal.clear()
        writing: dict[str, Awaitable[Answer]] = {
            "authorize": client.authorize(),
            "token": client.redeem(code),
            "revocation": client.revoke(tokens.access),
            "register": world.send("POST", "/sign_up", query=[("invitation", "tea-party")], form=REGISTRATION),
            "control": api.ask("POST", "/realms/acme/users", {"id": "cat", "email": "cat@people.example"}),
        }
        with locked(database):
            answers = dict(zip(writing, await asyncio.gather(*writing.values()), strict=True))
            assert (await client.userinfo(tokens.access)).status == 200
        assert {(answer.status, answer.headers["Retry-After"]) for answer in answers.values()} == {(503, "2")}
        told = {"error": "temporarily_unavailable", "error_description": DESCRIPTION}
        assert answers["token"].json == answers["revocation"].json == told
        assert answers["authorize"].page.has("error-page")
        assert answers["register"].page.has("error-page")
        error: dict[str, Any] = answers["control"].json["error"]
        assert error["code"] == "unavailable"
        assert "locked by another process" in error["message"]
        put_off = [exchange for exchange in world.exchanges if exchange.reply and exchange.reply.status == 503]
        assert {exchange.endpoint for exchange in put_off} == answers.keys() - {"control"}
        assert {(exchange.trace, exchange.error and exchange.error.code) for exchange in put_off} == {
            (None, "temporarily_unavailable")
        }
        assert all(exchange.error and str(database) in exchange.error.detail for exchange in put_off)
        assert (await client.redeem(code)).status == 200
