"""Changes at the same moment: each happens whole, on every store; none is lost, none is a fault."""

import asyncio
import gc
from collections import Counter
from typing import Any, TypeAlias

import pytest

from oidc_harness.harness.realm import Realm
from oidc_harness.harness.realms import Realms
from oidc_harness.services.invitations import invite
from oidc_harness.web.server import Server
from tests.web.admin.api import Api

Bodies: TypeAlias = list[dict[str, Any]]
AT_ONCE = 12
HERE = "/realms/wonder"
APPLICATION = {"id": "tea", "name": "Tea", "redirect_uris": ["https://tea.example/cb"]}


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def statuses(api: Api, method: str, path: str, *bodies: Any) -> Counter[int]:
    answers = await asyncio.gather(*(api.ask(method, path, body) for body in bodies))
    return Counter(answer.status for answer in answers)


ONE_ALONE: list[tuple[str, str, Any, Counter[int]]] = [
    ("POST", "/realms", {"name": "tea"}, Counter({201: 1, 409: AT_ONCE - 1})),
    ("POST", f"{HERE}/users", {"email": "dodo@people.example"}, Counter({201: 1, 409: AT_ONCE - 1})),
    ("POST", f"{HERE}/applications", APPLICATION, Counter({201: 1, 409: AT_ONCE - 1})),
    ("POST", f"{HERE}/applications/web/members", {"user_id": "user-hatter"}, Counter({201: 1, 409: AT_ONCE - 1})),
    ("DELETE", HERE, None, Counter({204: 1, 404: AT_ONCE - 1})),
    ("DELETE", f"{HERE}/users/user-alice", None, Counter({204: 1, 404: AT_ONCE - 1})),
    ("DELETE", f"{HERE}/applications/web", None, Counter({204: 1, 404: AT_ONCE - 1})),
    ("DELETE", f"{HERE}/armed/iss-wrong-1", None, Counter({204: 1, 404: AT_ONCE - 1})),
    ("POST", f"{HERE}/users/user-alice/block", None, Counter({200: AT_ONCE})),
    ("POST", f"{HERE}/applications/web/secret", None, Counter({200: AT_ONCE})),
]


@pytest.mark.parametrize(("method", "path", "body", "expected"), ONE_ALONE)
async def test_what_only_one_can_do(api: Api, method: str, path: str, body: Any, expected: Counter[int]) -> None:
    await api.furnish()
    assert await statuses(api, method, path, *[body] * AT_ONCE) == expected


async def test_no_change_is_lost(api: Api) -> None:
    await api.furnish()
    policy: Bodies = [{"name_limit": 50}, {"description_limit": 60}, {"refresh_grace": 70}, {"code_lifetime": 80}]
    user: Bodies = [{"username": "al"}, {"email_verified": False}, {"profile": {"name": "Alice"}}, {"password": "w"}]
    application: Bodies = [{"closed": True}, {"restricted": True}, {"description": "Tea"}, {"name": "Time"}]
    done = await asyncio.gather(
        statuses(api, "PATCH", f"{HERE}/policy", *policy),
        statuses(api, "PATCH", f"{HERE}/users/user-alice", *user),
        statuses(api, "PATCH", f"{HERE}/applications/web", *application),
    )
    assert set(map(str, done)) == {str(Counter({200: 4}))}
    assert _holds(await api.done("GET", HERE), {"policy": {**policy[0], **policy[1], **policy[2], **policy[3]}})
    assert _holds(
        await api.done("GET", f"{HERE}/users/user-alice"), {**user[0], **user[1], "profile": {"name": "Alice"}}
    )
    shown = await api.done("GET", f"{HERE}/applications/web")
    assert _holds(shown, {**application[0], **application[1], **application[2], **application[3]})


def _holds(shown: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        return all(_holds(shown[name], each) for name, each in expected.items())
    return bool(shown == expected)


async def test_an_address_is_invited_once(api: Api, server: Server) -> None:
    await api.furnish()
    realm = server.realms.find("wonder")
    assert realm is not None
    # Without HTTP between them: nearer to the same moment.
    inviting = [realm.transact(lambda given: invite(given, "web", "dodo@people.example")) for _ in range(AT_ONCE)]
    assert sum(len(invited.sent) for invited in await asyncio.gather(*inviting)) == 1


async def test_one_key_of_an_algorithm_signs(api: Api) -> None:
    await api.furnish()
    await statuses(api, "POST", f"{HERE}/keys/rotate", *[{"alg": "ES256"}] * AT_ONCE)
    keys = [key for key in await api.done("GET", f"{HERE}/keys") if key["alg"] == "ES256"]
    assert Counter(key["status"] for key in keys) == {"current": 1, "retired": AT_ONCE}


async def test_a_realm_that_is_dropped_while_others_work_in_it(api: Api, server: Server) -> None:
    await api.furnish()
    people = [{"email": f"guest{number}@people.example"} for number in range(AT_ONCE)]
    made, dropped = await asyncio.gather(
        statuses(api, "POST", f"{HERE}/users", *people), statuses(api, "DELETE", HERE, None)
    )
    assert dropped == {204: 1}
    assert set(made) <= {201, 404}
    await api.furnish()
    shown = [each["id"] for each in (await api.done("GET", f"{HERE}/users"))["items"]]
    assert shown == ["user-alice", "user-hatter"]


async def test_of_a_dropped_realm_nothing_is_left(api: Api, server: Server) -> None:
    for number in range(5):
        await api.furnish()
        await api.done("POST", f"{HERE}/keys/rotate", {"alg": "ES256"})
        await api.done("DELETE", HERE)
        assert number == 0 or _living(server.realms) == 0


def _living(realms: Realms) -> int:
    assert list(realms) == []
    gc.collect()
    return sum(isinstance(each, Realm) for each in gc.get_objects())
