"""Aggregated and distributed claims: what is told of claims that another provider makes (OIDC Core 5.6.2)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest, digest
from typing import Any

from oidc_harness.model.user import User
from oidc_harness.protocol.scope import CLAIMS_OF_SCOPE

CLAIM_TYPES = ("normal", "aggregated", "distributed")


@dataclass(frozen=True, slots=True, eq=False)
class Sourced:
    """Claims of one source, as a client is told of them."""

    source: str
    claims: tuple[str, ...]
    members: Mapping[str, str]
    """`JWT`, or `endpoint` and perhaps `access_token`."""


def asked_names(scopes: Iterable[str], *asked: Mapping[str, Any] | None) -> frozenset[str]:
    """Every claim asked for: by scope, and one by one (OIDC Core 5.4, 5.5)."""
    by_scope = {name for scope in scopes for name in CLAIMS_OF_SCOPE.get(scope, ())}
    return frozenset(by_scope.union(*(each for each in asked if each)))


def sources_of(user: User, asked: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Source → the claims asked for that come from there. Of two that have a claim, the first counts."""
    found: dict[str, tuple[str, ...]] = {}
    left = set(asked)
    for key, source in user.claim_sources.items():
        claims = tuple(name for name in source.names if name in left)
        if claims:
            found[key] = claims
            left.difference_update(claims)
    return found


def source_members(sources: Sequence[Sourced]) -> dict[str, Any]:
    """`_claim_names` and `_claim_sources`, where there is anything to say in them."""
    if not sources:
        return {}
    return {
        "_claim_names": {name: each.source for each in sources for name in each.claims},
        "_claim_sources": {each.source: dict(each.members) for each in sources},
    }


def claims_token(grant_id: str, source: str, secret: str) -> str:
    """What a client presents at the claims endpoint: for one source, under one grant, as long as that lives."""
    subject = f"{grant_id}\n{source}"
    return f"{_encoded(subject.encode())}.{_encoded(_seal(subject, secret))}"


def read_claims_token(token: str, secret: str) -> tuple[str, str] | None:
    """Grant and source of a token that was made here; None for any other text."""
    try:
        subject = urlsafe_b64decode(token.partition(".")[0] + "===").decode()
    except ValueError:
        return None
    grant_id, _, source = subject.partition("\n")
    genuine = claims_token(grant_id, source, secret)
    return (grant_id, source) if compare_digest(genuine.encode(), token.encode()) else None


def _seal(subject: str, secret: str) -> bytes:
    return digest(secret.encode(), f"claims of a source\n{subject}".encode(), "sha256")


def _encoded(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")
