"""What a registration answers with, and what an update of one must say (RFC 7591 3.2.1, RFC 7592 2.2, 3)."""

from dataclasses import dataclass, field
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.registration import Registration
from oidc_harness.protocol.client_authentication import secret_fits
from oidc_harness.protocol.client_metadata import Metadata, invalid_client_metadata, members_of

OURS = ("registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at")
"""Members that only the provider says."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A client that registered itself, with what can be shown now."""

    application: Application
    registration: Registration
    secret: str | None = field(default=None, repr=False)
    """None: it has none, or only its fingerprint is kept."""
    token: str = field(default="", repr=False)
    """The registration access token."""


def information(registered: Registered, address: str) -> dict[str, Any]:
    """The client information response; `address`: that of the client configuration endpoint."""
    application = registered.application
    secret = {} if registered.secret is None else {"client_secret": registered.secret, "client_secret_expires_at": 0}
    statement = registered.registration.software_statement
    return {
        "client_id": application.id,
        "client_id_issued_at": registered.registration.issued_at,
        **secret,
        "registration_client_uri": address,
        "registration_access_token": registered.token,
        **members_of(application),
        **({} if statement is None else {"software_statement": statement}),
    }


def check_update(metadata: Metadata, application: Application) -> str | None:
    """The secret that an update repeats, if it does. Raises `invalid_client_metadata` (RFC 7592 2.2)."""
    for name in OURS:
        if name in metadata:
            raise invalid_client_metadata(f"{name} must not be in an update (RFC 7592 2.2)")
    if metadata.get("client_id") != application.id:
        fault = "is not that of this registration" if "client_id" in metadata else "is missing"
        raise invalid_client_metadata(f"client_id {fault} (RFC 7592 2.2)")
    secret = metadata.get("client_secret")
    if secret is None:
        return None
    if not isinstance(secret, str) or not secret_fits(application, secret):
        raise invalid_client_metadata("client_secret is not the one that was issued (RFC 7592 2.2)")
    return secret
