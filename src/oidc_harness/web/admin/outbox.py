"""The outbox of a realm: what was or is to be sent to applications, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, get_args

from oidc_harness.model.outbox import DeliveryState, LogoutNotice
from oidc_harness.services import logout_notices
from oidc_harness.services.errors import Invalid
from oidc_harness.web.admin.operation import Call, Operation
from oidc_harness.web.admin.shapes import PageOf, Shape

_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A back-channel logout. The token is made anew at each try; the journal has those that were sent."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    id: str
    application_id: str
    url: str
    """Where to."""
    user_id: str
    sid: str | None
    """The session that ended. null: all sessions of the user at this application."""
    state: DeliveryState
    """`pending`: to be tried, or tried again. `delivered`: the client took it. `failed`: given up."""
    attempts: int
    next_try_at: int | None
    """Seconds since 1970 in the realm's time; null where there will be no more."""
    last_outcome: str
    """For people."""
    created_at: int
    """Seconds since 1970 in the realm's time."""


async def list_outbox(call: Call) -> list[NoticeView]:
    """A page of notices, oldest first."""
    states = get_args(DeliveryState)
    if call.filters.get("state", states[0]) not in states:
        raise Invalid(f"expected {', '.join(states)}", field="state")
    found = await call.realm.transact(
        lambda given: logout_notices.list_page(given, call.after, call.limit, **call.filters)
    )
    return [_view(notice) for notice in found]


def _view(notice: LogoutNotice) -> NoticeView:
    return NoticeView(
        id=notice.id,
        application_id=notice.application_id,
        url=notice.url,
        user_id=notice.user_id,
        sid=notice.sid,
        state=notice.state,
        attempts=notice.attempts,
        next_try_at=notice.next_try_at if notice.state == "pending" else None,
        last_outcome=notice.last_outcome,
        created_at=notice.created_at,
    )


OPERATIONS = (
    Operation(
        "listOutbox",
        "GET",
        "/realms/{realm}/outbox",
        "List the outbox",
        list_outbox,
        PageOf(Shape(NoticeView)),
        paged=True,
        filters={
            "state": "Those in this state: `pending`, `delivered` or `failed`.",
            "application_id": "Those to this application.",
        },
        refuses=(400,),
    ),
)
