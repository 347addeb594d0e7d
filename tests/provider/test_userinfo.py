"""The userinfo endpoint (OIDC Core 5.3) and how a token is sent to it (RFC 6750 2, 3)."""

from dataclasses import replace
from typing import Any

import pytest
from multidict import CIMultiDict

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.model.member import Member
from oidc_harness.model.record import Record
from oidc_harness.model.token import AccessToken
from oidc_harness.model.user import User
from oidc_harness.protocol.fingerprint import fingerprint
from tests.support import oracle
from tests.support.http import Answer
from tests.support.refusals import refused_bearer
from tests.support.world import World

CHALLENGE = 'Bearer realm="userinfo"'
"""At least one parameter (RFC 6750 3), and no error."""


async def call(world: World, method: str = "GET", **rest: Any) -> Answer:
    return await world.send(method, "/userinfo", **rest)


def bearer(token: str, scheme: str = "Bearer") -> dict[str, str]:
    return {"Authorization": f"{scheme} {token}"}


async def test_a_token_may_be_sent_in_three_ways(world: World) -> None:
    client = await world.people()
    token = (await client.sign_in("openid email")).access
    answers = [
        await call(world, headers=bearer(token)),
        await call(world, "POST", headers=bearer(token)),
        await call(world, "POST", form=[], headers=bearer(token)),
        await call(world, "POST", form=[("access_token", token)]),
        await call(world, headers=bearer(token, "bearer")),
        await call(world, headers=bearer(token, "BEARER")),
        await call(world, headers=bearer(token, "Bearer ")),
    ]
    for answer in answers:
        oracle.accept_userinfo(answer, "user-alice")
        assert answer.json == {"sub": "user-alice", "email": "alice@people.example", "email_verified": True}


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "multipart/form-data", ""])
async def test_a_body_that_is_no_form_has_no_part_in_it(media_type: str, world: World) -> None:
    """RFC 6750 2.2 looks for a token in a form alone; OIDC Core 5.3.1 lets a POST carry it in the header."""
    token = (await (await world.people()).sign_in()).access
    headers = {**bearer(token), "Content-Type": media_type}
    for body in (b"{}", b"access_token=another", b"\xff"):
        oracle.accept_userinfo(await call(world, "POST", body=body, headers=headers), "user-alice")
    answer = await call(world, "POST", body=f"access_token={token}".encode(), headers={"Content-Type": media_type})
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, CHALLENGE)


async def test_a_request_without_a_token_gets_a_challenge_alone(world: World) -> None:
    """Nothing is said of an error where nothing was tried, or another scheme (RFC 6750 3.1)."""
    token = (await (await world.people()).sign_in()).access
    answers = [
        await call(world),
        await call(world, "POST"),
        await call(world, "POST", form=[("access_token", "")]),
        await call(world, headers=bearer(token, "Basic")),
        await call(world, headers=bearer(token, "DPoP")),
        await call(world, headers={"Authorization": "Digest username=alice"}),
    ]
    for answer in answers:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == CHALLENGE
        assert answer.json == {}


async def test_malformed_requests(world: World) -> None:
    token = (await (await world.people()).sign_in()).access
    answers = [
        await call(world, query=[("access_token", token)]),
        await call(world, query=[("access_token", "")], headers=bearer(token)),
        await call(world, "POST", query=[("access_token", token)], form=[]),
        await call(world, "POST", headers=bearer(token), form=[("access_token", token)]),
        await call(world, "POST", form=[("access_token", token), ("access_token", token)]),
        await call(world, headers={"Authorization": "Bearer"}),
        await call(world, headers={"Authorization": "Bearer "}),
        await call(world, headers={"Authorization": ""}),
        await call(world, headers={"Authorization": token}),
    ]
    for answer in answers[:-2]:
        refused_bearer(answer, "invalid_request", 400)
    for answer in answers[-2:]:
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, CHALLENGE)


@pytest.mark.parametrize("token", ["unknown", "a.b.c", "x" * 8000, "-._~+/a=="])
async def test_an_unknown_token(token: str, world: World) -> None:
    await world.people()
    assert refused_bearer(await call(world, headers=bearer(token)), "invalid_token", 401)


