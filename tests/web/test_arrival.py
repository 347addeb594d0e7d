"""From where a request comes, and by which address, where proxies stand between (RFC 7239, RFC 9440)."""

from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from oidc_harness.protocol.request import Request
from oidc_harness.web.admin.journal_view import exchange_view
from oidc_harness.web.server import serving
from oidc_harness.web.settings import MutualTls, ServerSettings
from oidc_harness.web.tls import TlsError
from tests.support.certificates import Held, authority, certificate
from tests.support.http import Http
from tests.support.refusals import refused
from tests.support.world import AUTOMATIC, World

HERE, ELSEWHERE = ("127.0.0.1/32",), ("192.0.2.0/24", "2001:db8::/32")
AT_PROXY = MutualTls(url="https://mtls.test")


@asynccontextmanager
async def world(http: Http, **settings: Any) -> AsyncIterator[World]:
    async with serving(ServerSettings(port=0, **settings)) as server:
        yield World(await server.realms.make("shop", AUTOMATIC), http)


async def seen(http: Http, headers: Mapping[str, str], **settings: Any) -> Request:
    """A request with these headers, as the journal has it."""
    async with world(http, **settings) as there:
        await there.send("GET", "/userinfo", headers=headers)
        (exchange,) = there.realm.journal.exchanges()
        return exchange.request


