"""The pages of the end session endpoint."""

import pytest

from oidc_harness.model.session import Session
from oidc_harness.relying_party.page import Page
from tests.support.refusals import told_person
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


async def test_what_is_posted_without_cookies_is_asked_again_by_get(visitor: Visitor) -> None:
    """A browser keeps them back when another site posts here (SameSite=Lax), and has them in the GET that follows."""
    await visitor.log_in_anew()
    form = [("client_id", visitor.application.id), ("state", "a b&c=é"), ("answer", "confirm"), ("confirmation", "x")]
    answer = await visitor.world.send("POST", "/end_session", form=form)
    page = (await visitor.agent.get(answer.location)).page
    assert page.text_of("logout-user") == "Alice Liddell (alice@people.example)"
    kept, _ = page.form_of("logout-cancel")
    assert {"client_id": visitor.application.id, "state": "a b&c=é"}.items() <= dict(kept.pairs({})).items()
    assert "answer" not in answer.location


async def test_what_is_too_long_for_an_address_is_not_taken_for_a_logout(visitor: Visitor) -> None:
    answer = await visitor.world.send("POST", "/end_session", form=[("state", "s" * 8000)])
    assert "shorten state" in told_person(answer)
