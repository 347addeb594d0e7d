"""The pages of the end session endpoint."""

import pytest

from oidc_harness.model.session import Session
from oidc_harness.relying_party.page import Page
from tests.web.pages.visitor import Visitor


async def _ask(visitor: Visitor, query: str = "") -> Page:
    return (await visitor.agent.get(f"{visitor.world.issuer}/end_session{query}")).page


async def test_it_asks_whom_it_signs_out(visitor: Visitor) -> None:
    await visitor.log_in_anew()
    page = await _ask(visitor, f"?client_id={visitor.application.id}")
    assert page.has("logout-page")
    assert page.text_of("logout-user") == "Alice Liddell (alice@people.example)"
    assert "Wonderland Web asks to sign you out." in page.text


async def test_confirmed_the_session_ends(visitor: Visitor) -> None:
    await visitor.log_in_anew()
    page = (await visitor.press(await _ask(visitor), "logout-confirm")).page
    assert page.has("logged-out-page")
    assert await visitor.world.all(Session) == []
    assert visitor.cookie("session") is None
    assert (await visitor.start()).has("login-page")


async def test_cancelled_it_stays(visitor: Visitor) -> None:
    await visitor.log_in_anew()
    page = (await visitor.press(await _ask(visitor), "logout-cancel")).page
    assert page.has("still-signed-in-page")
    assert page.text_of("still-signed-in-user") == "Alice Liddell (alice@people.example)"
    assert (await visitor.start()).has("consent-page")


@pytest.mark.parametrize("state", ["s" * 2000, "\"'<>&é\n=%41+ "])
async def test_what_the_client_sent_is_kept_by_the_form(visitor: Visitor, state: str) -> None:
    await visitor.log_in_anew()
    page = (
        await visitor.agent.post(f"{visitor.world.issuer}/end_session", [("state", state), ("ui_locales", "en")])
    ).page
    form, _ = page.form_of("logout-confirm")
    pairs = dict(form.pairs({}))
    assert (pairs["state"], pairs["ui_locales"]) == (state, "en")
    assert form.action == f"{visitor.world.issuer}/end_session"


async def test_nobody_signed_in_is_signed_out_at_once(visitor: Visitor) -> None:
    assert (await _ask(visitor)).has("logged-out-page")
