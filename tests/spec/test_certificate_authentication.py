"""Clients that authenticate with certificates, by real TLS connections (RFC 8705 2).

At the token endpoint the request goes on to a refresh token that nobody has: `invalid_grant` says that the client was
let in.
"""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from oidc_harness.web.settings import OutboundPolicy
from tests.support import assertions
from tests.support.certificates import Held, authority, certificate
from tests.support.client import basic
from tests.support.elsewhere import authority_in, elsewhere
from tests.support.http import Answer, Sent
from tests.support.refusals import refused
from tests.support.secured import Secured, secured
from tests.support.world import World

AUTHORITY = authority()
SUBJECT = "CN=shop,O=Example,C=DE"
BODIES: Mapping[str, list[tuple[str, str]]] = {
    "/token": [("grant_type", "refresh_token"), ("refresh_token", "nobody-has-it")],
    "/introspect": [("token", "nobody-has-it")],
    "/revoke": [("token", "nobody-has-it")],
}
PATHS = pytest.mark.parametrize("path", BODIES)
BY_SUBJECT = {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": SUBJECT}


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Secured]:
    async with secured(tmp_path, AUTHORITY.held) as running:
        yield running


def self_signed(*held: Held) -> dict[str, Any]:
    """An application that registers these certificates."""
    return {
        "token_endpoint_auth_method": "self_signed_tls_client_auth",
        "jwks": tuple(each.jwk(kid=str(number)) for number, each in enumerate(held)),
    }


async def ask(
    asking: Secured, path: str, held: Held | None, form: list[tuple[str, str]] | None = None, **headers: str
) -> Answer:
    """Present a certificate where it is asked for; the form names the client, unless there is another."""
    async with asking.world(held) as world:
        sent = [*BODIES[path], *([("client_id", "web")] if form is None else form)]
        return await world.http.send(
            Sent("POST", f"{world.realm.addresses.mutual_tls}{path}", form=sent, headers=headers)
        )


async def register(asking: Secured, **fields: Any) -> None:
    async with asking.world() as world:
        await world.client(**{"secret_hash": None, **fields})


def let_in(path: str, answer: Answer) -> None:
    if path == "/token":
        refused(answer, "invalid_grant")
    elif path == "/introspect":
        assert (answer.status, answer.json) == (200, {"active": False})
    else:
        assert (answer.status, answer.text) == (200, "")


def why(asking: Secured) -> str:
    """What people are told of the last refusal."""
    realm = asking.server.realms.find("shop")
    assert realm is not None
    error = realm.journal.exchanges()[-1].error
    assert error is not None
    assert error.where.tag.startswith("RFC8705-2")
    return error.detail


GOOD: list[tuple[str, dict[str, Any], Held]] = [
    ("its subject", BY_SUBJECT, AUTHORITY.issue(SUBJECT)),
    ("its subject, otherwise", {"tls_client_auth_subject_dn": "cn=Shop,o=EXAMPLE,C=de"}, AUTHORITY.issue(SUBJECT)),
    ("an authority between", BY_SUBJECT, AUTHORITY.delegate().issue(SUBJECT)),
    ("two authorities between", BY_SUBJECT, AUTHORITY.delegate().delegate().issue(SUBJECT)),
    ("for clients", BY_SUBJECT, AUTHORITY.issue(SUBJECT, purpose="1.3.6.1.5.5.7.3.2")),
    ("an address", {"tls_client_auth_san_ip": "2001:db8:0::1"}, AUTHORITY.issue(ip="2001:db8::1")),
    ("an old address", {"tls_client_auth_san_ip": "192.0.2.1"}, AUTHORITY.issue(ip="192.0.2.1", dns="a.example")),
    ("a host", {"tls_client_auth_san_dns": "Shop.Example"}, AUTHORITY.issue(dns="shop.example")),
    ("a URI", {"tls_client_auth_san_uri": "spiffe://example/shop"}, AUTHORITY.issue(uri="spiffe://example/shop")),
    ("mail", {"tls_client_auth_san_email": "shop@Example.com"}, AUTHORITY.issue(email="shop@example.com")),
]


@PATHS
@pytest.mark.parametrize(("what", "fields", "held"), GOOD, ids=[each[0] for each in GOOD])
async def test_a_certificate_of_an_authority(
    what: str, fields: dict[str, Any], held: Held, path: str, asking: Secured
) -> None:
    await register(asking, token_endpoint_auth_method="tls_client_auth", **_without_method(fields))
    let_in(path, await ask(asking, path, held))


def _without_method(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "token_endpoint_auth_method"}


