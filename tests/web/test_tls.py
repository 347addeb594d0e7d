"""A server speaks TLS 1.2 and 1.3 with the suites of BCP 195, judged by real handshakes."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from oidc_harness.client import ControlClient, NewRealm
from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import MutualTls, OwnCertificate, SelfSigned, ServerSettings
from oidc_harness.web.tls import TlsError, certificate_names, server_security

V2, V3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Secured:
    """A server with a made certificate, and the file by which to trust it."""

    server: Server
    ca_file: str

    @property
    def port(self) -> int:
        port = urlsplit(self.server.base_url).port
        assert port is not None
        return port

    async def handshake(self, context: ssl.SSLContext, name: str = "localhost") -> tuple[str, str]:
        """Protocol and suite that are agreed upon with who asks for this name."""
        _, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=context, server_hostname=name)
        secured: ssl.SSLObject = writer.get_extra_info("ssl_object")
        suite = secured.cipher()
        agreed = (secured.version() or "", suite[0] if suite else "")
        writer.close()
        await writer.wait_closed()
        return agreed


@pytest.fixture
async def secured(tmp_path: Path) -> AsyncIterator[Secured]:
    ca_file = str(tmp_path / "ca.pem")
    async with serving(ServerSettings(port=0, tls=SelfSigned("localhost", ca_file))) as server:
        yield Secured(server, ca_file)


def context(
    ca_file: str,
    lowest: ssl.TLSVersion = V2,
    highest: ssl.TLSVersion = V3,
    suites: str | None = None,
) -> ssl.SSLContext:
    """A client that trusts this authority, and takes nothing but what is given here."""
    trusting = ssl.create_default_context(cafile=ca_file)
    # What the system has switched off for us, another client may still offer: the server has to refuse.
    trusting.set_ciphers(suites or "ALL:@SECLEVEL=0")
    trusting.minimum_version, trusting.maximum_version = lowest, highest
    return trusting


def why_refused(offered: ssl.SSLContext) -> str:
    """What a server says of the first message of such a client; a connection is closed before it is told."""
    asked = server_security(ServerSettings(tls=SelfSigned())).ordinary
    assert asked is not None
    hello, reply = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        offered.wrap_bio(reply, hello, server_hostname="localhost").do_handshake()
    with pytest.raises(ssl.SSLError) as refused:
        asked.wrap_bio(hello, reply, server_side=True).do_handshake()
    return refused.value.reason


@pytest.mark.parametrize(
    ("lowest", "highest", "suites", "protocol", "suite"),
    [
        (V2, V3, None, "TLSv1.3", "TLS_AES_256_GCM_SHA384"),
        (V3, V3, None, "TLSv1.3", "TLS_AES_256_GCM_SHA384"),
        (V2, V2, None, "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384"),
        (V2, V2, "ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256"),
    ],
)
async def test_the_newest_protocol_and_suites_that_authenticate(
    secured: Secured, lowest: ssl.TLSVersion, highest: ssl.TLSVersion, suites: str | None, protocol: str, suite: str
) -> None:
    agreed = await secured.handshake(context(secured.ca_file, lowest, highest, suites))
    assert agreed == (protocol, suite)


@pytest.mark.parametrize(
    "suites",
    [
        "ECDHE-ECDSA-AES256-SHA",
        "ECDHE-ECDSA-AES128-SHA256",
        "ECDHE-ECDSA-AES256-SHA384",
        "AES256-GCM-SHA384",
        "AES128-SHA",
        "DHE-RSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-AES256-CCM8",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
    ],
)
async def test_a_suite_that_is_not_recommended_is_refused(secured: Secured, suites: str) -> None:
    offered = context(secured.ca_file, V2, V2, f"{suites}:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await secured.handshake(offered)
    assert why_refused(offered) == "NO_SHARED_CIPHER"


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_an_older_protocol_is_refused(secured: Secured, version: str) -> None:
    old = ssl.TLSVersion[version]
    offered = context(secured.ca_file, old, old)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await secured.handshake(offered)
    assert why_refused(offered) == "UNSUPPORTED_PROTOCOL"


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
async def test_the_certificate_is_good_for_every_local_name(secured: Secured, name: str) -> None:
    assert (await secured.handshake(context(secured.ca_file), name))[0] == "TLSv1.3"


async def test_the_certificate_is_good_for_no_other_name(secured: Secured) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await secured.handshake(context(secured.ca_file), "other.example")


async def test_a_client_that_does_not_know_the_authority_gets_nowhere(secured: Secured) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await secured.handshake(ssl.create_default_context())


async def test_issuer_endpoints_and_cookies_are_those_of_https(secured: Secured) -> None:
    async with ControlClient(secured.server.base_url, ca_file=secured.ca_file) as control:
        made = await control.make_realm(NewRealm(name="shop", fixture="default"))
    assert made.issuer == f"https://localhost:{secured.port}/shop"
    connector = aiohttp.TCPConnector(ssl=context(secured.ca_file))
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(made.issuer + DISCOVERY) as answer:
            document = json.loads(await answer.text())
        assert document["issuer"] == made.issuer
        addresses = [value for name, value in document.items() if name.endswith(("_endpoint", "_uri"))]
        assert addresses
        assert all(address.startswith("https://") for address in addresses)
        request = {"client_id": "web", "response_type": "code", "scope": "openid"}
        request["redirect_uri"] = "http://localhost:8080/callback"
        async with session.get(document["authorization_endpoint"], params=request) as page:
            cookies = [each for first in page.history for each in first.headers.getall("Set-Cookie", ())]
            cookies += page.headers.getall("Set-Cookie", ())
    assert cookies
    assert all("; Secure" in cookie for cookie in cookies)


async def test_two_starts_have_two_authorities(tmp_path: Path) -> None:
    files = [tmp_path / "one.pem", tmp_path / "two.pem"]
    for file in files:
        async with serving(ServerSettings(port=0, tls=SelfSigned(ca_out=str(file)))) as server:
            assert server.base_url.startswith("https://127.0.0.1:")
    one, two = (x509.load_pem_x509_certificate(file.read_bytes()) for file in files)
    assert one.public_key() != two.public_key()


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (ServerSettings(tls=SelfSigned()), ("127.0.0.1", "localhost", "::1")),
        (ServerSettings(host="::", tls=SelfSigned("idp.test")), ("idp.test", "localhost", "127.0.0.1", "::1")),
        (
            ServerSettings(
                host="::1", public_url="https://idp.test:9400", internal_url="https://provider", tls=SelfSigned()
            ),
            ("idp.test", "provider", "::1", "localhost", "127.0.0.1"),
        ),
    ],
)
def test_the_names_in_a_made_certificate(settings: ServerSettings, names: tuple[str, ...]) -> None:
    assert certificate_names(settings) == names


PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def own(directory: Path, key: PrivateKey, password: bytes | None = None) -> OwnCertificate:
    """Somebody's certificate for localhost, which is its own authority."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    sealed = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)
    (directory / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (directory / "key.pem").write_bytes(private)
    return OwnCertificate(str(directory / "cert.pem"), str(directory / "key.pem"))


@pytest.mark.parametrize(
    ("key", "suite"),
    [
        (rsa_key(2048), "ECDHE-RSA-AES256-GCM-SHA384"),
        (ec.generate_private_key(ec.SECP256R1()), "ECDHE-ECDSA-AES256-GCM-SHA384"),
    ],
)
async def test_a_certificate_of_ones_own(tmp_path: Path, key: PrivateKey, suite: str) -> None:
    """At the port where clients are asked for theirs too."""
    tls = own(tmp_path, key)
    async with serving(ServerSettings(port=0, tls=tls, mutual_tls=MutualTls(port=0))) as server:
        asking = server.realms.addresses_of("default").mutual_tls
        for url in (server.base_url, asking):
            there = Secured(replace(server, base_url=url or ""), tls.cert_file)
            assert await there.handshake(context(tls.cert_file, V2, V2)) == ("TLSv1.2", suite)


@pytest.mark.parametrize(
    ("key", "password", "told"),
    [
        (rsa_key(2048), b"secret", "the key is encrypted"),
        (rsa_key(1024), None, "its key has 1024 bits; expected RSA of at least 2048"),
        (ec.generate_private_key(ec.SECP224R1()), None, "its key has 224 bits"),
    ],
)
def test_a_certificate_of_ones_own_that_cannot_be_used(
    tmp_path: Path, key: PrivateKey, password: bytes | None, told: str
) -> None:
    for mutual_tls in (None, MutualTls(port=0)):
        with pytest.raises(TlsError, match=told):
            server_security(ServerSettings(tls=own(tmp_path, key, password), mutual_tls=mutual_tls))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (ServerSettings(tls=OwnCertificate("/no/cert.pem", "/no/key.pem")), "no such file"),
        (ServerSettings(tls=SelfSigned("b\u00fcro.example")), "no host name"),
        (ServerSettings(tls=SelfSigned(ca_out="/no/ca.pem")), "cannot be written"),
        (ServerSettings(tls=SelfSigned(), public_url="http://idp.test"), "begins with http:"),
        (ServerSettings(tls=SelfSigned(), internal_url="http://idp.test"), "begins with http:"),
    ],
)
async def test_what_cannot_be_done_is_told(settings: ServerSettings, told: str) -> None:
    with pytest.raises(TlsError, match=told):
        async with serving(settings):
            pass