@pytest.mark.parametrize("token", ["two words", "a,b", "é", '"', "%20", "a=b", "=", 'token="abc"'])
async def test_what_cannot_be_a_token_is_malformed(token: str, world: World) -> None:
    """RFC 6750 2.1, b64token."""
    await world.people()
    assert "malformed" in refused_bearer(await call(world, headers=bearer(token)), "invalid_request", 400)


async def test_two_authorization_headers_are_malformed(world: World) -> None:
    """Also where the first one alone would do (RFC 6750 2)."""
    token = (await (await world.people()).sign_in()).access
    for other in (f"Bearer {token}", "Bearer other", "Basic YTpi", ""):
        headers = CIMultiDict([("Authorization", f"Bearer {token}"), ("Authorization", other)])
        refused_bearer(await call(world, headers=headers), "invalid_request", 400)


@pytest.mark.parametrize("kind", ["refresh_token", "id_token", "code"])
async def test_nothing_else_is_an_access_token(kind: str, world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in("openid offline_access")
    other = await client.code() if kind == "code" else tokens.members[kind]
    refused_bearer(await client.userinfo(other), "invalid_token", 401)


@pytest.mark.parametrize("scope", ["email", "profile email", None])
async def test_without_openid_the_token_is_good_for_something_else(scope: str | None, world: World) -> None:
    client = await world.people()
    tokens = await client.accept(await client.redeem(await client.code(scope=scope)))
    assert "openid" in refused_bearer(await client.userinfo(tokens.access), "insufficient_scope", 403)


# What happens after the token was issued, and what the journal says of it.
DEATHS: list[tuple[type[Record], dict[str, Any] | None, str]] = [
    (AccessToken, {"revoked_at": 5}, "the token was revoked at 5"),
    (AccessToken, {"expires_at": 5}, "the token expired at 5"),
    (Grant, {"revoked_at": 5}, "the grant was revoked at 5"),
    (Application, {"status": "deactivated"}, "application web is deactivated"),
    (Application, {"generation": "2"}, "application web was deactivated after this was granted"),
    (Application, None, "application web was deleted"),
    (User, {"status": "blocked"}, "user alice is blocked"),
    (User, {"generation": "2"}, "all sessions of user alice were ended"),
    (User, None, "user user-alice was deleted"),
    (Member, {"status": "blocked"}, "member alice is blocked in this application"),
    (Member, {"generation": "2"}, "the sessions of alice with this application were ended"),
    (Member, None, "user alice was removed from the application"),
]


@pytest.mark.parametrize("access_token_format", ["opaque", "jwt"])
@pytest.mark.parametrize(("kind", "changes", "reason"), DEATHS, ids=[each[2] for each in DEATHS])
async def test_why_a_token_is_dead(
    kind: type[Record], changes: dict[str, Any] | None, reason: str, access_token_format: str, world: World
) -> None:
    await world.people()
    await world.change(Application, "web", access_token_format=access_token_format)
    client = await world.client(id="resource")
    issued = replace(client, application=await world.get(Application, "web"))
    tokens = await issued.sign_in()
    assert (await client.introspect(tokens.access)).json["active"] is True
    [record] = [each for each in await world.all(kind) if "resource" not in each.id]
    if changes is None:
        await world.remove(kind, record.id)
    else:
        await world.change(kind, record.id, **changes)
    assert refused_bearer(await issued.userinfo(tokens.access), "invalid_token", 401)
    error = world.last.error
    assert error is not None
    assert reason in error.detail
    # Every dead token looks the same to those who ask about it (RFC 7662 2.2).
    assert (await client.introspect(tokens.access)).json == {"active": False}


async def test_a_changed_member_who_is_no_less_does_not_end_it(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in()
    await world.change(Member, "web~user-alice", role="administrator")
    await world.change(Application, "web", name="Another name", closed=True)
    assert await client.lives(tokens.access)


async def test_a_person_without_a_profile_has_a_subject(world: World) -> None:
    client = await world.people()
    user = await world.get(User, "user-alice")
    await world.put(replace(user, profile=type(user.profile)(), updated_at=None))
    tokens = await client.sign_in("openid profile address phone")
    assert await client.person(tokens) == {"sub": "user-alice"}


async def test_a_token_is_kept_as_its_hash_alone(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in("openid offline_access")
    for kind in (AccessToken, Grant):
        for record in await world.all(kind):
            assert tokens.access not in repr(record)
    assert await world.find(AccessToken, fingerprint(tokens.access)) is not None
