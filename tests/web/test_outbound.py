"""Nothing leaves this server but where it may go, and nothing endless comes back."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from oidc_harness.web.outbound import (
    LARGEST_DOCUMENT,
    Outbound,
    OutboundError,
    why_not_reached,
    why_not_sent,
)
from oidc_harness.web.settings import OutboundPolicy

STRICT, PRIVATE = OutboundPolicy(), OutboundPolicy(allow_private=True)


@asynccontextmanager
async def sending(policy: OutboundPolicy = PRIVATE) -> AsyncIterator[Outbound]:
    outbound = Outbound(policy)
    try:
        yield outbound
    finally:
        await outbound.close()


@asynccontextmanager
async def answering(
    handler: Callable[[web.Request], object], host: str = "127.0.0.1", context: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """A server of somebody else's; gives its address, without the scheme."""
    server = web.Server(handler, handler_cancellation=True)  # type: ignore[arg-type]
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, host, 0, ssl_context=context)
    await site.start()
    try:
        yield f"{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def keys(request: web.Request) -> web.Response:
    return web.json_response({"keys": [], "cookies": dict(request.cookies)}, headers={"Set-Cookie": "a=b"})


@pytest.mark.parametrize(
    ("url", "strict", "private"),
    [
        ("https://client.example/jwks", True, True),
        ("https://client.example:8443/jwks?a=b", True, True),
        ("https://[2606:4700::1111]/", True, True),
        ("http://client.example/jwks", False, True),
        ("https://127.0.0.1/", False, True),
        ("https://[::1]/", False, True),
        ("https://[::ffff:127.0.0.1]/", False, True),
        ("https://10.0.0.1/", False, True),
        ("https://169.254.169.254/latest", False, True),
        ("https://0.0.0.0/", False, False),
        ("https://[::]/", False, False),
        ("https://224.0.0.1/", False, False),
        ("https://user@client.example/", False, False),
        ("https://:password@client.example/", False, False),
        ("ftp://client.example/", False, False),
        ("file:///etc/passwd", False, False),
        ("data:application/json,{}", False, False),
        ("https:///jwks", False, False),
        ("https://client.example:99999/", False, False),
        ("https://[::1/", False, False),
        ("https://client.example/a b", False, False),
        ("https://client.example/\r\nHost: evil", False, False),
        ("https://clïent.example/", False, False),
        ("https://client.example/" + "a" * 2048, False, False),
        ("", False, False),
    ],
)
def test_which_urls_are_asked(url: str, strict: bool, private: bool) -> None:
    assert (why_not_sent(url, STRICT) is None, why_not_sent(url, PRIVATE) is None) == (strict, private)


@pytest.mark.parametrize(
    ("address", "strict", "private"),
    [
        ("93.184.215.14", True, True),
        ("192.168.1.1", False, True),
        ("100.64.0.1", False, False),
        ("127.0.0.2", False, True),
        ("fe80::1", False, True),
        ("fd00::1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("64:ff9b::a00:1", False, False),
        ("2002:a00:1::", False, False),
        ("::1", False, True),
        ("::", False, False),
        ("::7f00:1", False, False),
        ("::ffff:0:7f00:1", False, False),
        ("fec0::1", False, False),
        ("3fff::1", False, False),
        ("192.88.99.1", False, False),
        ("ff02::1", False, False),
        ("240.0.0.1", False, False),
        ("255.255.255.255", False, False),
    ],
)
def test_which_addresses_are_reached(address: str, strict: bool, private: bool) -> None:
    reached = [why_not_reached(ip_address(address), policy) is None for policy in (STRICT, PRIVATE)]
    assert reached == [strict, private]


async def test_a_document_is_fetched_and_no_cookie_kept() -> None:
    async with answering(keys) as place, sending() as outbound:
        for _ in range(2):
            answer = await outbound.get(f"http://{place}/jwks")
            assert (answer.status, answer.content_type) == (200, "application/json")
            assert answer.body == b'{"keys": [], "cookies": {}}'


async def test_a_form_is_posted() -> None:
    async def receive(request: web.Request) -> web.Response:
        return web.Response(status=204 if dict(await request.post()) == {"logout_token": "a+b"} else 400)

    async with answering(receive) as place, sending() as outbound:
        assert (await outbound.post(f"http://{place}/logout", {"logout_token": "a+b"})).status == 204
        assert (await outbound.post(f"http://{place}/logout", {})).status == 400


async def test_a_name_is_checked_by_what_it_stands_for() -> None:
    """`localhost` is no address; what it is looked up to is."""
    asked: list[web.BaseRequest] = []

    async def note(request: web.Request) -> web.Response:
        asked.append(request)
        return web.Response()

    async with answering(note) as place:
        port = place.rpartition(":")[2]
        async with sending(STRICT) as outbound:
            with pytest.raises(OutboundError, match="no public address"):
                await outbound.get(f"https://localhost:{port}/")
        assert asked == []
        async with sending() as outbound:
            assert (await outbound.get(f"http://localhost:{port}/")).status == 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 404, 500, 204])
