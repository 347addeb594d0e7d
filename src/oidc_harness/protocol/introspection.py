"""The introspection response (RFC 7662 2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.grant import Grant
from oidc_harness.model.token import AccessToken, RefreshToken
from oidc_harness.model.user import User
from oidc_harness.protocol.about import About


@dataclass(frozen=True, slots=True)
class LiveToken:
    """A token that works now, with what it stands for."""

    token: AccessToken | RefreshToken
    grant: Grant
    user: User | None
    subject: str


@dataclass(frozen=True, slots=True, eq=False)
class IntrospectionQuestion:
    """Is this token live, and what is it?"""

    about: About
    issuer: str
    live: LiveToken | None
    """None: unknown or dead."""


MEDIA_TYPE = "application/token-introspection+jwt"
"""What a request accepts to get a JWT (RFC 9701 4)."""


def addressed(told: Mapping[str, Any], issuer: str, client_id: str, now: int) -> Mapping[str, Any]:
    """The claims of a JWT that carries the answer; `sub` and `exp` would be those of the token (RFC 9701 5)."""
    return {"iss": issuer, "aud": client_id, "iat": now, "token_introspection": told}


def members(question: IntrospectionQuestion) -> Mapping[str, Any]:
    """The members of an honest answer; a dead token gets `active` alone (RFC 7662 2.2)."""
    live = question.live
    if live is None:
        return {"active": False}
    token = live.token
    told: dict[str, Any] = {
        "active": True,
        "client_id": token.application_id,
        "iat": token.issued_at,
        "sub": live.subject,
        "iss": question.issuer,
    }
    if token.scopes:
        told["scope"] = " ".join(token.scopes)
    if token.expires_at is not None:
        told["exp"] = token.expires_at
    if live.user is not None:
        told["username"] = live.user.username
    if isinstance(token, AccessToken):
        told.update(aud=question.issuer, token_type="Bearer")
    return told
