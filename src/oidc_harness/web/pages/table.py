"""Every page in one list, as `provider/table.py` has every endpoint."""

from collections.abc import Awaitable, Callable
from importlib import import_module

from oidc_harness.protocol.request import Request
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.provider import Provider
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.web.pages.page import Handle, PageHandler

GET, POST = ("GET", "HEAD"), ("POST",)


def _function(module: str, name: str, **given: str | None) -> Handle:
    """A function of a page, imported at its first request: the start of the server does not wait for it."""

    async def handle(request: Request, circumstances: Circumstances, provider: Provider) -> Decision:
        function: Callable[..., Awaitable[Decision]] = getattr(import_module(f"oidc_harness.web.pages.{module}"), name)
        return await function(request, circumstances, provider, **given)

    return handle


PAGES = (
    PageHandler("login_form", GET, "/login", _function("login", "show")),
    PageHandler("login", POST, "/login", _function("login", "submit")),
    PageHandler("register_form", GET, "/sign_up", _function("register", "show")),
    PageHandler("register", POST, "/sign_up", _function("register", "submit")),
    PageHandler("consent_form", GET, "/consent", _function("consent", "show")),
    PageHandler("consent", POST, "/consent", _function("consent", "answer")),
    PageHandler("invitation_form", GET, "/invitation", _function("invitation", "show")),
    PageHandler("invitation", POST, "/invitation", _function("invitation", "accept")),
)


def home(control: str | None) -> PageHandler:
    """The page at the issuer; `control`: where the pages of the server are, if everybody here may see them."""
    return PageHandler("home", GET, "/", _function("home", "show", control=control))
