"""The port at which clients are asked for a certificate takes any, by real handshakes (RFC 8705 2)."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from oidc_harness.web.admin.journal_view import certificate_view
from oidc_harness.web.admin.mount import DOCUMENT
from oidc_harness.web.settings import MutualTls, SelfSigned, ServerSettings
from oidc_harness.web.tls import server_security
from tests.support.certificates import Held, authority, certificate
from tests.support.http import Sent
from tests.support.secured import TLS_1_2, TLS_1_3, Secured, secured

PRESENTED = {
    "none": None,
    "one that signed itself": certificate(),
    "one that is over": certificate(days=(-30, -1)),
    "one that has not begun": certificate(days=(1, 30)),
    "one of an authority that nobody knows": authority().issue(),
    "one with another sent along": authority().delegate().issue(),
    "one that is an authority": authority().held,
}
VERSIONS = pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Secured]:
    async with secured(tmp_path) as running:
        yield running


def port_of(asking: Secured) -> int:
    url = asking.server.realms.addresses_of("default").mutual_tls
    assert url is not None
    return urlsplit(url).port or 0


@VERSIONS
@pytest.mark.parametrize("what", PRESENTED)
async def test_whatever_is_presented_reaches_the_request(what: str, version: ssl.TLSVersion, asking: Secured) -> None:
    held = PRESENTED[what]
    async with asking.world() as world, asking.connected(held, version) as http:
        url = f"{world.realm.addresses.mutual_tls}/userinfo"
        for number in range(2):
            assert (await http.send(Sent("GET", url))).status == 401, number
    requests = [exchange.request for exchange in world.realm.journal.exchanges()]
    expected = () if held is None else (held.der, *(each.public_bytes(Encoding.DER) for each in held.along))
    assert [request.certificate.chain if request.certificate else () for request in requests] == [expected] * 2


@VERSIONS
async def test_requests_and_answers_of_some_length_come_through(version: ssl.TLSVersion, asking: Secured) -> None:
    token = "t" * 200_000
    async with asking.world() as world, asking.connected(PRESENTED["one that signed itself"], version) as http:
        base = world.realm.addresses.mutual_tls or ""
        await http.send(Sent("POST", f"{base}/revoke", form=[("token", token)]))
        answer = await http.send(Sent("GET", base.removesuffix("/shop") + DOCUMENT))
    (exchange,) = world.realm.journal.exchanges()
    assert exchange.request.form == (("token", token),)
    assert len(answer.text) > 100_000
    assert answer.json["openapi"]


@VERSIONS
async def test_who_has_not_the_key_of_a_certificate_gets_nowhere(version: ssl.TLSVersion, asking: Secured) -> None:
    """A client that signs the handshake by another key than that of the certificate; OpenSSL does not let it begin."""
    mine, other = certificate(), certificate()
    with pytest.raises(ssl.SSLError, match="key values mismatch"):
        Held(mine.certificate, other.key).present(asking.context(version=version), asking.directory)


@pytest.mark.parametrize("suites", ["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES256-SHA", "AES128-SHA"])
async def test_the_suites_are_those_of_the_other_port(suites: str, asking: Secured) -> None:
    context = asking.context(version=TLS_1_2)
    context.set_ciphers(f"{suites}:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.open_connection("localhost", port_of(asking), ssl=context)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
async def test_an_older_protocol_is_refused(version: str, asking: Secured) -> None:
    context = asking.context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.open_connection("localhost", port_of(asking), ssl=context)


@VERSIONS
async def test_what_is_agreed_upon(version: ssl.TLSVersion, asking: Secured) -> None:
    context = asking.context(version=version)
    context.set_alpn_protocols(["h2", "http/1.1"])
    _, writer = await asyncio.open_connection("localhost", port_of(asking), ssl=context)
    agreed: ssl.SSLObject = writer.get_extra_info("ssl_object")
    suite = {TLS_1_2: "ECDHE-ECDSA-AES256-GCM-SHA384", TLS_1_3: "TLS_AES_256_GCM_SHA384"}[version]
    assert (agreed.cipher() or ("",))[0] == suite
    assert agreed.selected_alpn_protocol() == "http/1.1"
    writer.close()
    await writer.wait_closed()


async def test_what_is_no_tls_is_cut_off(asking: Secured) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(asking))
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b"HTTP" not in await reader.read()
    writer.close()


async def test_nobody_is_asked_at_the_other_port(asking: Secured) -> None:
    async with asking.world(PRESENTED["one that signed itself"]) as world:
        await world.send("GET", "/userinfo")
    (exchange,) = world.realm.journal.exchanges()
    assert exchange.request.certificate is None


async def test_the_journal_tells_which_certificate_it_was(asking: Secured) -> None:
    held = certificate("CN=shop,O=Example")
    async with asking.world() as world, asking.connected(held) as http:
        await http.send(Sent("GET", f"{world.realm.addresses.mutual_tls}/userinfo"))
    (exchange,) = world.realm.journal.exchanges()
    assert exchange.request.certificate is not None
    seen = certificate_view(exchange.request.certificate)
    assert (seen["subject"], seen["sent_along"]) == ("CN=shop,O=Example", 0)
    assert len(seen["thumbprint"]) == 43


@VERSIONS
def test_it_is_told_how_much_waits_to_be_read(version: ssl.TLSVersion) -> None:
    """Loops other than that of asyncio ask, and read no further; a goodbye is something to be read too."""
    context = server_security(ServerSettings(tls=SelfSigned(), mutual_tls=MutualTls(port=0))).asking
    assert context is not None
    came, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.check_hostname, client_context.verify_mode = False, ssl.CERT_NONE
    client_context.maximum_version = version
    client, server = client_context.wrap_bio(sent, came), context.wrap_bio(came, sent, server_side=True)
    for side in (client, server, client, server):
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    assert server.pending() == 0
    for message in (b"one", b"two"):
        client.write(message)
    with suppress(ssl.SSLWantReadError):
        client.unwrap()
    read: list[bytes] = []
    while server.pending() and read[-1:] != [b""]:
        read.append(server.read(100))
    assert read == [b"one", b"two", b""]
