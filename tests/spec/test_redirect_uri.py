"""Redirect URIs: compared character by character, any port on loopback for native applications (A5, F5).

Whatever is wrong with one, the browser stays where it is (RFC 6749 4.1.2.1).
"""

from typing import Any

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.redirect_uri import (
    RESPONSE_PARAMETERS,
    match_redirect_uri,
    why_not_registrable,
    why_query_collides,
)
from tests.support import records
from tests.support.refusals import told_person
from tests.support.world import AUTOMATIC, MakeWorld, World

WEB = "https://rp.example/callback"
QUERY = "https://rp.example/callback?bar=foo"
LOOPBACK = "http://127.0.0.1/callback"

MATCHES = [
    ("web", WEB, WEB),
    ("web", QUERY, QUERY),
    ("web", "http://127.0.0.1:8080/callback", "http://127.0.0.1:8080/callback"),
    ("native", "myapp://callback", "myapp://callback"),
    ("native", "com.example.app:/callback", "com.example.app:/callback"),
    ("native", LOOPBACK, "http://127.0.0.1/callback"),
    ("native", LOOPBACK, "http://127.0.0.1:51004/callback"),
    ("native", LOOPBACK, "http://127.0.0.1:1/callback"),
    ("native", LOOPBACK, "http://127.0.0.1:65535/callback"),
    ("native", "http://127.0.0.1:3000/callback", "http://127.0.0.1/callback"),
    ("native", "http://127.0.0.1:3000/callback", "http://127.0.0.1:4000/callback"),
    ("native", "http://[::1]/callback", "http://[::1]:51004/callback"),
    ("native", "http://localhost/callback", "http://localhost:51004/callback"),
    ("native", "http://127.0.0.1", "http://127.0.0.1:51004"),
    ("native", "http://127.0.0.1/cb?a=b", "http://127.0.0.1:51004/cb?a=b"),
    ("native", WEB, WEB),
]
DIFFERS = [
    ("web", WEB, WEB + "/"),
    ("web", WEB, WEB + "?"),
    ("web", WEB, WEB + "#"),
    ("web", WEB, WEB + "#fragment"),
    ("web", WEB, WEB + "?bar=foo"),
    ("web", WEB, WEB + "%20"),
    ("web", WEB, " " + WEB),
    ("web", WEB, WEB + "\n"),
    ("web", WEB, "https://rp.example/Callback"),
    ("web", WEB, "https://RP.example/callback"),
    ("web", WEB, "HTTPS://rp.example/callback"),
    ("web", WEB, "http://rp.example/callback"),
    ("web", WEB, "https://rp.example:443/callback"),
    ("web", WEB, "https://rp.example./callback"),
    ("web", WEB, "https://user@rp.example/callback"),
    ("web", WEB, "https://rp.example/x/../callback"),
    ("web", WEB, "https://rp.example/%63allback"),
    ("web", WEB, "https://rp.example.attacker.example/callback"),
    ("web", WEB, "https://attacker.example/?https://rp.example/callback"),
    ("web", WEB, "https://rp.example@attacker.example/callback"),
    ("web", WEB, "//rp.example/callback"),
    ("web", WEB, "/callback"),
    ("web", QUERY, WEB),
    ("web", QUERY, WEB + "?bar=foo&baz=1"),
    ("web", QUERY, WEB + "?bar=fo"),
    ("web", LOOPBACK, "http://127.0.0.1:51004/callback"),
    ("native", WEB, "https://rp.example:8443/callback"),
    ("native", LOOPBACK, "https://127.0.0.1:51004/callback"),
    ("native", LOOPBACK, "http://127.0.0.1:51004/other"),
    ("native", LOOPBACK, "http://127.0.0.1:51004/callback?"),
    ("native", LOOPBACK, "http://127.0.0.1:51004/callback?a=b"),
    ("native", LOOPBACK, "http://127.0.0.1:51004/callback#"),
    ("native", LOOPBACK, "http://127.0.0.2:51004/callback"),
    ("native", LOOPBACK, "http://localhost:51004/callback"),
    ("native", LOOPBACK, "http://[::1]:51004/callback"),
    ("native", LOOPBACK, "http://user@127.0.0.1:51004/callback"),
    ("native", LOOPBACK, "http://127.0.0.1:80@attacker.example/callback"),
    ("native", LOOPBACK, "http://127.0.0.1\\@attacker.example/callback"),
    ("native", LOOPBACK, "http://127.0.0.1:/callback"),
    ("native", LOOPBACK, "http://127.0.0.1:65536/callback"),
    ("native", LOOPBACK, "http://127.0.0.1:-1/callback"),
    ("native", LOOPBACK, "http://127.0.0.1:٣/callback"),
    ("native", LOOPBACK, "http://127.0.0.1:8\r\n0/callback"),
    ("native", LOOPBACK, "http://127.0.0.1:80/call\tback"),
    ("native", LOOPBACK, "\x01http://127.0.0.1:80/callback"),
    ("native", LOOPBACK, "HTTP://127.0.0.1:80/callback"),
    ("native", LOOPBACK, "http://127.0.0.1.attacker.example/callback"),
    ("native", "http://[::1]/callback", "http://[::1]attacker.example/callback"),
    ("native", "http://[::1]/callback", "http://[::1/callback"),
    ("native", "myapp://callback", "myapp://callback/"),
    ("native", "myapp://callback", "myapp:80//callback"),
]


