"""Registrar: how clients that register themselves become applications.

The services have the rules; the harness lends them to the endpoints, which know no service.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from oidc_harness.model.application import Application
from oidc_harness.model.registration import Registration
from oidc_harness.model.write import Write

if TYPE_CHECKING:
    # The server starts without it: few realms let clients register themselves.
    from oidc_harness.protocol.client_registration import Registered


class Registrar(Protocol):
    """The rules of applications, over the records of one transaction. What it would change is in `writes`."""

    @property
    def writes(self) -> tuple[Write, ...]:
        """What was decided so far and is to be written."""
        ...

    async def register(self, described: Mapping[str, Any], statement: str | None) -> "Registered":
        """A new application, of a software statement or not. Raises `OAuthError` in the terms of a registration."""
        ...

    async def update(
        self, registration: Registration, described: Mapping[str, Any], secret: str | None, presented: str
    ) -> "Registered":
        """The application as it is described now. Raises `OAuthError` in the terms of a registration."""
        ...

    async def read(self, registration: Registration, application: Application, presented: str) -> "Registered":
        """The application as it is."""
        ...

    async def delete(self, application: Application) -> None:
        """No application any more. Raises `OAuthError` where it must not be."""
        ...
