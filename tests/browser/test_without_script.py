"""Every page a person meets on the way, with JavaScript turned off in the browser."""

from urllib.parse import urlencode

import pytest

from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from tests.browser.tab import OpenTab, Tab
from tests.browser.town import Shop, Town
from tests.support import records
from tests.support.records import ALICE, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def open_shop(new_tab: OpenTab, town: Town) -> tuple[Tab, Shop]:
    return await new_tab(java_script_enabled=False), await town.shop(await town.realm())


async def test_signing_in_and_out(new_tab: OpenTab, town: Town) -> None:
    tab, shop = await open_shop(new_tab, town)
    await tab.page.goto(f"{shop.url}/login?response_mode=form_post")
    await tab.log_in(ALICE, "jabberwocky")
    await tab.arrive("login-error")
    await tab.log_in(ALICE, PASSWORD)
    await tab.press("consent-approve")
    await tab.press("form-post-submit")
    await tab.arrive("client-home")
    assert await tab.text("client-subject") == "user-alice"
    await tab.page.goto(f"{shop.issuer}/end_session")
    await tab.press("logout-cancel")
    await tab.arrive("still-signed-in-page")
    await tab.page.goto(f"{shop.issuer}/end_session")
    await tab.press("logout-confirm")
    await tab.arrive("logged-out-page")
    assert await shop.world.all(Session) == []


async def test_saying_no(new_tab: OpenTab, town: Town) -> None:
    tab, shop = await open_shop(new_tab, town)
    await tab.page.goto(f"{shop.url}/login")
    await tab.log_in(ALICE, PASSWORD)
    await tab.press("consent-deny")
    await tab.arrive("error-page")
    assert await tab.text("error-code") == "access_denied"


async def test_being_refused(new_tab: OpenTab, town: Town) -> None:
    tab, shop = await open_shop(new_tab, town)
    await shop.world.add(records.member(status="blocked"))
    await tab.page.goto(f"{shop.url}/login")
    await tab.log_in(ALICE, PASSWORD)
    await tab.arrive("error-page")
    assert await tab.text("error-code") == "access_denied"


async def test_a_request_that_cannot_be_answered(new_tab: OpenTab, town: Town) -> None:
    tab, shop = await open_shop(new_tab, town)
    request = {"client_id": shop.client.id, "redirect_uri": "https://elsewhere.example/"}
    await tab.page.goto(f"{shop.issuer}/authorize?{urlencode(request)}")
    await tab.arrive("error-page")
    assert tab.statuses == [400]


async def test_making_an_account_and_taking_an_invitation(new_tab: OpenTab, town: Town) -> None:
    tab, shop = await open_shop(new_tab, town)
    await shop.world.add(records.invitation("hare@people.example", id="tea-party"))
    await tab.page.goto(f"{shop.issuer}/invitation?id=tea-party")
    await tab.press("invitation-register")
    await tab.fill(register_password="march", register_password_again="march")
    await tab.press("register-submit")
    await tab.arrive("invitation-accepted-page")
    assert "hare@people.example" in {user.email for user in await shop.world.all(User)}
