"""The yardstick for documents: a bare aiohttp server that gives the harness's own bytes under the same paths."""

import asyncio
import sys
from urllib.request import urlopen

from aiohttp import web
from aiohttp.typedefs import Handler

from benchmarks.bare import serve

PATHS = ("/.well-known/openid-configuration", "/jwks")
_OF_THE_CONNECTION = frozenset({"connection", "content-length", "date", "server"})


def create_application(issuer: str) -> web.Application:
    """What `issuer` answers at each path, taken once and given to everybody."""
    application = web.Application()
    for path in PATHS:
        application.router.add_get(path, _prepared(issuer + path))
    return application


def _prepared(url: str) -> Handler:
    with urlopen(url) as response:  # noqa: S310 -- the address of our own server
        body = response.read()
        headers = {name: value for name, value in response.headers.items() if name.lower() not in _OF_THE_CONNECTION}

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=body, headers=headers)

    return answer


if __name__ == "__main__":
    asyncio.run(serve(create_application(sys.argv[1])))