@pytest.mark.parametrize(("kind", "registered", "asked"), MATCHES)
def test_matches(kind: str, registered: str, asked: str) -> None:
    application = records.application(application_type=kind)
    assert match_redirect_uri(asked, ("https://elsewhere.example/", registered), application)


@pytest.mark.parametrize(("kind", "registered", "asked"), DIFFERS)
def test_differs(kind: str, registered: str, asked: str) -> None:
    application = records.application(application_type=kind)
    assert not match_redirect_uri(asked, (registered,), application)


@pytest.mark.parametrize(("kind", "registered", "asked"), MATCHES)
async def test_the_answer_goes_there(kind: str, registered: str, asked: str, world: World) -> None:
    await world.people()
    client = await world.client(id="other", application_type=kind, redirect_uris=(registered,))
    answer = await client.authorize(redirect_uri=asked)
    assert answer.location.startswith(asked + ("&" if "?" in asked else "?") + "code=")


@pytest.mark.parametrize(("kind", "registered", "asked"), DIFFERS)
async def test_nobody_is_sent_there(kind: str, registered: str, asked: str, world: World) -> None:
    await world.people()
    client = await world.client(id="other", application_type=kind, redirect_uris=(registered,))
    for method in ("GET", "POST"):
        told_person(await client.authorize(method, redirect_uri=asked))
        told_person(await client.authorize(method, redirect_uri=asked, prompt="none"))


@pytest.mark.parametrize(
    ("registered", "mode", "beginning"),
    [
        ("https://rp.example/cb?bar=foo", "query", "https://rp.example/cb?bar=foo&code="),
        ("https://rp.example/cb?", "query", "https://rp.example/cb?code="),
        ("https://rp.example/cb?a=1&", "query", "https://rp.example/cb?a=1&code="),
        ("https://rp.example/cb?b=%20+%C3%A9&a;c", "query", "https://rp.example/cb?b=%20+%C3%A9&a;c&code="),
        ("https://RP.example:443/cb?a", "query", "https://RP.example:443/cb?a&code="),
        ("myapp:///callback?a=1", "query", "myapp:///callback?a=1&code="),
        ("https://rp.example/cb?bar=foo", "fragment", "https://rp.example/cb?bar=foo#code="),
    ],
)
async def test_a_registered_query_survives(registered: str, mode: str, beginning: str, world: World) -> None:
    await world.people()
    client = await world.client(id="other", application_type="native", redirect_uris=(registered,))
    answer = await client.authorize(response_mode=mode)
    assert answer.location.startswith(beginning)


async def test_only_the_first_one_counts_where_the_policy_says_so(make_world: MakeWorld) -> None:
    policy = RealmPolicy(sign_in="auto", default_persona="alice", first_redirect_uri_only=True)
    for chosen, sent in ((policy, False), (AUTOMATIC, True)):
        world = await make_world(chosen)
        await world.people()
        client = await world.client(id="other", redirect_uris=(WEB, "https://rp.example/second"))
        assert (await client.authorize(redirect_uri=WEB)).status == 303
        second = await client.authorize(redirect_uri="https://rp.example/second")
        assert (second.status == 303) is sent


async def test_the_person_is_told_how_it_differs(world: World) -> None:
    await world.people()
    client = await world.client(id="other", redirect_uris=(WEB, QUERY))
    text = told_person(await client.authorize(redirect_uri="https://rp.example/calback"))
    error = world.last.error
    assert error is not None
    for part in (WEB, "https://rp.example/calback", "first differ at character 23"):
        assert part in error.detail
    assert "first differ at character 23" in text


