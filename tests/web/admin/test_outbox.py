"""The outbox of a realm over HTTP: what is to be sent to applications, and what became of it."""

from typing import Any

import pytest

from tests.web.admin.api import Api
from tests.web.admin.cases import Case, check, done, refused
from tests.web.admin.test_realms import NO_REALM, NOWHERE

URI = "https://127.0.0.1/out"
TOLD: tuple[tuple[str, Any], ...] = (
    ("editApplication", {"backchannel_logout_uri": URI}),
    ("endSessions", None),
)
NOTICE = {"application_id": "web", "url": URI, "user_id": "user-alice", "sid": None, "state": "pending"}
NOTHING: dict[str, Any] = {"items": [], "next": None}
CASES = [
    done("listOutbox", NOTHING),
    done("listOutbox", {"items": [NOTICE], "next": None}, after=TOLD),
    done("listOutbox", {"items": [NOTICE], "next": None}, after=TOLD, query="?state=pending&application_id=web"),
    done("listOutbox", NOTHING, after=TOLD, query="?state=delivered"),
    done("listOutbox", NOTHING, after=TOLD, query="?application_id=other"),
    refused("listOutbox", 400, "state", "expected pending, delivered, failed", query="?state=lost"),
    refused("listOutbox", 404, *NO_REALM, **NOWHERE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_case(api: Api, case: Case) -> None:
    await check(api, case)
