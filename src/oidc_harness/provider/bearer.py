"""Load an access token and everything that decides whether it lives."""

from dataclasses import dataclass

from oidc_harness.model.grant import Grant
from oidc_harness.model.token import AccessToken
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.standing import Standing
from oidc_harness.provider.standing import load_standing
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class BearerFacts:
    """A presented token, its grant, and the people behind it."""

    token: AccessToken | None
    grant: Grant | None
    standing: Standing


async def load_bearer(text: str, records: Records) -> BearerFacts:
    """What is known of a presented access token."""
    token = await records.get(AccessToken, fingerprint(text))
    grant = await records.get(Grant, token.grant_id) if token else None
    return BearerFacts(token, grant, await load_standing(grant, records))
