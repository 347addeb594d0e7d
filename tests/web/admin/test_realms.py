"""Realms over HTTP: list, make, look at, change the policy of, drop."""

from typing import Any

import pytest

from tests.web.admin.api import Api
from tests.web.admin.cases import Case, check, done, refused

NO_REALM = ("realm", "there is no realm 'nowhere'")
NAME = (
    "realm name {}: expected 1 to 64 of a-z, 0-9 and inner hyphens, and none of "
    ".well-known, _harness, account, authorize, check_session, claims, consent, end_session, introspect, invitation, "
    "jwks, login, manage, register, revoke, sign_up, token, userinfo"
)
NOWHERE: dict[str, Any] = {"path": {"realm": "nowhere"}}
ALICE = "alice@people.example"
PERSONA = ("changePolicy", {"default_persona": ALICE})
FOREVER = (
    "refresh tokens would live 7776000 s, access tokens forever; refresh tokens must not die first"
    " (policy refresh_must_outlive_access)"
)
CASES = [
    done("listRealms", {"items": [{"name": "wonder"}], "next": None}),
    done("listRealms", {"items": [], "next": None}, query="?after=wonder"),
    done("listRealms", {"items": [{"name": "wonder"}]}, query="?after=tea&limit=1"),
    refused("listRealms", 400, "limit", "expected a whole number from 1 to 100", query="?limit=101"),
    done("makeRealm", {"name": "tea", "armed": 0, "policy": {"sign_in": "form"}}, {"name": "tea"}),
    done("makeRealm", {"policy": {"sign_in": "auto"}}, {"name": "tea", "policy": {"sign_in": "auto"}}),
    done("makeRealm", {"policy": {"pkce": "S256", "sign_in": "form"}}, {"name": "tea", "preset": "oauth21"}),
    done(
        "makeRealm",
        {"policy": {"pkce": "S256", "sign_in": "auto", "refresh_grace": 5}},
        {"name": "tea", "preset": "oauth21", "policy": {"sign_in": "auto", "refresh_grace": 5}, "fixture": "default"},
    ),
    refused(
        "makeRealm",
        400,
        "policy.response_types",
        "has token, but grant_types lacks implicit; make both agree",
        {"name": "tea", "preset": "oauth21", "policy": {"response_types": ["token"]}},
    ),
    done("makeRealm", {"name": "tea"}, {"name": "tea", "seed": "s" * 255}),
    done("makeRealm", {"name": "a" * 64}, {"name": "a" * 64}),
    refused("makeRealm", 400, "name", "is missing", {}),
    refused("makeRealm", 400, "name", NAME.format("'Tea'"), {"name": "Tea"}),
    refused("makeRealm", 400, "name", NAME.format("''"), {"name": ""}),
    refused("makeRealm", 400, "name", NAME.format("'jwks'"), {"name": "jwks"}),
    refused("makeRealm", 400, "name", NAME.format("'register'"), {"name": "register"}),
    done("makeRealm", {"name": "static"}, {"name": "static"}),
    refused("makeRealm", 400, "name", NAME.format(r"'tea\n'"), {"name": "tea\n"}),
    refused("makeRealm", 400, "nam", "is not known here; did you mean name?", {"name": "tea", "nam": "tea"}),
    refused("makeRealm", 400, "fixture", "there is no shipped fixture 'nothing'", {"name": "t", "fixture": "nothing"}),
    refused("makeRealm", 400, "fixture", "there is no shipped fixture '../x'", {"name": "t", "fixture": "../x"}),
    refused("makeRealm", 400, "fixture", "'people' describes no realm", {"name": "tea", "fixture": "people"}),
    refused(
        "makeRealm",
        400,
        "policy.default_persona",
        "'nobody' is no user of this realm",
        {"name": "tea", "policy": {"default_persona": "nobody"}},
    ),
    refused(
        "makeRealm",
        409,
        "name",
        "realm 'wonder' exists already; drop it first, or take another name",
        {"name": "wonder"},
    ),
    done("viewRealm", {"name": "wonder", "armed": 1}),
    refused("viewRealm", 404, *NO_REALM, **NOWHERE),
    done("changePolicy", {"policy": {"sign_in": "auto", "name_limit": 64}}, {"sign_in": "auto"}),
    done("changePolicy", {"policy": {"refresh_token_ttl": None}}, {"refresh_token_ttl": None}),
    done("changePolicy", {"policy": {"default_persona": ALICE}}, {"default_persona": ALICE}),
    done("changePolicy", {"policy": {"default_persona": None}}, {"default_persona": None}),
    done("changePolicy", {"policy": {"name_limit": 2}}, {"name_limit": 2}, after=(PERSONA, ("deleteUser", None))),
    refused(
        "changePolicy",
        400,
        "default_persona",
        "'nobody' is no user of this realm",
        {"sign_in": "auto", "default_persona": "nobody"},
    ),
    refused("changePolicy", 400, "access_token_ttl", FOREVER, {"access_token_ttl": None}),
    refused("makeRealm", 400, "policy.access_token_ttl", FOREVER, {"name": "t", "policy": {"access_token_ttl": None}}),
    done("changePolicy", {"name": "wonder"}, {}),
    refused("changePolicy", 400, "sign_in", "found \"never\"; expected 'form' or 'auto'", {"sign_in": "never"}),
    refused(
        "changePolicy",
        400,
        "code_lifetime",
        "found 0; expected a number greater than or equal to 1",
        {"code_lifetime": 0},
    ),
    refused("changePolicy", 400, "signin", "is not known here; did you mean sign_in?", {"signin": "auto"}),
    refused("changePolicy", 404, *NO_REALM, {}, **NOWHERE),
    done("dropRealm"),
    refused("dropRealm", 404, *NO_REALM, **NOWHERE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_case(api: Api, case: Case) -> None:
    await check(api, case)
