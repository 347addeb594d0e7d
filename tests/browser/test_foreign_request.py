"""An authorization request posted from a page of another site, whose browser keeps our cookies back (SameSite=Lax)."""

from urllib.parse import parse_qs, urlsplit

import pytest

from oidc_harness.model.session import Session
from tests.browser.foreign_page import foreign_form
from tests.browser.tab import Tab
from tests.browser.test_signing_in import ELSEWHERE
from tests.browser.town import Shop, Town
from tests.support.records import ALICE, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def request_of(shop: Shop, **more: str) -> dict[str, str]:
    return {
        "client_id": shop.client.id,
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": f"{shop.url}/callback",
        "state": "s p&=é\"'<>",
        **more,
    }


async def send(tab: Tab, shop: Shop, **more: str) -> None:
    """Press the button of the foreign page."""
    async with foreign_form(f"{shop.issuer}/authorize", request_of(shop, **more), ELSEWHERE) as url:
        await tab.page.goto(url)
        await tab.press("send")
        await tab.page.wait_for_url(lambda arrived: not arrived.startswith(url))


def answer_in(tab: Tab) -> dict[str, list[str]]:
    """What the browser carried to the application, which shows an error page: it has not begun this login."""
    [answer] = [address for address in tab.addresses if urlsplit(address).path == "/callback"]
    return parse_qs(urlsplit(answer).query)


async def test_a_person_signs_in_through_the_pages(tab: Tab, town: Town) -> None:
    shop = await town.shop(await town.realm(), ELSEWHERE)
    await send(tab, shop)
    await tab.log_in(ALICE, PASSWORD)
    await tab.press("consent-approve")
    await tab.arrive("error-page")
    answer = answer_in(tab)
    assert answer.keys() == {"code", "iss", "session_state", "state"}
    assert answer["state"] == ["s p&=é\"'<>"]


@pytest.mark.parametrize("prompt", [{}, {"prompt": "none"}], ids=["any prompt", "prompt=none"])
async def test_whoever_is_signed_in_is_recognised(tab: Tab, town: Town, prompt: dict[str, str]) -> None:
    shop = await town.shop(await town.realm(), ELSEWHERE)
    await tab.sign_in(shop.url, ALICE, PASSWORD)
    tab.addresses.clear()
    await send(tab, shop, **prompt)
    await tab.arrive("error-page")
    assert answer_in(tab).keys() == {"code", "iss", "session_state", "state"}
    assert len(await shop.world.all(Session)) == 1
