"""The life of an application: create, edit, new secret, deactivate, delete (rows A and B of the application model)."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.consent import Consent
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member
from oidc_harness.model.record import Record
from oidc_harness.model.registration import Registration
from oidc_harness.model.write import Add, Remove, Swap
from oidc_harness.services.addresses import shown
from oidc_harness.services.application_rules import Realm, check_application, check_changes
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.client_secrets import ApplicationWithSecret, new_secret, reveal_secret, settle_secret
from oidc_harness.services.errors import Invalid, NotFound, Taken
from oidc_harness.services.logout_notices import tell_of_members
from oidc_harness.services.paging import each

KEPT = frozenset({"version", "expires_at", "secret_hash", "secret_sealed", "generation", "first_generation"})
"""Fields that only the services set; in a draft they are ignored."""
FIXED = frozenset({"id", "status"})
"""Fields a draft may set and an edit may not: an id is for life, and the status has verbs of its own."""
EDITABLE = tuple(field.name for field in fields(Application) if field.name not in KEPT | FIXED)


async def create(
    circumstances: Circumstances, draft: Application, *, secret: str | None = None
) -> ApplicationWithSecret:
    """Register an application (B1). An empty `id` and a missing but needed secret are generated (A18).

    Raises `Invalid` where a rule is broken, `Taken` for an id in use.
    """
    generation = circumstances.entropy.token(9)
    application = replace(
        draft,
        id=draft.id or circumstances.entropy.token(16),
        version=0,
        expires_at=None,
        secret_hash=None,
        secret_sealed=None,
        generation=generation,
        first_generation=generation,
    )
    check_application(application, _realm(circumstances))
    if await circumstances.records.get(Application, application.id) is not None:
        raise Taken(f"{shown(application.id)} is in use by another application; choose another client_id", field="id")
    result = settle_secret(application, secret, circumstances)
    circumstances.records.write(Add(result.application))
    return result


async def view(circumstances: Circumstances, application_id: str) -> Application:
    """The application. Raises `NotFound`."""
    found = await circumstances.records.get(Application, application_id)
    if found is None:
        raise NotFound(f"there is no application {shown(application_id)} in this realm")
    return found


async def list_page(circumstances: Circumstances, after: str = "", limit: int = 100) -> list[Application]:
    """Applications in the order of their ids, beginning behind the id `after`."""
    return await circumstances.records.find(Application, after=after, limit=limit)


async def edit(
    circumstances: Circumstances, application_id: str, changes: Mapping[str, Any], *, secret: str | None = None
) -> ApplicationWithSecret:
    """Set the fields in `changes`, and the secret where one is given; what is changed keeps the rules of `create` (B1).

    The result holds a secret where the change made one necessary. Raises `Invalid` and `NotFound`.
    """
    for name in changes:
        if name not in EDITABLE:
            raise Invalid(f"cannot be edited; what can is {', '.join(EDITABLE)}", field=name)
    before = await view(circumstances, application_id)
    application = replace(before, **changes)
    check_changes(before, application, _realm(circumstances))
    result = settle_secret(application, secret, circumstances)
    circumstances.records.write(Swap(result.application))
    return result


async def regenerate_secret(circumstances: Circumstances, application_id: str) -> ApplicationWithSecret:
    """A new secret; the old one stops working in the same instant (A19). Raises `Invalid` and `NotFound`."""
    result = new_secret(await view(circumstances, application_id), circumstances)
    circumstances.records.write(Swap(result.application))
    return result


async def read_secret(circumstances: Circumstances, application_id: str) -> str:
    """The secret, where the policy is `viewable` (A18). Raises `Forbidden` and `NotFound`."""
    return reveal_secret(await view(circumstances, application_id), circumstances)


async def deactivate(circumstances: Circumstances, application_id: str) -> Application:
    """Shut the application: nobody signs in, whatever was issued is dead, consents are forgotten (B3).

    It is told that the sessions of its members ended, where it registered for that.
    """
    application = await view(circumstances, application_id)
    if application.status == "deactivated":
        return application
    deactivated = application.deactivated(circumstances.entropy.token(9))
    circumstances.records.write(Swap(deactivated))
    await tell_of_members(circumstances, deactivated)
    await _remove_all(circumstances, Consent, application_id)
    return deactivated


async def reactivate(circumstances: Circumstances, application_id: str) -> Application:
    """Open the application again; its users have to authorize anew (B3)."""
    application = await view(circumstances, application_id)
    if application.status == "active":
        return application
    reactivated = application.reactivated()
    circumstances.records.write(Swap(reactivated))
    return reactivated


async def delete(circumstances: Circumstances, application_id: str) -> None:
    """Remove the application with its members, invitations, consents and registration, for good (B2).

    What was issued dies with it. It is told nothing any more: no logout token could be for it. Raises `NotFound`, and
    `Taken` where the policy protects applications with users.
    """
    application = await view(circumstances, application_id)
    await _check_deletable(circumstances, application)
    for kind in (Member, Invitation, Consent):
        await _remove_all(circumstances, kind, application_id)
    registration = await circumstances.records.get(Registration, application_id)
    if registration is not None:
        circumstances.records.write(Remove(registration))
    circumstances.records.write(Remove(application))


def _realm(circumstances: Circumstances) -> Realm:
    keys = circumstances.keys
    return Realm(circumstances.policy, circumstances.algorithms, keys.encryption_algorithms())


async def _check_deletable(circumstances: Circumstances, application: Application) -> None:
    if circumstances.policy.deletion == "cascade":
        return
    if await circumstances.records.find(Member, application_id=application.id, limit=1):
        raise Taken(
            f"{application.name} still has users; remove them from the application first,"
            " or set the policy deletion to cascade"
        )


async def _remove_all(circumstances: Circumstances, kind: type[Record], application_id: str) -> None:
    async for record in each(circumstances.records, kind, application_id=application_id):
        circumstances.records.write(Remove(record))
