"""Clients that register themselves, and what they may say of themselves."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.conformance.checks import check_told_person
from tests.conformance.suite import CALLBACK, Suite
from tests.support.elsewhere import Elsewhere

WITH_QUERY = CALLBACK + "?bar=foo"
TWO_HOSTS = ["https://suite.example/callback", "https://other.example/callback"]


async def test_oidcc_ensure_redirect_uri_in_authorization_request(suite: Suite) -> None:
    client = await suite.client(redirect_uris=[CALLBACK, CALLBACK + "/2"])
    check_told_person((await client.ask(suite.person(), redirect_uri=None)).answer)


async def test_oidcc_redirect_uri_query_ok(suite: Suite) -> None:
    client, person = await suite.client(redirect_uris=[WITH_QUERY]), suite.person()
    asked = await client.ask(person)
    answer = await person.sign_in(asked.answer)
    assert answer.location.startswith(WITH_QUERY + "&")
    told = parse_qsl(urlsplit(answer.location).query)
    assert sorted(name for name, _ in told) == ["bar", "code", "iss", "session_state", "state"]
    assert dict(told)["bar"] == "foo"
    assert dict(told)["state"] == asked.request["state"]
    answer = await client.redeem(dict(told)["code"])
    assert answer.status == 200


async def test_oidcc_redirect_uri_query_mismatch(suite: Suite) -> None:
    client = await suite.client(redirect_uris=[WITH_QUERY])
    for other in (CALLBACK + "?bar=bar", CALLBACK, WITH_QUERY + "&more=1"):
        check_told_person((await client.ask(suite.person(), redirect_uri=other)).answer)


async def test_oidcc_redirect_uri_query_added(suite: Suite) -> None:
    client = await suite.client()
    check_told_person((await client.ask(suite.person(), redirect_uri=WITH_QUERY)).answer)


async def test_oidcc_redirect_uri_regfrag(suite: Suite) -> None:
    await suite.not_registered("invalid_redirect_uri", redirect_uris=[CALLBACK + "#foobar"])


async def _shown(suite: Suite, **member: str) -> list[Any]:
    """The login and the consent page of a client with this address."""
    client, person = await suite.client(**member), suite.person()
    await client.sign_in(person)
    assert person.seen == ["login-page", "consent-page"]
    return [page for page in person.pages if page.has("login-page") or page.has("consent-page")]


async def test_oidcc_registration_logo_uri(suite: Suite) -> None:
    for page in await _shown(suite, logo_uri="https://suite.example/logo.png"):
        assert page.has("client-logo")
        assert '<img id="client-logo" class="logo" src="https://suite.example/logo.png"' in page.text
        assert "https://suite.example" in page.headers["content-security-policy"]


async def test_oidcc_registration_policy_uri(suite: Suite) -> None:
    for page in await _shown(suite, policy_uri="https://suite.example/policy"):
        assert page.link("client-policy") == "https://suite.example/policy"


async def test_oidcc_registration_tos_uri(suite: Suite) -> None:
    for page in await _shown(suite, tos_uri="https://suite.example/terms"):
        assert page.link("client-tos") == "https://suite.example/terms"


async def test_oidcc_registration_sector_uri(suite: Suite, place: Elsewhere) -> None:
    assert "pairwise" in suite.metadata["subject_types_supported"]
    place.documents["/sector"] = json.dumps(TWO_HOSTS)
    sector = {"subject_type": "pairwise", "sector_identifier_uri": place.https + "/sector"}
    client = await suite.client(redirect_uris=TWO_HOSTS, **sector)
    other = await suite.client(redirect_uris=TWO_HOSTS[1:], **sector)
    person = suite.person()
    # One sector, one subject; and another one than the public one.
    subjects = [(await each.sign_in(person)).claims["sub"] for each in (client, other, await suite.client())]
    assert subjects[0] == subjects[1] != subjects[2]


async def test_oidcc_registration_sector_bad(suite: Suite, place: Elsewhere) -> None:
    place.documents["/sector"] = json.dumps(TWO_HOSTS[1:])
    sector = {"subject_type": "pairwise", "sector_identifier_uri": place.https + "/sector"}
    await suite.not_registered("invalid_client_metadata", redirect_uris=TWO_HOSTS, **sector)


async def test_oidcc_3rd_party_init_login(suite: Suite) -> None:
    client = await suite.client(initiate_login_uri="https://suite.example/login")
    assert client.registration["initiate_login_uri"] == "https://suite.example/login"
    assert (await client.manage("GET")).json["initiate_login_uri"] == "https://suite.example/login"


async def test_oidcc_3rd_party_init_login_nohttps(suite: Suite) -> None:
    await suite.not_registered("invalid_client_metadata", initiate_login_uri="http://suite.example/login")
