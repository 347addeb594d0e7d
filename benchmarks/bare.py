"""The yardstick: a bare aiohttp server that answers the same requests with the same sizes, and makes one signature."""

import asyncio
import json
import socket
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


class Signer:
    """Makes one RS256 signature at a time, with a key that is made when it is first needed."""

    @cached_property
    def _key(self) -> "RSAPrivateKey":
        from cryptography.hazmat.primitives.asymmetric import rsa  # a server that only starts does not need it

        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def sign(self) -> str:
        """The signature, as text."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        return self._key.sign(b"x" * 400, padding.PKCS1v15(), hashes.SHA256()).hex()


def create_application() -> web.Application:
    """Four routes that look nothing up and remember nothing."""
    signer = Signer()

    async def discovery(request: web.Request) -> web.Response:
        return web.json_response({"issuer": f"http://{request.host}"})

    async def authorize(request: web.Request) -> web.Response:
        return web.Response(status=303, headers={"Location": "http://127.0.0.1/callback?code=" + "c" * 43})

    async def token(request: web.Request) -> web.Response:
        form = await request.post()
        members = {"access_token": "a" * 43, "token_type": "Bearer", "expires_in": 3600, "scope": "openid email"}
        return web.json_response({**members, "id_token": signer.sign(), "grant": str(form["grant_type"])})

    async def userinfo(request: web.Request) -> web.Response:
        return web.json_response({"sub": "s" * 22, "email": "somebody@example.com", "email_verified": True})

    application = web.Application()
    application.router.add_get("/.well-known/openid-configuration", discovery)
    application.router.add_get("/authorize", authorize)
    application.router.add_post("/token", token)
    application.router.add_get("/userinfo", userinfo)
    return application


async def serve(application: web.Application) -> None:
    """Serve until standard input ends; the first line printed is the base URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    print(json.dumps({"issuer": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(create_application()))
