"""Session Management 1.0 over HTTP: what responses tell, which cookie scripts may read, and who may frame what."""

import re
import socket
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.protocol.response_type import RESPONSE_TYPES
from oidc_harness.services import applications
from oidc_harness.services.errors import Invalid
from oidc_harness.switches.redirection import IssParamWrong
from oidc_harness.web.server import serving
from oidc_harness.web.settings import ServerSettings
from tests.support import records
from tests.support.client import Client
from tests.support.http import Answer, Http, Sent
from tests.support.world import AUTOMATIC, MakeWorld, World

COOKIE = "oidc_user_agent_state_"
PATH = "/check_session"
GRANTS = ("authorization_code", "implicit", "refresh_token")


def recomputed(told: str, client_id: str, origin: str, state: str) -> str:
    """As the section describes it; the salt is behind the point."""
    salt = told.partition(".")[2]
    assert len(salt) == 22
    return sha256(f"{client_id} {origin} {state} {salt}".encode()).hexdigest() + "." + salt


def told_by(answer: Answer) -> str:
    """The Session State of a response; it has no space in it (2)."""
    told = answer.redirect.parameters["session_state"]
    assert " " not in told
    return told


def is_told(answer: Answer, client: Client, state: str, origin: str = "https://rp.example") -> None:
    told = told_by(answer)
    assert told == recomputed(told, client.id, origin, state)


def browser(world: World, **cookies: str) -> dict[str, str]:
    return {f"oidc_{name}_{world.realm.name}": value for name, value in cookies.items()}


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
async def test_every_way_back_tells_it(mode: str, world: World) -> None:
    client = await world.people()
    answer = await client.authorize(response_mode=mode)
    assert answer.redirect.mode == mode
    is_told(answer, client, answer.cookie(COOKIE) or "none")


@pytest.mark.parametrize("response_type", RESPONSE_TYPES)
async def test_every_response_type_tells_it(response_type: str, world: World) -> None:
    client = await world.people(response_types=RESPONSE_TYPES, grant_types=GRANTS)
    answer = await client.authorize(response_type=response_type)
    is_told(answer, client, answer.cookie(COOKIE) or "none")


@pytest.mark.parametrize(
    ("redirect_uri", "origin"),
    [
        ("https://rp.example:443/cb", "https://rp.example"),
        ("http://rp.example:80/cb?a=b", "http://rp.example"),
        ("https://RP.Example:8443/cb", "https://rp.example:8443"),
        ("https://[2001:DB8::1]:8443/cb", "https://[2001:db8::1]:8443"),
        ("com.rp.app:/cb", "null"),
    ],
)
async def test_the_origin_is_that_of_the_answer(redirect_uri: str, origin: str, world: World) -> None:
    kind = "native" if origin == "null" else "web"
    client = await world.people(redirect_uris=(redirect_uri,), application_type=kind)
    answer = await client.authorize()
    is_told(answer, client, answer.cookie(COOKIE) or "none", origin)


@pytest.mark.parametrize("asked", [{}, {"prompt": "login", "login_hint": "nobody"}], ids=["answer", "error"])
async def test_a_switch_can_lie_about_it(asked: dict[str, Any], world: World) -> None:
    """It goes through the seam of redirections with everything else that a client is told."""
    client = await world.people()
    world.realm.arm(IssParamWrong())
    answer = await client.authorize(**asked)
    [fired] = world.last.fired
    assert dict(fired.honest.parameters)["session_state"] == told_by(answer)


ERRORS: list[dict[str, Any]] = [
    {"prompt": "none"},
    {"prompt": "none", "response_mode": "form_post"},
    {"scope": "openid openid-and-more", "response_type": "code token"},
    {"response_type": "token", "nonce": None},
    {"request": "x"},
    {"max_age": "-1"},
]


@pytest.mark.parametrize("asked", ERRORS, ids=str)
@pytest.mark.parametrize("state", ["", "s" * 43], ids=["nobody was here", "somebody was"])
async def test_an_error_tells_what_the_browser_holds(state: str, asked: dict[str, Any], make_world: MakeWorld) -> None:
    world = await make_world(RealmPolicy())
    client = await world.people()
    cookies = browser(world, user_agent_state=state) if state else {}
    answers = [await client.authorize(cookies=cookies, **asked) for _ in range(2)]
    for answer in answers:
        assert "error" in answer.redirect.parameters
        is_told(answer, client, state)
        assert answer.cookie(COOKIE) is None
    # It varies with each request, so that nobody is recognised by it (3.2).
    assert told_by(answers[0]) != told_by(answers[1])


async def test_one_session_keeps_one_state(world: World) -> None:
    client = await world.people()
    first = await client.authorize()
    state = first.cookie(COOKIE) or ""
    cookies = browser(world, session=first.cookie("oidc_session_") or "", user_agent_state=state)
    second = await client.authorize(cookies=cookies)
    is_told(second, client, state)
    assert second.set_cookies == ()
    other = await world.client(id="other", redirect_uris=("https://other.example/cb",))
    answer = await other.authorize(cookies=cookies)
    is_told(answer, other, state, "https://other.example")
    assert answer.set_cookies == ()
    assert len({told_by(each) for each in (first, second, answer)}) == 3


