"""The token endpoint: what every grant type shares (RFC 6749 3.2, 5)."""

from typing import Any

import pytest

from tests.support.client import basic
from tests.support.http import Sent
from tests.support.refusals import refused
from tests.support.world import World

GRANT_TYPES = ("authorization_code", "refresh_token", "client_credentials", "password")
MALFORMED: list[tuple[dict[str, Any], str, str]] = [
    ({}, "invalid_request", "grant_type is missing"),
    ({"grant_type": ""}, "invalid_request", "grant_type is missing"),
    ({"grant_type": "implicit"}, "unsupported_grant_type", "grant_type implicit is not supported"),
    ({"grant_type": "AUTHORIZATION_CODE"}, "unsupported_grant_type", "not supported"),
    ({"grant_type": 'a"b\\c\u00e9'}, "unsupported_grant_type", "grant_type a'b'c? is not supported"),
    ({"grant_type": "x" * 8000}, "unsupported_grant_type", "grant_type xxxx"),
    ({"grant_type": "x" * 8193}, "invalid_request", "grant_type is too long"),
    ({"grant_type": ["password", "password"]}, "invalid_request", "grant_type is given twice"),
    ({"grant_type": "password", "scope": ["a", "b"]}, "invalid_request", "scope is given twice"),
    ({"grant_type": "password", "unknown": ["a", "b"]}, "invalid_request", "unknown is given twice"),
    ({"grant_type": "password", **{f"p{n}": "x" for n in range(100)}}, "invalid_request", "too many parameters"),
    ({"grant_type": "authorization_code"}, "invalid_request", "code is missing"),
    ({"grant_type": "authorization_code", "code": ""}, "invalid_request", "code is missing"),
    ({"grant_type": "authorization_code", "code": "unknown"}, "invalid_grant", "code is unknown"),
    ({"grant_type": "refresh_token"}, "invalid_request", "refresh_token is missing"),
    ({"grant_type": "refresh_token", "refresh_token": "unknown"}, "invalid_grant", "refresh_token is unknown"),
    ({"grant_type": "password"}, "invalid_request", "username is missing"),
    ({"grant_type": "password", "username": "alice"}, "invalid_request", "password is missing"),
]


@pytest.mark.parametrize(("form", "code", "description"), MALFORMED, ids=[each[2] for each in MALFORMED])
async def test_a_malformed_request_is_refused(form: dict[str, Any], code: str, description: str, world: World) -> None:
    client = await world.client(grant_types=GRANT_TYPES)
    assert description in refused(await client.ask("/token", {}, form), code)


@pytest.mark.parametrize("name", ["resource", "audience"])
async def test_several_resources_and_audiences_are_no_fault(name: str, world: World) -> None:
    """RFC 8707 2, RFC 8693 2.1; they mean nothing here, and are passed over as any unknown one (RFC 6749 3.1, 3.2)."""
    client = await world.people()
    several = {name: ["https://a.example", "https://b.example"]}
    tokens = await client.sign_in("openid offline_access", redemption=several, **several)
    await client.renew(tokens, **several)


@pytest.mark.parametrize("grant_type", GRANT_TYPES)
async def test_a_grant_type_must_be_registered(grant_type: str, world: World) -> None:
    others = tuple(name for name in GRANT_TYPES if name != grant_type)
    client = await world.client(grant_types=others)
    refused(await client.ask_token(grant_type), "unauthorized_client")
    refused(await client.ask_token(grant_type, code="c", refresh_token="r", username="u"), "unauthorized_client")


@pytest.mark.parametrize("form", [each[0] for each in MALFORMED if each[1] != "invalid_request"])
async def test_an_unproven_client_learns_nothing_else(form: dict[str, Any], world: World) -> None:
    client = await world.client()
    pairs = [(name, str(value)) for name, value in form.items()]
    answer = await client.post("/token", pairs, Authorization=basic(client.id, "wrong"))
    assert refused(answer, "invalid_client", 401) == "wrong client secret"


async def test_parameters_in_the_url_are_not_looked_at(world: World) -> None:
    client = await world.people()
    code = await client.code()
    query = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", client.application.redirect_uris[0]),
    ]
    headers = {"Authorization": basic(client.id, client.secret)}
    refused(await world.send("POST", "/token", query=query, form=[], headers=headers), "invalid_request")
    assert (await client.redeem(code)).status == 200


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "multipart/form-data", ""])
async def test_a_body_that_is_no_form_is_refused(media_type: str, world: World) -> None:
    client = await world.people()
    code = await client.code()
    headers = {"Authorization": basic(client.id, client.secret), "Content-Type": media_type}
    body = f"grant_type=authorization_code&code={code}".encode()
    answer = await world.send("POST", "/token", body=body, headers=headers)
    assert "application/x-www-form-urlencoded" in refused(answer, "invalid_request")


@pytest.mark.parametrize(
    "media_type",
    [
        "application/x-www-form-urlencoded; charset=UTF-8",
        "Application/X-WWW-Form-Urlencoded",
        " application/x-www-form-urlencoded ",
    ],
)
async def test_a_form_is_a_form_however_it_is_written(media_type: str, world: World) -> None:
    client = await world.people()
    answer = await client.redeem(await client.code())
    assert answer.status == 200
    headers = {"Authorization": basic(client.id, client.secret), "Content-Type": media_type}
    body = b"grant_type=refresh_token&refresh_token=unknown"
    refused(await world.send("POST", "/token", body=body, headers=headers), "invalid_grant")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
@pytest.mark.parametrize("path", ["/token", "/introspect", "/revoke"])
async def test_other_methods_are_not_allowed(method: str, path: str, world: World) -> None:
    answer = await world.http.send(Sent(method, world.issuer + path))
    assert answer.status == 405
    assert "POST" in answer.headers["Allow"]
