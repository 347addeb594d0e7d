"""Applications over HTTP (rows A and B): the whole life of one, and who is ever shown its secret."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.web.admin.api import Api
from tests.web.admin.cases import Case, check, done, refused
from tests.web.admin.test_realms import NO_REALM, NOWHERE

NEW: dict[str, Any] = {"name": "Tea", "redirect_uris": ["https://tea.example/cb"]}
NONE = ("", "there is no application 'tea' in this realm")
TEA: dict[str, Any] = {"path": {"application": "tea"}}
PUBLIC = {"token_endpoint_auth_method": "none"}
VIEWABLE = {"client_secrets": "viewable"}
SHUT = (("deactivateApplication", None),)
STRICTER = (("changePolicy", {"name_limit": 2}),)
ODD = "https://t.example/{x}?a#b%2F"
EMPTY = 'found ""; expected a text of at least 1 character'
NO_TEXT = "found nothing (null); expected a text"
FOR_LIFE = "cannot be edited; a client_id is for life; create another application"
SHUTTING = (
    "cannot be edited; deactivateApplication (POST …/deactivate) and reactivateApplication (POST …/reactivate) do that"
)

BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"name": ""}, "name", EMPTY),
    ({"name": " "}, "name", "is empty; give the application a name people will recognise"),
    ({"name": "n" * 65}, "name", "has 65 characters; the limit of this realm is 64 (name_limit)"),
    ({"name": "n" * 300}, "name", "has 300 characters; the limit of this realm is 64 (name_limit)"),
    (
        {"description": "d" * 501},
        "description",
        "has 501 characters; the limit of this realm is 255 (description_limit)",
    ),
    ({"redirect_uris": []}, "redirect_uris", "is empty; the response type code needs at least one"),
    ({"redirect_uris": [""]}, "redirect_uris[0]", EMPTY),
    ({"redirect_uris": NEW["redirect_uris"] * 2}, "redirect_uris[1]", "'https://tea.example/cb' is listed already"),
    ({"redirect_uris": "x:/"}, "redirect_uris", 'found "x:/"; expected a list'),
    (
        {"access_token_ttl": "soon"},
        "access_token_ttl",
        "found \"soon\"; expected an integer or 'default'",
    ),
    ({"secret_hash": "x"}, "secret_hash", "is not known here; did you mean secret?"),
    ({"secret": 1234567}, "secret", "found a number; expected a text"),
    ({"secret": ""}, "secret", "found a text; expected a text of at least 1 character"),
    ({"id": ".."}, "id", "'..': expected 1 to 255 visible ASCII characters without spaces"),
    ({"jwks": [{}]}, "jwks[0].kty", "is missing (RFC 7517 4)"),
    (
        {**PUBLIC, "secret": "s"},
        "secret",
        "this client authenticates without a secret; leave it out, or change the method",
    ),
    ({**PUBLIC, "pkce": "off"}, "pkce", "is off, but public clients must use PKCE; choose required or S256"),
]
CASES = [
    done("listApplications", {"items": [{"id": "web"}], "next": None}),
    done("listApplications", {"items": [], "next": None}, query="?after=web"),
    refused("listApplications", 400, "limit", "expected a whole number from 1 to 100", query="?limit=0"),
    done("createApplication", {"application": {"name": "Tea", "pkce": "allowed", "status": "active"}}, NEW),
    done("createApplication", {"application": {"id": "tea"}, "secret": "s"}, {**NEW, "id": "tea", "secret": "s"}),
    done("createApplication", {"secret": None}, {**NEW, **PUBLIC}),
    done("createApplication", {"application": {"access_token_ttl": 0}}, {**NEW, "access_token_ttl": 0}),
    *(refused("createApplication", 400, place, said, {**NEW, **changes}) for changes, place, said in BAD),
    refused("createApplication", 400, "name", "is missing", {}),
    refused(
        "createApplication",
        409,
        "id",
        "'web' is in use by another application; choose another client_id",
        {**NEW, "id": "web"},
    ),
    refused("listApplications", 404, *NO_REALM, **NOWHERE),
    refused("createApplication", 404, *NO_REALM, NEW, **NOWHERE),
    done("viewApplication", {"id": "web", "name": "Web"}),
    refused("viewApplication", 404, *NONE, **TEA),
    done("editApplication", {"application": {"closed": True, "name": "Web"}, "secret": None}, {"closed": True}),
    done("editApplication", {"secret": "another"}, {"secret": "another"}),
    done("editApplication", {"secret": None}, PUBLIC),
    done("editApplication", {"application": {"closed": True}}, {"closed": True}, after=STRICTER),
    refused("editApplication", 400, "id", FOR_LIFE, {"id": "other"}),
    refused("editApplication", 400, "status", SHUTTING, {"status": "deactivated"}),
    refused("editApplication", 400, "name", EMPTY, {"name": ""}),
    refused("editApplication", 400, "secret", NO_TEXT, {"secret": None}),
    refused("editApplication", 404, *NONE, {}, **TEA),
    done("deleteApplication"),
    refused(
        "deleteApplication",
        409,
        "",
        "Web still has users; remove them from the application first, or set the policy deletion to cascade",
        policy={"deletion": "refuse_with_users"},
    ),
    refused("deleteApplication", 404, *NONE, **TEA),
    done("deactivateApplication", {"status": "deactivated"}),
    done("deactivateApplication", {"status": "deactivated"}, after=SHUT),
    refused("deactivateApplication", 404, *NONE, **TEA),
    done("reactivateApplication", {"status": "active"}, after=SHUT),
    refused("reactivateApplication", 404, *NONE, **TEA),
    done("regenerateSecret", {"application": {"id": "web"}}),
    refused(
        "regenerateSecret",
        400,
        "token_endpoint_auth_method",
        "this client does not authenticate with a secret; change token_endpoint_auth_method to one that does",
        after=(("editApplication", PUBLIC),),
    ),
    refused("regenerateSecret", 404, *NONE, **TEA),
    done("readSecret", {"secret": "new"}, after=(("editApplication", {"secret": "new"}),), policy=VIEWABLE),
    refused(
        "readSecret",
        403,
        "",
        "secrets are shown once in this realm (policy client_secrets); make a new one to see it",
    ),
    refused(
        "readSecret",
        403,
        "",
        "there is no secret to read, or it was set before secrets became viewable; make a new one",
        after=(("changePolicy", VIEWABLE),),
    ),
    refused("readSecret", 404, *NONE, **TEA),
]


async def test_an_id_that_is_hard_to_put_into_a_path(api: Api) -> None:
    await api.furnish()
    await api.done("POST", "/realms/wonder/applications", {**NEW, "id": ODD})
    path = f"/realms/wonder/applications/{quote(ODD, safe='')}"
    assert (await api.done("GET", path))["id"] == ODD
    await api.done("DELETE", path)
    assert (await api.ask("GET", path)).status == 404


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_case(api: Api, case: Case) -> None:
    await check(api, case)


async def test_a_secret_is_shown_where_it_was_made_and_nowhere_else(api: Api) -> None:
    await api.furnish()
    here = "/realms/wonder/applications"
    made = (await api.done("POST", here, {**NEW, "id": "tea"}))["secret"]
    remade = (await api.done("POST", f"{here}/tea/secret"))["secret"]
    assert made != remade
    assert len(remade) >= 32
    answers: list[Any] = [
        await api.done("GET", here),
        await api.done("GET", f"{here}/tea"),
        await api.done("PATCH", f"{here}/tea", {"name": "Coffee"}),
        await api.done("POST", f"{here}/tea/deactivate"),
        await api.done("POST", f"{here}/tea/reactivate"),
        (await api.ask("GET", f"{here}/tea/secret")).json,
    ]
    assert not [answer for answer in answers if made in str(answer) or remade in str(answer)]
    for hidden in ("secret_hash", "secret_sealed", "generation", "first_generation", "version"):
        assert not [answer for answer in answers if f"'{hidden}'" in str(answer)]
