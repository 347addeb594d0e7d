"""Connection: one client's connection, with words of our own for what cannot be read as HTTP."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from oidc_harness.web.adapter import LARGEST_BODY

LONGEST_LINE = LARGEST_BODY
"""Bytes of a request line or of one header: a query may be as long as a form, so that each parameter may be as long."""
HTTP: Mapping[str, Any] = {"max_line_size": LONGEST_LINE, "max_field_size": LONGEST_LINE, "access_log": None}
"""What connections are made with; who asked for what stands in the journals."""
_UNREADABLE = (
    f"the request cannot be read: it is not HTTP/1.1, or its first line or a header is longer than {LONGEST_LINE} bytes"
)


class Connection(web.RequestHandler):
    """Speaks HTTP by aiohttp, and repeats nothing of a request that it could not read: there may be secrets in it."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to a request that is none; what else goes wrong is told as aiohttp does."""
        if status != 400:
            return super().handle_error(request, status, exc, message)
        members = {"error": "invalid_request", "error_description": _UNREADABLE}
        response = web.json_response(members, status=400, headers={"Cache-Control": "no-store"})
        response.force_close()
        return response
