"""The journal over HTTP: read it, clear it, add to it what was seen of the client; and the verdicts it gives."""

import pytest

from tests.support.http import Http, Sent
from tests.web.admin.api import Api
from tests.web.admin.cases import Case, check, done, refused
from tests.web.admin.test_realms import NO_REALM, NOWHERE

NO_NUMBER = "expected the number of an exchange"
CASES = [
    done("readJournal", {"items": [], "next": None}),
    refused("readJournal", 400, "after", NO_NUMBER, query="?after=first"),
    refused("readJournal", 400, "after", NO_NUMBER, query="?after=-1"),
    refused("readJournal", 400, "after", NO_NUMBER, query=f"?after={'9' * 5000}"),
    refused("readJournal", 400, "limit", "expected a whole number from 1 to 100", query="?limit=0"),
    refused("readJournal", 404, *NO_REALM, **NOWHERE),
    done("clearJournal"),
    refused("clearJournal", 404, *NO_REALM, **NOWHERE),
    done("observe", body={"signed_in": True}),
    done("observe", body={"signed_in": False, "subject": "alice", "note": "n" * 1000}),
    refused("observe", 400, "signed_in", "is missing", {}),
    refused("observe", 400, "signed_in", "found 1; expected true or false", {"signed_in": 1}),
    refused("observe", 404, *NO_REALM, {"signed_in": True}, **NOWHERE),
    done("readVerdicts", [{"subject": "iss-wrong", "outcome": "not exercised"}]),
    refused("readVerdicts", 404, *NO_REALM, **NOWHERE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_case(api: Api, case: Case) -> None:
    await check(api, case)


async def test_it_is_read_page_by_page_and_forgotten(api: Api, http: Http) -> None:
    await api.furnish()
    for path in ("/jwks", "/userinfo", "/jwks"):
        await http.send(Sent("GET", f"{api.url}/wonder{path}"))
    first = await api.done("GET", "/realms/wonder/journal?limit=2")
    second = await api.done("GET", f"/realms/wonder/journal?after={first['next']}")
    shown = [(each["endpoint"], each["reply"]["status"]) for each in first["items"] + second["items"]]
    assert shown == [("jwks", 200), ("userinfo", 401), ("jwks", 200)]
    assert first["items"][1]["error"]["clause"] == "RFC6750-3.1"
    numbers = [each["number"] for each in first["items"] + second["items"]]
    assert numbers == sorted(set(numbers))
    await api.done("DELETE", "/realms/wonder/journal")
    assert (await api.done("GET", "/realms/wonder/journal"))["items"] == []
    await http.send(Sent("GET", f"{api.url}/wonder/jwks"))
    (after,) = (await api.done("GET", "/realms/wonder/journal"))["items"]
    assert after["number"] > numbers[-1]


async def test_the_journal_of_a_realm_ends_where_its_policy_says(api: Api, http: Http) -> None:
    await api.furnish()
    await api.done("PATCH", "/realms/wonder/policy", {"journal_limit": 10})
    for _ in range(12):
        await http.send(Sent("GET", f"{api.url}/wonder/jwks"))
    assert len((await api.done("GET", "/realms/wonder/journal"))["items"]) == 10


async def test_verdicts_are_about_what_is_armed_and_what_was_seen(api: Api, http: Http) -> None:
    named = await api.furnish()
    (armed,) = await api.done("GET", "/realms/wonder/verdicts")
    assert (armed["subject"], armed["outcome"], armed["armed"]) == ("iss-wrong", "not exercised", named["armed"])
    request = [("client_id", "web"), ("response_type", "code"), ("redirect_uri", "https://rp.example/cb")]
    await http.send(Sent("GET", f"{api.url}/wonder/authorize", query=[*request, ("scope", "openid")]))
    (exchange,) = (await api.done("GET", "/realms/wonder/journal"))["items"]
    found = {each["subject"]: each for each in await api.done("GET", "/realms/wonder/verdicts")}
    assert found["sends-state"]["outcome"] in ("failed", "warned")
    assert found["sends-state"]["evidence"] == [exchange["number"]]
    assert found["sends-state"]["armed"] is None
