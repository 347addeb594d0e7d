"""The oracle that reads every journal: it sees what is wrong in an answer, and says nothing of an honest one."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.support.journal_oracle import misread
from tests.support.world import World

WRONG: list[tuple[str, int, dict[str, Any], str]] = [
    ("token", 200, {"access_token": "a"}, "token_type"),
    ("token", 400, {"error": "out_of_order"}, "out_of_order"),
    ("token", 400, {"error": 7}, "7"),
    ("userinfo", 200, {"email": "alice@people.example"}, "sub"),
    ("userinfo", 200, {"sub": "alice", "email_verified": "yes"}, "email_verified"),
    ("introspection", 200, {"scope": "openid"}, "active"),
    (
        "registration",
        201,
        {"client_id": "web", "redirect_uris": ["https://rp.example/"], "grant_types": 1},
        "grant_types",
    ),
    ("client_configuration", 200, {"redirect_uris": ["https://rp.example/"]}, "client_id"),
    ("discovery", 200, {"issuer": "http://op.example"}, "authorization_endpoint"),
]


@pytest.mark.parametrize(("endpoint", "status", "members", "named"), WRONG)
async def test_what_is_wrong_is_seen(
    endpoint: str, status: int, members: dict[str, Any], named: str, world: World
) -> None:
    await world.get_page("/jwks")
    reply = world.last.reply
    assert reply is not None
    body = json.dumps(members).encode()
    wrong = replace(reply, status=status, headers=(("Content-Type", "application/json"),), body=body)
    [complaint] = misread([replace(world.last, endpoint=endpoint, reply=wrong)])
    assert named in complaint.partition(": b'")[0]


@pytest.mark.parametrize(
    "answer",
    ["?code=a&expires_in=soon", "?error=out_of_order&state=s", "#access_token=a&token_type=Bearer&expires_in=soon"],
)
async def test_what_is_wrong_in_a_redirect_is_seen(answer: str, world: World) -> None:
    await world.get_page("/jwks")
    reply = world.last.reply
    assert reply is not None
    sent = replace(reply, status=303, headers=(("Location", f"https://rp.example/{answer}"),), body=b"")
    assert [*misread([replace(world.last, endpoint="authorize", reply=sent)])]


async def test_an_honest_journal_is_in_order(world: World) -> None:
    client = await world.people()
    await client.person(await client.sign_in("openid email"))
    assert len(world.exchanges) > 3
    assert not [*misread(world.exchanges)]
