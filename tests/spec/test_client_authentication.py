"""Client authentication by none, secret and Basic, at every endpoint that asks for it (RFC 6749 2.3, OIDC Core 9).

At the token endpoint the request goes on to a refresh token that nobody has: `invalid_grant` says that the client was
let in.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest
from multidict import CIMultiDict

from oidc_harness.protocol.fingerprint import fingerprint
from tests.support import assertions, records
from tests.support.client import Client, basic
from tests.support.http import Answer
from tests.support.refusals import refused
from tests.support.world import World

METHODS = ("none", "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt")
BODIES: Mapping[str, list[tuple[str, str]]] = {
    "/token": [("grant_type", "refresh_token"), ("refresh_token", "nobody-has-it")],
    "/introspect": [("token", "nobody-has-it")],
    "/revoke": [("token", "nobody-has-it")],
}


async def send(client: Client, path: str, form: list[tuple[str, str]], authorization: str | None = None) -> Answer:
    headers = {"Authorization": authorization} if authorization is not None else {}
    return await client.post(path, [*BODIES[path], *form], **headers)


async def prove(client: Client, path: str, method: str) -> Answer:
    """Authenticate by a method, correctly."""
    named = [("client_id", client.id)]
    match method:
        case "none":
            return await send(client, path, named)
        case "client_secret_basic":
            return await send(client, path, [], basic(client.id, client.secret))
        case "client_secret_post":
            return await send(client, path, [*named, ("client_secret", client.secret)])
        case "client_secret_jwt":
            return await send(client, path, assertions.form(assertions.by_secret(client)))
        case _:
            return await send(client, path, assertions.form(assertions.by_key(client)))


def let_in(path: str, answer: Answer) -> None:
    if path == "/token":
        refused(answer, "invalid_grant")
    elif path == "/introspect":
        assert (answer.status, answer.json) == (200, {"active": False})
    else:
        assert (answer.status, answer.text) == (200, "")


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("registered", METHODS)
async def test_only_the_registered_method_is_taken(registered: str, path: str, world: World) -> None:
    client = await world.client(token_endpoint_auth_method=registered, jwks=(assertions.public("ES256"),))
    for used in METHODS:
        answer = await prove(client, path, used)
        if used != registered:
            refused(answer, "invalid_client", 401)
        elif path == "/introspect" and used == "none":
            assert "public client" in refused(answer, "invalid_client", 401)
        else:
            let_in(path, answer)


@pytest.mark.parametrize(("path", "setting"), [("/introspect", "introspection"), ("/revoke", "revocation")])
async def test_an_endpoint_has_a_method_of_its_own(path: str, setting: str, world: World) -> None:
    client = await world.client(
        token_endpoint_auth_method="client_secret_basic",
        **{f"{setting}_endpoint_auth_method": "client_secret_post"},
    )
    let_in(path, await prove(client, path, "client_secret_post"))
    refused(await prove(client, path, "client_secret_basic"), "invalid_client", 401)
    let_in("/token", await prove(client, "/token", "client_secret_basic"))


async def test_introspection_is_for_clients_that_prove_themselves(world: World) -> None:
    """RFC 7662 2.1, whatever the client does at the token endpoint; metadata announce no `none` there."""
    open_there = await world.client(introspection_endpoint_auth_method="none")
    refused(await prove(open_there, "/introspect", "none"), "invalid_client", 401)
    public = await world.client(
        id="public", token_endpoint_auth_method="none", introspection_endpoint_auth_method="client_secret_post"
    )
    let_in("/introspect", await prove(public, "/introspect", "client_secret_post"))


WRONG: list[tuple[str, list[tuple[str, str]], str | None]] = [
    ("nobody", [], None),
    ("an empty client_id", [("client_id", "")], None),
    ("an unknown client", [("client_id", "unknown")], None),
    ("an unknown client with a secret", [("client_id", "unknown"), ("client_secret", records.SECRET)], None),
    ("an unknown client by Basic", [], basic("unknown", records.SECRET)),
    ("a wrong secret", [], basic("web", records.SECRET + "x")),
    ("the beginning of the secret", [], basic("web", records.SECRET[:-1])),
    ("no secret", [], basic("web", "")),
    ("the hash of the secret", [], basic("web", fingerprint(records.SECRET))),
    ("another case", [], basic("web", records.SECRET.upper())),
    ("a bearer token", [], "Bearer abc"),
    ("no scheme", [], b64encode(b"web:" + records.SECRET.encode()).decode()),
    ("an empty header", [], ""),
    ("Basic alone", [], "Basic"),
    ("Basic without colon", [], "Basic " + b64encode(b"web").decode()),
    ("Basic that is no base64", [], "Basic ==="),
    ("Basic that is no UTF-8", [], "Basic " + b64encode(b"\xff:\xfe").decode()),
    ("Basic with an é", [], "Basic é"),
]


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(("what", "form", "authorization"), WRONG, ids=[each[0] for each in WRONG])
async def test_a_wrong_proof_is_refused(
    what: str, form: list[tuple[str, str]], authorization: str | None, path: str, world: World
) -> None:
    client = await world.client()
    answer = await send(client, path, form, authorization)
    description = refused(answer, "invalid_client", 401)
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="client"'
    assert records.SECRET not in description


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    "form",
    [
        [("client_id", "web"), ("client_secret", records.SECRET)],
        assertions.form("a.b.c"),
    ],
)
async def test_two_methods_at_once_are_malformed(form: list[tuple[str, str]], path: str, world: World) -> None:
    client = await world.client()
    refused(await send(client, path, form, basic(client.id, client.secret)), "invalid_request")


@pytest.mark.parametrize("path", BODIES)
async def test_two_authorization_headers_are_malformed(path: str, world: World) -> None:
    """RFC 6749 2.3, whatever the second one says."""
    client = await world.client()
    right = basic(client.id, client.secret)
    for other in (right, basic(client.id, "wrong"), "Bearer abc", ""):
        headers = CIMultiDict([("Authorization", right), ("Authorization", other)])
        answer = await world.send("POST", path, form=BODIES[path], headers=headers)
        refused(answer, "invalid_request")


MALFORMED: list[tuple[list[tuple[str, str]], str | None]] = [
    ([("client_id", "other")], basic("web", records.SECRET)),
    ([("client_id", "web"), ("client_id", "web")], None),
    ([("client_secret", records.SECRET), ("client_secret", "")], None),
    ([("client_secret", "s" * 8193), ("client_id", "web")], None),
    ([("client_assertion", "a.b.c")], None),
    ([("client_assertion", "a.b.c"), ("client_assertion_type", "jwt")], None),
]


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(("form", "authorization"), MALFORMED)
async def test_malformed_proofs(
    form: list[tuple[str, str]], authorization: str | None, path: str, world: World
) -> None:
    client = await world.client()
    refused(await send(client, path, form, authorization), "invalid_request")


AWKWARD = [
    ("web", "with:colon%and+plus and space/é–漢"),
    ("a:b c+d%25é", records.SECRET),
    ("web", "%41"),
    ("https://client.example/?a=b&c=d#e", "s" * 200),
]


@pytest.mark.parametrize(("client_id", "secret"), AWKWARD)
async def test_basic_carries_any_character(client_id: str, secret: str, world: World) -> None:
    application = records.application(id=client_id, secret_hash=fingerprint(secret))
    await world.add(application)
    client = Client(world.http, world.realm, application, secret)
    let_in("/token", await prove(client, "/token", "client_secret_basic"))
    refused(await send(client, "/token", [], basic(client_id, secret + "+")), "invalid_client", 401)


@pytest.mark.parametrize("secret", ["abc+def%41/==", "plus+", "%25"])
async def test_people_are_told_of_a_client_that_does_not_form_encode(secret: str, world: World) -> None:
    """It is refused all the same (RFC 6749 2.3.1)."""
    client = await world.client(secret_hash=fingerprint(secret))
    for sent, told in ((secret, "would fit if it were not decoded"), ("x" + secret, "is not the registered one")):
        refused(
            await send(client, "/token", [], "Basic " + b64encode(f"web:{sent}".encode()).decode()),
            "invalid_client",
            401,
        )
        error = world.last.error
        assert error is not None
        assert told in error.detail
        assert secret not in error.detail


@pytest.mark.parametrize("scheme", ["basic", "BASIC", "Basic "])
async def test_the_scheme_is_compared_without_case(scheme: str, world: World) -> None:
    client = await world.client()
    encoded = basic(client.id, client.secret).removeprefix("Basic ")
    let_in("/token", await send(client, "/token", [], f"{scheme} {encoded}"))


async def test_the_client_id_may_stand_beside_basic(world: World) -> None:
    client = await world.client()
    let_in("/token", await send(client, "/token", [("client_id", "web")], basic(client.id, client.secret)))


@pytest.mark.parametrize("path", BODIES)
async def test_a_secret_in_the_url_is_not_looked_at(path: str, world: World) -> None:
    client = await world.client(token_endpoint_auth_method="client_secret_post")
    credentials = [("client_id", client.id), ("client_secret", client.secret)]
    answer = await world.send("POST", path, query=credentials, form=BODIES[path])
    refused(answer, "invalid_client", 401)


async def test_an_application_without_a_secret_has_no_right_one(world: World) -> None:
    client = await world.client(secret_hash=None)
    for secret in ("", "None", records.SECRET):
        refused(await send(client, "/token", [], basic(client.id, secret)), "invalid_client", 401)


EXPLAINED: list[tuple[dict[str, Any], list[tuple[str, str]], str]] = [
    ({}, [("client_id", "web")], "registered for client_secret_basic here; the request used none"),
    ({}, [("client_id", "wed")], "no application of this realm has the client_id 'wed'"),
    ({}, [], "the request names no client"),
    (
        {"token_endpoint_auth_method": "client_secret_post"},
        [("client_id", "web"), ("client_secret", "wrong")],
        "the secret sent for web is not the registered one",
    ),
]


@pytest.mark.parametrize(("application", "form", "explanation"), EXPLAINED)
async def test_the_journal_explains(
    application: dict[str, Any], form: list[tuple[str, str]], explanation: str, world: World
) -> None:
    client = await world.client(**application)
    refused(await send(client, "/token", form), "invalid_client", 401)
    error = world.last.error
    assert error is not None
    assert explanation in error.detail
    assert "wrong" not in error.detail
