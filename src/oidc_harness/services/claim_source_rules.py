"""What the sources of a user's aggregated and distributed claims must be (OIDC Core 5.6.2)."""

import re
from collections.abc import Mapping
from typing import Any

from oidc_harness.model.claim_source import ClaimSource
from oidc_harness.services.addresses import shown
from oidc_harness.services.errors import Invalid
from oidc_harness.services.link_rules import why_no_link

MOST_SOURCES = 20
"""Sources of one user."""
MOST_CLAIMS = 100
"""Claims of one source."""
DEEPEST = 8
"""Objects and lists one in another in the value of a claim."""
TAKEN = frozenset(
    {
        *("iss", "sub", "aud", "exp", "iat", "nbf", "jti", "nonce", "auth_time", "acr", "amr", "azp", "sid"),
        *("at_hash", "c_hash", "s_hash", "_claim_names", "_claim_sources", "hasgroups"),
    }
)
"""Claims that are about the token and not about the person, and `sub`, which is this provider's to say."""
_NAME = re.compile(r"[\x21\x22\x24-\x7e]{1,255}")
_JWT = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){2}(\.[A-Za-z0-9_-]+){0,2}")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


def check_claim_sources(sources: Mapping[str, ClaimSource]) -> None:
    """Hold every source against the rules. Raises `Invalid`."""
    if len(sources) > MOST_SOURCES:
        raise Invalid(f"has {len(sources)} sources; at most {MOST_SOURCES} are kept", field="claim_sources")
    for key, source in sources.items():
        field = f"claim_sources.{key}"
        if not _NAME.fullmatch(key):
            raise Invalid(f"{shown(key)}: expected a name of visible ASCII characters", field="claim_sources")
        _check_kind(field, source)
        _check_names(field, source)
        _check_values(field, source)


def _check_kind(field: str, source: ClaimSource) -> None:
    given = [name for name in ("says", "jwt", "endpoint") if getattr(source, name)]
    if len(given) != 1:
        raise Invalid(f"has {' and '.join(given) or 'none'} of says, jwt and endpoint; give one of them", field=field)
    if source.distributed and not source.says:
        raise Invalid("is for what the realm says itself; leave it out", field=f"{field}.distributed")
    if source.access_token is not None and source.endpoint is None:
        raise Invalid("is for an endpoint, and there is none", field=f"{field}.access_token")
    if source.says and source.claims:
        raise Invalid("is for jwt and endpoint; what the realm says has its names in it", field=f"{field}.claims")
    if not source.names:
        raise Invalid("is empty; name what can be had from there", field=f"{field}.claims")


def _check_names(field: str, source: ClaimSource) -> None:
    if len(source.names) > MOST_CLAIMS:
        raise Invalid(f"has {len(source.names)} claims; at most {MOST_CLAIMS} are kept", field=field)
    for name in source.names:
        if not _NAME.fullmatch(name):
            raise Invalid(f"{shown(name)}: expected the name of a claim in visible ASCII, without #", field=field)
        if name in TAKEN:
            raise Invalid(f"{name} is not for another provider to say", field=field)


def _check_values(field: str, source: ClaimSource) -> None:
    if source.jwt is not None and not _JWT.fullmatch(source.jwt):
        raise Invalid("is no JWT: expected three parts of base64url, or five, with dots between", field=f"{field}.jwt")
    if source.endpoint is not None and (fault := why_no_link(source.endpoint)) is not None:
        raise Invalid(fault, field=f"{field}.endpoint")
    if source.access_token is not None and not _TOKEN.fullmatch(source.access_token):
        # Not repeated: it is a secret.
        raise Invalid("is no bearer token (RFC 6750 2.1)", field=f"{field}.access_token")
    for name, value in source.says.items():
        if value is None or _depth(value) > DEEPEST:
            raise Invalid(f"is null, or deeper than {DEEPEST} levels", field=f"{field}.says.{name}")


def _depth(value: Any) -> int:
    below = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return 1 + max(map(_depth, below), default=0)
