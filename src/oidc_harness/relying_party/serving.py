"""Puts an aiohttp application on a socket whose address is known beforehand.

A client is registered with its redirect URI before it exists, so the port has to be taken first::

    listener = listen()
    registration = ...  # with base_url(listener) + "/callback"
    async with serving(Application(client).web_application(), listener) as url:
        ...
"""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A listening socket, port 0 for any free one: its address is known before the client is registered."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def base_url(listener: socket.socket) -> str:
    """The URL under which an application on this socket is reached, without a final slash."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@asynccontextmanager
async def serving(application: web.Application, listener: socket.socket) -> AsyncIterator[str]:
    """Serve an application on a socket until the end of the block; gives its base URL."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield base_url(listener)
    finally:
        await runner.cleanup()
