"""Carry a delivery plan out on the socket: waits, cuts, resets."""

import asyncio
import socket
import struct

from aiohttp import web
from multidict import CIMultiDict

from oidc_harness.protocol.delivery import Chunk, Delivery, HttpReply


async def deliver(request: web.Request, plan: Delivery) -> web.StreamResponse:
    """Send as planned. The honest plan takes the short way."""
    if plan.chunks is None and plan.ending == "normal" and not plan.wait_seconds and plan.declared_length is None:
        reply = plan.reply
        return web.Response(status=reply.status, headers=reply.headers, body=reply.body)
    return await _send_slowly(request, plan)


async def _send_slowly(request: web.Request, plan: Delivery) -> web.StreamResponse:
    reply = plan.reply
    chunks = plan.chunks if plan.chunks is not None else (Chunk(reply.body),)
    if request.method == "HEAD":
        # Content would be taken for the beginning of the next answer (RFC 9110 9.3.2).
        chunks = ()
    await asyncio.sleep(plan.wait_seconds)
    response = _promise(reply, plan)
    try:
        await response.prepare(request)
        for chunk in chunks:
            await asyncio.sleep(chunk.wait_seconds)
            await response.write(chunk.content)
        await _end(request, response, plan)
    except ConnectionError:
        # The client hung up first. It was told what it waited for.
        pass
    return response


def _promise(reply: HttpReply, plan: Delivery) -> web.StreamResponse:
    response = web.StreamResponse(status=reply.status, headers=CIMultiDict(reply.headers))
    response.content_length = len(reply.body) if plan.declared_length is None else plan.declared_length
    return response


async def _end(request: web.Request, response: web.StreamResponse, plan: Delivery) -> None:
    transport = request.transport
    if plan.ending == "normal" or transport is None:
        await response.write_eof()
        return
    if plan.ending == "reset":
        connection = transport.get_extra_info("socket")
        # Lingering for no time turns the close into a TCP RST.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
