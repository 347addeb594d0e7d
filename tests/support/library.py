"""Somebody else's server, with documents that a provider fetches."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


class Library:
    """Documents by path, which a test may change, and what was asked for."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.asked: list[str] = []
        self.base = ""

    def put(self, path: str, document: Any) -> str:
        """Let a document stand at a path; gives its address. Text stands there as it is, anything else as JSON."""
        self.documents[path] = document if isinstance(document, str) else json.dumps(document)
        return self.base + path

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        text = self.documents.get(request.path)
        return web.Response(status=404) if text is None else web.Response(text=text, content_type="application/json")


@asynccontextmanager
async def open_library() -> AsyncIterator[Library]:
    """A library on a free port of this machine."""
    library = Library()
    application = web.Application()
    application.router.add_get("/{path:.*}", library.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        library.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield library
    finally:
        await runner.cleanup()
