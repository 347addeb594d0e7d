"""Issue tokens: what every grant type ends in (RFC 6749 5.1, OIDC Core 3.1.3.3, RFC 9068)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.token import AccessToken, RefreshToken
from oidc_harness.model.user import User
from oidc_harness.model.write import Add, Write
from oidc_harness.protocol.about import About
from oidc_harness.protocol.access_token import NEVER, AccessTokenQuestion
from oidc_harness.protocol.encryption import Encryption, encrypt
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.id_token import IdTokenQuestion
from oidc_harness.protocol.jose import left_half_hash
from oidc_harness.protocol.scope import ID_TOKEN_SCOPES
from oidc_harness.protocol.signature import UNSIGNED
from oidc_harness.protocol.subject import subject_of
from oidc_harness.protocol.token_response import TokenResponseQuestion
from oidc_harness.provider.claim_sources import Telling, told_sources
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.signing import Document, sign


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What is to be issued, to whom."""

    about: About
    application: Application
    grant: Grant
    user: User | None
    scopes: tuple[str, ...]
    with_refresh_token: bool
    encryption: Encryption | None
    """How its ID tokens are encrypted once they are signed; None: they are not."""
    refreshed: bool = False
    alone: bool = False
    """Whether no access token is ever issued that userinfo could be asked with (OIDC Core 5.4)."""


@dataclass(frozen=True, slots=True, eq=False)
class Issued:
    """The response to give and the records that back it."""

    members: Mapping[str, Any]
    writes: tuple[Write, ...]


def issue(order: Order, provider: Provider) -> Issued:
    """Make the tokens of one response of the token endpoint."""
    access_token, access_record = issue_access_token(order, provider)
    writes: list[Write] = [Add(access_record)]
    refresh_token = None
    if order.with_refresh_token:
        refresh_token = provider.entropy.token()
        writes.append(Add(_refresh_record(order, refresh_token, provider)))
    response = TokenResponseQuestion(
        about=order.about,
        access_token=access_token,
        expires_in=access_token_lifetime(order.application, provider.policy),
        scopes=access_record.scopes,
        refresh_token=refresh_token,
        id_token=issue_id_token(order, {"at_hash": access_token}, provider),
    )
    return Issued(provider.conduct.token_response(response), tuple(writes))


def access_token_lifetime(application: Application, policy: RealmPolicy) -> int | None:
    """Seconds, None: never expires (A16)."""
    own = application.access_token_ttl
    return policy.access_token_ttl if own == "default" else own


def refresh_token_lifetime(application: Application, policy: RealmPolicy) -> int | None:
    """Seconds, None: never expires (A16)."""
    own = application.refresh_token_ttl
    return policy.refresh_token_ttl if own == "default" else own


def grants_refresh_token(application: Application, scopes: tuple[str, ...], policy: RealmPolicy) -> bool:
    """Whether a refresh token comes with the code (OIDC Core 11, A9, A17)."""
    if "refresh_token" not in application.grant_types or "refresh_token" not in policy.grant_types:
        return False
    return policy.refresh_tokens == "always" or "offline_access" in scopes


def last_use(application: Application, scopes: tuple[str, ...], policy: RealmPolicy, since: int) -> int | None:
    """When the last thing that can come of a grant made at `since` has expired, so that the grant can be swept.

    Code, refresh token and access token may each be used at the very end of the one before.
    """
    refreshes = grants_refresh_token(application, scopes, policy)
    return _one_after_another([policy.code_lifetime, *_lifetimes(application, policy, refreshes)], since)


def outliving(order: Order, provider: Provider) -> Grant:
    """The order's grant, living at least as long as what is issued now and what can still come of that.

    Lifetimes are settings, which may have been raised since the grant was made.
    """
    grant = order.grant
    lifetimes = _lifetimes(order.application, provider.policy, order.with_refresh_token)
    needed = _one_after_another(lifetimes, provider.now)
    if grant.expires_at is None or (needed is not None and needed <= grant.expires_at):
        return grant
    return replace(grant, expires_at=needed)


