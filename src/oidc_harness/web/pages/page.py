"""PageHandler: one page of a realm, as a function that knows nothing of the HTTP server."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import Spec
from oidc_harness.provider.decision import Decision, Page
from oidc_harness.provider.provider import Provider
from oidc_harness.services.circumstances import Circumstances

Handle = Callable[[Request, Circumstances, Provider], Awaitable[Decision]]


@dataclass(frozen=True, slots=True)
class PageHandler:
    """One row of the pages' table.

    Showing a page and sending its form have names of their own, so that a switch can act after the second.
    """

    name: str
    methods: tuple[str, ...]
    path: str
    handle: Handle


class Refused(Exception):
    """What the person asked is refused: nothing of it is written, and the decision says why."""

    def __init__(self, decision: Decision) -> None:
        """`decision` has the page to show, and no writes."""
        super().__init__(str(decision.error or "refused"))
        self.decision = decision


def unusable(description: str, detail: str, where: Spec) -> OAuthError:
    """A page was reached with nothing to do there; the person has to begin elsewhere."""
    return OAuthError("invalid_request", description, detail=detail, where=where)


def tell(error: OAuthError) -> Decision:
    """The error page."""
    return Decision(Page("error", {"error": error}, error.status), error=error)
