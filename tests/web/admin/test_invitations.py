"""Invitations over HTTP (rows D)."""

from typing import Any

import pytest

from tests.web.admin.api import Api
from tests.web.admin.cases import Case, check, done, refused

BOB = {"application_id": "web", "email": "bob@people.example", "status": "pending", "settled_at": None}
NO_TEA = ("", "there is no application 'tea' in this realm")
TEA: dict[str, Any] = {"path": {"application": "tea"}}
NONE = ("", "there is no such invitation in this realm; check that the link is complete")
UNKNOWN: dict[str, Any] = {"path": {"invitation": "unknown"}}
MANY = " ".join(f"guest{number}@people.example" for number in range(501))
CASES = [
    done("listInvitations", {"items": [BOB]}),
    refused("listInvitations", 400, "limit", "expected a whole number from 1 to 100", query="?limit=-1"),
    refused("listInvitations", 404, *NO_TEA, **TEA),
    done(
        "invite",
        {"sent": [{"email": "Dodo@people.example"}, {"email": "hare@people.example"}], "refused": []},
        {"addresses": "Dodo@people.example,;hare@people.example\n"},
    ),
    done(
        "invite",
        {
            "sent": [],
            "refused": [
                {"address": "alice@people.example", "reason": "is a member of Web already"},
                {"address": "bob@people.example", "reason": "has a pending invitation already"},
                {"address": "dodo", "reason": "'dodo' is no e-mail address: it has no @"},
            ],
        },
        {"addresses": "alice@people.example bob@people.example dodo"},
    ),
    refused("invite", 400, "addresses", "is missing", {}),
    refused("invite", 400, "addresses", "has no e-mail address in it", {"addresses": " ,;"}),
    refused("invite", 400, "addresses", "has 501 addresses; at most 500 can be invited at once", {"addresses": MANY}),
    refused("invite", 404, *NO_TEA, {"addresses": "dodo@people.example"}, **TEA),
    done("viewInvitation", BOB),
    refused("viewInvitation", 404, *NONE, **UNKNOWN),
    done("cancelInvitation", {"email": "bob@people.example", "status": "cancelled"}),
    refused(
        "cancelInvitation",
        409,
        "",
        "this invitation is no longer valid: it was cancelled; ask for a new one",
        after=(("cancelInvitation", None),),
    ),
    refused("cancelInvitation", 404, *NONE, **UNKNOWN),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_case(api: Api, case: Case) -> None:
    await check(api, case)


async def test_the_link_is_where_the_addressee_accepts(api: Api) -> None:
    named = await api.furnish()
    shown = await api.done("GET", f"/realms/wonder/invitations/{named['invitation']}")
    assert shown["link"] == f"{api.url}/wonder/invitation?id={named['invitation']}"