# headers, the client's address, what it asked for (None: as without headers)
TOLD: list[tuple[dict[str, str], str, str | None]] = [
    ({}, "127.0.0.1", None),
    ({"X-Forwarded-For": "198.51.100.7"}, "198.51.100.7", None),
    ({"X-Forwarded-For": "198.51.100.7:4711"}, "198.51.100.7", None),
    ({"X-Forwarded-For": "2001:DB8:0::7"}, "2001:db8::7", None),
    ({"X-Forwarded-For": "198.51.100.7, 127.0.0.1"}, "198.51.100.7", None),
    ({"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}, "198.51.100.7", None),
    ({"X-Forwarded-For": "203.0.113.9, 198.51.100.7, 127.0.0.1"}, "198.51.100.7", None),
    ({"X-Forwarded-For": "127.0.0.1, ::ffff:127.0.0.1"}, "127.0.0.1", None),
    ({"X-Forwarded-For": "nobody at all"}, "unknown", None),
    ({"X-Forwarded-For": "999.1.1.1"}, "unknown", None),
    ({"X-Forwarded-For": ""}, "unknown", None),
    ({"X-Forwarded-Proto": "https", "X-Forwarded-Host": "idp.test"}, "unknown", "https://idp.test"),
    (
        {"X-Forwarded-For": "198.51.100.7, 127.0.0.1", "X-Forwarded-Proto": "HTTPS", "X-Forwarded-Host": "idp.test:1"},
        "198.51.100.7",
        "https://idp.test:1",
    ),
    (
        {
            "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
            "X-Forwarded-Proto": "http, https",
            "X-Forwarded-Host": "a, b",
        },
        "198.51.100.7",
        "https://b",
    ),
    ({"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "ftp"}, "198.51.100.7", None),
    ({"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Host": "a.test/<script>"}, "198.51.100.7", None),
    ({"Forwarded": "for=198.51.100.7;proto=https;host=idp.test"}, "198.51.100.7", "https://idp.test"),
    ({"Forwarded": 'For="[2001:db8::7]:4711";Proto=https;Host="[::1]:8"'}, "2001:db8::7", "https://[::1]:8"),
    ({"Forwarded": 'for="[2001:db8::7]"'}, "2001:db8::7", None),
    ({"Forwarded": "for=203.0.113.9, for=198.51.100.7, for=127.0.0.1"}, "198.51.100.7", None),
    ({"Forwarded": "for=203.0.113.9, proto=https"}, "unknown", None),
    ({"Forwarded": "for=_hidden"}, "_hidden", None),
    ({"Forwarded": "for=unknown"}, "unknown", None),
    ({"Forwarded": "for=198.51.100.7", "X-Forwarded-For": "203.0.113.9"}, "198.51.100.7", None),
    ({"Forwarded": "=;=,,;;for"}, "unknown", None),
]


@pytest.mark.parametrize(("headers", "client", "asked_at"), TOLD, ids=str)
async def test_what_a_trusted_proxy_tells_counts(
    headers: dict[str, str], client: str, asked_at: str | None, http: Http
) -> None:
    request = await seen(http, headers, trusted_proxies=HERE)
    told = asked_at or ("https" if "proto=https" in str(headers) else "http") + "://" + request.headers["Host"]
    assert (request.client_address, request.asked_at) == (client, told)


@pytest.mark.parametrize("trusted", [(), ELSEWHERE])
@pytest.mark.parametrize(("headers", "client", "asked_at"), TOLD, ids=str)
async def test_what_anybody_else_tells_does_not(
    headers: dict[str, str], client: str, asked_at: str | None, trusted: tuple[str, ...], http: Http
) -> None:
    request = await seen(http, headers, trusted_proxies=trusted)
    assert (request.client_address, request.asked_at) == ("127.0.0.1", f"http://{request.headers['Host']}")


async def test_whoever_trusts_a_proxy_guards_the_control_api() -> None:
    """Who reaches the proxy reaches it too."""
    assert ServerSettings().open_to_all
    assert not ServerSettings(trusted_proxies=HERE).open_to_all


def sent(held: Held, *others: Held) -> dict[str, str]:
    """How a proxy sends a certificate on."""
    own, *along = (f":{b64encode(each.der).decode()}:" for each in (held, *others))
    return {"Client-Cert": own, **({"Client-Cert-Chain": ", ".join(along)} if along else {})}


MINE, ANOTHER = certificate(), certificate()
REGISTERED: dict[str, Any] = {
    "token_endpoint_auth_method": "self_signed_tls_client_auth",
    "jwks": (MINE.jwk(),),
    "secret_hash": None,
}
FORM = [("grant_type", "refresh_token"), ("refresh_token", "nobody-has-it"), ("client_id", "web")]


async def test_a_certificate_that_a_trusted_proxy_sends_on(http: Http) -> None:
    async with world(http, trusted_proxies=HERE, mutual_tls=AT_PROXY) as there:
        await there.client(**REGISTERED)
        told = (await there.send("GET", "/.well-known/openid-configuration")).json
        assert told["mtls_endpoint_aliases"]["token_endpoint"] == "https://mtls.test/shop/token"
        refused(await there.send("POST", "/token", form=FORM, headers=sent(MINE, ANOTHER)), "invalid_grant")
        refused(await there.send("POST", "/token", form=FORM, headers=sent(ANOTHER, MINE)), "invalid_client", 401)
        refused(await there.send("POST", "/token", form=FORM), "invalid_client", 401)
        exchange = there.realm.journal.exchanges()[1]
        assert exchange.request.certificate is not None
        assert exchange.request.certificate.chain == (MINE.der, ANOTHER.der)


async def test_authorities_vouch_there_too(http: Http, tmp_path: Path) -> None:
    vouching = authority()
    (tmp_path / "clients.pem").write_bytes(vouching.held.pem)
    between = vouching.delegate()
    held = between.issue("CN=shop")
    mutual_tls = MutualTls(url="https://mtls.test", ca_file=str(tmp_path / "clients.pem"))
    fields = {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=shop"}
    async with world(http, trusted_proxies=HERE, mutual_tls=mutual_tls) as there:
        await there.client(secret_hash=None, **fields)
        refused(await there.send("POST", "/token", form=FORM, headers=sent(held, between.held)), "invalid_grant")
        refused(await there.send("POST", "/token", form=FORM, headers=sent(held)), "invalid_client", 401)


@pytest.mark.parametrize(
    "settings",
    [
        {"trusted_proxies": ELSEWHERE, "mutual_tls": AT_PROXY},
        {"trusted_proxies": HERE},
        {},
    ],
    ids=["another proxy", "none that sends certificates", "no proxy"],
)
async def test_a_certificate_that_anybody_else_sends_proves_nothing(settings: dict[str, Any], http: Http) -> None:
    async with world(http, **settings) as there:
        await there.client(**REGISTERED)
        answer = await there.send("POST", "/token", form=FORM, headers=sent(MINE))
        assert refused(answer, "invalid_client", 401) == "no client certificate came with the connection"
        (exchange,) = there.realm.journal.exchanges()
        assert exchange.request.certificate is None


UNREADABLE = {
    "nothing": {"Client-Cert": ""},
    "nothing between colons": {"Client-Cert": "::"},
    "no colons": {"Client-Cert": b64encode(MINE.der).decode()},
    "no base64": {"Client-Cert": ":AAA:"},
    "two": {"Client-Cert": ":AAAA:, :AAAA:"},
    "PEM": {"Client-Cert": MINE.pem.decode().replace("\n", "%0A")},
    "a chain that is none": {**sent(MINE), "Client-Cert-Chain": "no"},
    "a long chain": {**sent(MINE), "Client-Cert-Chain": ", ".join([":AAAA:"] * 11)},
}


@pytest.mark.parametrize("headers", UNREADABLE.values(), ids=list(UNREADABLE))
async def test_what_cannot_be_read_is_told(headers: dict[str, str], http: Http) -> None:
    async with world(http, trusted_proxies=HERE, mutual_tls=AT_PROXY) as there:
        await there.client(**REGISTERED)
        answer = await there.send("POST", "/token", form=FORM, headers=headers)
        assert refused(answer, "invalid_request") == "the certificate that the proxy sent on cannot be read"
        (exchange,) = there.realm.journal.exchanges()
        assert exchange.error is not None
        assert exchange.error.where.tag == "RFC9440-2.2"


NO_CERTIFICATES = {
    "zeroes": bytes(3),
    "no version": MINE.der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x2a"),
    "no name": MINE.der.replace(b"\x55\x04\x03\x0c\x04", b"\x55\x04\x03\x04\x04"),
}


@pytest.mark.parametrize("what", NO_CERTIFICATES)
@pytest.mark.parametrize("method", ["tls_client_auth", "self_signed_tls_client_auth"])
async def test_what_is_no_certificate_proves_nothing(what: str, method: str, http: Http, tmp_path: Path) -> None:
    (tmp_path / "clients.pem").write_bytes(authority().held.pem)
    mutual_tls = MutualTls(url="https://mtls.test", ca_file=str(tmp_path / "clients.pem"))
    headers = {"Client-Cert": f":{b64encode(NO_CERTIFICATES[what]).decode()}:"}
    async with world(http, trusted_proxies=HERE, mutual_tls=mutual_tls) as there:
        await there.client(
            **{**REGISTERED, "token_endpoint_auth_method": method, "tls_client_auth_subject_dn": "CN=shop"}
        )
        refused(await there.send("POST", "/token", form=FORM, headers=headers), "invalid_client", 401)
        (exchange,) = there.realm.journal.exchanges()
        assert exchange_view(exchange)["request"]["certificate"]["thumbprint"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"mutual_tls": AT_PROXY}, "say which one is"),
        ({"mutual_tls": MutualTls(), "trusted_proxies": HERE}, "say which one"),
        ({"mutual_tls": MutualTls(url="http://a.test"), "trusted_proxies": HERE}, "say https:"),
        ({"mutual_tls": MutualTls(port=0)}, "client certificates are presented in TLS"),
    ],
)
async def test_what_cannot_work_is_told(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(TlsError, match=told):
        async with serving(ServerSettings(port=0, **settings)):
            pass
