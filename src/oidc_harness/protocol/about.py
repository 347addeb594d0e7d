"""About: whom and what one request concerns. Conditions of switches and the journal read it."""

from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.model.user import User


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a request's subject when a seam is reached."""

    endpoint: str = ""
    """Name of the endpoint in `provider/table.py`."""
    application: Application | None = None
    user: User | None = None
    grant_id: str | None = None
    """The flow: every exchange of one authorization has the same."""
