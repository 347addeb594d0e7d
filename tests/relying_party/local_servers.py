"""The shapes of local servers: what answers a request, and the fixture that serves routes."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

Serve = Callable[[Sequence[web.RouteDef]], Awaitable[str]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
