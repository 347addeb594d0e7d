"""Token endpoint — RFC 6749 3.2, 5; OIDC Core 3.1.3. Client, then grant type, then reply; no grant can skip a phase."""

from dataclasses import dataclass, replace
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import unauthorized_client, unsupported_grant_type
from oidc_harness.protocol.next_step import why_application_refuses
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.client import ClientFacts, authenticate_client, load_client
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.grants.authorization_code import AUTHORIZATION_CODE
from oidc_harness.provider.grants.client_credentials import CLIENT_CREDENTIALS
from oidc_harness.provider.grants.grant_type import GrantType, TokenRequest
from oidc_harness.provider.grants.password import PASSWORD
from oidc_harness.provider.grants.refresh_token import REFRESH_TOKEN
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.port import Records

GRANTS: dict[str, GrantType] = {
    "authorization_code": AUTHORIZATION_CODE,
    "refresh_token": REFRESH_TOKEN,
    "client_credentials": CLIENT_CREDENTIALS,
    "password": PASSWORD,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The client, the grant type it uses, and what that grant type looked up."""

    client: ClientFacts
    grant_type: str
    granted: Any


async def load(request: Request, records: Records, provider: Provider) -> Facts:
    """Client first; what the grant type needs only if it is one of ours."""
    client = await load_client(request, records)
    grant_type = client.parameters.required("grant_type")
    if grant_type not in GRANTS:
        raise unsupported_grant_type(
            f"grant_type {grant_type} is not supported", f"this provider offers {', '.join(GRANTS)}"
        )
    granted = await GRANTS[grant_type].load(client.parameters, client.application, records, provider)
    return Facts(client, grant_type, granted)


def about(facts: Facts) -> About:
    """The client, and the flow of what it presented."""
    return replace(GRANTS[facts.grant_type].about(facts.granted), application=facts.client.application)


def decide(request: Request, facts: Facts, provider: Provider) -> Decision:
    """Authenticate the client (3.2.1), check that it may use the grant type, let the grant type decide."""
    application, remembered = authenticate_client(facts.client, provider, "token")
    _check_open(application)
    _check_registered(application, facts.grant_type)
    token_request = TokenRequest(application, facts.client.parameters)
    decision = GRANTS[facts.grant_type].decide(token_request, facts.granted, provider)
    return replace(decision, writes=remembered + decision.writes) if remembered else decision


def _check_open(application: Application) -> None:
    refusal = why_application_refuses(application)
    if refusal is not None:
        raise refusal


def _check_registered(application: Application, grant_type: str) -> None:
    if grant_type not in application.grant_types:
        raise unauthorized_client(
            f"grant_type {grant_type} is not registered for this client",
            f"application {application.id} registered {', '.join(application.grant_types) or 'none'}",
            spec("RFC6749-5.2"),
        )
