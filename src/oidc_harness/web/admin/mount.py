"""Where the control API and its pages are mounted: one route, whose first request brings in all the rest."""

from typing import TYPE_CHECKING

from aiohttp import web

from oidc_harness.harness.realms import Realms
from oidc_harness.web.control.paths import is_page
from oidc_harness.web.settings import ServerSettings

if TYPE_CHECKING:
    from oidc_harness.web.admin.api import ControlApi
    from oidc_harness.web.control.pages import ControlPages

DOCUMENT = "/_harness/openapi.json"


def add_control_routes(application: web.Application, realms: Realms, settings: ServerSettings, base_url: str) -> None:
    """Mount the control API and its pages below `/_harness/`."""
    made: list[ControlApi] = []
    pages: list[ControlPages] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        if not made:
            # pydantic and every resource: more than all the rest of a start, and few servers are ever controlled.
            from oidc_harness.web.admin.api import ControlApi

            made.append(ControlApi(realms, settings, base_url))
        return await made[0].answer(request)

    async def show(request: web.Request) -> web.StreamResponse:
        if not pages:
            # jinja2, and what the control API brings in.
            from oidc_harness.web.control.pages import ControlPages

            pages.append(ControlPages(realms, settings, base_url))
        return await pages[0].answer(request)

    async def dispatch(request: web.Request) -> web.StreamResponse:
        return await (show if is_page(request.path) else answer)(request)

    # Everything, line breaks too: whatever is asked for below this path, and is no page, is answered in JSON.
    application.router.add_route("*", r"/_harness/{tail:[\s\S]*}", dispatch)
