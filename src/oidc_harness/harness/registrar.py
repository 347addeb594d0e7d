"""The registrar of a realm: services for the endpoints at which clients register themselves."""

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from oidc_harness.model.application import Application
from oidc_harness.model.record import Record
from oidc_harness.model.registration import Registration
from oidc_harness.model.write import Write
from oidc_harness.protocol.client_metadata import refused_field
from oidc_harness.protocol.client_registration import Registered
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.spec import spec
from oidc_harness.services import applications, registrations
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import ServiceError, Taken
from oidc_harness.storage.port import Records

R = TypeVar("R", bound=Record)
T = TypeVar("T")


class _Collecting:
    """Records whose writes are kept for the decision."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.writes: tuple[Write, ...] = ()

    async def get(self, kind: type[R], id: str) -> R | None:
        return await self._records.get(kind, id)

    async def find(self, kind: type[R], *, after: str = "", limit: int = 100, **where: str) -> list[R]:
        return await self._records.find(kind, after=after, limit=limit, **where)

    def write(self, *writes: Write) -> None:
        self.writes += writes


class ServiceRegistrar:
    """See `provider/registrar.py`."""

    def __init__(self, circumstances: Circumstances) -> None:
        """The services as they would be called in this transaction."""
        self._collected = _Collecting(circumstances.records)
        self._circumstances = replace(circumstances, records=self._collected)

    @property
    def writes(self) -> tuple[Write, ...]:
        """What was decided so far and is to be written."""
        return self._collected.writes

    async def register(self, described: Mapping[str, Any], statement: str | None) -> Registered:
        """A new application."""
        return await _told(registrations.register(self._circumstances, described, statement))

    async def update(
        self, registration: Registration, described: Mapping[str, Any], secret: str | None, presented: str
    ) -> Registered:
        """The application as it is described now."""
        registered = await _told(registrations.update(self._circumstances, registration, described, secret))
        return registrations.renewed(self._circumstances, registered, presented)

    async def read(self, registration: Registration, application: Application, presented: str) -> Registered:
        """The application as it is."""
        registered = registrations.read(self._circumstances, registration, application)
        return registrations.renewed(self._circumstances, registered, presented)

    async def delete(self, application: Application) -> None:
        """No application any more."""
        await _told(applications.delete(self._circumstances, application.id))


async def _told(doing: Awaitable[T]) -> T:
    """What a service refuses, in the terms of a registration."""
    try:
        return await doing
    except Taken as refusal:
        raise OAuthError("access_denied", refusal.message, where=spec("RFC7592-2.3"), status=403) from None
    except ServiceError as refusal:
        raise refused_field(refusal.field, refusal.message) from None
