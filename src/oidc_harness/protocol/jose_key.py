"""JWKs as data: members, thumbprint, public part. No cryptography — RFC 7517 4, RFC 7518 6, RFC 7638."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from oidc_harness.model.key import Key, KeyAlgorithm, KeyStatus
from oidc_harness.protocol.jose_algorithms import KeyKind, key_kind
from oidc_harness.protocol.jose_compact import base64url, base64url_decode
from oidc_harness.protocol.jose_error import JoseError, shown

MINIMUM_RSA_BITS = 2048
"""RFC 7518 3.3."""
MAXIMUM_RSA_BITS = 8192
"""Larger moduli would let a client choose what a verification costs."""


@dataclass(frozen=True, slots=True)
class KeyType:
    """The members of one `kty` besides the common ones."""

    public: tuple[str, ...]
    private: tuple[str, ...]
    """Needed to sign; the optional CRT members of RSA too, because signing without them is slow."""


KEY_TYPES: Mapping[str, KeyType] = {
    "RSA": KeyType(public=("n", "e"), private=("d", "p", "q", "dp", "dq", "qi")),
    "EC": KeyType(public=("crv", "x", "y"), private=("d",)),
    "OKP": KeyType(public=("crv", "x"), private=("d",)),
}
PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})
"""The secret members of every registered key type (RFC 7518 6, RFC 8037 2), of `AKP` too."""


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The SHA-256 thumbprint of a key pair's JWK — RFC 7638 3.

    Raises JoseError when a required member is missing or not text.
    """
    members = ("kty", *_key_type(jwk).public)
    required = {name: _text_member(jwk, name) for name in sorted(members)}
    canonical = json.dumps(required, separators=(",", ":"), ensure_ascii=False)
    return base64url(hashlib.sha256(canonical.encode()).digest())


def public_part(jwk: Mapping[str, Any]) -> dict[str, Any]:
    """The JWK without its private members."""
    return {name: value for name, value in jwk.items() if name not in PRIVATE_MEMBERS}


def key_from_jwk(id: str, private_jwk: Mapping[str, Any], created_at: int, status: KeyStatus = "current") -> Key:
    """A Key from a private JWK that states its `alg`; its `kid`, or else its thumbprint, becomes the key id.

    A key for encryption serves a whole family, so it is published without `alg` (RFC 7517 4.4). `created_at` is in
    seconds since 1970. Whether the numbers belong together is not checked.
    Raises JoseError when a member is missing, malformed or doesn't suit `alg`.
    """
    kind = _pinned_kind(private_jwk)
    check_public_members(private_jwk)
    for name in _key_type(private_jwk).private:
        base64url_decode(_text_member(private_jwk, name), f"member {name!r} of the key")
    kid = _text_member(private_jwk, "kid") if "kid" in private_jwk else thumbprint(private_jwk)
    labels = {"kid": kid, "use": kind.use}
    public = {**public_part(private_jwk), **labels}
    if kind.use == "enc":
        del public["alg"]
    return Key(
        id=id,
        kid=kid,
        alg=cast(KeyAlgorithm, private_jwk["alg"]),
        use=kind.use,
        private_jwk=_compact_json({**private_jwk, **labels}),
        public_jwk=_compact_json(public),
        status=status,
        created_at=created_at,
    )


def check_public_members(jwk: Mapping[str, Any]) -> None:
    """Raises JoseError unless the JWK's public members are there, well formed and of a sound size."""
    for name in _key_type(jwk).public:
        text = _text_member(jwk, name)
        if name != "crv":
            data = base64url_decode(text, f"member {name!r} of the key")
            _check_modulus_size(name, data)


def _pinned_kind(jwk: Mapping[str, Any]) -> KeyKind:
    kind = key_kind(jwk.get("alg"))
    if jwk.get("kty") != kind.kty or jwk.get("crv") != kind.crv:
        curve = f" with crv {kind.crv!r}" if kind.crv else ""
        raise JoseError(f"The key doesn't suit its alg {jwk['alg']}, which takes kty {kind.kty!r}{curve}")
    return kind


def _key_type(jwk: Mapping[str, Any]) -> KeyType:
    kty = jwk.get("kty")
    found = KEY_TYPES.get(kty) if isinstance(kty, str) else None
    if found is None:
        raise JoseError(f"The key has kty {shown(kty)}; known are {', '.join(KEY_TYPES)}")
    return found


def _text_member(jwk: Mapping[str, Any], name: str) -> str:
    value = jwk.get(name)
    if not isinstance(value, str) or not value:
        raise JoseError(f"The key's member {name!r} is {'missing' if value is None else 'not text'}")
    return value


def _check_modulus_size(name: str, data: bytes) -> None:
    bits = int.from_bytes(data, "big").bit_length()
    if name == "n" and not MINIMUM_RSA_BITS <= bits <= MAXIMUM_RSA_BITS:
        limits = f"{MINIMUM_RSA_BITS} to {MAXIMUM_RSA_BITS}"
        raise JoseError(f"The RSA key has {bits} bits; accepted are {limits} (RFC 7518 3.3)")


def _compact_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))
