"""Keys of a client that stand at its `jwks_uri` (OIDC Core 10.1.1, OIDC Registration 2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.protocol.jose_compact import decode_unverified, json_object
from oidc_harness.protocol.jose_error import JoseError


@dataclass(frozen=True, slots=True)
class ClientKeys:
    """The keys that were found, or why there are none."""

    keys: tuple[Mapping[str, Any], ...] = ()
    fault: str = ""
    """For people. Empty: the keys are there."""


def read_key_set(url: str, content: str | None, failure: str) -> ClientKeys:
    """What a document at a `jwks_uri` holds; one that cannot be had or read holds no key."""
    if content is None:
        return ClientKeys(fault=f"jwks_uri: {failure}")
    from oidc_harness.protocol.jwks import parse_client_jwks  # few clients have their keys elsewhere

    try:
        return ClientKeys(parse_client_jwks(json_object(content.encode(), "key set")))
    except (JoseError, ValueError) as reason:
        return ClientKeys(fault=f"jwks_uri: what stands at {url} is no key set: {reason}")


def has_key_for(token: str) -> Callable[[ClientKeys], bool]:
    """Whether the key that the token names is among some, so that it is not worth while to look again."""

    def suffices(found: ClientKeys) -> bool:
        try:
            kid = decode_unverified(token)[0].get("kid")
        except JoseError:
            return True
        if found.fault:
            return False
        return kid is None or any(jwk.get("kid") == kid for jwk in found.keys)

    return suffices
