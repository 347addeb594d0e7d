"""The page behind the link of an invitation: who may accept it accepts it, who may not is told why (D3 to D7)."""

from dataclasses import dataclass
from typing import Literal

from oidc_harness.model.application import Application
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member, member_id
from oidc_harness.model.user import User
from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import access_denied
from oidc_harness.protocol.parameters import first
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.decision import Decision, Page, Redirect
from oidc_harness.provider.people import load_session
from oidc_harness.provider.provider import Provider
from oidc_harness.services import invitations
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import Forbidden, NotFound, ServiceError
from oidc_harness.web.pages.errand import Errand
from oidc_harness.web.pages.page import Refused

Standing = Literal["nobody", "other", "unverified", "welcome"]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the link leads to, and who looks at it."""

    invitation: Invitation | None
    application: Application | None
    user: User | None
    member: Member | None = None
    """What the invitation made of this person, if it was they who accepted it."""


async def show(request: Request, circumstances: Circumstances, provider: Provider) -> Decision:
    """The invitation as this person sees it."""
    found = await _load(request, circumstances)
    return Decision(_page(found, provider), about=About("invitation_form", found.application, found.user))


async def accept(request: Request, circumstances: Circumstances, provider: Provider) -> Decision:
    """Make the person a member; whoever is not the one invited is told, and the invitation stays as it is."""
    found = await _load(request, circumstances)
    about = About("invitation", found.application, found.user)
    try:
        await _accept(found, circumstances)
    except ServiceError as reason:
        refusal = access_denied("the invitation was not accepted", reason.message, spec("HARNESS-D4"))
        raise Refused(Decision(_page(found, provider, 403), about=about, error=refusal)) from None
    return Decision(Redirect(Errand(found.application, invitation=found.invitation).way_on(provider)), about=about)


async def _accept(found: _Found, circumstances: Circumstances) -> None:
    if found.invitation is None:
        raise NotFound("there is no such invitation")
    if found.user is None:
        raise Forbidden("nobody is signed in")
    if not _is_taken_by(found.invitation, found.user):
        await invitations.accept(circumstances, found.invitation.id, found.user)


def _is_taken_by(invitation: Invitation, user: User | None) -> bool:
    """Whether it was this person who accepted: pressing the button twice is no mistake."""
    return invitation.status == "accepted" and user is not None and invitation.accepted_by == user.id


async def _load(request: Request, circumstances: Circumstances) -> _Found:
    records = circumstances.records
    invitation = await records.get(Invitation, first(request.query, "id") or "")
    application = await records.get(Application, invitation.application_id) if invitation else None
    _, user = await load_session(request, records, circumstances.now)
    if invitation is None or user is None or not _is_taken_by(invitation, user):
        return _Found(invitation, application, user)
    member = await records.get(Member, member_id(invitation.application_id, user.id))
    return _Found(invitation, application, user, member)


def _page(found: _Found, provider: Provider, status: int = 200) -> Page:
    invitation, application, user = found.invitation, found.application, found.user
    if invitation is None or application is None:
        return Page("invitation_over", {"reason": "invalid"}, 404)
    if invitation.status == "cancelled":
        return Page("invitation_over", {"reason": "invalid"}, 410)
    if _is_taken_by(invitation, user):
        return _taken(found.member, application, user)
    if invitation.status == "accepted":
        return Page("invitation_over", {"reason": "used"}, 410)
    errand = Errand(application, invitation=invitation)
    facts = {
        "application": application,
        "invitation": invitation,
        "user": user,
        "standing": _standing(invitation, user),
        "action": errand.way_on(provider),
        "login_url": errand.url("/login", provider),
        "register_url": errand.url("/sign_up", provider),
    }
    return Page("invitation", facts, status)


def _taken(member: Member | None, application: Application, user: User | None) -> Page:
    """What became of the one who accepted: an invitation is no key that fits twice (C6, C7)."""
    if member is None:
        return Page("invitation_over", {"reason": "removed"}, 410)
    if member.status == "blocked":
        return Page("invitation_over", {"reason": "blocked"}, 403)
    return Page("invitation_accepted", {"application": application, "user": user})


def _standing(invitation: Invitation, user: User | None) -> Standing:
    if user is None:
        return "nobody"
    if user.email_key != invitation.email_key:
        return "other"
    return "welcome" if user.email_verified else "unverified"
