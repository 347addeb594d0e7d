"""Cross-origin requests (A20; Fetch standard 3.2): whose script may read which answer."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.client import Client, basic
from tests.support.http import Answer
from tests.support.world import World

OWN, FOREIGN = "https://spa.example", "https://attacker.example"
PATHS = ("/token", "/userinfo", "/introspect", "/revoke")


def readable(answer: Answer) -> str | None:
    """The origin whose scripts may read the answer."""
    assert "Access-Control-Allow-Credentials" not in answer.headers
    return answer.headers.get("Access-Control-Allow-Origin")


async def requests(client: Client, origin: str) -> Mapping[str, Answer]:
    """A success and some refusals at every endpoint."""
    tokens = await client.sign_in("openid offline_access")
    headers = {"Origin": origin, "Authorization": basic(client.id, client.secret)}
    bearer = {"Origin": origin, "Authorization": f"Bearer {tokens.access}"}
    wrong = {"Origin": origin, "Authorization": basic(client.id, "wrong")}
    refresh = [("grant_type", "refresh_token"), ("refresh_token", tokens.refresh)]
    token = [("token", tokens.access)]

    async def post(path: str, form: list[tuple[str, str]], given: dict[str, str]) -> Answer:
        return await client.post(path, form, **given)

    return {
        "a refresh": await post("/token", refresh, headers),
        "the same refresh again": await post("/token", refresh, headers),
        "no grant type": await post("/token", [], headers),
        "an unknown grant type": await post("/token", [("grant_type", "magic")], headers),
        "no code": await post("/token", [("grant_type", "authorization_code")], headers),
        "an unknown code": await post("/token", [("grant_type", "authorization_code"), ("code", "x")], headers),
        "a wrong secret": await post("/token", refresh, wrong),
        "userinfo with a dead token": await post("/userinfo", [], bearer),
        "introspection": await post("/introspect", token, headers),
        "introspection of nothing": await post("/introspect", [], headers),
        "revocation": await post("/revoke", token, headers),
        "revocation of nothing": await post("/revoke", [], headers),
    }


@pytest.mark.parametrize(
    ("allowed", "origin", "may_read"),
    [
        ((OWN,), OWN, True),
        (("https://other.example", OWN), OWN, True),
        ((OWN,), FOREIGN, False),
        ((OWN,), OWN + ":8443", False),
        ((OWN,), OWN.upper(), False),
        ((OWN,), "null", False),
        ((), OWN, False),
        (("*",), FOREIGN, True),
        (("*",), "null", True),
    ],
)
async def test_an_application_says_whose_scripts_may_read(
    allowed: tuple[str, ...], origin: str, may_read: bool, world: World
) -> None:
    await world.people()
    client = await world.client(id="spa", allowed_origins=allowed)
    for what, answer in (await requests(client, origin)).items():
        assert readable(answer) == (origin if may_read else None), what
        assert answer.headers["Vary"] == "Origin", what


async def test_userinfo_of_a_live_token(world: World) -> None:
    await world.people()
    client = await world.client(id="spa", allowed_origins=(OWN,))
    tokens = await client.sign_in()
    for origin, expected in ((OWN, OWN), (FOREIGN, None)):
        headers = {"Origin": origin, "Authorization": f"Bearer {tokens.access}"}
        assert readable(await world.send("GET", "/userinfo", headers=headers)) == expected


async def test_each_application_has_its_own_origins(world: World) -> None:
    await world.people()
    one = await world.client(id="one", allowed_origins=(OWN,))
    other = await world.client(id="other", allowed_origins=(FOREIGN,))
    for client, expected in ((one, OWN), (other, None)):
        answer = await client.post("/token", [], Origin=OWN, Authorization=basic(client.id, client.secret))
        assert readable(answer) == expected


async def test_without_an_origin_nothing_is_said(world: World) -> None:
    client = await world.people()
    answer = await client.redeem(await client.code())
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/jwks"]
)
@pytest.mark.parametrize("headers", [{}, {"Origin": FOREIGN}])
async def test_documents_are_for_everybody(path: str, headers: dict[str, str], world: World) -> None:
    assert readable(await world.send("GET", path, headers=headers)) == "*"


@pytest.mark.parametrize("path", [*PATHS, "/jwks", "/.well-known/openid-configuration"])
async def test_a_preflight_permits_what_scripts_send(path: str, world: World) -> None:
    headers = {
        "Origin": FOREIGN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = await world.send("OPTIONS", path, headers=headers)
    assert (answer.status, answer.text) == (204, "")
    assert readable(answer) == "*"
    permitted = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert permitted == {"authorization", "content-type"}
    expected = "POST" if path in PATHS else "GET"
    assert expected in answer.headers["Access-Control-Allow-Methods"].split(", ")


@pytest.mark.parametrize("path", ["/authorize", "/end_session", "/login", "/consent"])
async def test_scripts_read_no_pages(path: str, world: World) -> None:
    client = await world.people()
    await world.change(type(client.application), client.id, allowed_origins=("*",))
    query: Any = [("client_id", client.id)]
    answer = await world.send("GET", path, query=query, headers={"Origin": OWN})
    assert readable(answer) is None
    assert (await world.send("OPTIONS", path, headers={"Origin": OWN})).status == 405


async def test_a_script_reads_the_reason(world: World) -> None:
    """The challenge of userinfo is a header, and headers are read by scripts only where that is said."""
    await world.people()
    client = await world.client(id="spa", allowed_origins=(OWN,))
    tokens = await client.sign_in()
    await client.revoke(tokens.access)
    headers = {"Origin": OWN, "Authorization": f"Bearer {tokens.access}"}
    answer = await world.send("GET", "/userinfo", headers=headers)
    assert readable(answer) == OWN
    assert answer.json["error"] == "invalid_token"
    assert answer.headers["Access-Control-Expose-Headers"] == "WWW-Authenticate"
