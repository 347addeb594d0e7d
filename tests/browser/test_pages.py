"""Every page as Chromium shows it: usable without a mouse and without eyes, in light and dark, wide and narrow."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import pytest
from playwright.async_api import Page

from oidc_harness.model.user import User
from tests.browser.tab import Tab, complain
from tests.browser.town import Shop, Town
from tests.support import records
from tests.support.records import ALICE, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ACCESSIBLE = Path(__file__).with_name("accessible.js").read_text("utf-8")
INVITED = "hare@people.example"
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SCREENS = ({"width": 1280, "height": 720}, {"width": 320, "height": 568})


async def sign_in(tab: Tab, shop: Shop) -> None:
    """Give the browser Alice's session, as after a sign-in."""
    for name, value in (await shop.world.sign_in(records.user())).items():
        await tab.page.context.add_cookies([{"name": name, "value": value, "url": shop.issuer}])


async def home(tab: Tab, shop: Shop) -> None:
    await tab.page.goto(shop.issuer)


async def login(tab: Tab, shop: Shop) -> None:
    await tab.page.goto(f"{shop.url}/login")


async def login_refused(tab: Tab, shop: Shop) -> None:
    await login(tab, shop)
    await tab.log_in(ALICE, "jabberwocky")


async def consent(tab: Tab, shop: Shop) -> None:
    await sign_in(tab, shop)
    await tab.page.goto(f"{shop.url}/login")


async def register(tab: Tab, shop: Shop) -> None:
    await login(tab, shop)
    await tab.press("login-register")


async def register_refused(tab: Tab, shop: Shop) -> None:
    await register(tab, shop)
    await tab.fill(register_email=INVITED, register_password="one", register_password_again="another")
    await tab.press("register-submit")


async def invited(tab: Tab, shop: Shop) -> None:
    await shop.world.add(records.invitation(INVITED, id="tea-party"))
    await tab.page.goto(f"{shop.issuer}/invitation?id=tea-party")


async def invited_another(tab: Tab, shop: Shop) -> None:
    await sign_in(tab, shop)
    await invited(tab, shop)


async def invited_alice(tab: Tab, shop: Shop) -> None:
    await sign_in(tab, shop)
    await shop.world.add(records.invitation(id="tea-party"))
    await tab.page.goto(f"{shop.issuer}/invitation?id=tea-party")


async def invited_unverified(tab: Tab, shop: Shop) -> None:
    await shop.world.change(User, "user-alice", email_verified=False)
    await invited_alice(tab, shop)


async def accepted(tab: Tab, shop: Shop) -> None:
    await invited_alice(tab, shop)
    await tab.press("invitation-accept")


async def over(tab: Tab, shop: Shop) -> None:
    await tab.page.goto(f"{shop.issuer}/invitation?id=none")


async def logout(tab: Tab, shop: Shop) -> None:
    await sign_in(tab, shop)
    await tab.page.goto(f"{shop.issuer}/end_session?client_id={shop.client.id}")


async def logged_out(tab: Tab, shop: Shop) -> None:
    await logout(tab, shop)
    await tab.press("logout-confirm")


async def still_signed_in(tab: Tab, shop: Shop) -> None:
    await logout(tab, shop)
    await tab.press("logout-cancel")


async def error(tab: Tab, shop: Shop) -> None:
    request = {"client_id": shop.client.id, "redirect_uri": f"https://elsewhere.example/{'a' * 300}"}
    await tab.page.goto(f"{shop.issuer}/authorize?{urlencode(request)}")


async def refused(tab: Tab, shop: Shop) -> None:
    await shop.world.add(records.member(status="blocked"))
    await sign_in(tab, shop)
    await tab.page.goto(f"{shop.url}/login")


async def control(tab: Tab, shop: Shop) -> None:
    await tab.page.goto(shop.issuer.removesuffix(shop.world.realm.name) + "_harness/")


async def control_keys(tab: Tab, shop: Shop) -> None:
    await control(tab, shop)
    await tab.page.click("#control-realms a")


