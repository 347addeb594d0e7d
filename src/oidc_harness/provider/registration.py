"""Client registration endpoint — RFC 7591 3, OIDC Registration 3."""

from dataclasses import dataclass
from urllib.parse import quote

from oidc_harness.model.write import Write
from oidc_harness.protocol.about import About
from oidc_harness.protocol.client_metadata import check_method, described, parse_metadata
from oidc_harness.protocol.client_registration import Registered, information
from oidc_harness.protocol.registration_access import check_may_register
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.sector import check_sector
from oidc_harness.protocol.software_statement import vouched
from oidc_harness.provider.decision import Decision, Json
from oidc_harness.provider.endpoint import Phases, Refusal
from oidc_harness.provider.outside import Outside, document_of_now
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.refusal import as_oauth_error, refuse_bearer, refuse_in_json
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The client as the rules of applications have taken it, and what is to be written for that."""

    registered: Registered
    writes: tuple[Write, ...]


async def load(request: Request, records: Records, provider: Provider) -> Facts:
    """May this be registered, and by whom? Nothing is read before that is known."""
    check_may_register(request, provider.policy)
    came = vouched(parse_metadata(request.body), provider.policy, provider.issuer, provider.now)
    fields = described(came.metadata)
    check_sector_of(fields, provider.outside)
    check_method(fields, provider.authentication_methods)
    registrar = provider.registrar(records)
    return Facts(await registrar.register(fields, came.statement), registrar.writes)


def check_sector_of(fields: dict[str, object], outside: Outside) -> None:
    """Hold the redirect URIs against the sector document, where one is named, as it is now (OIDC Registration 5)."""
    uri, redirect_uris = fields["sector_identifier_uri"], fields["redirect_uris"]
    if isinstance(uri, str) and isinstance(redirect_uris, tuple):
        document = document_of_now(uri, outside)
        check_sector(document.content, document.failure, redirect_uris)


def about(facts: Facts) -> About:
    """The new application."""
    return About("registration", facts.registered.application)


def decide(request: Request, facts: Facts, provider: Provider) -> Decision:
    """The application is there with the answer that tells of it (RFC 7591 3.2.1)."""
    reply = Json(information(facts.registered, configuration_address(facts.registered, provider)), 201)
    return Decision(reply, facts.writes, about(facts))


def configuration_address(registered: Registered, provider: Provider) -> str:
    """Where this client manages its registration (RFC 7592 2)."""
    return provider.addresses.back_channel(f"/register/{quote(registered.application.id, safe='')}")


def refuse(refusal: Refusal, request: Request, provider: Provider) -> Decision:
    """A challenge for who presents the wrong token, or none; else JSON (RFC 7591 3.2.2)."""
    tell = refuse_bearer if as_oauth_error(refusal).challenge is not None else refuse_in_json
    return tell(refusal, request, provider)


PHASES = Phases(load, decide, refuse, about)
