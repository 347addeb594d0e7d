"""Who may see the pages of the server: by the token typed in once, by name of host, by the page a form comes from."""

import asyncio

import pytest

from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import ServerSettings
from tests.support.http import Answer, Http, Sent

TOKEN = "speak-friend-and-enter"
GUARDED = ServerSettings(port=0, admin_token=TOKEN)
KEYS = "/_harness/realms/moria/keys"
PAGES = ["/_harness/", KEYS]


async def enter(http: Http, server: Server, token: str, towards: str = KEYS) -> Answer:
    form = [("token", token), ("towards", towards)]
    return await http.send(Sent("POST", server.base_url + "/_harness/entry", form=form))


def cookies(answer: Answer) -> dict[str, str]:
    name, _, value = answer.set_cookies[0].partition(";")[0].partition("=")
    return {name: value}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_page_asks_for_the_token_and_shows_nothing_else(http: Http, path: str, method: str) -> None:
    async with serving(GUARDED) as server:
        await server.realms.make("moria")
        answer = await http.send(Sent(method, server.base_url + path))
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="control"')
        assert answer.page.has("control-entry-page")
        assert TOKEN not in answer.text
        assert "kid" not in answer.text


async def test_whoever_types_the_token_in_goes_on_to_where_they_wanted(http: Http) -> None:
    async with serving(GUARDED) as server:
        await server.realms.make("moria")
        entered = await enter(http, server, f" {TOKEN} ")
        assert entered.location == server.base_url + KEYS
        (line,) = entered.set_cookies
        assert all(each in line for each in ("HttpOnly", "SameSite=Strict", "Path=/_harness/"))
        assert TOKEN not in line
        answer = await http.send(Sent("GET", entered.location, cookies=cookies(entered)))
        assert (answer.status, answer.page.has("control-keys-page")) == (200, True)


@pytest.mark.parametrize("towards", ["https://evil.example/", "//evil.example", "/default", "/_harness/entry", ""])
async def test_nobody_is_led_elsewhere(http: Http, towards: str) -> None:
    async with serving(GUARDED) as server:
        assert (await enter(http, server, TOKEN, towards)).location == server.base_url + "/_harness/"


@pytest.mark.parametrize("token", ["", "speak", TOKEN + "x", TOKEN.upper(), "é"])
async def test_a_wrong_token_opens_nothing(http: Http, token: str) -> None:
    async with serving(GUARDED) as server:
        answer = await enter(http, server, token)
        assert (answer.status, answer.set_cookies) == (401, ())
        assert "not the admin token" in answer.page.text_of("control-entry-error")


async def test_a_cookie_of_another_server_or_start_is_worth_nothing(http: Http) -> None:
    async with serving(GUARDED) as first, serving(GUARDED) as second:
        await second.realms.make("moria")
        value = next(iter(cookies(await enter(http, first, TOKEN)).values()))
        name = next(iter(cookies(await enter(http, second, TOKEN))))
        answer = await http.send(Sent("GET", second.base_url + KEYS, cookies={name: value}))
        assert answer.status == 401


async def test_a_cookie_of_octets_that_are_no_text_is_a_wrong_cookie() -> None:
    async with serving(GUARDED) as server:
        port = server.base_url.rpartition(":")[2]
        reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
        cookie = b"Cookie: oidc_control_" + port.encode() + b"=\xff\xfe\r\n"
        writer.write(b"GET /_harness/ HTTP/1.1\r\nHost: x\r\n" + cookie + b"Connection: close\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 401 ")
        writer.close()


async def test_without_a_token_there_is_nothing_to_enter(http: Http, server: Server) -> None:
    answer = await enter(http, server, "")
    assert (answer.status, answer.set_cookies) == (401, ())
    assert (await http.send(Sent("GET", server.base_url + "/_harness/"))).page.has("control-page")


FOREIGN = [
    {"Host": "evil.example"},
    {"Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_what_comes_from_elsewhere_is_refused(http: Http, server: Server, headers: dict[str, str]) -> None:
    await server.realms.make("moria")
    answer = await http.send(Sent("POST", server.base_url + KEYS, form=[("action", "publish")], headers=headers))
    assert (answer.status, answer.page.has("control-refused-page")) == (403, True)


async def test_a_server_others_can_reach_without_a_token_shows_no_page(http: Http) -> None:
    async with serving(ServerSettings(port=0, host="0.0.0.0")) as server:  # noqa: S104 - that is what is tried
        await server.realms.make("moria")
        port = server.base_url.rpartition(":")[2]
        for path in PAGES:
            answer = await http.send(Sent("GET", f"http://127.0.0.1:{port}{path}"))
            assert (answer.status, answer.page.has("control-refused-page")) == (403, True)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_not_taken(http: Http, server: Server, method: str) -> None:
    answer = await http.send(Sent(method, server.base_url + "/_harness/"))
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize(("body", "status"), [(b"\xff=1", 400), (b"{}", 400), (b"a" * 300_000, 413)])
async def test_what_is_no_form_is_refused_in_words(http: Http, server: Server, body: bytes, status: int) -> None:
    await server.realms.make("moria")
    kind = "application/json" if body == b"{}" else "application/x-www-form-urlencoded"
    sent = Sent("POST", server.base_url + KEYS, body=body, headers={"Content-Type": kind})
    answer = await http.send(sent)
    assert (answer.status, bool(answer.page.text_of("control-refused"))) == (status, True)
