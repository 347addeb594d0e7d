"""A client's own server: documents that stand somewhere else, by http and by https."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Elsewhere:
    """What stands there, by path; what is not there is 404."""

    http: str = ""
    https: str = ""
    documents: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    posted: list[dict[str, str]] = field(default_factory=list)
    """The forms that came."""

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append(request.path)
        if request.method == "POST":
            self.posted.append({name: str(value) for name, value in (await request.post()).items()})
        text = self.documents.get(request.path)
        return web.Response(status=404) if text is None else web.Response(text=text)


@asynccontextmanager
async def elsewhere(authority: "Authority") -> AsyncIterator[Elsewhere]:
    """Two addresses of one client, for as long as the context lasts."""
    place = Elsewhere()
    runner = web.ServerRunner(web.Server(place.answer), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=authority.context).start()
    place.http, place.https = (
        f"{scheme}://localhost:{port}" for scheme, (_, port) in zip(("http", "https"), runner.addresses, strict=True)
    )
    try:
        yield place
    finally:
        await runner.cleanup()


@dataclass(frozen=True)
class Authority:
    """A certificate for localhost that is its own authority."""

    file: Path
    context: ssl.SSLContext


def authority_in(folder: Path) -> Authority:
    """Make one; its files lie in the folder."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "authority.pem"
    file.write_bytes(certificate.public_bytes(pem) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return Authority(file, context)
