"""An invitation is accepted by the one invited, and by nobody else."""

from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member
from oidc_harness.model.user import User
from oidc_harness.relying_party.page import Page
from tests.support import records
from tests.web.pages.visitor import Visitor, answer_of

ID = "tea-party"


async def _invite(visitor: Visitor, email: str = "alice@people.example", **changes: Any) -> None:
    await visitor.world.add(records.invitation(email, id=ID, **changes))


async def _open(visitor: Visitor, id: str = ID) -> Page:
    return (await visitor.agent.get(f"{visitor.world.issuer}/invitation?id={id}")).page


async def _status(visitor: Visitor) -> str:
    return (await visitor.world.get(Invitation, ID)).status


async def test_it_says_who_is_invited_to_what(visitor: Visitor) -> None:
    await _invite(visitor)
    page = await _open(visitor)
    assert page.has("invitation-page")
    assert "Wonderland Web invites alice@people.example to become a member." in page.text
    assert "invitation-accept" not in page.text


async def test_the_one_invited_signs_in_and_accepts(visitor: Visitor) -> None:
    await _invite(visitor)
    login = (await visitor.agent.follow(await _open(visitor), "invitation-sign-in")).page
    form, _ = login.form_of("login-submit")
    assert "alice@people.example" in [control.value for control in form.controls]
    page = (await visitor.log_in(login)).page
    assert page.text_of("invitation-user") == "Alice Liddell (alice@people.example)"
    assert await _status(visitor) == "pending"
    welcome = (await visitor.press(page, "invitation-accept")).page
    assert welcome.has("invitation-accepted-page")
    assert welcome.status == 200
    invitation = await visitor.world.get(Invitation, ID)
    assert (invitation.status, invitation.accepted_by) == ("accepted", "user-alice")
    (member,) = await visitor.world.all(Member)
    assert (member.user_id, member.role) == ("user-alice", "member")


async def test_case_does_not_matter(visitor: Visitor) -> None:
    await _invite(visitor, "ALICE@People.example", email_key="alice@people.example")
    await visitor.log_in_anew()
    assert (await visitor.press(await _open(visitor), "invitation-accept")).page.has("invitation-accepted-page")


async def test_it_lets_into_a_closed_application(visitor: Visitor) -> None:
    await visitor.world.change(Application, visitor.application.id, closed=True)
    assert (await visitor.log_in_anew()).has("error-page")
    await _invite(visitor)
    await visitor.press(await _open(visitor), "invitation-accept")
    assert "code" in answer_of(await visitor.press(await visitor.start(), "consent-approve"))


async def test_somebody_else_is_told_and_it_stays_pending(visitor: Visitor) -> None:
    await _invite(visitor, "bob@people.example")
    await visitor.log_in_anew()
    page = await _open(visitor)
    told = page.text_of("invitation-error")
    assert "alice@people.example" in told
    assert "bob@people.example" in told
    assert not page.has("invitation-accept")
    assert page.links.keys() >= {"invitation-sign-in", "invitation-register"}
    forced = (await visitor.agent.post(page.url, [("answer", "accept")])).page
    assert forced.status == 403
    assert forced.text_of("invitation-error") == told
    assert await _status(visitor) == "pending"
    assert await visitor.world.all(Member) == []


async def test_an_address_nobody_verified_is_not_enough(visitor: Visitor) -> None:
    await visitor.world.change(User, "user-alice", email_verified=False)
    await _invite(visitor)
    await visitor.log_in_anew()
    page = await _open(visitor)
    assert "never verified" in page.text_of("invitation-error")
    forced = (await visitor.agent.post(page.url, [("answer", "accept")])).page
    assert forced.status == 403
    assert await _status(visitor) == "pending"


async def test_an_invitation_to_an_address_nobody_verified_does_not_count(visitor: Visitor) -> None:
    """D4, and the page says which it is: no invitation, or no verified address."""
    await visitor.world.change(Application, visitor.application.id, closed=True)
    assert "no invitation is pending for alice" in (await visitor.log_in_anew()).text_of("error-detail")
    await visitor.world.change(User, "user-alice", email_verified=False)
    await visitor.world.add(records.invitation())
    page = await visitor.start()
    assert "alice@people.example is not verified as the address of alice" in page.text_of("error-detail")


