"""Where the control API is mounted: one route, whose first request brings in all the rest."""

from typing import TYPE_CHECKING

from aiohttp import web

from oidc_harness.harness.realms import Realms
from oidc_harness.web.settings import ServerSettings

if TYPE_CHECKING:
    from oidc_harness.web.admin.api import ControlApi

DOCUMENT = "/_harness/openapi.json"


def add_control_routes(application: web.Application, realms: Realms, settings: ServerSettings, base_url: str) -> None:
    """Mount the control API below `/_harness/`."""
    made: list[ControlApi] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        if not made:
            # pydantic and every resource: more than all the rest of a start, and few servers are ever controlled.
            from oidc_harness.web.admin.api import ControlApi

            made.append(ControlApi(realms, settings, base_url))
        return await made[0].answer(request)

    # Everything, line breaks too: whatever is asked for below this path is answered in JSON.
    application.router.add_route("*", r"/_harness/{tail:[\s\S]*}", answer)