async def test_only_200_is_a_document_and_no_redirect_is_followed(status: int) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async with answering(answer) as place, sending() as outbound:
        with pytest.raises(OutboundError, match=f"status {status}"):
            await outbound.get(f"http://{place}/here")
    assert asked == ["/here"]


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(100):
        await response.write(b"x" * LARGEST_DOCUMENT)
    return response


async def packed(request: web.Request) -> web.StreamResponse:
    """A bomb: small on the wire, large when unpacked."""
    response = web.Response(body=b"x" * 20 * LARGEST_DOCUMENT)
    response.enable_compression(web.ContentCoding.gzip)
    return response


async def silent(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def broken(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@pytest.mark.parametrize(
    ("handler", "told"),
    [
        (endless, f"more than {LARGEST_DOCUMENT} bytes"),
        (packed, f"more than {LARGEST_DOCUMENT} bytes"),
        (silent, r"more than 0\.2 seconds"),
        (broken, "cannot be reached"),
    ],
)
async def test_nothing_endless_comes_back(handler: Callable[[web.Request], object], told: str) -> None:
    # What is endless is cut by its size long before the time is up.
    patience = 0.2 if handler is silent else 20.0
    async with (
        answering(handler) as place,
        sending(OutboundPolicy(allow_private=True, patience_seconds=patience)) as outbound,
    ):
        with pytest.raises(OutboundError, match=told):
            await outbound.get(f"http://{place}/")


async def test_where_nobody_listens() -> None:
    async with answering(keys) as place:
        pass
    async with sending() as outbound:
        with pytest.raises(OutboundError, match="cannot be reached"):
            await outbound.get(f"http://{place}/")
        with pytest.raises(OutboundError, match="cannot be reached"):
            await outbound.get("http://nowhere.invalid/")


def _self_signed(folder: Path) -> tuple[Path, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file = folder / "key.pem"
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)
    return file, context


async def test_a_certificate_counts_where_its_authority_is_trusted(tmp_path: Path) -> None:
    file, context = _self_signed(tmp_path)
    trusting = OutboundPolicy(allow_private=True, ca_file=str(file))
    async with answering(keys, context=context) as place:
        port = place.rpartition(":")[2]
        async with sending(trusting) as outbound:
            assert (await outbound.get(f"https://localhost:{port}/")).status == 200
            with pytest.raises(OutboundError, match="cannot be reached"):
                await outbound.get(f"https://127.0.0.1:{port}/")
        async with sending() as outbound:
            with pytest.raises(OutboundError, match="cannot be reached"):
                await outbound.get(f"https://localhost:{port}/")


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_file_without_authorities_is_refused(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "authorities.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ValueError, match="no certificates could be read"):
        Outbound(OutboundPolicy(ca_file=str(file)))
