"""The connections of this side: one for each request, and each request sent once."""

from collections.abc import Mapping

import aiohttp
from aiohttp.abc import AbstractCookieJar


async def sent_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from repeating a GET whose connection broke: whoever counts requests counts ours.

    It repeats after two of its errors and not after their common parent, so that one is raised.
    """
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError(str(error) or type(error).__name__) from error


def open_session(
    timeout_seconds: float, cookies: AbstractCookieJar, headers: Mapping[str, str] | None = None
) -> aiohttp.ClientSession:
    """A session for use in the running event loop; `timeout_seconds` bounds a request with its body."""
    return aiohttp.ClientSession(
        # A kept connection may be closed by the other end just as it is used again.
        connector=aiohttp.TCPConnector(force_close=True),
        cookie_jar=cookies,
        headers=headers,
        middlewares=(sent_once,),
        timeout=aiohttp.ClientTimeout(total=timeout_seconds),
    )
