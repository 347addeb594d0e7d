"""Client credentials grant — RFC 6749 4.4. The application acts for itself; there is no user and no ID token."""

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.model.write import Add
from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import invalid_scope, unauthorized_client
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.scope import CLAIMS_OF_SCOPE, parse_scope, permitted_scopes
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.grants.grant_type import GrantType, TokenRequest, respond
from oidc_harness.provider.issue import Order, access_token_lifetime
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.port import Records


async def load(parameters: Parameters, application: Application | None, records: Records, provider: Provider) -> None:
    """Nothing but the client is needed."""


def about(facts: None) -> About:
    """The flow begins here."""
    return About("token")


def decide(request: TokenRequest, facts: None, provider: Provider) -> Decision:
    """Confidential clients only (4.4); scopes about people make no sense here.

    Who asks for no scope gets every one this application may have (RFC 6749 3.3).
    """
    application = request.application
    if application.public:
        raise unauthorized_client(
            "a public client has no credentials",
            f"application {application.id} authenticates with none; this grant is for confidential clients",
            spec("RFC6749-4.4"),
        )
    asked = parse_scope(request.parameters.get("scope"))
    scopes = permitted_scopes(asked, application) or _default_scopes(application)
    personal = [scope for scope in scopes if scope in CLAIMS_OF_SCOPE]
    if personal:
        raise invalid_scope(
            f"scope {personal[0]} needs a user",
            "client_credentials has no user; ask for the application's own scopes",
        )
    grant = _grant(request, scopes, provider)
    concerns = About("token", application, None, grant.id)
    order = Order(concerns, application, grant, None, scopes, with_refresh_token=False, encryption=None)
    return respond(order, (Add(grant),), provider)


def _default_scopes(application: Application) -> tuple[str, ...]:
    return tuple(scope for scope in application.allowed_scopes if scope not in CLAIMS_OF_SCOPE)


def _grant(request: TokenRequest, scopes: tuple[str, ...], provider: Provider) -> Grant:
    lifetime = access_token_lifetime(request.application, provider.policy)
    return Grant(
        id=provider.entropy.token(16),
        application_id=request.application.id,
        scopes=scopes,
        created_at=provider.now,
        expires_at=None if lifetime is None else provider.now + lifetime,
        application_generation=request.application.generation,
    )


CLIENT_CREDENTIALS = GrantType(load, decide, about)
