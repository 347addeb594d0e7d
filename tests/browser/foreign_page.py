"""A page of somebody else's with a form that is posted to the provider."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import escape

from aiohttp import web

from oidc_harness.relying_party.serving import listen, serving


@asynccontextmanager
async def foreign_form(action: str, fields: Mapping[str, str], host: str) -> AsyncIterator[str]:
    """Serve the page under this host for as long as the context lasts; gives its address."""
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())
    form = f'<form method="post" action="{escape(action)}">{inputs}<button id="send">Send</button></form>'
    icon = '<link rel="icon" href="data:,">'
    text = f'<!doctype html><html lang="en"><head>{icon}<title>Elsewhere</title></head><body>{form}</body></html>'

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type="text/html")

    application = web.Application()
    application.router.add_get("/", show)
    async with serving(application, listen()) as url:
        yield f"{url.replace('127.0.0.1', host)}/"
