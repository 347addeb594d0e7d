"""Clients that register themselves: each is an application like any other, with a token for itself (RFC 7591, 7592)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.registration import Registration
from oidc_harness.model.write import Add, Swap
from oidc_harness.protocol.client_registration import Registered
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.services import applications
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.client_secrets import needs_secret


async def register(circumstances: Circumstances, described: Mapping[str, Any], statement: str | None) -> Registered:
    """A new application of these fields. Raises `Invalid` where a rule is broken.

    `statement`: the software statement they are from, kept to be told again.
    """
    made = await applications.create(circumstances, Application(id="", **described))
    token = circumstances.entropy.token()
    registration = Registration(
        id=made.application.id,
        token_hash=fingerprint(token),
        issued_at=circumstances.now,
        software_statement=statement,
    )
    circumstances.records.write(Add(registration))
    return Registered(made.application, registration, made.secret, token)


async def update(
    circumstances: Circumstances, registration: Registration, described: Mapping[str, Any], secret: str | None
) -> Registered:
    """The application with these fields in place of the registered ones; those of no client's concern stay as they are.

    `secret`: the present one, where the client has said it. Raises `Invalid` where a rule is broken.
    """
    before = await applications.view(circumstances, registration.id)
    # What is known in the clear may become a key, which a fingerprint cannot.
    kept = secret if needs_secret(replace(before, **described)) else None
    edited = await applications.edit(circumstances, registration.id, described, secret=kept)
    if not circumstances.policy.registration_token_rotation:
        # Under rotation it is written with its next token.
        circumstances.records.write(Swap(registration))
    return Registered(edited.application, registration, edited.secret or _viewable(circumstances, edited.application))


def read(circumstances: Circumstances, registration: Registration, application: Application) -> Registered:
    """The application as it is registered, with its secret where the policy lets it be read again (A18)."""
    return Registered(application, registration, _viewable(circumstances, application))


def renewed(circumstances: Circumstances, registered: Registered, presented: str) -> Registered:
    """The same with the token for the next time: a new one under `registration_token_rotation` (RFC 7592 2.1)."""
    if not circumstances.policy.registration_token_rotation:
        return replace(registered, token=presented)
    token = circumstances.entropy.token()
    registration = registered.registration.with_token(fingerprint(token))
    circumstances.records.write(Swap(registration))
    return replace(registered, registration=registration, token=token)


def _viewable(circumstances: Circumstances, application: Application) -> str | None:
    if circumstances.policy.client_secrets != "viewable" or application.secret_sealed is None:
        return None
    return circumstances.unseal(application.secret_sealed)
