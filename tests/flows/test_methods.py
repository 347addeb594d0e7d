"""A request by a method that its address does not take: refused in words, and kept, because it tells of a client."""

import pytest

from oidc_harness.harness.conditions import after
from oidc_harness.switches.id_token import IssWrong
from tests.support.http import Answer, Sent
from tests.support.world import World

INSERTED = "/.well-known/oauth-authorization-server"
DOCUMENT, PAGE, BOTH = {"GET", "HEAD", "OPTIONS"}, {"GET", "HEAD", "POST"}, {"GET", "POST"}
ENDPOINTS = {
    "/.well-known/openid-configuration": ("discovery", DOCUMENT),
    INSERTED: ("discovery", DOCUMENT),
    "/.well-known/webfinger": ("webfinger", DOCUMENT),
    "/jwks": ("jwks", DOCUMENT),
    "/token": ("token", {"POST", "OPTIONS"}),
    "/introspect": ("introspection", {"POST", "OPTIONS"}),
    "/revoke": ("revocation", {"POST", "OPTIONS"}),
    "/register": ("registration", {"POST"}),
    "/register/any": ("client_configuration", {"GET", "PUT", "DELETE"}),
    "/userinfo": ("userinfo", {*BOTH, "OPTIONS"}),
}
PAGES = {
    "/authorize": ("authorize", BOTH),
    "/end_session": ("end_session", BOTH),
    "/login": ("login_form", PAGE),
    "/sign_up": ("register_form", PAGE),
    "/consent": ("consent_form", PAGE),
    "/invitation": ("invitation_form", PAGE),
}
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "PROPFIND")
CASES = [
    (method, path, name, allowed)
    for path, (name, allowed) in {**ENDPOINTS, **PAGES}.items()
    for method in METHODS
    if method not in allowed
]


def check_refusal(answer: Answer, allowed: set[str]) -> None:
    assert answer.status == 405
    assert set(answer.headers["Allow"].split(", ")) == allowed
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("method", "path", "name", "allowed"), CASES)
async def test_other_methods_are_refused_in_words(
    method: str, path: str, name: str, allowed: set[str], world: World
) -> None:
    answer = await world.send(method, path, query=[("code", "c-1")], body=b"{}" if method == "POST" else None)
    check_refusal(answer, allowed)
    if method != "HEAD" and path in ENDPOINTS:
        assert answer.json["error"] == "invalid_request"
        assert method in answer.json["error_description"]
    elif method != "HEAD":
        assert answer.page.has("error-page")
    exchange = world.last
    assert (exchange.endpoint, exchange.request.method) == (name, method)
    assert exchange.error is not None
    assert exchange.error.status == 405


async def test_what_stood_in_the_url_is_kept(world: World) -> None:
    """RFC 6749 3.2: token requests are posted. One that is not is a finding about the client."""
    await world.send("GET", "/token", query=[("grant_type", "authorization_code"), ("code", "c-1")])
    assert world.last.request.query == (("grant_type", "authorization_code"), ("code", "c-1"))


async def test_the_inserted_form_of_the_address_answers_alike(world: World) -> None:
    base = world.issuer.removesuffix(f"/{world.realm.name}")
    answer = await world.http.send(Sent("PUT", f"{base}{INSERTED}/{world.realm.name}"))
    check_refusal(answer, DOCUMENT)
    assert world.last.endpoint == "discovery"


@pytest.mark.parametrize("path", [path for path, (_, allowed) in {**ENDPOINTS, **PAGES}.items() if "HEAD" in allowed])
async def test_head_is_a_get_without_a_body(path: str, world: World) -> None:
    whole, head = [await world.send(method, path) for method in ("GET", "HEAD")]
    assert (head.status, head.text) == (whole.status, "")
    assert head.headers["Content-Length"] == str(len(whole.text.encode()))


async def test_it_is_no_success(world: World) -> None:
    client = await world.people()
    world.realm.arm(IssWrong(), after("token"))
    await world.send("GET", "/token", query=[("grant_type", "authorization_code"), ("code", "c-1")])
    # The oracle would not take the claims of the switch.
    assert (await client.sign_in()).claims["iss"] == world.issuer
