"""The dispatcher of the control API: guard, route, read, act, answer. Every error is JSON of one form."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from aiohttp.web_urldispatcher import UrlDispatcher

from oidc_harness.harness.catalogue import Catalogue, CatalogueError
from oidc_harness.harness.complaints import unknown_name
from oidc_harness.harness.realm import RealmGone
from oidc_harness.harness.realms import Realms
from oidc_harness.services.errors import Forbidden, Invalid, NotFound, ServiceError, Taken
from oidc_harness.storage.port import Busy
from oidc_harness.web.admin.guard import CHALLENGE, why_refused
from oidc_harness.web.admin.mount import DOCUMENT
from oidc_harness.web.admin.openapi import document
from oidc_harness.web.admin.operation import MOST_PER_PAGE, Call, Operation
from oidc_harness.web.admin.shapes import Page
from oidc_harness.web.admin.shipped_worlds import ShippedWorlds
from oidc_harness.web.admin.table import OPERATIONS
from oidc_harness.web.handler import RETRY_AFTER_SECONDS
from oidc_harness.web.settings import ServerSettings

BASE = "/_harness/v1"
_LOG = logging.getLogger(__name__)
_STATUSES: dict[type[ServiceError], tuple[int, str]] = {
    Invalid: (400, "invalid"),
    Forbidden: (403, "forbidden"),
    NotFound: (404, "not_found"),
    Taken: (409, "conflict"),
}


def status_of(error: ServiceError) -> int:
    """The HTTP status that tells this refusal."""
    return _STATUSES[type(error)][0]


class ControlApi:
    """Answers everything below `/_harness/`."""

    def __init__(
        self,
        realms: Realms,
        settings: ServerSettings,
        base_url: str,
        operations: tuple[Operation, ...] = OPERATIONS,
    ) -> None:
        """`base_url`: where browsers reach the server; `operations`: what can be done."""
        self._realms = realms
        self._settings = settings
        self._base_url = base_url
        self._catalogue = Catalogue()
        self._worlds = ShippedWorlds()
        self._router = UrlDispatcher()
        self._table = operations
        self._operations: dict[Any, Operation] = {}
        for operation in operations:
            # aiohttp's own pattern lets no brace pass, and an id may have some.
            path = operation.path.replace("}", ":[^/]+}")
            route = self._router.add_route(operation.method, BASE + path, _unused)
            self._operations[route] = operation

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one request. A fault of the harness itself is told to its log, and as little as possible to others."""
        try:
            return await self._answer(request)
        except Busy as busy:
            return _error(503, "unavailable", f"{busy}; ask again later", headers={"Retry-After": RETRY_AFTER_SECONDS})
        except Exception:
            _LOG.exception("%s %s failed", request.method, ascii(request.path))
            return _error(500, "internal_error", "the harness failed; its log has the trace")

    async def _answer(self, request: web.Request) -> web.Response:
        refusal = why_refused(request, self._settings, self._base_url)
        if refusal is not None:
            headers = {"WWW-Authenticate": CHALLENGE} if refusal.status == 401 else {}
            return _error(refusal.status, "unauthorized" if headers else "forbidden", refusal.message, headers=headers)
        if request.path == DOCUMENT and request.method == "GET":
            return _json(document(self._table, self._base_url + BASE))
        match = await self._router.resolve(request)
        if match.http_exception is not None:
            return _no_operation(match.http_exception)
        try:
            return await self._act(request, self._operations[match.route], dict(match))
        except ServiceError as error:
            return _error(status_of(error), _STATUSES[type(error)][1], error.message, error.field)

    async def _act(self, request: web.Request, operation: Operation, path: dict[str, str]) -> web.Response:
        if "realm" in path and self._realms.find(path["realm"]) is None:
            raise NotFound(f"there is no realm {path['realm'][:64]!r}", field="realm")
        query = _query(request, operation)
        try:
            body = await _read(request, operation)
        except _Unacceptable as error:
            return _error(error.status, error.code, str(error))
        limit = _limit(query)
        filters = {name: query[name] for name in operation.filters if name in query}
        call = Call(self._realms, self._catalogue, self._worlds, path, query.get("after", ""), limit + 1, filters, body)
        try:
            result = await operation.act(call)
        except RealmGone as gone:
            raise NotFound(str(gone), field="realm") from None
        except CatalogueError as error:
            return _error(503, "catalogue_unusable", f"no switch can be used: {error}")
        if operation.answers is None:
            return web.Response(status=204)
        found = Page(result[:limit], len(result) > limit) if operation.paged else result
        return _json(operation.answers.show(found), operation.status)


class _Unacceptable(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


async def _read(request: web.Request, operation: Operation) -> Any:
    if operation.takes is None or (operation.bare is not None and not request.can_read_body):
        return operation.bare
    if request.content_type != "application/json":
        raise _Unacceptable(415, "unsupported_media_type", "the body has to be application/json")
    try:
        text = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise _Unacceptable(413, "too_large", "the body is larger than the server takes") from None
    except (web.RequestPayloadError, ConnectionError):
        raise _Unacceptable(400, "invalid", "the body breaks off, or is not encoded as its header says") from None
    return operation.takes.read(text)


def _query(request: web.Request, operation: Operation) -> dict[str, str]:
    """The parameters of the query: what nobody looks at would make the answer another one than was asked for."""
    known = operation.parameters
    query: dict[str, str] = {}
    for name, value in request.query.items():
        if name not in known:
            raise Invalid(unknown_name(name, list(known)), field=name)
        if name in query:
            raise Invalid("is given a second time; keep one of the two", field=name)
        query[name] = value
    return query


def _limit(query: Mapping[str, str]) -> int:
    limit = query.get("limit", str(MOST_PER_PAGE))
    if not (limit.isascii() and limit.isdigit() and len(limit) < 4 and 1 <= int(limit) <= MOST_PER_PAGE):
        raise Invalid(f"expected a whole number from 1 to {MOST_PER_PAGE}", field="limit")
    return int(limit)


async def _unused(request: web.Request) -> web.StreamResponse:
    raise AssertionError("the dispatcher calls operations itself")


def _no_operation(exception: web.HTTPException) -> web.Response:
    if isinstance(exception, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(exception.allowed_methods))
        return _error(405, "method_not_allowed", f"allowed here: {allowed}", headers={"Allow": allowed})
    return _error(404, "not_found", f"nothing is here; {DOCUMENT} lists every operation")


def _error(
    status: int, code: str, message: str, field: str = "", headers: dict[str, str] | None = None
) -> web.Response:
    return _json({"error": {"code": code, "message": message, "field": field}}, status, headers)


def _json(members: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    body = json.dumps(members, separators=(",", ":")).encode()
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})}
    return web.Response(status=status, body=body, content_type="application/json", headers=headers)
