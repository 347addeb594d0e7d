"""The client of a direct request: what token, introspection and revocation endpoint share (RFC 6749 2.3)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from oidc_harness.model.application import Application
from oidc_harness.model.used_assertion import UsedAssertion
from oidc_harness.model.write import Add, Write
from oidc_harness.protocol.about import About
from oidc_harness.protocol.certificate import ClientCertificate
from oidc_harness.protocol.client_authentication import LONGEST_ASSERTION, ClientAuthenticationQuestion
from oidc_harness.protocol.client_certificate import SELF_SIGNED, has_certificate
from oidc_harness.protocol.client_keys import ClientKeys, has_key_for
from oidc_harness.protocol.credentials import Credentials, named_client, read_credentials
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.next_step import why_application_refuses
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.request import Request
from oidc_harness.provider.client_keys import load_client_keys
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.outside import Outside
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class ClientFacts:
    """What the request says about its client, and what is stored about it."""

    parameters: Parameters
    credentials: Credentials
    application: Application | None
    assertion_used: bool
    fetched: ClientKeys | None
    """The keys at its `jwks_uri`, where its assertion or its certificate is held against them."""
    certificate: ClientCertificate | None
    """What it presented on its connection."""


async def load_client(request: Request, records: Records, outside: Outside) -> ClientFacts:
    """Read the credentials and look up whom they name. Raises `OAuthError` for malformed ones."""
    parameters = Parameters(request.form).check_once()
    credentials = read_credentials(request, parameters)
    application = None
    if credentials.client_id is not None:
        application = await records.get(Application, credentials.client_id)
    used = credentials.jti is not None and await records.get(UsedAssertion, _use_id(credentials)) is not None
    fetched, certificate = None, request.certificate
    if application is not None and credentials.assertion is not None:
        fetched = await load_client_keys(application, has_key_for(credentials.assertion), records, outside)
    elif application is not None and certificate is not None and _uses_registered(application):
        fetched = await load_client_keys(application, partial(has_certificate, certificate), records, outside)
    return ClientFacts(parameters, credentials, application, used, fetched, certificate)


def _uses_registered(application: Application) -> bool:
    """Whether it authenticates anywhere with a certificate of its own making."""
    return any(registered_method(application, endpoint) == SELF_SIGNED for endpoint in _PATHS)


async def load_named_client(request: Request, records: Records) -> Application | None:
    """The client that a refused request names. Nothing proves it, and nothing is decided by it."""
    client_id = named_client(request)
    return await records.get(Application, client_id) if client_id is not None else None


def decide_for_client(
    facts: ClientFacts, endpoint: str, provider: Provider, decide: Callable[[Application], Decision]
) -> Decision:
    """Authenticate the client, then decide. Raises `invalid_client`, and what `decide` raises.

    An assertion counts as used whatever is decided, unless it proved nothing (OIDC Core 9).
    """
    application = _authenticate(facts, endpoint, provider)
    remembered = _remember(facts.credentials, provider.now)
    try:
        decision = decide(application)
    except OAuthError as refusal:
        raise refusal.writing(*remembered) from None
    return replace(decision, writes=remembered + decision.writes) if remembered else decision


def _authenticate(facts: ClientFacts, endpoint: str, provider: Provider) -> Application:
    application = facts.application
    question = ClientAuthenticationQuestion(
        about=About(endpoint, application),
        credentials=facts.credentials,
        application=application,
        method=registered_method(application, endpoint),
        audiences=_audiences(endpoint, provider),
        clear_secret=clear_secret(application, provider),
        assertion_used=facts.assertion_used,
        now=provider.now,
        fetched=facts.fetched,
        presented=provider.presented(facts.certificate, f"/{_PATHS[endpoint]}"),
    )
    return provider.conduct.client_authentication(question)


def _audiences(endpoint: str, provider: Provider) -> tuple[str, ...]:
    """The token endpoint's URL names the provider everywhere (RFC 7523 3), and so does its alias (RFC 8705 5)."""
    paths, addresses = [f"/{_PATHS[each]}" for each in dict.fromkeys(("token", endpoint))], provider.addresses
    aliases = (url for url in map(addresses.certificate_channel, paths) if url is not None)
    return (provider.issuer, *map(addresses.back_channel, paths), *aliases)


_PATHS = {"token": "token", "introspection": "introspect", "revocation": "revoke"}


def check_open(application: Application) -> None:
    """A deactivated application is disabled as a client too (B3). Raises `unauthorized_client`."""
    refusal = why_application_refuses(application)
    if refusal is not None:
        raise refusal


def registered_method(application: Application | None, endpoint: str) -> str | None:
    """How the client authenticates here; unless it set its own, as at the token endpoint (A11)."""
    if application is None:
        return None
    own = {
        "introspection": application.introspection_endpoint_auth_method,
        "revocation": application.revocation_endpoint_auth_method,
    }.get(endpoint)
    return own or application.token_endpoint_auth_method


def clear_secret(application: Application | None, provider: Provider) -> str | None:
    """The client secret where it is kept (A18), else None."""
    if application is None or application.secret_sealed is None:
        return None
    return provider.unseal(application.secret_sealed)


def _remember(credentials: Credentials, now: int) -> tuple[Write, ...]:
    if credentials.jti is None or credentials.client_id is None:
        return ()
    return (
        Add(
            UsedAssertion(
                id=_use_id(credentials),
                application_id=credentials.client_id,
                expires_at=now + 2 * LONGEST_ASSERTION,
            )
        ),
    )


def _use_id(credentials: Credentials) -> str:
    return fingerprint(f"{credentials.client_id}\n{credentials.jti}")
