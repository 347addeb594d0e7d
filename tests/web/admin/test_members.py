"""Members of an application over HTTP (rows C)."""

from typing import Any

import pytest

from tests.web.admin.api import Api
from tests.web.admin.cases import Case, check, done, refused

ALICE = {"application_id": "web", "user_id": "user-alice", "role": "member", "status": "active", "granted": None}
NO_TEA = ("", "there is no application 'tea' in this realm")
TEA: dict[str, Any] = {"path": {"application": "tea"}}
NO_MEMBER = ("", "application 'web' has no member 'user-hatter'")
HATTER: dict[str, Any] = {"path": {"user": "user-hatter"}}
BLOCKED = (("blockMember", None),)
NO_USER = "there is no user 'dodo' in this realm"
USERNAME = "there is no user 'hat@people.example' in this realm; expected an id; that user's is user-hatter"
BLOCKING = "cannot be edited; blockMember (POST …/block) and unblockMember (POST …/unblock) do that"
ROLE = "found \"owner\"; expected 'member' or 'administrator'"
CASES = [
    done("listMembers", {"items": [ALICE], "next": None}),
    done("listMembers", {"items": [], "next": None}, query="?after=web~user-alice"),
    refused("listMembers", 400, "limit", "expected a whole number from 1 to 100", query="?limit="),
    refused("listMembers", 404, *NO_TEA, **TEA),
    done("addMember", {"user_id": "user-hatter", "role": "member"}, {"user_id": "user-hatter"}),
    done("addMember", {"role": "administrator"}, {"user_id": "user-hatter", "role": "administrator"}),
    refused("addMember", 400, "user_id", "is missing", {}),
    refused("addMember", 400, "role", ROLE, {"user_id": "user-hatter", "role": "owner"}),
    refused("addMember", 404, "user_id", f"{NO_USER}; expected the id of one", {"user_id": "dodo"}),
    refused("addMember", 404, "user_id", USERNAME, {"user_id": "hat@people.example"}),
    refused("addMember", 404, *NO_TEA, {"user_id": "user-hatter"}, **TEA),
    refused("addMember", 409, "user_id", "alice@people.example is a member of Web already", {"user_id": "user-alice"}),
    done("viewMember", ALICE),
    refused("viewMember", 404, *NO_MEMBER, **HATTER),
    refused("viewMember", 404, *NO_TEA, **TEA),
    refused("endSessions", 404, *NO_TEA, **TEA),
    done("changeRole", {**ALICE, "role": "administrator"}, {"role": "administrator"}),
    refused("changeRole", 400, "role", ROLE, {"role": "owner"}),
    refused("changeRole", 400, "status", BLOCKING, {"status": "blocked"}),
    refused("changeRole", 404, *NO_MEMBER, {"role": "member"}, **HATTER),
    done("removeMember"),
    refused("removeMember", 404, *NO_MEMBER, **HATTER),
    done("blockMember", {**ALICE, "status": "blocked"}),
    done("blockMember", {**ALICE, "status": "blocked"}, after=BLOCKED),
    refused("blockMember", 404, *NO_MEMBER, **HATTER),
    done("unblockMember", ALICE, after=BLOCKED),
    refused("unblockMember", 404, *NO_MEMBER, **HATTER),
    done("endSessions", ALICE),
    refused("endSessions", 404, *NO_MEMBER, **HATTER),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_case(api: Api, case: Case) -> None:
    assert "generation" not in str(await check(api, case))
