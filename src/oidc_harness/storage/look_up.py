"""Look up whom a name or an address means: what endpoints and services ask alike, written once over the port."""

from oidc_harness.model.invitation import Invitation
from oidc_harness.model.user import User, email_key
from oidc_harness.storage.port import Records


async def find_user(records: Records, username_or_email: str) -> User | None:
    """The user of this username, else of this e-mail address in any case."""
    found = await records.find(User, username=username_or_email, limit=1)
    found = found or await records.find(User, email_key=email_key(username_or_email), limit=1)
    return found[0] if found else None


async def find_pending_invitation(records: Records, application_id: str, key: str) -> Invitation | None:
    """The pending invitation to this application of the address with this `email_key`, or None."""
    found = await records.find(Invitation, email_key=key, application_id=application_id)
    # A settled one is not found by its address; only in a store of an older version it still may be.
    return next((invitation for invitation in found if invitation.status == "pending"), None)
