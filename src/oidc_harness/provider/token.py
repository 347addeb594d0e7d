"""Token endpoint — RFC 6749 3.2, 5; OIDC Core 3.1.3. Client, then grant type, then reply; no grant can skip a phase."""

from dataclasses import dataclass, replace
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.about import About
from oidc_harness.protocol.encryption import Encryption
from oidc_harness.protocol.errors import unauthorized_client, unsupported_grant_type
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.client import (
    ClientFacts,
    check_open,
    decide_for_client,
    load_client,
    load_named_client,
)
from oidc_harness.provider.client_keys import load_encryption
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.endpoint import Phases
from oidc_harness.provider.grants.authorization_code import AUTHORIZATION_CODE
from oidc_harness.provider.grants.client_credentials import CLIENT_CREDENTIALS
from oidc_harness.provider.grants.grant_type import GrantType, TokenRequest
from oidc_harness.provider.grants.password import PASSWORD
from oidc_harness.provider.grants.refresh_token import REFRESH_TOKEN
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.refusal import refuse_in_json
from oidc_harness.storage.port import Records

GRANTS: dict[str, GrantType] = {
    "authorization_code": AUTHORIZATION_CODE,
    "refresh_token": REFRESH_TOKEN,
    "client_credentials": CLIENT_CREDENTIALS,
    "password": PASSWORD,
}


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The client, the grant type it uses, and what that grant type looked up."""

    client: ClientFacts
    grant: GrantType | None
    """None: none was named, or none that is known here."""
    granted: Any
    encryption: Encryption | None
    """How the client wants its ID tokens."""


async def load(request: Request, records: Records, provider: Provider) -> Facts:
    """Client first; what the grant type needs only if it is one of ours."""
    client = await load_client(request, records, provider.outside)
    grant = GRANTS.get(client.parameters.get("grant_type", ""))
    granted = await grant.load(client.parameters, client.application, records, provider) if grant else None
    encryption = await load_encryption(client.application, "id_token", records, provider.outside) if grant else None
    return Facts(client, grant, granted, encryption)


def about(facts: Facts) -> About:
    """The client, and the flow of what it presented."""
    concerns = facts.grant.about(facts.granted) if facts.grant else About("token")
    return replace(concerns, application=facts.client.application)


def decide(request: Request, facts: Facts, provider: Provider) -> Decision:
    """Authenticate the client (3.2.1), check that it may use the grant type, let the grant type decide."""

    def decide_grant(application: Application) -> Decision:
        check_open(application)
        grant = _check_grant_type(facts, application, provider.policy)
        request = TokenRequest(application, facts.client.parameters, facts.encryption)
        return grant.decide(request, facts.granted, provider)

    return decide_for_client(facts.client, "token", provider, decide_grant)


def _check_grant_type(facts: Facts, application: Application, policy: RealmPolicy) -> GrantType:
    name = facts.client.parameters.required("grant_type")
    if facts.grant is None or name not in policy.grant_types:
        offered = ", ".join(each for each in GRANTS if each in policy.grant_types)
        raise unsupported_grant_type(
            f"grant_type {name} is not supported", f"grant_type {name!r}; this provider offers {offered or 'none'}"
        )
    if name not in application.grant_types:
        raise unauthorized_client(
            f"grant_type {name} is not registered for this client",
            f"application {application.id} registered {', '.join(application.grant_types) or 'none'}",
            spec("RFC6749-5.2"),
        )
    return facts.grant


PHASES = Phases(load, decide, refuse_in_json, about, load_named_client)
