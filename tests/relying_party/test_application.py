"""The web application around a client, up to where a provider is needed for more than its metadata."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, urlsplit

import aiohttp
import pytest
from aiohttp import web

from oidc_harness.relying_party.application import Application
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.careless import CarelessClient
from oidc_harness.relying_party.client import Client
from oidc_harness.relying_party.registration import Registration
from oidc_harness.relying_party.serving import base_url, listen, serving
from oidc_harness.relying_party.user_agent import UserAgent
from tests.relying_party.local_servers import Serve

Make = Callable[[Registration], Client]


@dataclass
class Site:
    """A client's application, and the issuer it was given."""

    url: str
    issuer: str
    asked: list[str]


async def start(serve: Serve, stack: AsyncExitStack, make: Make, **extra: object) -> Site:
    asked: list[str] = []

    async def discovery(request: web.Request) -> web.Response:
        asked.append(request.path)
        base = f"http://{request.host}"
        document = {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/jwks",
            "end_session_endpoint": f"{base}/end-session",
        }
        return web.json_response(document | extra)

    async def token(request: web.Request) -> web.Response:
        asked.append(f"{request.path} {parse_qs(await request.text())['code']}")
        return web.json_response({"error": "invalid_grant", "error_description": "<spent>"}, status=400)

    issuer = await serve([web.get("/.well-known/openid-configuration", discovery), web.post("/token", token)])
    listener = listen()
    own = base_url(listener)
    registration = Registration(issuer, "client-1", "secret", f"{own}/callback", f"{own}/logged-out")
    application = Application(make(registration)).web_application()
    return Site(await stack.enter_async_context(serving(application, listener)), issuer, asked)


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


@pytest.fixture
async def agent() -> AsyncIterator[UserAgent]:
    async with UserAgent() as opened:
        yield opened


async def open_login(site: Site, agent: UserAgent, query: str = "") -> dict[str, str]:
    """Start a login; the parameters of the authorization request, which this provider has no page for."""
    visit = await agent.get(f"{site.url}/login{query}")
    assert visit.page.url.startswith(f"{site.issuer}/authorize?")
    return {name: values[0] for name, values in parse_qs(urlsplit(visit.page.url).query).items()}


async def test_the_query_of_a_login_is_passed_on(serve: Serve, stack: AsyncExitStack, agent: UserAgent) -> None:
    site = await start(serve, stack, CarefulClient)
    request = await open_login(site, agent, "?prompt=login&login_hint=ann&max_age=60&acr_values=gold&evil=1")
    assert {name: request[name] for name in ("prompt", "login_hint", "max_age", "acr_values")} == {
        "prompt": "login",
        "login_hint": "ann",
        "max_age": "60",
        "acr_values": "gold",
    }
    assert "evil" not in request
    assert (request["redirect_uri"], request["code_challenge_method"]) == (f"{site.url}/callback", "S256")


async def test_every_login_has_its_own_state(serve: Serve, stack: AsyncExitStack, agent: UserAgent) -> None:
    site = await start(serve, stack, CarefulClient)
    first, second = await open_login(site, agent), await open_login(site, agent)
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


REFUSED_ANSWERS = [
    ("unknown_state", "code=c"),
    ("unknown_state", "code=c&state="),
    ("unknown_state", "code=c&state={state}x"),
    ("unknown_state", "error=access_denied"),
    ("repeated_parameter", "code=c&code=d&state={state}"),
    ("repeated_parameter", "code=c&state={state}&state={state}"),
    ("no_code", "state={state}"),
    ("no_code", "code=&state={state}"),
    ("iss_mismatch", "code=c&state={state}&iss=http://evil.example"),
    ("iss_mismatch", "error=access_denied&state={state}&iss=http://evil.example"),
    ("access_denied", "error=access_denied&error_description=no&state={state}&iss={issuer}"),
    ("<script>alert(1)</script>", "error=%3Cscript%3Ealert(1)%3C/script%3E&state={state}"),
    ("too_many_parameters", "&".join(f"p{number}=1" for number in range(51))),
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("code", "answer"), REFUSED_ANSWERS)
async def test_an_answer_that_is_refused_before_the_code_is_used(
    serve: Serve, stack: AsyncExitStack, agent: UserAgent, method: str, code: str, answer: str
) -> None:
    site = await start(serve, stack, CarefulClient)
    state = (await open_login(site, agent))["state"]
    text = answer.format(state=state, issuer=site.issuer)
    callback = f"{site.url}/callback"
    if method == "GET":
        visit = await agent.get(f"{callback}?{text}")
    else:
        visit = await agent.post(callback, parse_qsl(text, keep_blank_values=True))
    assert (visit.page.status, visit.page.text_of("error-code")) == (400, code)
    assert "<script>" not in visit.page.text
    assert not any("/token" in path for path in site.asked)
    assert (await agent.probe(f"{site.url}/whoami")).status == 401


async def test_a_missing_iss_is_refused_where_it_was_announced(
    serve: Serve, stack: AsyncExitStack, agent: UserAgent
) -> None:
    site = await start(serve, stack, CarefulClient, authorization_response_iss_parameter_supported=True)
    state = (await open_login(site, agent))["state"]
    visit = await agent.get(f"{site.url}/callback?code=c&state={state}")
    assert visit.page.text_of("error-code") == "iss_missing"
    assert not any("/token" in path for path in site.asked)


async def test_a_state_counts_for_the_browser_that_got_it(
    serve: Serve, stack: AsyncExitStack, agent: UserAgent
) -> None:
    site = await start(serve, stack, CarefulClient)
    state = (await open_login(site, agent))["state"]
    async with UserAgent() as other:
        visit = await other.get(f"{site.url}/callback?code=c&state={state}")
    assert visit.page.text_of("error-code") == "unknown_state"
    assert not any("/token" in path for path in site.asked)


