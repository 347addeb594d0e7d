"""The claims of other providers about a user, ready to be told to a client (OIDC Core 5.6.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.claim_source import ClaimSource
from oidc_harness.model.grant import Grant
from oidc_harness.model.user import User
from oidc_harness.protocol.about import About
from oidc_harness.protocol.claim_sources import Sourced, asked_names, claims_token, sources_of
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.signing import Document, sign

ENDPOINT = "/claims"


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """Whom is told about whom, under which grant."""

    about: About
    application: Application
    grant: Grant
    user: User


def told_sources(
    telling: Telling, scopes: Iterable[str], asked: Mapping[str, Any] | None, provider: Provider
) -> tuple[Sourced, ...]:
    """What of the claims asked for, by scope and one by one, comes from other providers, and how."""
    if not telling.user.claim_sources:
        return ()
    found = sources_of(telling.user, asked_names(scopes, asked))
    return tuple(Sourced(key, claims, _members(key, claims, telling, provider)) for key, claims in found.items())


def _members(key: str, claims: tuple[str, ...], telling: Telling, provider: Provider) -> dict[str, str]:
    source = telling.user.claim_sources[key]
    if source.jwt is not None:
        return {"JWT": source.jwt}
    if source.endpoint is not None:
        token = {} if source.access_token is None else {"access_token": source.access_token}
        return {"endpoint": source.endpoint, **token}
    if source.distributed:
        token = {"access_token": claims_token(telling.grant.id, key, provider.subject_salt)}
        return {"endpoint": provider.addresses.back_channel(ENDPOINT), **token}
    return {"JWT": sign(_document(source, claims, telling, provider), provider)}


def said_claims(source: ClaimSource, names: Iterable[str], provider: Provider) -> Mapping[str, Any]:
    """The claims as their provider says them: with its name, and nothing that could make an ID token of them."""
    return {"iss": provider.issuer, "iat": provider.now, **{name: source.says[name] for name in names}}


def _document(source: ClaimSource, claims: tuple[str, ...], telling: Telling, provider: Provider) -> Document:
    return Document(telling.about, telling.application, "claims", said_claims(source, claims, provider))
