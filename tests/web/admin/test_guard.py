"""Who may use the control API: by token, by the name the server is called by, and by the page a browser is at."""

import asyncio
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import unused_port

from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import ServerSettings
from tests.support.http import Answer, Http, Sent
from tests.web.admin.api import BASE, DOCUMENT, Api

TOKEN = "speak-friend"
OPEN = ServerSettings(port=0)
GUARDED = ServerSettings(port=0, admin_token=TOKEN)
READ, WRITE = ("GET", None), ("POST", {"name": "moria"})


async def told(http: Http, server: Server, request: tuple[str, Any], headers: Mapping[str, str]) -> Answer:
    """Ask on this machine, by whatever name the headers call it."""
    method, body = request
    url = f"http://127.0.0.1:{_port(server)}"
    answer = await Api(http, url, headers).ask(method, "/realms", body)
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    return answer


def refusal(answer: Answer) -> tuple[int, str, str]:
    error = answer.json["error"]
    assert error["message"]
    return answer.status, error["code"], error["field"]


WRONG = [
    {},
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer "},
    {"Authorization": TOKEN},
    {"Authorization": f"Basic {TOKEN}"},
    {"Authorization": f"Token {TOKEN}"},
    {"Authorization": f"Bearer{TOKEN}"},
    {"Authorization": f"Bearer {TOKEN[:-1]}"},
    {"Authorization": f"Bearer {TOKEN}x"},
    {"Authorization": f"Bearer {TOKEN.upper()}"},
    {"Authorization": f"Bearer {TOKEN},{TOKEN}"},
    {"Authorization": f"Bearer {TOKEN}é"},
    {"Authorization": f'Bearer token="{TOKEN}"'},
    {"Cookie": f"token={TOKEN}"},
]


@pytest.mark.parametrize("headers", WRONG)
@pytest.mark.parametrize("request_sent", [READ, WRITE], ids=["read", "write"])
async def test_without_the_token_there_is_nothing(http: Http, headers: dict[str, str], request_sent: Any) -> None:
    async with serving(GUARDED) as server:
        answer = await told(http, server, request_sent, headers)
        assert refusal(answer) == (401, "unauthorized", "")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="control"'
        assert TOKEN not in answer.text
        assert list(server.realms) == []


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer "])
async def test_with_the_token_there_is_everything(http: Http, scheme: str) -> None:
    async with serving(GUARDED) as server:
        answer = await told(http, server, WRITE, {"Authorization": f"{scheme} {TOKEN}", "Host": "any.example"})
        assert (answer.status, [realm.name for realm in server.realms]) == (201, ["moria"])


@pytest.mark.parametrize("path", [DOCUMENT, f"{BASE}/switches", f"{BASE}/nothing", "/_harness/%0A"])
async def test_nothing_below_its_path_answers_without_the_token(http: Http, path: str) -> None:
    async with serving(GUARDED) as server:
        assert refusal(await http.send(Sent("GET", server.base_url + path))) == (401, "unauthorized", "")


async def test_a_token_of_octets_that_are_no_text_is_a_wrong_token() -> None:
    async with serving(GUARDED) as server:
        head = await _raw(server, b"GET /_harness/v1/realms HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n")
        assert head.startswith(b"HTTP/1.1 401 ")


async def test_a_server_that_others_can_reach_asks_for_a_token_it_has_to_have(http: Http) -> None:
    async with serving(replace(OPEN, host="0.0.0.0")) as server:  # noqa: S104 - that is what is tried
        for request in (READ, WRITE):
            answer = await told(http, server, request, {})
            assert refusal(answer) == (403, "forbidden", "")
            assert "--admin-token" in answer.text
        assert list(server.realms) == []
    async with serving(replace(GUARDED, host="0.0.0.0")) as server:  # noqa: S104
        assert (await told(http, server, WRITE, {"Authorization": f"Bearer {TOKEN}"})).status == 201