PAGES: dict[str, tuple[Callable[[Tab, Shop], Awaitable[None]], str]] = {
    "home": (home, "home-page"),
    "login": (login, "login-page"),
    "login refused": (login_refused, "login-error"),
    "register": (register, "register-page"),
    "register refused": (register_refused, "register-error"),
    "consent": (consent, "consent-page"),
    "invited": (invited, "invitation-sign-in"),
    "invited another": (invited_another, "invitation-error"),
    "invited unverified": (invited_unverified, "invitation-error"),
    "invited alice": (invited_alice, "invitation-accept"),
    "accepted": (accepted, "invitation-accepted-page"),
    "invitation over": (over, "invitation-over-page"),
    "logout": (logout, "logout-page"),
    "logged out": (logged_out, "logged-out-page"),
    "still signed in": (still_signed_in, "still-signed-in-page"),
    "error": (error, "error-page"),
    "refused": (refused, "return-to-application"),
    "control": (control, "control-realms"),
    "keys": (control_keys, "control-keys"),
}


async def faults(page: Page) -> list[str]:
    """What is wrong with the page as it is shown now, in both colour schemes and on a small screen."""
    found: list[str] = []
    for scheme in SCHEMES:
        for screen in SCREENS:
            await page.emulate_media(color_scheme=scheme)
            await page.set_viewport_size({"width": screen["width"], "height": screen["height"]})
            found += [f"{page.url}, {scheme}, {screen['width']}: {fault}" for fault in await page.evaluate(ACCESSIBLE)]
    return found


@pytest.mark.parametrize(("walk", "identifier"), PAGES.values(), ids=list(PAGES))
async def test_everybody_can_use_it(
    walk: Callable[[Tab, Shop], Awaitable[None]], identifier: str, tab: Tab, town: Town
) -> None:
    shop = await town.shop(await town.realm(), description="Tea, and the end of the croquet ground.")
    await walk(tab, shop)
    await tab.arrive(identifier)
    complain(await faults(tab.page))


async def focused(tab: Tab) -> str:
    """The id of the element that has the focus."""
    return str(await tab.page.evaluate("document.activeElement.id"))


async def reach(tab: Tab, identifier: str) -> list[str]:
    """Press Tab until the element has the focus; gives the elements on the way, the first one included."""
    passed = [await focused(tab)]
    while passed[-1] != identifier:
        await tab.page.keyboard.press("Tab")
        passed.append(await focused(tab))
        assert len(passed) < 20, passed
        outline = await tab.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"the focus on {passed[-1]} cannot be seen"
    return passed


async def test_a_keyboard_is_enough(tab: Tab, town: Town) -> None:
    shop = await town.shop(await town.realm())
    await tab.page.goto(f"{shop.url}/login")
    assert await reach(tab, "login-submit") == ["login-username", "login-password", "login-submit"]
    await tab.page.keyboard.press("Shift+Tab")
    await tab.page.keyboard.press("Shift+Tab")
    await tab.page.keyboard.type(ALICE)
    await tab.page.keyboard.press("Tab")
    await tab.page.keyboard.type("jabberwocky")
    await tab.page.keyboard.press("Enter")
    await tab.arrive("login-error")
    # The name is there already, so what is asked for again is the password.
    assert await focused(tab) == "login-password"
    await tab.page.keyboard.type(PASSWORD)
    await tab.page.keyboard.press("Enter")
    await tab.arrive("consent-page")
    assert (await reach(tab, "consent-approve"))[1:] == ["consent-approve"]
    await tab.page.keyboard.press("Enter")
    await tab.arrive("client-home")
    assert await tab.text("client-subject") == "user-alice"


BAD = """data:text/html,<!doctype html><meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<title></title><div id=a></div><div id=a></div><input tabindex=1><button></button><a href=x aria-describedby=b></a>
<p style="color:%23999">pale</p><p style="width:4000px">wide<script>1</script>"""


async def test_a_bad_page_is_found_out(tab: Tab) -> None:
    await tab.page.goto(BAD)
    found = "\n".join(await faults(tab.page))
    for fault in ("no lang", "no title", "0 visible h1", "0 visible main", "twice", "no label", "no text", "#b"):
        assert fault in found
    for fault in ("tabindex", "contrast 2.85", "sideways"):
        assert fault in found
    with pytest.raises(AssertionError, match="Content Security Policy"):
        complain(tab.errors)
    tab.errors.clear()
