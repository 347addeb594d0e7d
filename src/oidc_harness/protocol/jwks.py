"""JWK Sets: what a realm publishes, what clients register — RFC 7517 5, OIDC Core 10.1, Registration 2."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from oidc_harness.model.key import KeyRing
from oidc_harness.protocol.certificate import registered_certificate
from oidc_harness.protocol.jose_compact import deeper_than
from oidc_harness.protocol.jose_error import JoseError, shown
from oidc_harness.protocol.jose_key import KEY_TYPES, PRIVATE_MEMBERS, check_public_members

MAXIMUM_KEYS = 50
MAXIMUM_CHARACTERS = 65_536
"""Longest JWK Set of a client, as JSON text without spaces."""
MAXIMUM_DEPTH = 5
"""The set, its list, a key, a list in it, and one to spare."""


def document(ring: KeyRing) -> dict[str, Any]:
    """The JWK Set of a realm: its published keys, in the order of the ring — RFC 7517 5."""
    return {"keys": [json.loads(key.public_jwk) for key in ring.published()]}


def parse_client_jwks(value: object) -> tuple[dict[str, Any], ...]:
    """The public keys of a client's `jwks`, each a JWK as it came — OIDC Registration 2.

    Keys of an unknown `kty` are left out (RFC 7517 5). Raises ValueError, which begins with the path of what
    is wrong: `keys[1].d: is a private member`.
    """
    keys = _list_of_keys(value)
    known = [_checked(jwk, f"keys[{index}]") for index, jwk in enumerate(keys)]
    usable = tuple(jwk for jwk in known if jwk["kty"] in KEY_TYPES)
    if not usable:
        raise ValueError(f"keys: has no key with a known kty; known are {', '.join(KEY_TYPES)}")
    _check_distinct_kids(known)
    return usable


def _list_of_keys(value: object) -> list[Any]:
    if not isinstance(value, Mapping) or not isinstance(value.get("keys"), list | tuple):
        raise ValueError('keys: is missing; a JWK Set is an object whose member "keys" is a list (RFC 7517 5)')
    if len(value["keys"]) > MAXIMUM_KEYS:
        raise ValueError(f"keys: has {len(value['keys'])} keys; at most {MAXIMUM_KEYS} are accepted")
    _check_size(value)
    return list(value["keys"])


def _check_size(value: Mapping[Any, Any]) -> None:
    if deeper_than(value, MAXIMUM_DEPTH):
        raise ValueError(f"keys: is nested deeper than {MAXIMUM_DEPTH} levels")
    try:
        characters = len(json.dumps(value, separators=(",", ":"), default=dict))
    except (TypeError, ValueError):
        raise ValueError("keys: holds something that has no form in JSON") from None
    if characters > MAXIMUM_CHARACTERS:
        raise ValueError(f"keys: the set has {characters} characters; at most {MAXIMUM_CHARACTERS} are accepted")


def _checked(jwk: object, path: str) -> dict[str, Any]:
    if not isinstance(jwk, Mapping):
        raise ValueError(f"{path}: is not an object (RFC 7517 4)")
    if jwk.get("kty") == "oct":
        raise ValueError(f"{path}.kty: is oct, a shared secret; a client registers public keys only")
    if private := sorted(PRIVATE_MEMBERS & jwk.keys()):
        raise ValueError(f"{path}.{private[0]}: is a private member; a client registers public keys only")
    _check_labels(jwk, path)
    _check_members(jwk, path)
    _check_certificate(jwk, path)
    return dict(jwk)


def _check_labels(jwk: Mapping[str, Any], path: str) -> None:
    for name in ("kty", "kid", "alg", "use"):
        value = jwk.get(name)
        if (name == "kty" or name in jwk) and not (isinstance(value, str) and value):
            fault = "is not text, or empty" if name in jwk else "is missing"
            raise ValueError(f"{path}.{name}: {fault} (RFC 7517 4)")


def _check_members(jwk: Mapping[str, Any], path: str) -> None:
    if jwk["kty"] not in KEY_TYPES:
        return
    try:
        check_public_members(jwk)
    except JoseError as reason:
        raise ValueError(f"{path}: {reason}") from None


def _check_certificate(jwk: Mapping[str, Any], path: str) -> None:
    """The first certificate of a key is one of that key (RFC 7517 4.7)."""
    if "x5c" not in jwk or jwk["kty"] not in KEY_TYPES:
        return
    from oidc_harness.protocol.x509 import has_key_of  # brings in cryptography, which few keys need

    der = registered_certificate(jwk)
    if der is None:
        raise ValueError(f"{path}.x5c: is no list of certificates in base64 (RFC 7517 4.7)")
    try:
        suits = has_key_of(der, jwk)
    except (ValueError, JoseError) as reason:
        raise ValueError(f"{path}.x5c[0]: {reason}") from None
    if not suits:
        raise ValueError(f"{path}.x5c[0]: is a certificate of another key (RFC 7517 4.7)")


def _check_distinct_kids(keys: Iterable[Mapping[str, Any]]) -> None:
    first: dict[str, int] = {}
    for index, jwk in enumerate(keys):
        kid = jwk.get("kid")
        if kid in first:
            raise ValueError(f"keys[{index}].kid: {shown(kid)} is that of keys[{first[kid]}] too; kids must differ")
        if kid is not None:
            first[kid] = index
