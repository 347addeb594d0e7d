"""A small reverse proxy: TLS towards clients, which it may ask for certificates, plain HTTP towards the provider."""

import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from tests.support.certificates import Authority, authority

OWN_WORDS = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "Client-Cert",
    "Client-Cert-Chain",
)
"""What such a proxy says itself, and lets no client say."""
CA_FILE = "proxy.pem"
_PER_HOP = ("Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Content-Encoding")


@dataclass
class Proxy:
    """Where it is, and what it stands before."""

    session: aiohttp.ClientSession
    url: str = ""
    target: str = ""
    passed_on: list[CIMultiDict[str]] = field(default_factory=list)
    """The headers of requests as the provider got them."""

    async def answer(self, request: web.Request) -> web.Response:
        headers = _without(request.headers.items(), OWN_WORDS)
        headers["X-Forwarded-For"] = request.remote or ""
        headers["X-Forwarded-Proto"] = request.scheme
        headers["X-Forwarded-Host"] = request.headers["Host"]
        secured = request.transport and request.transport.get_extra_info("ssl_object")
        presented = secured.getpeercert(binary_form=True) if secured else None
        if presented is not None:
            headers["Client-Cert"] = f":{b64encode(presented).decode()}:"
        self.passed_on.append(headers)
        asked = self.session.request(
            request.method,
            URL(self.target + request.raw_path, encoded=True),
            data=await request.read(),
            headers=headers,
            allow_redirects=False,
        )
        async with asked as answer:
            told = _without(answer.headers.items(), _PER_HOP)
            return web.Response(status=answer.status, body=await answer.read(), headers=told)


def _without(headers: Iterable[tuple[str, str]], names: tuple[str, ...]) -> CIMultiDict[str]:
    left_out = {name.lower() for name in names}
    return CIMultiDict((name, value) for name, value in headers if name.lower() not in left_out)


def _context(directory: Path, clients: Authority | None) -> ssl.SSLContext:
    authority_of_proxy = authority("proxy")
    own = authority_of_proxy.issue("CN=localhost", dns="localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.present(context, directory)
    (directory / CA_FILE).write_bytes(authority_of_proxy.held.pem)
    if clients is not None:
        context.load_verify_locations(cadata=clients.held.der)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context


@asynccontextmanager
async def proxy(directory: Path, clients: Authority | None = None) -> AsyncIterator[Proxy]:
    """A proxy at localhost that clients trust by `CA_FILE`; it asks for certificates of these clients, if any."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        standing = Proxy(session)
        application = web.Application()
        application.router.add_route("*", "/{tail:.*}", standing.answer)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=_context(directory, clients)).start()
        standing.url = f"https://localhost:{runner.addresses[0][1]}"
        try:
            yield standing
        finally:
            await runner.cleanup()
