"""The successful token response (RFC 6749 5.1, OIDC Core 3.1.3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.protocol.about import About


@dataclass(frozen=True, slots=True, eq=False)
class TokenResponseQuestion:
    """What is the client told?"""

    about: About
    access_token: str
    expires_in: int | None
    """Seconds; None: the token never expires, and the member is left out."""
    scopes: tuple[str, ...]
    refresh_token: str | None
    id_token: str | None


def members(question: TokenResponseQuestion) -> Mapping[str, Any]:
    """The members of an honest response."""
    told: dict[str, Any] = {"access_token": question.access_token, "token_type": "Bearer"}
    if question.expires_in is not None:
        told["expires_in"] = question.expires_in
    if question.refresh_token is not None:
        told["refresh_token"] = question.refresh_token
    if question.id_token is not None:
        told["id_token"] = question.id_token
    if question.scopes:
        # No text of RFC 6749 3.3 says "none"; where there is none, none was asked for, and the member may be left out.
        told["scope"] = " ".join(question.scopes)
    return told
