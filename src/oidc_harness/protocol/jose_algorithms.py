"""The signature algorithms as one table: key type, curve and hash — RFC 7518 3.1, RFC 8812, RFC 8037."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from oidc_harness.protocol.jose_compact import base64url
from oidc_harness.protocol.jose_error import JoseError, shown


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One value of `alg`."""

    name: str
    scheme: Literal["PKCS1", "PSS", "ECDSA", "EdDSA", "HMAC"]
    hash: str
    """The hash's name in hashlib; for EdDSA that of the curve's own construction."""
    kty: Literal["RSA", "EC", "OKP", "oct"]
    crv: str | None = None
    """The only curve the algorithm works on."""


ALGORITHMS: Mapping[str, Algorithm] = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm("RS256", "PKCS1", "sha256", "RSA"),
        Algorithm("RS384", "PKCS1", "sha384", "RSA"),
        Algorithm("RS512", "PKCS1", "sha512", "RSA"),
        Algorithm("PS256", "PSS", "sha256", "RSA"),
        Algorithm("PS384", "PSS", "sha384", "RSA"),
        Algorithm("PS512", "PSS", "sha512", "RSA"),
        Algorithm("ES256", "ECDSA", "sha256", "EC", "P-256"),
        Algorithm("ES384", "ECDSA", "sha384", "EC", "P-384"),
        Algorithm("ES512", "ECDSA", "sha512", "EC", "P-521"),
        Algorithm("ES256K", "ECDSA", "sha256", "EC", "secp256k1"),
        Algorithm("EdDSA", "EdDSA", "sha512", "OKP", "Ed25519"),
        Algorithm("HS256", "HMAC", "sha256", "oct"),
        Algorithm("HS384", "HMAC", "sha384", "oct"),
        Algorithm("HS512", "HMAC", "sha512", "oct"),
    )
}


@dataclass(frozen=True, slots=True)
class KeyKind:
    """What a key pair of a realm for one algorithm is."""

    kty: str
    crv: str | None
    use: Literal["sig", "enc"]


_DECRYPTION_KEYS: Mapping[str, KeyKind] = {
    "RSA-OAEP": KeyKind("RSA", None, "enc"),
    "ECDH-ES": KeyKind("EC", "P-256", "enc"),
}


def key_kind(alg: object) -> KeyKind:
    """The kind of the key pair for this algorithm. Raises JoseError where there is none."""
    if isinstance(alg, str) and alg in _DECRYPTION_KEYS:
        return _DECRYPTION_KEYS[alg]
    algorithm = algorithm_named(alg)
    if algorithm.kty == "oct":
        raise JoseError(f"A realm has no key pair for {algorithm.name}, which takes a client secret")
    return KeyKind(algorithm.kty, algorithm.crv, "sig")


def algorithm_named(alg: object) -> Algorithm:
    """The algorithm of that name. Names are case-sensitive (RFC 7515 4.1.1). Raises JoseError."""
    found = ALGORITHMS.get(alg) if isinstance(alg, str) else None
    if found is None:
        raise JoseError(f"alg {shown(alg)} is not one of the signature algorithms: {', '.join(ALGORITHMS)}")
    return found


def left_half_hash(alg: str, value: str) -> str:
    """`at_hash` or `c_hash`: the left half of the hash of a token or code — OIDC Core 3.1.3.6, 3.3.2.11.

    `alg` is that of the ID Token which will carry the hash. Raises JoseError for an algorithm without one.
    """
    digest = hashlib.new(algorithm_named(alg).hash, value.encode()).digest()
    return base64url(digest[: len(digest) // 2])


def check_secret(alg: str, secret: str) -> bytes:
    """The octets of a client secret that is to be an HMAC key — OIDC Core 10.1.

    Raises JoseError when it is shorter than the hash, which RFC 7518 3.2 forbids.
    """
    octets, needed = secret.encode(), hashlib.new(algorithm_named(alg).hash).digest_size
    if len(octets) < needed:
        raise JoseError(f"The client secret has {len(octets)} octets; {alg} needs at least {needed} (RFC 7518 3.2)")
    return octets
