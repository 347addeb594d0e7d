"""The journal: every exchange is there, the refused ones with the whole explanation."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.provider.exchange import Exchange
from tests.support import records
from tests.support.client import Client
from tests.support.http import Answer
from tests.support.world import AUTOMATIC, MakeWorld, World

OFFLINE = "openid offline_access"


def summary(exchange: Exchange) -> tuple[str, int, str | None]:
    assert exchange.reply is not None
    return exchange.endpoint, exchange.reply.status, exchange.error.code if exchange.error else None


async def test_a_flow_in_the_journal(world: World) -> None:
    client = await world.people()
    await world.send("GET", "/.well-known/openid-configuration")
    answer = await client.authorize(scope=OFFLINE)
    tokens = (await client.redeem(answer.redirect.parameters["code"])).json
    await client.userinfo(tokens["access_token"])
    await client.refresh(tokens["refresh_token"])
    await client.introspect(tokens["access_token"])
    await client.revoke(tokens["access_token"])
    await client.userinfo(tokens["access_token"])
    await world.send("GET", "/jwks")
    await world.send("GET", "/end_session")
    assert [summary(exchange) for exchange in world.exchanges] == [
        ("discovery", 200, None),
        ("authorize", 303, None),
        ("token", 200, None),
        ("userinfo", 200, None),
        ("token", 200, None),
        ("introspection", 200, None),
        ("revocation", 200, None),
        ("userinfo", 401, "invalid_token"),
        ("jwks", 200, None),
        ("end_session", 200, None),
    ]
    first = world.exchanges[0].number
    assert [exchange.number for exchange in world.exchanges] == list(range(first, first + 10))
    flow = {exchange.about.grant_id for exchange in world.exchanges[1:8]}
    assert len(flow) == 1
    assert None not in flow


async def test_what_was_asked_and_answered_is_there_to_the_letter(world: World) -> None:
    client = await world.people()
    answer = await client.redeem("unknown", extra=["one", "two"])
    exchange = world.last
    assert exchange.request.method == "POST"
    assert exchange.request.path == "/token"
    assert exchange.request.form == (
        ("grant_type", "authorization_code"),
        ("code", "unknown"),
        ("redirect_uri", records.REDIRECT_URI),
        ("extra", "one"),
        ("extra", "two"),
    )
    assert exchange.request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert exchange.reply is not None
    assert exchange.reply.body.decode() == answer.text
    assert exchange.reply.members == answer.json
    assert exchange.at == world.now
    assert (exchange.fired, exchange.trace) == ((), None)


async def test_whom_an_exchange_concerns(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in(OFFLINE)
    for exchange in world.exchanges:
        if exchange.endpoint in ("authorize", "token"):
            assert exchange.about.application is not None
            assert exchange.about.application.id == "web"
            assert exchange.about.user is not None
            assert exchange.about.user.username == "alice"
    # Refusals too.
    refusals = (client.refresh(tokens.access), client.redeem("unknown"), client.ask_token("magic"))
    for refusal in refusals:
        assert (await refusal).status == 400
        assert world.last.about.application is not None
    await client.authorize(prompt="none")
    assert world.last.about.application is not None


REFUSALS: list[tuple[str, Callable[[Client], Any], str, list[str]]] = [
    (
        "another redirect URI",
        lambda client: client.authorize(redirect_uri="https://rp.example/callbacks"),
        "RFC6749-3.1.2.4",
        ["expected 'https://rp.example/callback', came 'https://rp.example/callbacks'", "after character 27"],
    ),
    (
        "an unknown client",
        lambda client: client.authorize(client_id="wed"),
        "RFC6749-4.1.2.1",
        ["no application of this realm has the client_id 'wed'"],
    ),
    (
        "an unknown prompt",
        lambda client: client.authorize(prompt="logon"),
        "OIDCC-3.1.2.1",
        ["'logon' is none of none, login, consent, select_account"],
    ),
    (
        "no session under prompt none",
        lambda client: client.authorize(prompt="none"),
        "OIDCC-3.1.2.6",
        ["prompt=none, but nobody is signed in in this browser"],
    ),
    (
        "an unknown user",
        lambda client: client.authorize(login_hint="nobody"),
        "RFC6749-4.1.2.1",
        ["no user is named 'nobody'"],
    ),
    ("an unknown code", lambda client: client.redeem("unknown"), "RFC6749-5.2", ["no code with this value"]),
    (
        "an unknown token",
        lambda client: client.userinfo("unknown"),
        "RFC6750-3.1",
        ["no such token was issued here"],
    ),
    (
        "a wrong grant type",
        lambda client: client.ask_token("password", username="a", password="b"),
        "RFC6749-5.2",
        ["application web registered authorization_code, refresh_token"],
    ),
    (
        "a scope beyond",
        lambda client: client.authorize(scope="nothing"),
        "RFC6749-3.3",
        ["asked for nothing; this realm has openid profile"],
    ),
]


@pytest.mark.parametrize(("what", "act", "clause", "parts"), REFUSALS, ids=[each[0] for each in REFUSALS])
async def test_a_refusal_is_explained(
    what: str, act: Callable[[Client], Any], clause: str, parts: list[str], world: World
) -> None:
    client = await world.people()
    answer: Answer = await act(client)
    error = world.last.error
    assert error is not None
    assert error.where.tag == clause
    assert error.where.link.startswith("https://")
    for part in parts:
        assert part in error.detail
        if answer.status != 400 or answer.headers["Content-Type"] == "application/json":
            assert part not in answer.text + answer.headers.get("Location", "")


async def test_a_page_tells_the_person_as_much_as_the_journal(world: World) -> None:
    client = await world.people()
    answer = await client.authorize(redirect_uri="https://rp.example/callbacks")
    error = world.last.error
    assert error is not None
    # One line for each URI that is registered; a page's reader sees blanks.
    assert answer.page.text_of("error-detail").split() == error.detail.split()
    assert answer.page.link("error-clause") == error.where.link


UNREADABLE: list[tuple[str, bytes, int]] = [
    ("application/x-www-form-urlencoded", b"code=\xff", 400),
    ("application/x-www-form-urlencoded", b"code=%FF", 400),
    ("application/json", b"{}", 400),
    ("application/x-www-form-urlencoded", b"&".join([b"a=b"] * 1001), 400),
    ("application/x-www-form-urlencoded", b"code=" + b"x" * 300_000, 413),
]


@pytest.mark.parametrize(
    ("path", "media_type", "body", "status"),
    [
        (path, *row)
        for path in ("/token", "/authorize", "/end_session", "/userinfo", "/login")
        for row in UNREADABLE
        # What is no form is read by none of userinfo's rules.
        if (path, row[0]) != ("/userinfo", "application/json")
    ],
)
async def test_what_cannot_be_read_is_there_too(
    path: str, media_type: str, body: bytes, status: int, world: World
) -> None:
    answer = await world.send("POST", path, body=body, headers={"Content-Type": media_type})
    assert answer.status == status
    assert answer.headers["Cache-Control"] == "no-store"
    error = world.last.error
    assert error is not None
    assert (error.code, world.last.request.form) == ("invalid_request", ())
    if path in ("/token", "/userinfo"):
        assert answer.json["error"] == "invalid_request"
    else:
        assert answer.page.has("error-page")


async def test_secrets_are_in_no_explanation(world: World) -> None:
    client = await world.people()
    await replace(client, secret="a-wrong-secret").redeem("unknown")
    await client.ask_token("refresh_token", refresh_token="a-wrong-token")
    for exchange in world.exchanges:
        error = exchange.error
        assert error is not None
        for secret in (records.SECRET, "a-wrong-secret", "a-wrong-token"):
            assert secret not in f"{error} {error.detail} {error.description}"


async def test_it_is_a_ring(make_world: MakeWorld) -> None:
    world = await make_world(replace(AUTOMATIC, journal_limit=10))
    for _ in range(25):
        await world.send("GET", "/jwks")
    assert [exchange.number for exchange in world.exchanges] == list(range(16, 26))
    world.realm.journal.clear()
    await world.send("GET", "/jwks")
    assert [exchange.number for exchange in world.exchanges] == [26]
    assert world.realm.journal.exchanges(after=26) == ()


async def test_an_observation_stands_where_it_was_made(world: World) -> None:
    await world.send("GET", "/jwks")
    world.realm.report(signed_in=False, note="the client showed an error")
    await world.send("GET", "/jwks")
    [observation] = world.realm.journal.observations()
    assert (observation.after, observation.signed_in, observation.at) == (1, False, world.now)
    assert world.realm.journal.observations(after=2) == ()
