"""A person signs out: at the application, at the provider, or not after all (RP-Initiated Logout 1.0)."""

from urllib.parse import urlencode

import pytest
from playwright.async_api import Route

from oidc_harness.model.application import Application
from oidc_harness.model.session import Session
from tests.browser.foreign_page import foreign_form
from tests.browser.tab import OpenTab, Tab
from tests.browser.test_signing_in import ELSEWHERE
from tests.browser.town import Shop, Town
from tests.support import records
from tests.support.records import ALICE, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def request_of(shop: Shop) -> dict[str, str]:
    """A logout request that proves nothing, so that the person is asked."""
    return {"client_id": shop.client.id, "post_logout_redirect_uri": f"{shop.url}/logged-out", "state": "s p&=é"}


async def test_the_application_signs_its_person_out_everywhere(tab: Tab, town: Town) -> None:
    shop = await town.shop(await town.realm(), ELSEWHERE)
    await tab.sign_in(shop.url, ALICE, PASSWORD)
    await tab.press("client-logout")
    await tab.arrive("client-logged-out")
    assert await shop.world.all(Session) == []


async def test_asked_the_person_stays_and_then_leaves(tab: Tab, town: Town) -> None:
    shop = await town.shop(await town.realm(), ELSEWHERE)
    await tab.sign_in(shop.url, ALICE, PASSWORD)
    question = f"{shop.issuer}/end_session?{urlencode(request_of(shop))}"
    await tab.page.goto(question)
    assert await tab.text("logout-user") == "Alice Liddell (alice@people.example)"
    await tab.press("logout-cancel")
    await tab.arrive("still-signed-in-page")
    assert len(await shop.world.all(Session)) == 1
    await tab.page.goto(question)
    await tab.press("logout-confirm")
    await tab.arrive("logged-out-page")
    assert await shop.world.all(Session) == []
    await tab.page.goto(f"{shop.url}/login")
    await tab.arrive("login-page")


async def test_whom_the_application_does_not_mean_is_asked_and_sent_back_all_the_same(tab: Tab, town: Town) -> None:
    shop = await town.shop(await town.realm(), ELSEWHERE)
    await tab.sign_in(shop.url, ALICE, PASSWORD)
    # Bob signs in at the provider, and the application still knows Alice.
    await shop.world.add(records.user("bob"), records.invitation("bob@people.example", id="tea-party"))
    await tab.page.goto(f"{shop.issuer}/login?invitation=tea-party")
    await tab.log_in("bob", PASSWORD)
    await tab.arrive("invitation-page")
    await tab.page.goto(f"{shop.url}/logout")
    await tab.press("logout-confirm")
    await tab.arrive("client-logged-out")
    assert await shop.world.all(Session) == []


async def test_who_has_signed_in_again_is_still_the_one_the_application_means(tab: Tab, town: Town) -> None:
    shop = await town.shop(await town.realm(), ELSEWHERE)
    await tab.sign_in(shop.url, ALICE, PASSWORD)
    await shop.world.add(records.invitation(id="tea-party"))
    await tab.page.goto(f"{shop.issuer}/login?invitation=tea-party")
    await tab.log_in(ALICE, PASSWORD)
    await tab.arrive("invitation-page")
    await tab.page.goto(f"{shop.url}/logout")
    await tab.arrive("client-logged-out")
    assert await shop.world.all(Session) == []


async def test_a_logout_posted_from_a_page_of_the_application(tab: Tab, town: Town) -> None:
    shop = await town.shop(await town.realm(), ELSEWHERE)
    await tab.sign_in(shop.url, ALICE, PASSWORD)
    async with foreign_form(f"{shop.issuer}/end_session", request_of(shop), ELSEWHERE) as url:
        await tab.page.goto(url)
        await tab.press("send")
        await tab.arrive("logout-page")
        assert await tab.text("logout-user") == "Alice Liddell (alice@people.example)"
        await tab.press("logout-confirm")
        await tab.arrive("logged-out-page")
    assert await shop.world.all(Session) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without"])
async def test_applications_are_told_in_frames_and_then_the_person_goes_on(
    scripts: bool, new_tab: OpenTab, town: Town
) -> None:
    """OpenID Connect Front-Channel Logout 1.0."""
    shop = await town.shop(await town.realm(f"framed-{scripts}".lower()), ELSEWHERE)
    await shop.world.change(Application, shop.client.id, frontchannel_logout_uri=f"{shop.url}/told")
    tab = await new_tab(java_script_enabled=scripts)
    told: list[str] = []

    async def hear(route: Route) -> None:
        told.append(route.request.url)
        await route.fulfill(status=200, body="told", content_type="text/html")

    await tab.page.route(f"{shop.url}/told**", hear)
    await tab.sign_in(shop.url, ALICE, PASSWORD)
    [session] = await shop.world.all(Session)
    await tab.press("client-logout")
    await tab.arrive("client-logged-out")
    assert told == [f"{shop.url}/told?{urlencode({'iss': shop.issuer, 'sid': session.sid})}"]