REGISTRABLE: list[tuple[str, Any]] = [
    ("https://rp.example/cb", "web"),
    ("http://rp.example:8080/cb?x=y", "web"),
    ("http://localhost/cb", "native"),
    ("http://[::1]:8080/cb", "native"),
    ("https://app.example/claimed", "native"),
    ("com.example.app:/cb", "native"),
    ("myapp://callback", "native"),
    ("https://rp.example/%2A/a%2fb?x=%E2%98%95&y=(1),'z'!$;@:/?", "web"),
    ("https://rp.example/user@host/cb", "web"),
    ("https://rp.example/cb?codes=1&State=2", "web"),
]
NOT_REGISTRABLE: list[tuple[str, Any, str]] = [
    ("https://rp.example/cb#fragment", "web", "fragment"),
    ("https://rp.example/cb#", "native", "fragment"),
    ("/cb", "web", "absolute"),
    ("rp.example/cb", "web", "absolute"),
    ("https://rp.example/a b", "web", "absolute"),
    ("https://rp.example/\r\nSet-Cookie:a=b", "web", "absolute"),
    ("https://rp.example/\x7f", "web", "absolute"),
    ("https://rp.exämple/cb", "web", "ASCII"),
    ("https://rp.example/é", "web", "ASCII"),
    ("https:///cb", "web", "no host"),
    ("https://*.example/cb", "web", "wildcard"),
    ("https://[::1/cb", "web", "not a URI"),
    ("https://rp.example:99999/cb", "web", "not a URI"),
    ("myapp://callback", "web", "private-use"),
    ("http://rp.example/cb", "native", "loopback"),
    ("javascript:alert(1)", "native", "javascript"),
    ("JavaScript:alert(1)", "native", "javascript"),
    ("data:text/html,x", "native", "data"),
    ("view-source:https://rp.example", "native", "view-source"),
    ("http://localhost\\@evil.example/cb", "web", "not a URI: '\\\\'"),
    ("http://rp.example/%zz", "web", "not a URI: '%zz'"),
    ("http://rp.example/%", "web", "not a URI: '%'"),
    ("http://rp.example/%4", "web", "not a URI: '%4'"),
    ("http://rp.example/<cb>", "web", "not a URI: '<'"),
    ('http://rp.example/"cb', "web", "not a URI"),
    ("myapp://a|b", "native", "not a URI"),
    ("http://rp.example/[cb]", "web", "not a URI: brackets"),
    ("http://rp.example/cb?a[]=1", "web", "not a URI: brackets"),
    ("http://u:p@rp.example/cb", "web", "user before the host"),
    ("http://@rp.example/cb", "web", "user before the host"),
    ("myapp://u@callback", "native", "user before the host"),
    ("https://rp.example/*", "web", "wildcard"),
    ("https://rp.example/cb?next=*", "web", "%2A"),
    ("com.example.app:/*", "native", "wildcard"),
]
COLLIDES = [
    ("https://rp.example/cb?code=1", "code"),
    ("https://rp.example/cb?a=b&state=", "state"),
    ("https://rp.example/cb?iss", "iss"),
    ("https://rp.example/cb?error=x&error_uri=y", "error, error_uri"),
    ("https://rp.example/cb?%63ode=1", "code"),
    ("myapp:/cb?error_description=x", "error_description"),
]


@pytest.mark.parametrize(("uri", "kind"), REGISTRABLE)
def test_can_be_registered(uri: str, kind: str) -> None:
    assert why_not_registrable(uri, kind) is None


@pytest.mark.parametrize(("uri", "kind", "reason"), NOT_REGISTRABLE)
def test_cannot_be_registered(uri: str, kind: str, reason: str) -> None:
    assert reason in (why_not_registrable(uri, kind) or "")


@pytest.mark.parametrize(("uri", "names"), COLLIDES)
def test_a_query_that_the_answer_would_double(uri: str, names: str) -> None:
    assert f"its query has {names}, which" in (why_query_collides(uri, RESPONSE_PARAMETERS) or "")


@pytest.mark.parametrize(("uri", "kind"), REGISTRABLE)
def test_a_query_that_nothing_collides_with(uri: str, kind: str) -> None:
    assert why_query_collides(uri, RESPONSE_PARAMETERS) is None
