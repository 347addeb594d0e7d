"""A person signs in to an application in a real browser, through the provider's pages and back."""

from urllib.parse import urlsplit

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from tests.browser.tab import OpenTab, Tab
from tests.browser.town import Shop, Town
from tests.support import records
from tests.support.records import ALICE, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HERE, ELSEWHERE = "127.0.0.1", "localhost"
"""Hosts of an application: the provider's own, and one that to a browser is another site."""


async def subject(tab: Tab, shop: Shop) -> str:
    """Whom the application shows on its first page."""
    await tab.page.goto(f"{shop.url}/")
    return await tab.text("client-subject")


@pytest.mark.parametrize("host", [HERE, ELSEWHERE])
async def test_wrong_password_right_password_consent_signed_in(tab: Tab, town: Town, host: str) -> None:
    shop = await town.shop(await town.realm(), host)
    await tab.page.goto(f"{shop.url}/login")
    await tab.log_in(ALICE, "jabberwocky")
    await tab.arrive("login-error")
    assert await tab.at("login-username").input_value() == ALICE
    assert await tab.at("login-password").input_value() == ""
    await tab.log_in(ALICE, PASSWORD)
    await tab.arrive("consent-page")
    assert urlsplit(tab.page.url).netloc == urlsplit(shop.issuer).netloc
    await tab.press("consent-approve")
    await tab.arrive("client-home")
    assert await tab.text("client-subject") == "user-alice"
    whoami = await tab.page.request.get(f"{shop.url}/whoami")
    assert (await whoami.json())["claims"]["email"] == "alice@people.example"


async def test_signed_in_once_the_next_login_shows_no_page(tab: Tab, town: Town) -> None:
    shop = await town.shop(await town.realm(), ELSEWHERE)
    await tab.sign_in(shop.url, ALICE, PASSWORD)
    tab.addresses.clear()
    await tab.page.goto(f"{shop.url}/login?prompt=none")
    assert [urlsplit(address).path for address in tab.addresses] == [
        "/login",
        "/looking-glass/authorize",
        "/callback",
        "/",
    ]
    assert await tab.text("client-subject") == "user-alice"


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
async def test_an_answer_by_form_post(new_tab: OpenTab, town: Town, javascript: bool) -> None:
    shop = await town.shop(await town.realm())
    tab = await new_tab(java_script_enabled=javascript)
    await tab.page.goto(f"{shop.url}/login?response_mode=form_post")
    await tab.log_in(ALICE, PASSWORD)
    await tab.press("consent-approve")
    if not javascript:
        await tab.arrive("form-post-page")
        await tab.press("form-post-submit")
    await tab.arrive("client-home")
    assert await tab.text("client-subject") == "user-alice"
    assert not [address for address in tab.addresses if "code=" in address]


async def test_consent_denied(tab: Tab, town: Town) -> None:
    shop = await town.shop(await town.realm(), ELSEWHERE)
    await tab.page.goto(f"{shop.url}/login")
    await tab.log_in(ALICE, PASSWORD)
    await tab.press("consent-deny")
    await tab.arrive("error-page")
    assert tab.page.url.startswith(f"{shop.url}/callback?")
    assert await tab.text("error-code") == "access_denied"
    assert await subject(tab, shop) == "nobody"


async def test_going_back_to_a_page_that_is_done_with(tab: Tab, town: Town) -> None:
    shop = await town.shop(await town.realm(), ELSEWHERE)
    await tab.sign_in(shop.url, ALICE, PASSWORD)
    await tab.page.go_back()
    await tab.arrive("error-page")
    assert await tab.text("error-description") == "this sign-in cannot be continued"


async def test_two_tabs_of_one_browser_each_finish_their_own_sign_in(tab: Tab, town: Town) -> None:
    shop = await town.shop(await town.realm(), ELSEWHERE)
    other = await tab.another()
    for each in (tab, other):
        await each.page.goto(f"{shop.url}/login")
        await each.arrive("login-page")
    for each in (tab, other):
        await each.log_in(ALICE, PASSWORD)
        await each.arrive("consent-page")
    for each in (other, tab):
        await each.press("consent-approve")
        await each.arrive("client-home")
        assert await each.text("client-subject") == "user-alice"


async def test_two_realms_side_by_side_do_not_mix(tab: Tab, town: Town) -> None:
    # One of them at the root, so that its cookies reach the paths of the other one, too.
    red, white = await town.realm("default"), await town.realm("white", RealmPolicy(consent="implied"))
    await white.add(records.user("hatter"))
    red_shop, white_shop = await town.shop(red, ELSEWHERE), await town.shop(white, ELSEWHERE)
    await tab.sign_in(red_shop.url, ALICE, PASSWORD)
    await tab.page.goto(f"{white_shop.url}/login")
    await tab.log_in("hatter", PASSWORD)
    await tab.arrive("client-home")
    assert await subject(tab, white_shop) == "user-hatter"
    assert await subject(tab, red_shop) == "user-alice"
    await tab.page.goto(f"{white_shop.url}/logout")
    await tab.arrive("client-logged-out")
    for shop, signed_in in ((red_shop, True), (white_shop, False)):
        await tab.page.goto(f"{shop.url}/login?prompt=none")
        await tab.arrive("client-home" if signed_in else "error-page")
