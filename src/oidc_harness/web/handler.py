"""One request from socket to answer: adapt, decide, render, deliver, and keep what happened."""

import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from aiohttp import web

from oidc_harness.harness.answered import Answered
from oidc_harness.harness.clock import system_time
from oidc_harness.harness.realm import Realm, RealmGone
from oidc_harness.protocol.about import About
from oidc_harness.protocol.delivery import Delivery, DeliveryQuestion, HttpReply
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.decision import Decision, Json
from oidc_harness.provider.exchange import Exchange
from oidc_harness.storage.port import Busy
from oidc_harness.web.adapter import ReadForm, Unreadable, adapt, read_form
from oidc_harness.web.deliver import deliver
from oidc_harness.web.render import NO_STORE, Audience, render

RETRY_AFTER_SECONDS = "2"
"""How long to leave a store alone that another process has locked (RFC 9110 10.2.3)."""

Answerer = Callable[[Realm, Request], Awaitable[Answered]]
Refuser = Callable[[Realm, Request, OAuthError], Awaitable[Answered]]


@dataclass(frozen=True, slots=True)
class Served:
    """What is mounted at a path: its name, how it answers, and how it tells of a request that cannot be read."""

    name: str
    methods: tuple[str, ...]
    path: str
    answer: Answerer
    refuse: Refuser
    origins: str = "none"
    read: ReadForm = read_form


async def serve(http_request: web.Request, realm: Realm, served: Served) -> web.StreamResponse:
    """Answer one request in one realm."""
    try:
        request = await adapt(http_request, realm.name, served.path, served.read)
        answering = served.answer(realm, request)
    except Unreadable as unreadable:
        request = unreadable.request
        answering = served.refuse(realm, request, unreadable.error)
    audience = Audience(realm, request.headers.get("Origin"), served.origins)
    try:
        answered = await answering
        plan = _plan(answered, audience)
    except RealmGone:
        return no_such_realm()
    except Busy as busy:
        return await _put_off(http_request, audience, served, request, busy)
    except Exception:
        return await _own_fault(http_request, realm, served, request)
    await realm.append(partial(_exchange, realm, request, answered, plan.reply))
    return await deliver(http_request, plan)


def _plan(answered: Answered, audience: Audience) -> Delivery:
    decision = answered.decision
    reply = render(decision, audience)
    return answered.provider.conduct.delivery(DeliveryQuestion(decision.about, reply))


def _exchange(realm: Realm, request: Request, answered: Answered, reply: HttpReply, number: int) -> Exchange:
    recording, decision = answered.recording, answered.decision
    return Exchange(
        number,
        recording.endpoint,
        request,
        decision.about,
        reply,
        tuple(recording.fired),
        decision.error,
        realm.clock.now(),
        system_time(),
    )


def no_such_realm() -> web.Response:
    """404 in words."""
    return _not_found("no such realm here; the control API lists them under /_harness/v1/realms")


def nothing_here() -> web.Response:
    """404 for what is neither an endpoint nor a page."""
    return _not_found("nothing is here; the discovery document of a realm has the addresses of its endpoints")


def _not_found(description: str) -> web.Response:
    members = {"error": "not_found", "error_description": description}
    return web.json_response(members, status=404, headers=dict(NO_STORE))


def no_realm_at_root() -> web.Response:
    """What stands at `/` where every realm has its name in its path."""
    description = (
        "a test provider: never enter a real password. No realm is at the root; the issuer of each is this address and "
        "the realm's name, and its discovery document is below that at /.well-known/openid-configuration"
    )
    return web.json_response({"name": "oidc-harness", "description": description}, headers=dict(NO_STORE))


async def _put_off(
    http_request: web.Request, audience: Audience, served: Served, request: Request, busy: Busy
) -> web.StreamResponse:
    """503 in the way of this endpoint, and when to ask again: not the client's fault, and none of the harness."""
    refusal = OAuthError(
        "temporarily_unavailable",
        "the store is locked by another process; ask again later",
        detail=f"{busy}; the request can be sent again as soon as that lets it go",
        where=spec("RFC9110-15.6.4"),
        status=503,
    )
    realm = audience.realm
    answered = await served.refuse(realm, request, refusal)
    told = render(answered.decision, audience)
    reply = replace(told, headers=(*told.headers, ("Retry-After", RETRY_AFTER_SECONDS)))
    await realm.append(partial(_exchange, realm, request, answered, reply))
    return await deliver(http_request, Delivery(reply))


async def _own_fault(http_request: web.Request, realm: Realm, served: Served, request: Request) -> web.StreamResponse:
    """A fault of the harness, not of the client: 500, and the trace in the journal."""
    trace = traceback.format_exc()
    members = {"error": "server_error", "error_description": "the harness failed; its journal has the trace"}
    reply = render(Decision(Json(members, 500)), Audience(realm, None, "none"))
    about, now = About(served.name), realm.clock.now()
    await realm.append(
        lambda number: Exchange(number, served.name, request, about, reply, (), None, now, system_time(), trace)
    )
    return await deliver(http_request, Delivery(reply))
