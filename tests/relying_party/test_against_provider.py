"""Both clients against the real provider while it is honest: what works, and what they make of a refusal."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from oidc_harness.harness.shipped_keys import keys_for
from oidc_harness.model.key import KeyRing
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.careless import CarelessClient
from tests.relying_party.worlds import AUTOMATIC, Make, Open, Settings, World

BOTH = pytest.mark.parametrize("make", [CarefulClient, CarelessClient])

HONEST_SETTINGS = {
    "basic": Settings(),
    "post": Settings(
        application={"token_endpoint_auth_method": "client_secret_post"},
        registration={"auth_method": "client_secret_post"},
    ),
    "public": Settings(
        application={"token_endpoint_auth_method": "none"},
        registration={"auth_method": "none", "client_secret": None},
    ),
    "assertion": Settings(
        application={"token_endpoint_auth_method": "client_secret_jwt"},
        registration={"auth_method": "client_secret_jwt"},
    ),
    "plain PKCE": Settings(registration={"code_challenge_method": "plain"}),
    "no PKCE": Settings(application={"pkce": "off"}, registration={"code_challenge_method": ""}),
    "jwt access tokens": Settings(application={"access_token_format": "jwt"}),
    "pairwise": Settings(application={"subject_type": "pairwise"}),
    "no iss parameter": Settings(policy=replace(AUTOMATIC, iss_parameter=False)),
    "no rotation": Settings(policy=replace(AUTOMATIC, refresh_rotation=False)),
    **{
        algorithm: Settings(
            application={"id_token_signed_response_alg": algorithm}, registration={"id_token_alg": algorithm}
        )
        for algorithm in ("RS256", "PS256", "ES256", "HS256")
    },
}


@BOTH
@pytest.mark.parametrize("name", HONEST_SETTINGS)
async def test_an_honest_provider(opened: Open, make: Make, name: str) -> None:
    """Sign-in, API, renewal, API with the renewed token, renewal with the rotated one, sign-out."""
    at = await opened(make, HONEST_SETTINGS[name])
    visit = await at.login()
    assert visit.page.has("client-home")
    sub = await at.signed_in_as()
    assert sub
    for path in ("/api", "/refresh", "/api", "/refresh", "/api"):
        assert (await at.post(path)).page.status == 200
    assert await at.signed_in_as() == sub
    visit = await at.agent.sign_out(f"{at.url}/logout")
    assert [urlsplit(hop.url).path for hop in visit.hops] == ["/logout", "/end_session", "/logged-out"]
    assert await at.signed_in_as() is None
    assert (at.asked("token"), at.asked("jwks") <= 1) == (3, True)


@BOTH
@pytest.mark.parametrize("mode", ["query", "form_post"])
async def test_the_answer_by_each_mode_a_server_can_read(opened: Open, make: Make, mode: str) -> None:
    at = await opened(make)
    visit = await at.login(f"?response_mode={mode}")
    assert visit.page.has("client-home")
    assert ("POST" in [hop.method for hop in visit.hops]) is (mode == "form_post")


@BOTH
async def test_wishes_reach_the_provider(opened: Open, make: Make) -> None:
    at = await opened(make)
    await at.login("?login_hint=ann&max_age=60&scope=openid%20email")
    probe = await at.agent.probe(f"{at.url}/whoami")
    assert "auth_time" in probe.document["claims"]


async def test_a_session_that_is_not_there(opened: Open) -> None:
    at = await opened(CarefulClient, Settings(policy=replace(AUTOMATIC, sign_in="form")))
    visit = await at.login("?prompt=none")
    assert (visit.page.status, visit.page.text_of("error-code")) == (400, "login_required")


@pytest.mark.parametrize(("make", "fetches"), [(CarefulClient, 2), (CarelessClient, 11)])
async def test_a_new_signing_key(opened: Open, make: Make, fetches: int) -> None:
    at = await opened(make)
    await at.login()
    at.realm.keys = KeyRing(keys_for("another-realm"))
    await at.login()
    assert (await at.signed_in_as(), at.asked("jwks")) == ("user-ann", fetches)


@pytest.mark.parametrize(
    ("make", "sub", "refreshes", "calls"), [(CarefulClient, None, 1, 1), (CarelessClient, "user-ann", 0, 3)]
)
async def test_access_tokens_born_expired(
    opened: Open, make: Make, sub: str | None, refreshes: int, calls: int
) -> None:
    at = await opened(make, Settings(policy=replace(AUTOMATIC, access_token_ttl=0)))
    await at.login()
    assert await at.signed_in_as() == sub
    assert (at.asked("token", grant_type="refresh_token"), at.asked("userinfo")) == (refreshes, calls)


@pytest.mark.parametrize(("make", "calls", "refreshes"), [(CarefulClient, 2, 1), (CarelessClient, 4, 0)])
async def test_an_access_token_that_expires(opened: Open, make: Make, calls: int, refreshes: int) -> None:
    at = await opened(make)
    await at.login()
    at.realm.clock.advance(7200)
    visit = await at.post("/api")
    assert (visit.page.status == 200) is (make is CarefulClient)
    assert await at.signed_in_as() == "user-ann"
    assert (at.asked("userinfo"), at.asked("token", grant_type="refresh_token")) == (calls, refreshes)


@pytest.mark.parametrize(("make", "sub"), [(CarefulClient, None), (CarelessClient, "user-ann")])
async def test_a_refresh_token_that_expires(opened: Open, make: Make, sub: str | None) -> None:
    at = await opened(make, Settings(policy=replace(AUTOMATIC, refresh_token_ttl=60, access_token_ttl=60)))
    await at.login()
    at.realm.clock.advance(3600)
    await at.post("/api")
    await at.post("/refresh")
    assert await at.signed_in_as() == sub


@pytest.mark.parametrize(("make", "sub"), [(CarefulClient, None), (CarelessClient, "user-ann")])
@pytest.mark.parametrize("path", ["/api", "/refresh"])
async def test_a_person_blocked_in_mid_session(opened: Open, make: Make, sub: str | None, path: str) -> None:
    at = await opened(make)
    await at.login()
    await at.change((await at.user()).blocked("another-generation"))
    assert await at.signed_in_as() == "user-ann"
    await at.post(path)
    assert await at.signed_in_as() == sub


async def block(at: World) -> None:
    await at.change((await at.user()).blocked("another-generation"))


async def close(at: World) -> None:
    await at.change(replace(await at.application(), closed=True))


async def restrict(at: World) -> None:
    await at.change(replace(await at.application(), restricted=True))


async def deactivate(at: World) -> None:
    await at.change((await at.application()).deactivated("another-generation"))


@pytest.mark.parametrize(("make", "attempts"), [(CarefulClient, 1), (CarelessClient, 3)])
@pytest.mark.parametrize(
    ("refuse", "code"),
    [
        (block, "access_denied"),
        (close, "access_denied"),
        (restrict, "access_denied"),
        (deactivate, "unauthorized_client"),
    ],
)
async def test_a_refused_sign_in_is_told_and_only_the_careless_client_tries_again(
    opened: Open, make: Make, attempts: int, refuse: Callable[[World], Awaitable[None]], code: str
) -> None:
    at = await opened(make)
    await refuse(at)
    visit = await at.login()
    assert (visit.page.status, visit.page.text_of("error-code")) == (400, code)
    assert (at.asked("authorize"), await at.signed_in_as()) == (attempts, None)


async def test_many_calls_at_the_moment_of_expiry_renew_once(opened: Open) -> None:
    at = await opened(CarefulClient)
    await at.login()
    at.realm.clock.advance(7200)
    visits = await asyncio.gather(*(at.post("/api") for _ in range(8)))
    assert {visit.page.status for visit in visits} == {200}
    assert at.asked("token", grant_type="refresh_token") == 1
