"""Generated garbage at every endpoint: never a fault of ours, a hang, or a redirect to an unregistered place.

That nothing went wrong inside the server is checked by the `server` fixture, which reads the journals at the end.
"""

import asyncio
import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.provider import table as provider
from oidc_harness.web.pages import table as pages
from tests.flows import garbage
from tests.support import records
from tests.support.client import changed
from tests.support.http import FORM, Answer, Sent
from tests.support.world import AUTOMATIC, MakeWorld, World

pytestmark = pytest.mark.property

ENDPOINTS = tuple(dict.fromkeys(endpoint.path.replace("{client_id}", "web") for endpoint in provider.ENDPOINTS))
PAGES = tuple(dict.fromkeys(page.path for page in pages.PAGES))
TAKES_FORMS = tuple(
    dict.fromkeys(each.path for each in provider.ENDPOINTS if "POST" in each.methods and each.body != "json")
)
CONTROL = ("/_harness/", "/_harness/entry", "/_harness/realms/realm-1/keys", "/_harness/realms/none/keys")
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW")
OURS = re.compile(r"/(login|consent|authorize|end_session|sign_up|invitation)(\?|$)")
CLIENTS = re.compile(r"(https://rp\.example/callback|http://(127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?/native)([?#]|$)")
AUTHORIZATION = {
    "client_id": "web",
    "response_type": "code",
    "scope": "openid",
    "redirect_uri": records.REDIRECT_URI,
    "state": "s",
}

# One server takes all the examples of a test: what one leaves behind may be what the next one trips over.
SHARED = [HealthCheck.function_scoped_fixture]


def examples(number: int) -> settings:
    return settings(max_examples=number, deadline=None, suppress_health_check=SHARED)


@pytest.fixture(params=["auto", "form"])
async def inhabited(request: pytest.FixtureRequest, make_world: MakeWorld) -> World:
    policy = replace(AUTOMATIC, dynamic_registration="open") if request.param == "auto" else RealmPolicy()
    world = await make_world(policy)
    await world.people()
    await world.client(id="app", application_type="native", redirect_uris=(garbage.LOOPBACK_URI, garbage.IPV6_URI))
    return world


def check(answer: Answer, world: World) -> None:
    """The answer is one of ours, and leads nobody astray."""
    assert answer.status < 500, answer.text
    location = answer.headers.get("Location")
    if location is not None:
        own = location.removeprefix(world.issuer)
        assert (own != location and OURS.match(own)) or CLIENTS.match(location), location
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        for form in answer.page.forms:
            assert form.action.startswith(world.issuer + "/") or CLIENTS.match(form.action), form.action
    for name, value in answer.headers.items():
        assert not re.search(r"[\r\n]", name + value)
        assert "attacker" not in value or name == "Location"


@examples(150)
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(ENDPOINTS + PAGES),
    query=garbage.pairs,
    form=garbage.pairs,
)
async def test_any_parameters(
    method: str, path: str, query: list[tuple[str, str]], form: list[tuple[str, str]], inhabited: World
) -> None:
    body = form if method == "POST" else None
    check(await inhabited.send(method, path, query=query, form=body), inhabited)


@examples(150)
@given(method=st.sampled_from(METHODS), path=st.sampled_from(CONTROL), query=garbage.pairs, form=garbage.pairs)
async def test_any_parameters_at_the_pages_of_the_server(
    method: str, path: str, query: list[tuple[str, str]], form: list[tuple[str, str]], world: World
) -> None:
    url = world.issuer.removesuffix("/realm-1") + path
    answer = await world.http.send(Sent(method, url, query, form if method == "POST" else None))
    assert answer.status < 500, answer.text
    assert answer.headers.get("Location", url).startswith(world.issuer.removesuffix("/realm-1") + "/_harness/")


@examples(200)
@given(changes=garbage.override(AUTHORIZATION), method=st.sampled_from(("GET", "POST")))
async def test_an_authorization_request_with_a_few_things_wrong(
    changes: dict[str, Any], method: str, inhabited: World
) -> None:
    pairs = changed(AUTHORIZATION, changes)
    if len(urlencode(pairs)) > 7000:
        method = "POST"
    place: dict[str, Any] = {"query": pairs} if method == "GET" else {"form": pairs}
    check(await inhabited.send(method, "/authorize", **place), inhabited)


