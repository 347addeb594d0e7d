"""Access token claims (RFC 9068 2.2). Opaque tokens have the same ones; they just stay with the provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.protocol.about import About

NEVER = 253_402_300_799
"""9999-12-31T23:59:59Z. RFC 9068 requires `exp`; this stands for a token that never expires."""


@dataclass(frozen=True, slots=True, eq=False)
class AccessTokenQuestion:
    """What is in the access token?"""

    about: About
    issuer: str
    subject: str
    """The user's `sub`, or the client_id where the application acts for itself."""
    application: Application
    grant: Grant
    scopes: tuple[str, ...]
    token_id: str
    """`jti`."""
    now: int
    lifetime: int | None
    """Seconds; 0: born expired; None: never expires."""


def claims(question: AccessTokenQuestion) -> Mapping[str, Any]:
    """The claims of an honest access token. The audience is the issuer: its userinfo endpoint is the resource."""
    told: dict[str, Any] = {
        "iss": question.issuer,
        "sub": question.subject,
        "aud": question.issuer,
        "client_id": question.application.id,
        "iat": question.now,
        "jti": question.token_id,
    }
    if question.scopes:
        told["scope"] = " ".join(question.scopes)
    told["exp"] = NEVER if question.lifetime is None else question.now + question.lifetime
    return told
