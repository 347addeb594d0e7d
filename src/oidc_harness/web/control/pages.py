"""The dispatcher of the server's own pages: who asks, which page, what its form does."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from oidc_harness.harness.realm import Realm, RealmGone
from oidc_harness.harness.realms import Realms
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.services.addresses import shown
from oidc_harness.services.errors import NotFound, ServiceError
from oidc_harness.storage.port import Busy
from oidc_harness.web.adapter import parse, read_form
from oidc_harness.web.admin.api import status_of
from oidc_harness.web.admin.guard import CHALLENGE, Refusal
from oidc_harness.web.admin.mount import DOCUMENT
from oidc_harness.web.control import keys
from oidc_harness.web.control.admission import Admission
from oidc_harness.web.control.paths import ENTRY, HOME, is_page, keys_path, realm_of
from oidc_harness.web.handler import RETRY_AFTER_SECONDS
from oidc_harness.web.settings import ServerSettings
from oidc_harness.web.templates import render_page_of_server

_METHODS = ("GET", "HEAD", "POST")


class ControlPages:
    """Answers what `paths.py` lists."""

    def __init__(self, realms: Realms, settings: ServerSettings, base_url: str) -> None:
        """`base_url`: where browsers reach the server."""
        self._realms = realms
        self._base_url = base_url
        self._admission = Admission(settings, base_url)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        if request.method not in _METHODS:
            return self._refused(405, f"{request.method[:20]} is not taken here", Allow=", ".join(_METHODS))
        try:
            return await self._admitted(request)
        except OAuthError as unreadable:
            return self._refused(unreadable.status, unreadable.detail)
        except (NotFound, RealmGone) as gone:
            return self._refused(404, str(gone))
        except Busy as busy:
            return self._refused(503, f"{busy}; ask again later", **{"Retry-After": RETRY_AFTER_SECONDS})

    async def _admitted(self, request: web.Request) -> web.StreamResponse:
        foreign = self._admission.why_foreign(request)
        if foreign is not None:
            return self._refused(foreign.status, foreign.message)
        if request.path == ENTRY and request.method == "POST":
            return await self._enter(request)
        outside = self._admission.why_outside(request)
        return await self._page(request) if outside is None else self._outside(request, outside)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        name = realm_of(request.path)
        if name is None:
            return self._home(request)
        realm = self._realms.find(unquote(name))
        if realm is None:
            raise NotFound(f"there is no realm {shown(name)}")
        return await self._change(request, realm) if request.method == "POST" else self._keys(realm)

    def _home(self, request: web.Request) -> web.StreamResponse:
        if request.path != HOME or request.method == "POST":
            raise web.HTTPSeeOther(self._base_url + HOME)
        realms = [{"name": realm.name, "issuer": realm.issuer, "url": self._url(realm)} for realm in self._realms]
        return self._told(200, "control_home", {"realms": realms, "document": self._base_url + DOCUMENT})

    def _keys(self, realm: Realm, status: int = 200, refused: str = "") -> web.StreamResponse:
        of_page = {"realm": realm, "home": self._base_url + HOME, "action": self._url(realm), "refused": refused}
        return self._told(status, "control_keys", {**of_page, **keys.facts(realm)})

    async def _change(self, request: web.Request, realm: Realm) -> web.StreamResponse:
        """Do it and show the page anew, by an address of its own: a reload does nothing twice."""
        form = await _form(request)
        if not self._admission.is_ours(form.get("form", "")):
            return self._keys(realm, 403, "control.not_ours")
        try:
            await keys.act(realm, form)
        except NotFound as gone:
            return self._keys(realm, 404, gone.message)
        except ServiceError as refused:
            return self._keys(realm, status_of(refused), str(refused))
        raise web.HTTPSeeOther(self._url(realm))

    def _outside(self, request: web.Request, outside: Refusal) -> web.StreamResponse:
        if outside.status != 401:
            return self._refused(outside.status, outside.message)
        return self._ask_for_token(request.path, "")

    def _ask_for_token(self, towards: str, refused: str) -> web.StreamResponse:
        of_page = {"action": self._base_url + ENTRY, "towards": towards, "refused": refused}
        return self._told(401, "control_entry", of_page, **{"WWW-Authenticate": CHALLENGE})

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        form = await _form(request)
        # Nobody is led elsewhere: only to one of these pages.
        towards = form.get("towards", HOME)
        towards = towards if is_page(towards) and towards != ENTRY else HOME
        if not self._admission.opens(form.get("token", "").strip()):
            return self._ask_for_token(towards, "control.entry.wrong")
        entered = web.HTTPSeeOther(self._base_url + towards)
        entered.set_cookie(
            self._admission.cookie_name,
            self._admission.cookie,
            path=HOME,
            httponly=True,
            samesite="Strict",
            secure=self._base_url.startswith("https:"),
        )
        raise entered

    def _url(self, realm: Realm) -> str:
        return self._base_url + keys_path(realm.name)

    def _refused(self, status: int, message: str, **headers: str) -> web.StreamResponse:
        return self._told(status, "control_refused", {"message": message, "home": self._base_url + HOME}, **headers)

    def _told(self, status: int, page: str, facts: Mapping[str, Any], **headers: str) -> web.StreamResponse:
        reply = render_page_of_server(page, {**facts, "form_token": self._admission.form_token}, self._base_url, status)
        return web.Response(status=status, body=reply.body, headers={**dict(reply.headers), **headers})


async def _form(request: web.Request) -> dict[str, str]:
    """What was sent; of a name given twice, the last. Raises `OAuthError` for what is no form."""
    return dict(parse(await read_form(request)))