BAD: list[tuple[str, dict[str, Any], Held | None, str]] = [
    ("none", BY_SUBJECT, None, "(mtls_endpoint_aliases, RFC 8705 5)"),
    ("it is over", BY_SUBJECT, AUTHORITY.issue(SUBJECT, days=(-30, -1)), "it is valid from "),
    ("it has not begun", BY_SUBJECT, AUTHORITY.issue(SUBJECT, days=(1, 30)), "it is valid from "),
    ("nobody vouches", BY_SUBJECT, certificate(SUBJECT), "no trusted authority"),
    ("another authority", BY_SUBJECT, authority().issue(SUBJECT), "no trusted authority"),
    ("no authority", BY_SUBJECT, certificate(SUBJECT, issuer=AUTHORITY.issue()), "no trusted authority"),
    ("not for clients", BY_SUBJECT, AUTHORITY.issue(SUBJECT, purpose="1.3.6.1.5.5.7.3.1"), "does not have clientAuth"),
    ("another subject", BY_SUBJECT, AUTHORITY.issue("CN=other,O=Example,C=DE"), "the certificate has 'CN=other"),
    ("a part of it", BY_SUBJECT, AUTHORITY.issue("CN=shop,O=Example"), "the certificate has 'CN=shop,O=Example'"),
    ("another order", BY_SUBJECT, AUTHORITY.issue("C=DE,O=Example,CN=shop"), "the certificate has 'C=DE"),
    ("another address", {"tls_client_auth_san_ip": "192.0.2.1"}, AUTHORITY.issue(ip="192.0.2.2"), "has '192.0.2.2'"),
    (
        "the name of another kind",
        {"tls_client_auth_san_dns": "a.b"},
        AUTHORITY.issue(uri="a.b"),
        "no name of that kind",
    ),
    ("a wildcard", {"tls_client_auth_san_dns": "a.b"}, AUTHORITY.issue(dns="*.b"), "has '*.b'"),
    ("no names", {"tls_client_auth_san_uri": "urn:a"}, AUTHORITY.issue("CN=urn:a"), "no name of that kind"),
    ("another path", {"tls_client_auth_san_uri": "urn:a"}, AUTHORITY.issue(uri="urn:A"), "has 'urn:A'"),
    ("another box", {"tls_client_auth_san_email": "a@b.c"}, AUTHORITY.issue(email="A@b.c"), "has 'A@b.c'"),
]


@pytest.mark.parametrize(("what", "fields", "held", "told"), BAD, ids=[each[0] for each in BAD])
async def test_a_certificate_that_proves_nothing(
    what: str, fields: dict[str, Any], held: Held | None, told: str, asking: Secured
) -> None:
    await register(asking, token_endpoint_auth_method="tls_client_auth", **_without_method(fields))
    answer = await ask(asking, "/token", held)
    assert "certificate" in refused(answer, "invalid_client", 401)
    assert told in why(asking)


@PATHS
async def test_a_certificate_that_the_client_registered(path: str, asking: Secured) -> None:
    """Each of several; that it is over, and that nobody vouches for it, does not matter (RFC 8705 2.2)."""
    registered = certificate(), certificate(days=(-30, -1)), authority().issue()
    await register(asking, **self_signed(*registered))
    for held in registered:
        let_in(path, await ask(asking, path, held))


@PATHS
async def test_a_certificate_that_the_client_did_not_register(path: str, asking: Secured) -> None:
    mine = certificate()
    await register(asking, **self_signed(mine))
    for held in (certificate(), AUTHORITY.issue()):
        refused(await ask(asking, path, held), "invalid_client", 401)
        assert "registered are 1 certificates" in why(asking)
    refused(await ask(asking, path, None), "invalid_client", 401)
    assert "/shop" + path in why(asking)


async def test_each_client_has_its_own(asking: Secured) -> None:
    """A client with a good certificate is not let in as another one."""
    mine, theirs = certificate(), certificate()
    await register(asking, **self_signed(mine))
    await register(asking, id="other", **self_signed(theirs))
    let_in("/token", await ask(asking, "/token", theirs, [("client_id", "other")]))
    refused(await ask(asking, "/token", mine, [("client_id", "other")]), "invalid_client", 401)
    refused(await ask(asking, "/token", mine, []), "invalid_client", 401)