def _lifetimes(application: Application, policy: RealmPolicy, with_refresh_token: bool) -> list[int | None]:
    access = access_token_lifetime(application, policy)
    return [access, refresh_token_lifetime(application, policy)] if with_refresh_token else [access]


def _one_after_another(lifetimes: list[int | None], now: int) -> int | None:
    """When the last of them ends; None: never."""
    known = [lifetime for lifetime in lifetimes if lifetime is not None]
    return now + sum(known) if len(known) == len(lifetimes) else None


def subject(order: Order, provider: Provider) -> str:
    """The `sub` of the tokens: the user's, or the client's own id (RFC 9068 2.2)."""
    if order.user is None:
        return order.application.id
    return subject_of(order.user, order.application, provider.subject_salt)


def issue_access_token(order: Order, provider: Provider) -> tuple[str, AccessToken]:
    """An access token as the client holds it, and as the provider remembers it."""
    question = AccessTokenQuestion(
        about=order.about,
        issuer=provider.issuer,
        subject=subject(order, provider),
        application=order.application,
        grant=order.grant,
        scopes=order.scopes,
        token_id=provider.entropy.token(16),
        now=provider.now,
        lifetime=access_token_lifetime(order.application, provider.policy),
    )
    claims = provider.conduct.access_token(question)
    text = provider.entropy.token()
    if order.application.access_token_format == "jwt":
        text = sign(Document(order.about, order.application, "access_token", claims), provider)
    expires_at = claims.get("exp")
    record = AccessToken(
        id=fingerprint(text),
        grant_id=order.grant.id,
        application_id=order.application.id,
        scopes=tuple(str(claims.get("scope", "")).split()),
        issued_at=provider.now,
        expires_at=None if expires_at == NEVER else expires_at,
    )
    return text, record


def _refresh_record(order: Order, text: str, provider: Provider) -> RefreshToken:
    lifetime = refresh_token_lifetime(order.application, provider.policy)
    return RefreshToken(
        id=fingerprint(text),
        grant_id=order.grant.id,
        application_id=order.application.id,
        scopes=order.grant.scopes,
        issued_at=provider.now,
        expires_at=None if lifetime is None else provider.now + lifetime,
    )


def issue_id_token(order: Order, beside: Mapping[str, str | None], provider: Provider) -> str | None:
    """An ID token where one is due: for a person, and for the scope `openid`.

    `beside`: what is handed over with it, by the name of its hash (OIDC Core 3.1.3.6, 3.3.2.11).
    """
    if order.user is None or "openid" not in order.scopes:
        return None
    scopes = order.scopes if order.alone else tuple(name for name in order.scopes if name in ID_TOKEN_SCOPES)
    asked = order.grant.claims.get("id_token")
    telling = Telling(order.about, order.application, order.grant, order.user)
    question = IdTokenQuestion(
        about=order.about,
        issuer=provider.issuer,
        subject=subject(order, provider),
        application=order.application,
        grant=order.grant,
        user=order.user,
        now=provider.now,
        lifetime=provider.policy.id_token_ttl,
        refreshed=order.refreshed,
        hashes=_hashes(order.application, beside),
        scopes=scopes,
        sources=told_sources(telling, scopes, asked, provider),
    )
    claims = provider.conduct.id_token(question)
    text = sign(Document(order.about, order.application, "id_token", claims), provider)
    return text if order.encryption is None else encrypt(text, order.encryption)


def _hashes(application: Application, beside: Mapping[str, str | None]) -> Mapping[str, str]:
    """Made by the hash of the ID token's algorithm; an unsigned one has none (OIDC Core 3.1.3.6)."""
    alg = application.id_token_signed_response_alg
    if alg == UNSIGNED:
        return {}
    return {name: left_half_hash(alg, text) for name, text in beside.items() if text is not None}
