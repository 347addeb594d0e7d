"""The userinfo response (OIDC Core 5.3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.grant import Grant
from oidc_harness.model.user import User
from oidc_harness.protocol.about import About
from oidc_harness.protocol.claim_sources import Sourced, source_members
from oidc_harness.protocol.person_claims import requested_claims, scope_claims


@dataclass(frozen=True, slots=True, eq=False)
class UserinfoQuestion:
    """What may this token know about the person?"""

    about: About
    subject: str
    grant: Grant
    user: User
    scopes: tuple[str, ...]
    """Of the access token; a refresh may have narrowed them."""
    sources: tuple[Sourced, ...] = ()
    """What of it comes from other providers."""


def addressed(told: Mapping[str, Any], issuer: str, client_id: str) -> Mapping[str, Any]:
    """The claims of a JWT: who says it, and to whom (OIDC Core 5.3.2)."""
    return {"iss": issuer, "aud": client_id, **told}


def claims(question: UserinfoQuestion) -> Mapping[str, Any]:
    """`sub`, the claims of the scopes, and those asked for one by one."""
    user, locales = question.user, question.grant.claims_locales
    told = {"sub": question.subject, **scope_claims(user, question.scopes, locales)}
    told.update(source_members(question.sources))
    asked = question.grant.claims.get("userinfo")
    return {**requested_claims(user, asked, locales), **told} if asked else told