async def test_certificates_at_jwks_uri(tmp_path: Path) -> None:
    """What is new there is found without being registered again (RFC 8705 2.2)."""
    first, second = certificate(), certificate()
    outbound = OutboundPolicy(allow_private=True)
    async with elsewhere(authority_in(tmp_path)) as place, secured(tmp_path, outbound=outbound) as asking:
        url = f"{place.http}/jwks"
        place.documents["/jwks"] = json.dumps({"keys": [first.jwk()]})
        await register(asking, token_endpoint_auth_method="self_signed_tls_client_auth", jwks_uri=url)
        let_in("/token", await ask(asking, "/token", first))
        place.documents["/jwks"] = json.dumps({"keys": [second.jwk()]})
        async with asking.world() as world:
            world.realm.clock.advance(60)
        let_in("/token", await ask(asking, "/token", second))
        refused(await ask(asking, "/token", first), "invalid_client", 401)
        assert len(place.asked) == 2
        place.documents["/jwks"] = json.dumps({"keys": [{**second.jwk(), "x5c": first.jwk()["x5c"]}]})
        async with asking.world() as world:
            world.realm.clock.advance(60)
        refused(await ask(asking, "/token", first), "invalid_client", 401)
        assert "keys[0].x5c[0]: is a certificate of another key" in why(asking)


@pytest.mark.parametrize("fields", [BY_SUBJECT, self_signed(certificate())], ids=["tls", "self_signed"])
async def test_a_secret_is_no_certificate(fields: dict[str, Any], asking: Secured) -> None:
    await register(asking, **fields)
    answer = await ask(asking, "/token", None, [], Authorization=basic("web", "secret"))
    assert refused(answer, "invalid_client", 401) == "wrong client authentication method"


async def test_a_certificate_is_no_secret(asking: Secured) -> None:
    """It is presented on the connection, and says nothing of a client that authenticates otherwise (RFC 8705 6.1)."""
    async with asking.world(AUTHORITY.issue()) as world:
        client = await world.client(jwks=(assertions.public("ES256"),))
        await world.client(id="by-key", token_endpoint_auth_method="private_key_jwt", jwks=client.application.jwks)
        url = f"{world.realm.addresses.mutual_tls}/token"
        refused(await ask(asking, "/token", AUTHORITY.issue()), "invalid_client", 401)
        let_in("/token", await ask(asking, "/token", AUTHORITY.issue(), [], Authorization=basic("web", client.secret)))
        assertion = assertions.by_key(client, iss="by-key", sub="by-key", aud=url)
        let_in("/token", await ask(asking, "/token", AUTHORITY.issue(), assertions.form(assertion)))


@pytest.mark.parametrize("fields", [BY_SUBJECT, self_signed(certificate())], ids=["tls", "self_signed"])
async def test_the_ordinary_port_says_where_to_go(fields: dict[str, Any], asking: Secured) -> None:
    await register(asking, **fields)
    async with asking.world(AUTHORITY.issue(SUBJECT)) as world:
        answer = await world.send("POST", "/token", form=[*BODIES["/token"], ("client_id", "web")])
        assert refused(answer, "invalid_client", 401) == "no client certificate came with the connection"
        assert f"present it at {world.realm.addresses.mutual_tls}/token" in why(asking)


async def test_a_server_that_asks_nobody_says_so(world: World) -> None:
    await world.client(**BY_SUBJECT)
    refused(await world.send("POST", "/token", form=[*BODIES["/token"], ("client_id", "web")]), "invalid_client", 401)
    error = world.realm.journal.exchanges()[-1].error
    assert error is not None
    assert "start it with --mtls-port" in error.detail


async def test_without_authorities_nobody_can_vouch(tmp_path: Path) -> None:
    async with secured(tmp_path) as asking:
        await register(asking, **BY_SUBJECT)
        answer = await ask(asking, "/token", AUTHORITY.issue(SUBJECT))
        assert refused(answer, "invalid_client", 401) == "tls_client_auth is not offered"
        assert "--mtls-ca" in why(asking)


async def test_the_time_is_that_of_the_realm(asking: Secured) -> None:
    await register(asking, **BY_SUBJECT)
    held = AUTHORITY.issue(SUBJECT)
    let_in("/token", await ask(asking, "/token", held))
    async with asking.world() as world:
        world.realm.clock.advance(40 * 86_400)
    refused(await ask(asking, "/token", held), "invalid_client", 401)
    assert "the realm's time is" in why(asking)


async def test_the_time_of_those_between_is_that_of_the_realm_too(asking: Secured) -> None:
    await register(asking, **BY_SUBJECT)
    held = AUTHORITY.delegate().issue(SUBJECT, days=(-1, 100))
    let_in("/token", await ask(asking, "/token", held))
    async with asking.world() as world:
        world.realm.clock.advance(40 * 86_400)
    refused(await ask(asking, "/token", held), "invalid_client", 401)
    assert "expired" in why(asking)