async def test_nobody_accepts_without_signing_in(visitor: Visitor) -> None:
    await _invite(visitor)
    page = (await visitor.agent.post(f"{visitor.world.issuer}/invitation?id={ID}", [("answer", "accept")])).page
    assert page.status == 403
    assert page.has("invitation-sign-in")
    assert await _status(visitor) == "pending"


@pytest.mark.parametrize(
    ("change", "id", "status"),
    [
        ({"status": "cancelled"}, ID, 410),
        ({"status": "accepted", "accepted_by": "user-bob"}, ID, 410),
        ({}, "another", 404),
        ({}, "", 404),
        ({}, "%00", 404),
        ({}, "t%C3%A9a-party", 404),
        ({"application_id": "deleted"}, ID, 404),
    ],
)
async def test_a_link_that_leads_nowhere_says_so(
    visitor: Visitor, change: dict[str, Any], id: str, status: int
) -> None:
    await _invite(visitor, **change)
    await visitor.log_in_anew()
    page = await _open(visitor, id)
    assert page.status == status
    assert page.has("invitation-over-page")
    assert page.text_of("invitation-error")
    forced = (await visitor.agent.post(page.url, [("answer", "accept")])).page
    assert forced.status == status
    assert await visitor.world.all(Member) == []


async def test_cancelled_while_the_page_was_open(visitor: Visitor) -> None:
    await _invite(visitor)
    await visitor.log_in_anew()
    page = await _open(visitor)
    await visitor.world.change(Invitation, ID, status="cancelled")
    over = (await visitor.press(page, "invitation-accept")).page
    assert over.status == 410
    assert "no longer valid" in over.text
    assert await visitor.world.all(Member) == []


async def test_accepting_twice_changes_nothing(visitor: Visitor) -> None:
    await _invite(visitor)
    await visitor.log_in_anew()
    page = await _open(visitor)
    await visitor.press(page, "invitation-accept")
    again = (await visitor.press(page, "invitation-accept")).page
    assert again.has("invitation-accepted-page")
    assert again.status == 200
    assert len(await visitor.world.all(Member)) == 1


@pytest.mark.parametrize(
    ("member", "status", "told"),
    [
        (None, 410, "removed from the application"),
        (records.member(status="blocked"), 403, "blocked in the application"),
    ],
)
async def test_it_opens_nothing_for_who_was_sent_away_later(
    visitor: Visitor, member: Member | None, status: int, told: str
) -> None:
    """C6, C7: an accepted invitation says what holds now."""
    await _invite(visitor, status="accepted", accepted_by="user-alice")
    if member is not None:
        await visitor.world.add(member)
    await visitor.log_in_anew()
    page = await _open(visitor)
    assert (page.status, page.has("invitation-over-page")) == (status, True)
    assert told in page.text_of("invitation-error")
    assert (await visitor.agent.post(page.url, [("answer", "accept")])).page.status == status
    assert await visitor.world.all(Member) == ([member] if member else [])


async def test_cancel_on_the_login_page_leads_back(visitor: Visitor) -> None:
    await _invite(visitor)
    login = (await visitor.agent.follow(await _open(visitor), "invitation-sign-in")).page
    assert (await visitor.press(login, "login-cancel")).page.has("invitation-page")


@pytest.mark.parametrize(
    ("address", "linked"),
    [("https://tea.example", True), (None, False), ("photos.example:/x", False), ("javascript:alert(1)", False)],
)
async def test_only_a_web_address_is_linked(visitor: Visitor, address: str | None, linked: bool) -> None:
    await visitor.world.change(Application, visitor.application.id, address=address)
    await _invite(visitor)
    await visitor.log_in_anew()
    page = (await visitor.press(await _open(visitor), "invitation-accept")).page
    assert ("invitation-open" in page.links) == linked


@pytest.mark.parametrize("elsewhere", ["next", "return_to", "redirect_uri", "continue"])
async def test_the_login_page_leads_nowhere_else(visitor: Visitor, elsewhere: str) -> None:
    """No parameter is a way out: where a sign-in goes on to is made of the invitation's id alone."""
    await _invite(visitor)
    url = f"{visitor.world.issuer}/login?invitation={ID}&{elsewhere}=https://evil.example/"
    visit = await visitor.log_in((await visitor.agent.get(url)).page)
    assert visit.page.url == f"{visitor.world.issuer}/invitation?id={ID}"
