"""Invitations: to whom they go, who may accept, what becomes of them."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member, member_id
from oidc_harness.services import applications, invitations, members, users
from oidc_harness.services.errors import Forbidden, Invalid, NotFound, Taken
from oidc_harness.services.invitations import MOST_ADDRESSES
from oidc_harness.storage.port import Conflict
from tests.services.conftest import Desk


@pytest.fixture
async def shop(desk: Desk) -> Desk:
    """Ada is no member of the shop, Bob is one."""
    await desk.application()
    await desk.user("ada", email="Ada@example.com")
    await desk.user("bob")
    await desk.ask(members.add, "shop", "bob")
    return desk


async def _invite(desk: Desk, address: str = "ada@EXAMPLE.com", application: str = "shop") -> Invitation:
    return (await desk.ask(invitations.invite, application, address)).sent[0]


@pytest.mark.parametrize("text", ["a@x.io b@x.io", "a@x.io,b@x.io", " a@x.io ;\n\tb@x.io;", "a@x.io\r\nb@x.io"])
async def test_a_text_with_several_addresses(shop: Desk, text: str) -> None:
    invited = await shop.ask(invitations.invite, "shop", text)
    assert [invitation.email for invitation in invited.sent] == ["a@x.io", "b@x.io"]
    assert invited.refused == ()
    stored = await shop.stored(Invitation, invited.sent[0].id)
    assert stored == invited.sent[0]
    assert (stored.application_id, stored.status, stored.sent_at) == ("shop", "pending", shop.now)
    assert len(stored.id) >= 32


async def test_what_cannot_be_invited_is_reported_one_by_one_and_the_rest_is_sent(shop: Desk) -> None:
    await _invite(shop, "dan@x.io")
    text = "new@x.io, nonsense; NEW@x.io bob@Example.com, Dan@x.io, also@x.io"
    invited = await shop.ask(invitations.invite, "shop", text)
    assert [invitation.email for invitation in invited.sent] == ["new@x.io", "also@x.io"]
    assert [(refused.address, refused.reason) for refused in invited.refused] == [
        ("nonsense", "'nonsense' is no e-mail address: it has no @"),
        ("NEW@x.io", "is listed twice"),
        ("bob@Example.com", "is a member of Shop already"),
        ("Dan@x.io", "has a pending invitation already"),
    ]
    assert await shop.count(Invitation) == 3


@pytest.mark.parametrize("text", ["", " ,;\n", " ".join(f"a{n}@x.io" for n in range(MOST_ADDRESSES + 1))])
async def test_no_address_and_too_many_are_refused_as_a_whole(shop: Desk, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await shop.ask(invitations.invite, "shop", text)
    assert refusal.value.field == "addresses"
    assert await shop.count(Invitation) == 0


async def test_nobody_is_invited_to_an_unknown_application(shop: Desk) -> None:
    with pytest.raises(NotFound):
        await shop.ask(invitations.invite, "mall", "ada@example.com")


async def test_the_addressee_accepts_and_becomes_a_member(shop: Desk) -> None:
    invitation = await _invite(shop)
    shop.now += 60
    member = await shop.ask(invitations.accept, invitation.id, await shop.ask(users.view, "ada"))
    assert await shop.stored(Member, member_id("shop", "ada")) == member
    settled = await shop.stored(Invitation, invitation.id)
    assert settled == replace(invitation.accepted("ada", invitation.sent_at + 60), version=1)


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("bob", {}, "is for ada@EXAMPLE.com, and you are signed in as bob with bob@example.com"),
        ("ada", {"email_verified": False}, "is not verified"),
    ],
)
async def test_nobody_else_accepts_and_the_invitation_stays_pending(
    shop: Desk, name: str, changes: dict[str, Any], message: str
) -> None:
    invitation = await _invite(shop)
    user = await shop.ask(users.edit, name, changes)
    with pytest.raises(Forbidden, match=message):
        await shop.ask(invitations.accept, invitation.id, user)
    assert await shop.stored(Invitation, invitation.id) == invitation


async def test_a_blocked_user_accepts_nothing(shop: Desk) -> None:
    invitation = await _invite(shop)
    user = await shop.ask(users.block, "ada")
    with pytest.raises(Forbidden, match="ada is blocked"):
        await shop.ask(invitations.accept, invitation.id, user)


async def test_a_cancelled_invitation_is_no_longer_valid(shop: Desk) -> None:
    invitation = await _invite(shop)
    cancelled = await shop.ask(invitations.cancel, invitation.id)
    assert (cancelled.status, cancelled.settled_at) == ("cancelled", shop.now)
    with pytest.raises(Taken, match="no longer valid: it was cancelled"):
        await shop.ask(invitations.accept, invitation.id, await shop.ask(users.view, "ada"))
    with pytest.raises(Taken, match="no longer valid"):
        await shop.ask(invitations.cancel, invitation.id)
    assert await shop.count(Member, user_id="ada") == 0


async def test_an_accepted_invitation_is_neither_accepted_nor_cancelled_again(shop: Desk) -> None:
    invitation = await _invite(shop)
    ada = await shop.ask(users.view, "ada")
    await shop.ask(invitations.accept, invitation.id, ada)
    with pytest.raises(Taken, match="it was accepted before"):
        await shop.ask(invitations.accept, invitation.id, ada)
    with pytest.raises(Taken, match="it was accepted before"):
        await shop.ask(invitations.cancel, invitation.id)


async def test_of_accepting_and_cancelling_at_once_one_happens(shop: Desk) -> None:
    invitation = await _invite(shop)
    ada = await shop.ask(users.view, "ada")
    with pytest.raises(Conflict):
        await shop.overtake(
            lambda circumstances: invitations.accept(circumstances, invitation.id, ada),
            lambda circumstances: invitations.cancel(circumstances, invitation.id),
        )
    assert await shop.count(Member, user_id="ada") == 0


async def test_who_is_a_member_already_stays_as_they_are(shop: Desk) -> None:
    invitation = await _invite(shop)
    await shop.ask(members.add, "shop", "ada")
    blocked = await shop.ask(members.block, "shop", "ada")
    member = await shop.ask(invitations.accept, invitation.id, await shop.ask(users.view, "ada"))
    assert (member.status, member.generation) == ("blocked", blocked.generation)


@pytest.mark.parametrize("service", [invitations.view, invitations.cancel, invitations.check_pending])
async def test_an_unknown_invitation_is_not_found_and_its_id_not_repeated(shop: Desk, service: Any) -> None:
    with pytest.raises(NotFound) as refusal:
        await shop.ask(service, "secret-part-of-a-link")
    assert "secret-part" not in str(refusal.value)


async def test_the_pending_invitation_is_found_behind_many_settled_ones(shop: Desk) -> None:
    for _ in range(101):
        await shop.ask(invitations.cancel, (await _invite(shop)).id)
    assert await shop.ask(invitations.pending_for, "ada@example.com", "shop") is None
    pending = await _invite(shop)
    assert await shop.ask(invitations.pending_for, "ADA@example.com", "shop") == pending
    assert await shop.count(Invitation, email_key="ada@example.com") == 1
    await shop.application(id="mall")
    assert await shop.ask(invitations.pending_for, "ada@example.com", "mall") is None


async def test_invitations_are_listed_per_application_in_pages(shop: Desk) -> None:
    await shop.application(id="mall")
    sent = await shop.ask(invitations.invite, "shop", "a@x.io b@x.io c@x.io")
    await _invite(shop, "a@x.io", "mall")
    await shop.ask(invitations.cancel, sent.sent[0].id)
    first = await shop.ask(invitations.list_page, "shop", limit=2)
    second = await shop.ask(invitations.list_page, "shop", first[-1].id)
    listed = {invitation.id: invitation.status for invitation in (*first, *second)}
    assert listed == {
        invitation.id: "cancelled" if invitation is sent.sent[0] else "pending" for invitation in sent.sent
    }
    with pytest.raises(NotFound):
        await shop.ask(invitations.list_page, "unknown")


async def test_invitations_of_a_deleted_application_are_gone(shop: Desk) -> None:
    invitation = await _invite(shop)
    await shop.ask(applications.delete, "shop")
    with pytest.raises(NotFound):
        await shop.ask(invitations.accept, invitation.id, await shop.ask(users.view, "ada"))