async def test_a_code_is_redeemed_once_and_its_state_is_spent(
    serve: Serve, stack: AsyncExitStack, agent: UserAgent
) -> None:
    site = await start(serve, stack, CarefulClient)
    state = (await open_login(site, agent))["state"]
    first = await agent.get(f"{site.url}/callback?code=c&state={state}")
    again = await agent.get(f"{site.url}/callback?code=c&state={state}")
    assert (first.page.text_of("error-code"), first.page.text_of("error-reason")) == ("invalid_grant", "<spent>")
    assert again.page.text_of("error-code") == "unknown_state"
    assert [path for path in site.asked if "/token" in path] == ["/token ['c']"]


async def test_other_open_logins_survive_a_refused_one(serve: Serve, stack: AsyncExitStack, agent: UserAgent) -> None:
    site = await start(serve, stack, CarefulClient)
    state = (await open_login(site, agent))["state"]
    await open_login(site, agent)
    await agent.get(f"{site.url}/callback?error=access_denied")
    visit = await agent.get(f"{site.url}/callback?code=c&state={state}")
    assert visit.page.text_of("error-code") == "invalid_grant"


async def test_the_careless_client_starts_again_by_itself_three_times_in_all(
    serve: Serve, stack: AsyncExitStack, agent: UserAgent
) -> None:
    site = await start(serve, stack, CarelessClient)
    await open_login(site, agent)
    pages = [(await agent.get(f"{site.url}/callback?error=access_denied&state=anything")).page for _ in range(3)]
    assert [urlsplit(page.url).path for page in pages] == ["/authorize", "/authorize", "/callback"]
    assert pages[-1].text_of("error-code") == "access_denied"


async def test_the_careless_client_redeems_a_code_of_any_state_again_and_again(
    serve: Serve, stack: AsyncExitStack, agent: UserAgent
) -> None:
    site = await start(serve, stack, CarelessClient)
    await open_login(site, agent)
    await agent.get(f"{site.url}/callback?code=c&state=wrong&iss=http://evil.example")
    assert [path for path in site.asked if "/token" in path] == ["/token ['c']"] * 3


@pytest.mark.parametrize("make", [CarefulClient, CarelessClient])
async def test_a_provider_that_is_not_there_is_told(serve: Serve, stack: AsyncExitStack, make: Make) -> None:
    registration = Registration("http://127.0.0.1:1", "c", None, "http://rp/cb", "http://rp/", auth_method="none")
    application = Application(make(registration)).web_application()
    url = await stack.enter_async_context(serving(application, listen()))
    async with UserAgent() as agent:
        visit = await agent.get(f"{url}/login")
    assert (visit.page.status, visit.page.has("error-page")) == (502, True)


async def test_a_metadata_document_of_another_issuer_ends_it(
    serve: Serve, stack: AsyncExitStack, agent: UserAgent
) -> None:
    site = await start(serve, stack, CarefulClient, issuer="http://evil.example")
    visit = await agent.get(f"{site.url}/login")
    assert (visit.page.status, visit.page.text_of("error-code")) == (502, "wrong_issuer")


async def test_metadata_is_fetched_once(serve: Serve, stack: AsyncExitStack, agent: UserAgent) -> None:
    site = await start(serve, stack, CarefulClient)
    for _ in range(3):
        await open_login(site, agent)
    assert site.asked == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/whoami", 401),
        ("POST", "/refresh", 401),
        ("GET", "/refresh", 405),
        ("POST", "/api", 401),
        ("GET", "/api", 401),
        ("GET", "/logged-out", 200),
        ("GET", "/logged-out?state=unknown", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/login?max_age=soon", 400),
        ("GET", "/login?" + "&".join("a=b" for _ in range(51)), 400),
        ("GET", "/callback?%FF=%00&state=%C3%28", 400),
    ],
)
async def test_nobody_is_signed_in(serve: Serve, stack: AsyncExitStack, method: str, path: str, status: int) -> None:
    site = await start(serve, stack, CarefulClient)
    async with aiohttp.ClientSession() as session, session.request(method, site.url + path) as response:
        assert response.status == status


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 400),
        (b"\xff\x00=&&;", "application/x-www-form-urlencoded", 400),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x", 400),
        (b"a=" + b"b" * 70_000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_a_callback_that_is_no_form_is_refused(
    serve: Serve, stack: AsyncExitStack, body: bytes, content_type: str, status: int
) -> None:
    site = await start(serve, stack, CarefulClient)
    headers = {"Content-Type": content_type}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{site.url}/callback", data=body, headers=headers) as response,
    ):
        assert response.status == status


async def test_the_cookie_is_for_http_alone_and_stays_on_the_site(serve: Serve, stack: AsyncExitStack) -> None:
    site = await start(serve, stack, CarefulClient)
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{site.url}/login", allow_redirects=False) as response,
    ):
        (cookie,) = response.headers.getall("Set-Cookie")
    assert response.status == 302
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_two_clients_on_one_host_do_not_share_a_cookie(
    serve: Serve, stack: AsyncExitStack, agent: UserAgent
) -> None:
    first = await start(serve, stack, CarefulClient)
    second = await start(serve, stack, CarefulClient)
    state = (await open_login(first, agent))["state"]
    await open_login(second, agent)
    assert len(agent.cookies(first.url)) == 2
    visit = await agent.get(f"{first.url}/callback?code=c&state={state}")
    assert visit.page.text_of("error-code") == "invalid_grant"
