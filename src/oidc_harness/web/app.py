"""The aiohttp application: the one place where things meet."""

from aiohttp import web

from oidc_harness.harness.realms import Realms
from oidc_harness.web.adapter import LARGEST_BODY
from oidc_harness.web.admin.mount import add_control_routes
from oidc_harness.web.arrival import PROXIES, proxies_of
from oidc_harness.web.control.paths import HOME
from oidc_harness.web.routes import add_last_route, add_page_routes, add_provider_routes
from oidc_harness.web.settings import ServerSettings

REALMS = web.AppKey("realms", Realms)
SETTINGS = web.AppKey("settings", ServerSettings)


def create_application(realms: Realms, settings: ServerSettings, base_url: str) -> web.Application:
    """Everything one server answers; `base_url` is where browsers reach it."""
    application = web.Application(client_max_size=LARGEST_BODY)
    application[REALMS] = realms
    application[SETTINGS] = settings
    application[PROXIES] = proxies_of(settings)
    add_provider_routes(application, realms)
    add_page_routes(application, realms, base_url + HOME if settings.open_to_all else None)
    add_control_routes(application, realms, settings, base_url)
    add_last_route(application)
    return application
