"""Users over HTTP: the whole life of an account; nothing that proves who one is is ever shown."""

from typing import Any

import pytest

from oidc_harness.web.server import Server
from tests.web.admin.api import Api
from tests.web.admin.cases import Case, check, done, refused
from tests.web.admin.test_realms import NO_REALM, NOWHERE

NEW: dict[str, Any] = {"email": "dodo@people.example", "password": "caucus"}
NONE = ("", "there is no user 'dodo' in this realm")
DODO: dict[str, Any] = {"path": {"user": "dodo"}}
ARMS = {**NEW, "arms": [{"switch": "aud-wrong", "parameters": {"value": "other"}}]}
SOURCED: dict[str, Any] = {
    "claim_sources": {"bank": {"claims": ["iban"], "endpoint": "https://bank.example/", "access_token": "tulgey"}}
}
READ_BACK: dict[str, Any] = {
    "claim_sources": {"bank": {**SOURCED["claim_sources"]["bank"], "access_token": "(hidden)"}}
}
"""What is shown is not taken for the token itself."""
NO_KIND: dict[str, Any] = {"claim_sources": {"bank": {}}}
IN_USE = "is in use by another user; choose another one"
BLOCKING = "cannot be edited; blockUser (POST …/block) and unblockUser (POST …/unblock) do that"
ARMING = "cannot be edited; they are set at creation; arm a switch (POST …/armed) with a condition on this user"
NAMES: dict[str, Any] = {
    "name": "Alice",
    "given_name": "Al",
    "nickname": None,
    "address": {"locality": "Oxford", "country": "England"},
}
NAMED = (("editUser", {"profile": NAMES}),)
BLOCKED = (("blockUser", None),)

BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"email": "dodo"}, "email", "'dodo' is no e-mail address: it has no @"),
    ({"email": "d"}, "email", 'found "d"; expected a text of at least 3 characters'),
    ({"username": " dodo"}, "username", "has spaces around it, or a character that cannot be seen"),
    ({"username": "do\x00do"}, "username", "has spaces around it, or a character that cannot be seen"),
    ({"username": "d" * 256}, "username", "found 256 characters; expected a text of at most 255 characters"),
    ({"profile": {"name": "Do\x1bdo"}}, "profile.name", "has a character that cannot be shown: '\\x1b'"),
    ({"id": "do~do"}, "id", "'do~do': expected 1 to 255 visible ASCII characters without space and ~"),
    ({"password": ""}, "password", "found a text; expected a text of at least 1 character"),
    ({"test_password": "x"}, "test_password", "is not known here; did you mean password?"),
    ({"password_hash": "x"}, "password_hash", "is not known here; did you mean password?"),
    ({"profile": {"nmae": "Dodo"}}, "profile.nmae", "is not known here; did you mean name?"),
    (
        {"profile": {"address": "Oxford"}},
        "profile.address",
        'found "Oxford"; expected a mapping',
    ),
    ({"arms": [{}]}, "arms[0].switch", "is missing"),
    (
        {"arms": [{"switch": "aud-wrongg"}]},
        "arms[0].switch",
        "there is no switch 'aud-wrongg'; did you mean aud-wrong or bcl-aud-wrong or state-wrong?",
    ),
    (
        {"arms": [{"switch": "aud-wrong", "parameters": {"value": 1}}]},
        "arms[0].parameters.value",
        "1 will not do; allowed: string, of 1 or more characters",
    ),
]
CASES = [
    done("listUsers", {"items": [{"id": "user-alice"}, {"id": "user-hatter"}], "next": None}),
    done("listUsers", {"items": [{"id": "user-alice"}], "next": "user-alice"}, query="?limit=1"),
    done("listUsers", {"items": [{"id": "user-hatter"}]}, query="?limit=1&after=user-alice"),
    done("listUsers", {"items": [], "next": None}, query="?after=user-hatter"),
    done("listUsers", {"items": [{"id": "user-hatter"}], "next": None}, query="?email=HAT@people.example"),
    done("listUsers", {"items": [{"id": "user-alice"}], "next": None}, query="?username=alice@people.example&limit=1"),
    done("listUsers", {"items": []}, query="?username=alice@people.example&email=hat@people.example"),
    done("listUsers", {"items": []}, query="?username="),
    refused(
        "listUsers", 400, "mail", "is not known here; did you mean email?", query="?mail=hat@people.example&limit=ten"
    ),
    refused("listUsers", 400, "email", "is given a second time; keep one of the two", query="?email=a&email=b"),
    refused("listUsers", 400, "limit", "expected a whole number from 1 to 100", query="?limit=ten"),
    done("createUser", {"username": "dodo@people.example", "status": "active", "arms": []}, NEW),
    done("createUser", {"id": "dodo", "username": "dodo"}, {**NEW, "id": "dodo", "username": "dodo"}),
    done("createUser", {"profile": {"name": "Dodo"}}, {**NEW, "profile": {"name": "Dodo"}}),
    done("createUser", {"arms": [{"switch": "aud-wrong", "parameters": {"value": "other"}}]}, ARMS),
    done("createUser", {"localized": {"name#fr": "Dronte"}}, {**NEW, "localized": {"name#fr": "Dronte"}}),
    done("createUser", {"claim_sources": {"bank": {"claims": ["iban"], "access_token": "(hidden)"}}}, NEW | SOURCED),
    done("editUser", {"claim_sources": {"bank": {"endpoint": "https://bank.example/"}}}, SOURCED),
    refused("editUser", 400, "claim_sources.bank.access_token", "is no bearer token (RFC 6750 2.1)", READ_BACK),
    refused("editUser", 400, "claim_sources.bank", "has none of says, jwt and endpoint; give one of them", NO_KIND),
    *(refused("createUser", 400, place, said, {**NEW, **changes}) for changes, place, said in BAD),
    refused("createUser", 400, "email", "is missing", {}),
    refused(
        "createUser",
        409,
        "id",
        "'user-alice' is in use by another user; choose another id",
        {**NEW, "id": "user-alice"},
    ),
    refused("createUser", 409, "email", f"'alice@people.example' {IN_USE}", {"email": "Alice@People.example"}),
    refused(
        "createUser", 409, "username", f"'alice@people.example' {IN_USE}", {**NEW, "username": "alice@people.example"}
    ),
    refused("listUsers", 404, *NO_REALM, **NOWHERE),
    refused("createUser", 404, *NO_REALM, NEW, **NOWHERE),
    done("viewUser", {"id": "user-alice", "email": "alice@people.example"}),
    refused("viewUser", 404, *NONE, **DODO),
    done("editUser", {"username": "al", "email": "alice@people.example"}, {"username": "al", "password": "x"}),
    done("editUser", {"profile": {**NAMES, "nickname": "Al"}}, {"profile": {"nickname": "Al"}}, after=NAMED),
    done("editUser", {"profile": {**NAMES, "name": None}}, {"profile": {"name": None}}, after=NAMED),
    done(
        "editUser",
        {"profile": {"name": "Alice", "address": {"locality": "Oxford", "country": None, "region": "Oxon"}}},
        {"profile": {"address": {"country": None, "region": "Oxon"}}},
        after=NAMED,
    ),
    done("editUser", {"profile": {**NAMES, "address": None}}, {"profile": {"address": None}}, after=NAMED),
    done(
        "editUser", {"profile": {"address": {"locality": "Oxford"}}}, {"profile": {"address": {"locality": "Oxford"}}}
    ),
    done("editUser", {"profile": NAMES}, {"profile": {}}, after=NAMED),
    refused("editUser", 400, "profile", "found nothing (null); expected a mapping", {"profile": None}),
    refused("editUser", 400, "profile.nmae", "is not known here; did you mean name?", {"profile": {"nmae": "A"}}),
    done("editUser", {"email": "a@people.example", "email_verified": False}, {"email": "a@people.example"}),
    refused("editUser", 400, "status", BLOCKING, {"status": "blocked"}),
    refused("editUser", 400, "arms", ARMING, {"arms": []}),
    refused("editUser", 400, "password", "found nothing (null); expected a text", {"password": None}),
    refused(
        "editUser",
        400,
        "password",
        "found a text; expected a text of at least 1 character",
        {"password": ""},
    ),
    refused("editUser", 409, "email", f"'hat@people.example' {IN_USE}", {"email": "hat@people.example"}),
    refused("editUser", 404, *NONE, {}, **DODO),
    done("deleteUser"),
    refused("deleteUser", 404, *NONE, **DODO),
    done("blockUser", {"status": "blocked"}),
    done("blockUser", {"status": "blocked"}, after=BLOCKED),
    refused("blockUser", 404, *NONE, **DODO),
    done("unblockUser", {"status": "active"}, after=BLOCKED),
    refused("unblockUser", 404, *NONE, **DODO),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_case(api: Api, case: Case) -> None:
    await check(api, case)


async def test_nothing_that_proves_who_one_is_is_shown(api: Api) -> None:
    await api.furnish()
    here = "/realms/wonder/users"
    answers = [
        await api.done("POST", here, {**NEW, **SOURCED, "id": "dodo"}),
        await api.done("GET", f"{here}/dodo"),
        await api.done("PATCH", f"{here}/dodo", {"password": "caucus-race"}),
        await api.done("POST", f"{here}/dodo/block"),
        await api.done("GET", here),
    ]
    for hidden in ("caucus", "tulgey", "password", "generation", "email_key", "version"):
        assert not [answer for answer in answers if hidden in str(answer)]


async def test_a_persona_arms_as_soon_as_it_is_made(api: Api) -> None:
    await api.furnish()
    await api.done("POST", "/realms/wonder/users", ARMS)
    armed = await api.done("GET", "/realms/wonder/armed")
    assert [(each["switch"], each["personas"]) for each in armed] == [
        ("iss-wrong", None),
        ("aud-wrong", ["dodo@people.example"]),
    ]


async def test_what_is_armed_is_listed_with_the_personas_of_now(api: Api) -> None:
    async def whose() -> list[list[str]]:
        return [each["personas"] for each in (await api.done("GET", "/realms/wonder/armed"))[1:]]

    await api.furnish()
    users = "/realms/wonder/users"
    first, second = [(await api.done("POST", users, {**ARMS, "email": f"{name}@x.example"}))["id"] for name in "ab"]
    assert await whose() == [["a@x.example", "b@x.example"]]
    await api.done("PATCH", f"{users}/{first}", {"username": "renamed"})
    await api.done("DELETE", f"{users}/{second}")
    assert await whose() == [["renamed"]]
    await api.done("DELETE", f"{users}/{first}")
    await api.done("POST", users, {"email": "a@x.example", "password": "p"})
    assert await whose() == [[]]


async def test_a_persona_that_is_refused_arms_nothing(api: Api, server: Server) -> None:
    await api.furnish()
    answer = await api.ask("POST", "/realms/wonder/users", {**ARMS, "email": "alice@people.example"})
    assert answer.status == 409
    assert [each["switch"] for each in await api.done("GET", "/realms/wonder/armed")] == ["iss-wrong"]
