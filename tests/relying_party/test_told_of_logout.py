"""The provider tells a client that a session has ended (Back-Channel Logout 2.5 to 2.8)."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import aiohttp
import pytest

from oidc_harness.model.outbox import LogoutNotice
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.careless import CarelessClient
from oidc_harness.relying_party.user_agent import UserAgent
from oidc_harness.services import keys
from oidc_harness.services.circumstances import Circumstances
from tests.relying_party.worlds import Make, Settings, World, world

TOLD = Settings(is_told=True)
MAKES = pytest.mark.parametrize("make", [CarefulClient, CarelessClient], ids=["careful", "careless"])
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def at() -> AsyncIterator[World]:
    async with world(CarefulClient, TOLD) as opened:
        yield opened


async def notices(at: World) -> list[LogoutNotice]:
    async with at.realm.records() as records:
        return await records.find(LogoutNotice)


@MAKES
async def test_the_end_of_a_session_ends_the_clients(make: Make) -> None:
    async with world(make, TOLD) as at:
        await at.login()
        await at.end_sessions()
        assert await at.signed_in_as() is None
        [notice] = await notices(at)
        assert (notice.state, notice.attempts) == ("delivered", 1)
        await at.login()
        assert await at.signed_in_as() == "user-ann"


@pytest.mark.parametrize("alg", ["ES256", "PS256", "HS256"])
async def test_in_the_algorithm_of_its_id_tokens(alg: str) -> None:
    registered = Settings(
        application={"id_token_signed_response_alg": alg}, registration={"id_token_alg": alg}, is_told=True
    )
    async with world(CarefulClient, registered) as at:
        await at.login()
        await at.end_sessions()
        assert await at.signed_in_as() is None


@pytest.mark.parametrize("claims", ["sub_and_sid", "sid", "sub"])
async def test_a_logout_in_one_browser(claims: str) -> None:
    named = Settings(application={"backchannel_logout_claims": claims}, is_told=True)
    async with world(CarefulClient, named) as at, UserAgent() as elsewhere:
        await at.login()
        await elsewhere.get(f"{at.url}/login")
        # The person signs out at the provider, and not by way of the client.
        await at.agent.sign_out(at.realm.issuer + "/end_session")
        assert await at.signed_in_as() is None
        # Told the user alone, a client cannot know which browser it was.
        expected = None if claims == "sub" else "user-ann"
        assert (await elsewhere.probe(f"{at.url}/whoami")).sub == expected


async def test_keys_are_fetched_anew_for_one_that_is_not_known(at: World) -> None:
    await at.login()
    asked = at.asked("jwks")
    await rotate(at)
    await at.end_sessions()
    assert (await at.signed_in_as(), at.asked("jwks")) == (None, asked + 1)


async def rotate(at: World) -> None:
    async def act(given: Circumstances) -> None:
        await keys.rotate(given, given.keys, await keys.make(given, "RS256"))

    await at.realm.transact(act)
    await at.realm.reload_keys()


async def post(at: World, body: str, content_type: str = FORM) -> tuple[int, dict[str, str], str]:
    headers = {"Content-Type": content_type}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{at.url}/backchannel-logout", data=body, headers=headers) as response,
    ):
        return response.status, dict(response.headers), await response.text()


async def last_token(at: World) -> str:
    [exchange] = [each for each in at.realm.journal.exchanges() if each.endpoint == "backchannel_logout"]
    return dict(exchange.request.form)["logout_token"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{{}}", FORM),
        ("", FORM),
        ("logout_token=", FORM),
        ("logout_token=a.b.c", FORM),
        ("logout_token={token}&logout_token={token}", FORM),
        ("logout_token={token}", "text/plain"),
        ('{{"logout_token": "{token}"}}', "application/json"),
        ("id_token={token}", FORM),
        ("&".join(f"p{number}=1" for number in range(51)), FORM),
    ],
)
async def test_what_is_no_logout_request_is_refused(body: str, content_type: str, at: World) -> None:
    await at.login()
    await at.end_sessions()
    await at.login()
    status, headers, text = await post(at, body.format(token=await last_token(at)), content_type)
    assert (status, headers["Cache-Control"]) == (400, "no-store")
    assert '"error": "invalid_request"' in text
    assert await at.signed_in_as() == "user-ann"


async def test_more_parameters_and_a_charset_change_nothing(at: World) -> None:
    await at.login()
    await at.end_sessions()
    await at.login()
    body = urlencode({"logout_token": await last_token(at), "more": "1"})
    status, headers, text = await post(at, body, f"{FORM}; charset=utf-8")
    assert (status, text, headers["Cache-Control"]) == (200, "", "no-store")
    assert "Set-Cookie" not in headers
    assert await at.signed_in_as() is None


async def test_it_is_posted(at: World) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{at.url}/backchannel-logout") as response:
        assert response.status == 405