@pytest.mark.parametrize("token", ["", " ", "\t"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - that is what is tried
@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer"}], ids=str)
async def test_an_empty_token_lets_nobody_in(http: Http, host: str, token: str, sent: dict[str, str]) -> None:
    async with serving(ServerSettings(port=0, host=host, admin_token=token)) as server:
        for request in (READ, WRITE):
            assert refusal(await told(http, server, request, sent)) == (403, "forbidden", "")
        assert list(server.realms) == []


NAMED = replace(OPEN, public_url="https://idp.example", internal_url="http://idp.internal:8080")
HOSTS = [
    (OPEN, "127.0.0.1", True),
    (OPEN, "127.0.0.1:80", True),
    (OPEN, "localhost:9400", True),
    (OPEN, "LOCALHOST", True),
    (OPEN, "[::1]:9400", True),
    (OPEN, "evil.example", False),
    (OPEN, "evil.example:9400", False),
    (OPEN, "127.0.0.1.evil.example", False),
    (OPEN, "localhost.evil.example", False),
    # What is an address needs no DNS, so nobody else's can point here.
    (OPEN, "127.0.0.2", True),
    (replace(OPEN, host="127.0.0.2"), "127.0.0.2:9400", True),
    (OPEN, "128.0.0.1", False),
    (OPEN, "[::2]:9400", False),
    (OPEN, "[::1", False),
    (OPEN, "", False),
    (OPEN, "idp.example", False),
    # Addresses of other machines say that something hands requests on: then nobody is let in without a token.
    (NAMED, "idp.example", False),
    (NAMED, "idp.internal", False),
    (NAMED, "localhost", False),
    (NAMED, "other.example", False),
]


@pytest.mark.parametrize(("settings", "host", "let_in"), HOSTS)
async def test_the_name_it_is_called_by(settings: ServerSettings, host: str, let_in: bool) -> None:
    """A page of another site can have its name point here (DNS rebinding), and then reads what it likes."""
    async with serving(replace(settings, port=unused_port())) as server:
        head = await _raw(server, f"GET /_harness/v1/realms HTTP/1.1\r\nHost: {host}\r\n".encode())
        assert head.split(b" ")[1] == (b"200" if let_in else b"403")


async def test_a_request_without_a_name_is_refused() -> None:
    async with serving(OPEN) as server:
        assert (await _raw(server, b"GET /_harness/v1/realms HTTP/1.0\r\n")).split(b" ")[1] == b"403"


def _port(server: Server) -> int:
    return server.settings.port or int(server.base_url.rpartition(":")[2])


async def _raw(server: Server, head: bytes) -> bytes:
    """The answer to this and nothing else."""
    reader, writer = await asyncio.open_connection(server.settings.host, _port(server))
    writer.write(head + b"Connection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer


OWN = "http://127.0.0.1:{port}"
ORIGINS = [
    ({}, True),
    ({"Origin": OWN}, True),
    ({"Origin": OWN, "Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Origin": "null"}, False),
    ({"Origin": ""}, False),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "http://127.0.0.1"}, False),
    ({"Origin": "http://127.0.0.1:1"}, False),
    ({"Origin": "https://127.0.0.1:{port}"}, False),
    ({"Origin": "http://localhost:{port}"}, False),
    ({"Origin": "http://127.0.0.1:{port}.evil.example"}, False),
    ({"Origin": OWN, "Sec-Fetch-Site": "same-site"}, False),
    ({"Origin": OWN, "Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "whatever"}, False),
]


@pytest.mark.parametrize(("headers", "may_write"), ORIGINS)
@pytest.mark.parametrize("settings", [OPEN, GUARDED], ids=["open", "guarded"])
async def test_pages_of_other_sites_may_not_write(
    http: Http, settings: ServerSettings, headers: dict[str, str], may_write: bool
) -> None:
    """They may send a GET, for browsers let them; but nothing lets them read what it answers."""
    token = {"Authorization": f"Bearer {TOKEN}"}
    async with serving(settings) as server:
        sent = {name: value.format(port=_port(server)) for name, value in headers.items()}
        assert (await told(http, server, READ, {**token, **sent})).status == 200
        written = await told(http, server, WRITE, {**token, **sent})
        assert [realm.name for realm in server.realms] == (["moria"] if may_write else [])
        assert written.status == 201 if may_write else refusal(written) == (403, "forbidden", "")


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "OPTIONS"])
async def test_every_method_that_could_write_is_guarded(http: Http, method: str) -> None:
    async with serving(OPEN) as server:
        answer = await told(http, server, (method, {}), {"Origin": "https://evil.example"})
        assert refusal(answer) == (403, "forbidden", "")


async def test_the_page_of_the_public_address_may_write(http: Http) -> None:
    async with serving(replace(NAMED, port=unused_port(), admin_token=TOKEN)) as server:
        headers = {"Host": "idp.example", "Origin": "https://idp.example", "Authorization": f"Bearer {TOKEN}"}
        api = Api(http, f"http://127.0.0.1:{_port(server)}", headers)
        assert (await api.ask("POST", "/realms", {"name": "moria"})).status == 201


async def test_over_ipv6(http: Http) -> None:
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6 loopback")
    async with serving(replace(OPEN, host="::1")) as server:
        api = Api(http, server.base_url, {"Origin": server.base_url})
        assert (await api.ask("POST", "/realms", {"name": "moria"})).status == 201
        assert (await api.ask("GET", "/realms", Host="evil.example")).status == 403


def _has_ipv6() -> bool:
    with suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        return True
    return False


@pytest.mark.parametrize("url", ["https://idp.example:443", "https://IDP.example", "https://idp.example:443/below"])
async def test_its_own_pages_are_known_however_the_public_url_is_written(http: Http, url: str) -> None:
    """Browsers write an origin in small letters, and without the port that is the scheme's own (RFC 6454 6.2)."""
    port = unused_port()
    async with serving(replace(GUARDED, port=port, public_url=url)):
        headers = {"Authorization": f"Bearer {TOKEN}", "Origin": "https://idp.example"}
        answer = await Api(http, f"http://127.0.0.1:{port}", headers).ask("POST", "/realms", {"name": "moria"})
        assert answer.status == 201
