"""Sector identifier documents: redirect URIs of several hosts that are one client's (OIDC Registration 5)."""

import json

from oidc_harness.protocol.client_metadata import invalid_client_metadata
from oidc_harness.protocol.errors import OAuthError


def check_sector(content: str | None, failure: str, redirect_uris: tuple[str, ...]) -> None:
    """Hold what stands at `sector_identifier_uri` against the redirect URIs. Raises `invalid_client_metadata`."""
    if content is None:
        raise _refused(f"cannot be fetched: {failure}")
    try:
        listed = json.loads(content)
    except (ValueError, RecursionError):
        raise _refused("what stands there is not JSON") from None
    if not isinstance(listed, list) or not all(isinstance(uri, str) for uri in listed):
        raise _refused("what stands there is not a JSON array of URIs")
    for uri in redirect_uris:
        if uri not in listed:
            raise _refused(f"the redirect URI {uri} is not in the array that stands there")


def _refused(fault: str) -> OAuthError:
    return invalid_client_metadata(f"sector_identifier_uri: {fault} (OIDC Registration 5)")
