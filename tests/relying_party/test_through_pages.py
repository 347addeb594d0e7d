"""A person at the browser, the provider's own pages, and a client: the whole way."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.careless import CarelessClient
from tests.relying_party.worlds import Make, Open, Settings, World

ASKING = Settings(policy=RealmPolicy(sign_in="form", consent="ask", refresh_tokens="always"))
PASSWORD = "a known test value"
BOTH = pytest.mark.parametrize("make", [CarefulClient, CarelessClient])


async def block(at: World) -> None:
    await at.change((await at.user()).blocked("another-generation"))


async def close(at: World) -> None:
    await at.change(replace(await at.application(), closed=True))


async def restrict(at: World) -> None:
    await at.change(replace(await at.application(), restricted=True))


@BOTH
@pytest.mark.parametrize("mode", ["query", "form_post"])
async def test_sign_in_consent_and_sign_out(opened: Open, make: Make, mode: str) -> None:
    at = await opened(make, ASKING)
    visit = await at.agent.sign_in(f"{at.url}/login?response_mode={mode}", "ann", PASSWORD)
    assert visit.page.has("client-home")
    paths = [urlsplit(hop.url).path for hop in visit.hops]
    assert paths.index("/login") < paths.index("/authorize") < paths.index("/consent") < paths.index("/callback")
    assert await at.signed_in_as() == "user-ann"
    visit = await at.agent.sign_out(f"{at.url}/logout")
    assert (visit.page.has("client-logged-out"), await at.signed_in_as()) == (True, None)


async def test_consent_is_denied(opened: Open) -> None:
    at = await opened(CarefulClient, ASKING)
    visit = await at.agent.sign_in(f"{at.url}/login", "ann", PASSWORD, consent="deny")
    assert (visit.page.text_of("error-code"), visit.page.url.startswith(f"{at.url}/callback")) == (
        "access_denied",
        True,
    )
    assert (await at.signed_in_as(), at.asked("token")) == (None, 0)


async def test_a_wrong_password_stays_on_the_login_page(opened: Open) -> None:
    at = await opened(CarefulClient, ASKING)
    visit = await at.agent.sign_in(f"{at.url}/login", "ann", "wrong")
    assert (visit.page.has("login-page"), await at.signed_in_as()) == (True, None)


@pytest.mark.parametrize(
    ("refuse", "page_id"), [(block, "login-page"), (close, "error-page"), (restrict, "error-page")]
)
async def test_a_refusal_is_shown_and_the_way_back_tells_the_client(
    opened: Open, refuse: Callable[[World], Awaitable[None]], page_id: str
) -> None:
    at = await opened(CarefulClient, ASKING)
    await refuse(at)
    stays = await at.agent.sign_in(f"{at.url}/login", "ann", PASSWORD)
    assert (stays.page.has(page_id), at.asked("token")) == (True, 0)
    leaves = await at.agent.sign_in(f"{at.url}/login", "ann", PASSWORD, leaves_error_pages=True)
    assert leaves.page.url.startswith(f"{at.url}/callback")
    assert (leaves.page.text_of("error-code"), await at.signed_in_as()) == ("access_denied", None)


async def test_signed_in_once_no_page_is_shown_again(opened: Open) -> None:
    at = await opened(CarefulClient, ASKING)
    await at.agent.sign_in(f"{at.url}/login", "ann", PASSWORD)
    visit = await at.login("?prompt=none")
    assert [urlsplit(hop.url).path for hop in visit.hops] == ["/login", "/authorize", "/callback", "/"]


async def test_a_session_that_is_not_there(opened: Open) -> None:
    at = await opened(CarefulClient, ASKING)
    visit = await at.login("?prompt=none")
    assert (visit.page.status, visit.page.text_of("error-code")) == (400, "login_required")
