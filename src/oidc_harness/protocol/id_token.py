"""ID token claims (OIDC Core 2, 3.1.3.6, 12.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.model.user import User
from oidc_harness.protocol.about import About
from oidc_harness.protocol.claim_sources import Sourced, source_members
from oidc_harness.protocol.person_claims import requested_claims, scope_claims

Claims = Mapping[str, Any]
OVERAGE = "hasgroups"
"""Says that there are more groups than an ID token takes. No specification has a name for it; Entra ID calls it so."""


@dataclass(frozen=True, slots=True, eq=False)
class IdTokenQuestion:
    """What does the ID token say?"""

    about: About
    issuer: str
    subject: str
    application: Application
    grant: Grant
    user: User
    now: int
    lifetime: int
    """Seconds."""
    refreshed: bool
    """Whether this is the answer to a refresh (OIDC Core 12.2)."""
    hashes: Mapping[str, str]
    """`at_hash`, `c_hash`, `s_hash` of what is handed over beside it."""
    scopes: tuple[str, ...] = ()
    """Scopes whose claims the token tells: there will be no userinfo to ask (OIDC Core 5.4), or every ID token does."""
    sources: tuple[Sourced, ...] = ()
    """What of it comes from other providers."""


def claims(question: IdTokenQuestion) -> Claims:
    """The claims of an honest ID token; only what was asked for (OIDC Core 5.4, 5.5)."""
    grant = question.grant
    told: dict[str, Any] = {
        "iss": question.issuer,
        "sub": question.subject,
        "aud": question.application.id,
        "exp": question.now + question.lifetime,
        "iat": question.now,
    }
    if grant.auth_time_requested:
        told["auth_time"] = grant.auth_time
    if grant.nonce is not None and not question.refreshed:
        told["nonce"] = grant.nonce
    told["acr"] = grant.acr
    told["amr"] = list(grant.amr)
    if grant.sid is not None:
        told["sid"] = grant.sid
    told.update(question.hashes)
    told.update(source_members(question.sources))
    asked = grant.claims.get("id_token")
    if not asked and not question.scopes:
        return told
    user, locales = question.user, grant.claims_locales
    person = {**scope_claims(user, question.scopes, locales), **requested_claims(user, asked, locales)}
    return {**_few_groups(person, question.application.max_groups_in_id_token), **told}


def _few_groups(person: Claims, most: int | None) -> Claims:
    """The same, or of too many groups only that there are some, so that the client asks userinfo for them (A24)."""
    if most is None or len(person.get("groups", ())) <= most:
        return person
    return {**{name: value for name, value in person.items() if name != "groups"}, OVERAGE: True}