@examples(300)
@given(
    uri=garbage.redirect_uris,
    client_id=st.sampled_from(("app", "web")),
    rest=st.sampled_from(({}, {"prompt": "none"}, {"response_type": "x"}, {"response_mode": "form_post"})),
)
async def test_redirect_uris_that_nearly_fit(
    uri: str, client_id: str, rest: Mapping[str, str], inhabited: World
) -> None:
    pairs = changed(AUTHORIZATION, {**rest, "redirect_uri": uri, "client_id": client_id})
    check(await inhabited.send("POST", "/authorize", form=pairs), inhabited)
    logout = [("client_id", client_id), ("post_logout_redirect_uri", uri)]
    check(await inhabited.send("GET", "/end_session", query=logout), inhabited)


@examples(150)
@given(path=st.sampled_from(ENDPOINTS + PAGES), headers=garbage.headers, body=garbage.bodies)
async def test_any_headers_and_bodies(path: str, headers: dict[str, str], body: bytes, inhabited: World) -> None:
    """Written to the socket by hand: no HTTP library has a say in it."""
    lines = {"Host": "127.0.0.1", "Content-Type": FORM, "Connection": "close", **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    status = await raw(
        inhabited,
        f"POST /{inhabited.realm.name}{path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode("latin-1")
        + body,
    )
    assert status is not None
    assert status < 500


REQUEST_LINE = "{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@examples(150)
@given(octets=garbage.messages)
async def test_any_octets(octets: bytes, inhabited: World) -> None:
    status = await raw(inhabited, octets, ends=True)
    assert status is None or status < 500
    assert (await inhabited.send("GET", "/jwks")).status == 200


TARGETS = (
    "/realm-1/authorize?{}",
    "/{}/authorize",
    "/realm-1/{}",
    "/{}",
    "*",
    "http://attacker.example/realm-1/authorize?{}",
)


@examples(150)
@given(target=st.sampled_from(TARGETS), filling=garbage.visible)
async def test_any_target(target: str, filling: str, inhabited: World) -> None:
    line = REQUEST_LINE.format(method="GET", target=target.replace("{}", filling))
    status = await raw(inhabited, line.encode("latin-1"))
    assert status is not None
    assert status < 500


async def raw(world: World, octets: bytes, *, ends: bool = False) -> int | None:
    """The status of the answer to these octets; None where the server hung up without one. Fails where it hangs.

    `ends`: nothing follows, which a server that waits for more has to be told.
    """
    address = urlsplit(world.issuer)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        writer.write(octets)
        if ends:
            writer.write_eof()
        async with asyncio.timeout(20):
            answer = await reader.read()
    except ConnectionError:
        return None
    finally:
        writer.close()
    found = re.match(rb"HTTP/1\.[01] ([0-9]{3}) ", answer)
    return int(found[1]) if found else None


LARGE: list[tuple[str, bytes, dict[str, str]]] = [
    ("a large form", b"a=" + b"x" * 1_000_000, {}),
    ("a large value", b"client_id=" + b"x" * 200_000, {}),
    ("many parameters", b"&".join(b"p%d=1" % number for number in range(20_000)), {}),
    ("one name many times", b"&".join([b"scope=openid"] * 20_000), {}),
    ("nothing but signs", b"&=" * 100_000, {}),
    ("percent signs", b"a=" + b"%" * 200_000, {}),
    ("a compressed nothing", b"\x1f\x8b\x08", {"Content-Encoding": "gzip"}),
    ("an unknown encoding", b"a=b", {"Content-Encoding": "zebra"}),
    ("what is not compressed", b"client_id=web", {"Content-Encoding": "gzip"}),
    ("what is not deflated", b"client_id=web", {"Content-Encoding": "deflate"}),
]


@pytest.mark.parametrize(("what", "body", "headers"), LARGE, ids=[each[0] for each in LARGE])
@pytest.mark.parametrize("path", TAKES_FORMS + PAGES)
@pytest.mark.parametrize("inhabited", ["form"], indirect=True)
async def test_large_and_packed_bodies(
    what: str, body: bytes, headers: dict[str, str], path: str, inhabited: World
) -> None:
    sent = Sent("POST", inhabited.issuer + path, body=body, headers={"Content-Type": FORM, **headers})
    check(await inhabited.http.send(sent), inhabited)


async def test_a_small_body_that_unpacks_to_a_large_one(inhabited: World) -> None:
    packed = zlib.compress(b"a=" + b"x" * 50_000_000)
    headers = {"Content-Type": FORM, "Content-Encoding": "deflate"}
    answer = await inhabited.send("POST", "/token", body=packed, headers=headers)
    assert answer.status == 413