@pytest.mark.parametrize("held", [None, "s" * 43], ids=["lost", "of another session"])
async def test_a_browser_that_lacks_the_state_of_its_session_is_given_it(held: str | None, world: World) -> None:
    client = await world.people()
    session = (await client.authorize()).cookie("oidc_session_") or ""
    cookies = browser(world, session=session) | ({} if held is None else browser(world, user_agent_state=held))
    answer = await client.authorize(cookies=cookies)
    assert answer.cookie(COOKIE) not in (None, held)
    is_told(answer, client, answer.cookie(COOKIE) or "")


async def test_the_state_is_another_one_after_each_sign_in_and_tells_nothing(world: World) -> None:
    client = await world.people()
    states = {(await client.authorize()).cookie(COOKIE) for _ in range(3)}
    assert len(states) == 3
    for session in await world.all(Session):
        # Nothing of the store is in it, neither in the clear nor hashed once.
        assert states.isdisjoint({session.id, session.sid, session.user_id})


async def test_the_login_page_sets_it_and_the_logout_page_takes_it_away(make_world: MakeWorld) -> None:
    world = await make_world(RealmPolicy())
    client = await world.people()
    begun = await client.authorize()
    cookies = browser(world, browser=begun.cookie("oidc_browser_") or "")
    path = begun.location.removeprefix(world.issuer)
    form = [("username", "alice"), ("password", records.PASSWORD)]
    entered = await world.send("POST", path, form=form, cookies=cookies)
    state = entered.cookie(COOKIE) or ""
    assert len(state) == 43
    cookies |= browser(world, session=entered.cookie("oidc_session_") or "", user_agent_state=state)
    question = await world.get_page("/end_session", cookies=cookies)
    leave, control = question.page.form_of("logout-confirm")
    left = await world.send("POST", "/end_session", form=leave.pairs({}, control), cookies=cookies)
    assert (left.cookie(COOKIE), left.cookie("oidc_session_")) == ("", "")
    assert all("Max-Age=0" in line for line in left.set_cookies)


async def test_scripts_may_read_it_in_the_realm_alone(world: World) -> None:
    answer = await (await world.people()).authorize()
    [line] = [each for each in answer.set_cookies if each.startswith(COOKIE)]
    assert line.partition(";")[2] == f" Path=/{world.realm.name}; SameSite=Lax"


async def test_with_tls_it_goes_into_the_pages_of_other_sites(http: Http) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    # TLS ends before the server; that is all the same to browsers.
    async with serving(ServerSettings(port=port, public_url="https://op.example")) as server:
        world = World(await server.realms.make("shop", AUTOMATIC), http)
        client = await world.people()
        query = [("client_id", client.id), ("response_type", "code"), ("redirect_uri", records.REDIRECT_URI)]
        url = f"http://127.0.0.1:{port}/shop/authorize"
        answer = await http.send(Sent("GET", url, query=[*query, ("scope", "openid")]))
    session, state = answer.set_cookies
    assert session.endswith("; Path=/shop; HttpOnly; SameSite=Lax; Secure")
    assert state.endswith("; Path=/shop; SameSite=None; Secure")


async def test_the_iframe_is_where_the_metadata_say(world: World) -> None:
    metadata = (await world.send("GET", "/.well-known/openid-configuration")).json
    assert metadata["check_session_iframe"] == world.issuer + PATH
    answer = await world.http.send(Sent("GET", metadata["check_session_iframe"]))
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.set_cookies == ()
    assert f'data-cookie="{COOKIE}{world.realm.name}"' in answer.text
    head = await world.send("HEAD", PATH)
    assert (head.status, head.text) == (200, "")


async def test_everybody_may_frame_it_and_only_its_own_script_runs(world: World) -> None:
    answer = await world.get_page(PATH)
    assert "X-Frame-Options" not in answer.headers
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy.keys() == {"default-src", "script-src", "base-uri"}
    assert (policy["default-src"], policy["base-uri"]) == ("'none'", "'none'")
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", policy["script-src"])


@pytest.mark.parametrize("path", ["", "/login", "/end_session", "/authorize"])
async def test_nobody_may_frame_anything_else(path: str, world: World) -> None:
    answer = await world.get_page(path)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


async def test_it_is_only_fetched(world: World) -> None:
    answer = await world.send("POST", PATH)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


async def test_the_page_is_the_same_for_everybody(world: World) -> None:
    client = await world.people()
    cookies = browser(world, session=(await client.authorize()).cookie("oidc_session_") or "")
    assert (await world.get_page(PATH, cookies=cookies)).text == (await world.get_page(PATH)).text


async def test_a_uri_whose_query_would_hide_it_is_not_registered(world: World) -> None:
    uri = "https://rp.example/cb?session_state=mine"
    draft = replace(records.application(), redirect_uris=(uri,))
    with pytest.raises(Invalid, match="session_state"):
        async with world.realm.transaction() as circumstances:
            await applications.create(circumstances, draft)
