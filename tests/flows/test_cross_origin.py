"""Cross-origin requests (A20; Fetch standard 3.2): whose script may read which answer."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.client import Client, basic
from tests.support.http import FORM, Answer, Pairs, Sent
from tests.support.world import World

OWN, FOREIGN = "https://spa.example", "https://attacker.example"
CLIENTS = ("/token", "/introspect", "/revoke")
PATHS = (*CLIENTS, "/userinfo")
BASIC_OF_SPA = basic("spa", "a-secret")


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


async def test_the_inserted_form_of_the_address_has_a_preflight(world: World) -> None:
    """RFC 8414 3.1."""
    base, name = world.issuer.removesuffix(world.realm.name), world.realm.name
    url = f"{base}.well-known/oauth-authorization-server/{name}"
    answer = await world.http.send(Sent("OPTIONS", url, headers={"Origin": FOREIGN}))
    assert (answer.status, readable(answer)) == (204, "*")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"


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


TWICE: Pairs = [("scope", "a"), ("scope", "b")]
MALFORMED: Mapping[str, Any] = {
    "a parameter given twice": {"form": TWICE},
    "no form": {"body": b"{}", "headers": {"Content-Type": "application/json"}},
    "no UTF-8": {"body": b"\xff", "headers": {"Content-Type": FORM}},
    "too many parameters": {"form": [(f"p{number}", "x") for number in range(101)]},
    "far too many parameters": {"body": b"&".join([b"p=x"] * 1001), "headers": {"Content-Type": FORM}},
    "too large a body": {"body": b"p=" + b"x" * 300_000, "headers": {"Content-Type": FORM}},
}


@pytest.mark.parametrize(("origin", "may_read"), [(OWN, True), (FOREIGN, False)])
@pytest.mark.parametrize("what", MALFORMED)
@pytest.mark.parametrize("path", CLIENTS)
async def test_a_malformed_request_concerns_the_client_it_names(
    path: str, what: str, origin: str, may_read: bool, world: World
) -> None:
    client = await world.client(id="spa", allowed_origins=(OWN,))
    sent = MALFORMED[what]
    headers = {**sent.get("headers", {}), "Origin": origin, "Authorization": basic(client.id, client.secret)}
    answer = await world.send("POST", path, **{**sent, "headers": headers})
    assert answer.status in (400, 413)
    assert readable(answer) == (origin if may_read else None)
    assert world.last.about.application == client.application


NAMING: list[tuple[str, dict[str, Any], bool]] = [
    ("in the form", {"form": [("client_id", "spa"), *TWICE]}, True),
    ("in the form, twice", {"form": [("client_id", "spa")] * 2}, True),
    ("in both places", {"form": [("client_id", "spa"), *TWICE], "headers": {"Authorization": BASIC_OF_SPA}}, True),
    ("two clients", {"form": [("client_id", "spa"), ("client_id", "other")]}, False),
    (
        "two clients in two places",
        {"form": [("client_id", "other"), *TWICE], "headers": {"Authorization": BASIC_OF_SPA}},
        False,
    ),
    ("an unknown client", {"form": [("client_id", "nobody"), *TWICE]}, False),
    ("no client", {"form": TWICE}, False),
    ("another scheme", {"form": TWICE, "headers": {"Authorization": "Bearer spa"}}, False),
    ("what is not base64", {"form": TWICE, "headers": {"Authorization": "Basic spa"}}, False),
]


@pytest.mark.parametrize(("what", "sent", "named"), NAMING, ids=[each[0] for each in NAMING])
async def test_who_is_named(what: str, sent: dict[str, Any], named: bool, world: World) -> None:
    """A refusal that concerns nobody known is for everybody."""
    await world.client(id="other")
    await world.client(id="spa", allowed_origins=(OWN,))
    answer = await world.send("POST", "/token", **{**sent, "headers": {"Origin": OWN, **sent.get("headers", {})}})
    assert answer.json["error"] in ("invalid_request", "invalid_client")
    assert readable(answer) == (OWN if named else "*")
    application = world.last.about.application
    assert (application.id if application else None) == ("spa" if named else None)


async def test_by_another_method_the_client_is_named_in_the_url(world: World) -> None:
    await world.client(id="spa", allowed_origins=(OWN,))
    for origin, expected in ((OWN, OWN), (FOREIGN, None)):
        answer = await world.send("GET", "/token", query=[("client_id", "spa")], headers={"Origin": origin})
        assert (answer.status, readable(answer)) == (405, expected)


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer unknown"}, {"Authorization": "Bearer"}, {"Authorization": BASIC_OF_SPA}]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_everybody_may_read_that_a_token_is_unknown(method: str, headers: dict[str, str], world: World) -> None:
    await world.client(id="spa", allowed_origins=(OWN,))
    answer = await world.send(method, "/userinfo", headers={"Origin": FOREIGN, **headers})
    assert answer.status in (400, 401)
    assert readable(answer) == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == "WWW-Authenticate"
