"""Routes: every endpoint and page of every realm, flat, as `/{realm}` + path; the root realm without its name."""

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from aiohttp import web
from aiohttp.typedefs import Handler

from oidc_harness.harness.answer import answer, refuse_unread
from oidc_harness.harness.answered import Answered
from oidc_harness.harness.realm import Realm
from oidc_harness.harness.realms import Realms
from oidc_harness.protocol.errors import OAuthError, WrongMethod
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.webfinger import is_below
from oidc_harness.provider.endpoint import Endpoint
from oidc_harness.provider.table import ENDPOINTS, OAUTH_AUTHORIZATION_SERVER, WEBFINGER
from oidc_harness.web.adapter import read_form, read_form_if_any, read_json
from oidc_harness.web.document import kept
from oidc_harness.web.handler import Served, no_realm_at_root, no_such_realm, nothing_here, serve
from oidc_harness.web.pages.answer import answer_page, refuse
from oidc_harness.web.pages.cross_origin import refuse_foreign_answer
from oidc_harness.web.pages.page import PageHandler, tell
from oidc_harness.web.pages.table import PAGES, home

_REALM = "/{realm}"
_READERS = {"form": read_form, "any": read_form_if_any, "json": read_json}


def add_provider_routes(application: web.Application, realms: Realms) -> None:
    """Mount the provider's table."""
    for endpoint in ENDPOINTS:
        served = served_endpoint(endpoint)
        add_served(application, realms, served)
        if endpoint.path == OAUTH_AUTHORIZATION_SERVER:
            # RFC 8414 3.1 puts the issuer's path behind the well-known part.
            _add(application, realms, endpoint.path + _REALM, served)
        if endpoint.path == WEBFINGER and realms.root is None:
            # RFC 7033 10.1: asked at the root of a host, whichever realm it is about.
            _add(application, realms, endpoint.path, served)


def add_page_routes(application: web.Application, realms: Realms, control: str | None) -> None:
    """Mount the pages for people; `control`: the pages of the server, if all may see them."""
    for _, pages in groupby((*PAGES, home(control)), key=lambda page: page.path):
        add_served(application, realms, *map(served_page, pages))
    if realms.root is None:
        application.router.add_get("/", _saying(no_realm_at_root))


def add_last_route(application: web.Application) -> None:
    """Mount what answers where nothing else does."""
    application.router.add_route("*", r"/{tail:[\s\S]*}", _saying(nothing_here))


def _saying(say: Callable[[], web.Response]) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        return say()

    return handle


def served_page(page: PageHandler) -> Served:
    """What is mounted for a row of the pages' table."""

    async def answered(realm: Realm, request: Request) -> Answered:
        return await answer_page(realm, page, request)

    async def refused(realm: Realm, request: Request, error: OAuthError) -> Answered:
        return await refuse(realm, page.name, tell(error))

    return Served(page.name, page.methods, page.path, answered, refused)


def served_endpoint(endpoint: Endpoint) -> Served:
    """What is mounted for a row of the provider's table."""

    async def answered(realm: Realm, request: Request) -> Answered:
        refusal = refuse_foreign_answer(request, realm.issuer) if endpoint.name == "end_session" else None
        if refusal is not None:
            return await refuse(realm, endpoint.name, refusal)
        return await answer(realm, endpoint, request)

    async def refused(realm: Realm, request: Request, error: OAuthError) -> Answered:
        return await refuse_unread(realm, endpoint, request, error)

    read = _READERS[endpoint.body]
    made = answered if endpoint.document is None else kept(endpoint, answered)
    return Served(endpoint.name, endpoint.methods, endpoint.path, made, refused, endpoint.origins, read)


def add_served(application: web.Application, realms: Realms, *served: Served) -> None:
    """Mount for every realm what answers at one path, each by methods of its own."""
    path = served[0].path
    # An issuer has no slash at its end.
    _add(application, realms, (_REALM + path).rstrip("/"), *served)
    if realms.root is not None:
        _add(application, realms, path, *served)


def _add(application: web.Application, realms: Realms, path: str, *served: Served) -> None:
    """Nobody who asks here by another method goes unheard: it is a finding about the client."""
    router = application.router
    allowed = tuple(method for each in served for method in each.methods)
    for each in served:
        for method in each.methods:
            router.add_route(method, path, _handler(realms, each))
    if served[0].origins != "none":
        router.add_route("OPTIONS", path, _preflight(allowed))
        allowed += ("OPTIONS",)
    router.add_route("*", path, _handler(realms, _refusing(served[0], allowed)))


def _refusing(served: Served, allowed: tuple[str, ...]) -> Served:
    """The same, asked by a method that it does not take; whether the body can be read does not matter then."""

    async def answered(realm: Realm, request: Request) -> Answered:
        return await served.refuse(realm, request, WrongMethod(request.method, allowed))

    async def refused(realm: Realm, request: Request, error: OAuthError) -> Answered:
        return await answered(realm, request)

    return replace(served, answer=answered, refuse=refused)


def _handler(realms: Realms, served: Served) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        realm = find_realm(request, realms)
        return no_such_realm() if realm is None else await serve(request, realm, served)

    return handle


def find_realm(request: web.Request, realms: Realms) -> Realm | None:
    """The realm a path names; the root realm answers without its name alone, because it has one issuer."""
    name = request.match_info.get("realm")
    if name is None and request.path == WEBFINGER:
        return _realm_of_resource(request.query.get("resource", ""), realms)
    if name is None:
        return realms.find(realms.root) if realms.root else None
    return None if name == realms.root else realms.find(name)


def _realm_of_resource(resource: str, realms: Realms) -> Realm | None:
    """The realm whose issuer the resource is, or is under; what leads to none is the root realm's to answer."""
    found = [realm for realm in realms if is_below(resource, realm.issuer)]
    root = realms.find(realms.root) if realms.root else None
    return max(found, key=lambda realm: len(realm.issuer), default=root)


def _preflight(methods: tuple[str, ...]) -> Handler:
    """CORS preflight. It names no client, so it permits asking; whether a script may read the answer is said there."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Max-Age": "600",
    }

    async def preflight(request: web.Request) -> web.Response:
        return web.Response(status=204, headers=headers)

    return preflight
