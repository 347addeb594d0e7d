"""Invitations to an application: list, send, look at, cancel (rows D)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from annotated_types import MaxLen, MinLen

from oidc_harness.model.invitation import Invitation
from oidc_harness.services import invitations
from oidc_harness.services.invitations import RefusedAddress
from oidc_harness.web.admin.operation import Call, Operation
from oidc_harness.web.admin.shapes import PageOf, Shape

_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitations:
    """Whom to invite."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    addresses: Annotated[str, MinLen(1), MaxLen(20_000)]
    """E-mail addresses separated by space, comma or semicolon (D1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationView:
    """An invitation, with the link that its addressee follows."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    id: str
    application_id: str
    email: str
    status: str
    """`pending`, `accepted` or `cancelled`."""
    sent_at: int
    """Seconds since 1970 in the realm's time."""
    settled_at: int | None
    """When it was accepted or cancelled."""
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedView:
    """What became of the addresses."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    sent: tuple[InvitationView, ...]
    refused: tuple[RefusedAddress, ...]
    """Those that were not invited, each with the reason."""


def _shown(call: Call, invitation: Invitation) -> InvitationView:
    link = call.realm.addresses.front_channel("/invitation?" + urlencode({"id": invitation.id}))
    return InvitationView(
        id=invitation.id,
        application_id=invitation.application_id,
        email=invitation.email,
        status=invitation.status,
        sent_at=invitation.sent_at,
        settled_at=invitation.settled_at,
        link=link,
    )


async def list_invitations(call: Call) -> list[InvitationView]:
    """A page of an application's invitations, by id (D6)."""
    application = call.path["application"]
    found = await call.realm.transact(lambda given: invitations.list_page(given, application, call.after, call.limit))
    return [_shown(call, invitation) for invitation in found]


async def invite(call: Call) -> InvitedView:
    """Invite one or many; those who cannot be are reported one by one, the rest is sent (D1)."""
    application, addresses = call.path["application"], call.body.addresses
    invited = await call.realm.transact(lambda given: invitations.invite(given, application, addresses))
    return InvitedView(sent=tuple(_shown(call, invitation) for invitation in invited.sent), refused=invited.refused)


async def view_invitation(call: Call) -> InvitationView:
    """One invitation."""
    return _shown(call, await call.realm.transact(lambda given: invitations.view(given, call.path["invitation"])))


async def cancel(call: Call) -> InvitationView:
    """Withdraw; it can no longer be accepted (D7)."""
    return _shown(call, await call.realm.transact(lambda given: invitations.cancel(given, call.path["invitation"])))


VIEW: Shape[InvitationView] = Shape(InvitationView)
INVITED: Shape[InvitedView] = Shape(InvitedView)
ALL = "/realms/{realm}/applications/{application}/invitations"
ONE = "/realms/{realm}/invitations/{invitation}"

OPERATIONS = (
    Operation("listInvitations", "GET", ALL, "List invitations", list_invitations, PageOf(VIEW), paged=True),
    Operation(
        "invite",
        "POST",
        ALL,
        "Invite people",
        invite,
        INVITED,
        Shape(NewInvitations),
        about="The answer tells what became of each address; where none could be invited, `sent` is empty.",
        gives={"invitation": "/sent/0/id"},
    ),
    Operation("viewInvitation", "GET", ONE, "Look at an invitation", view_invitation, VIEW),
    Operation("cancelInvitation", "POST", ONE + "/cancel", "Cancel an invitation", cancel, VIEW, refuses=(409,)),
)
