"""Find a token of either kind by its text, for introspection and revocation (RFC 7662 2.1, RFC 7009 2.1)."""

from dataclasses import dataclass

from oidc_harness.model.grant import Grant
from oidc_harness.model.token import AccessToken, RefreshToken
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.standing import Standing
from oidc_harness.provider.client import ClientFacts, load_client
from oidc_harness.provider.outside import Outside
from oidc_harness.provider.standing import load_standing
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class IssuedTokenFacts:
    """The asking client, and the token it asks about."""

    client: ClientFacts
    token: AccessToken | RefreshToken | None
    grant: Grant | None
    standing: Standing


async def load_issued_token(request: Request, records: Records, outside: Outside) -> IssuedTokenFacts:
    """`token_type_hint` only says where to look first; a wrong one changes nothing."""
    client = await load_client(request, records, outside)
    token = await _find(client.parameters, records)
    grant = await records.get(Grant, token.grant_id) if token else None
    return IssuedTokenFacts(client, token, grant, await load_standing(grant, records))


async def _find(parameters: Parameters, records: Records) -> AccessToken | RefreshToken | None:
    text = parameters.get("token")
    if text is None:
        return None
    key = fingerprint(text)
    if parameters.get("token_type_hint") == "refresh_token":
        return await records.get(RefreshToken, key) or await records.get(AccessToken, key)
    return await records.get(AccessToken, key) or await records.get(RefreshToken, key)
