"""Signature octets from private keys, and new private keys — RFC 7518 3, RFC 8037 3.1, RFC 8812 3.2.

A private key is loaded once and without the primality check, which costs a hundred signatures; from then on a
signature costs what the cryptography library takes for it.
"""

import hmac
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from oidc_harness.protocol.jose_algorithms import Algorithm, algorithm_named, key_kind
from oidc_harness.protocol.jose_compact import base64url_decode
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.protocol.jose_key import MINIMUM_RSA_BITS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

Sign = Callable[[bytes], bytes]
"""Signing input in, signature octets out."""


def sign_bytes(alg: str, private: str | bytes, signing_input: bytes) -> bytes:
    """The octets of the signature over `signing_input`; none for alg "none".

    `private` is a private JWK as JSON text, or the octets of an HMAC key. Key and algorithm need only be of
    one `kty`: an ES256 signature by a P-384 key is made. Raises JoseError when they are not.
    """
    if alg == "none":
        return b""
    if isinstance(private, str):
        return _signer(alg, private)(signing_input)
    algorithm = algorithm_named(alg)
    if algorithm.kty != "oct":
        raise JoseError(f"{alg} signs with a private JWK, not with the octets of a secret")
    return hmac.digest(private, signing_input, algorithm.hash)


def generate_private_jwk(alg: str) -> dict[str, Any]:
    """A new private JWK for `alg`, with its `alg` and `use`; an RSA key has 2048 bits.

    Takes tens of milliseconds for RSA. Raises JoseError for an algorithm without key pairs.
    """
    # Slow to import, and keys are seldom made: realms start with ready-made ones.
    from joserfc.jwk import generate_key

    kind = key_kind(alg)
    size = MINIMUM_RSA_BITS if kind.kty == "RSA" else kind.crv
    key = generate_key(cast(Any, kind.kty), cast(Any, size))
    return {**key.as_dict(private=True), "alg": alg, "use": kind.use}


@lru_cache(maxsize=256)
def _signer(alg: str, private_jwk: str) -> Sign:
    algorithm = algorithm_named(alg)
    try:
        jwk = json.loads(private_jwk)
        if jwk["kty"] != algorithm.kty:
            raise JoseError(f"{alg} signs with a key of kty {algorithm.kty!r}")
        return _SCHEMES[algorithm.scheme](algorithm, jwk)
    # Not chained: what the parser and the library quote could be the key.
    except KeyError as missing:
        raise JoseError(f"The private key has no member {missing}") from None
    except (TypeError, ValueError):
        raise JoseError("The private key is not a JWK with sound numbers") from None


def _pkcs1(algorithm: Algorithm, jwk: Mapping[str, str]) -> Sign:
    from cryptography.hazmat.primitives.asymmetric import padding

    key, scheme, hash_ = _rsa_key(jwk), padding.PKCS1v15(), _hash(algorithm)
    return lambda signing_input: key.sign(signing_input, scheme, hash_)


def _pss(algorithm: Algorithm, jwk: Mapping[str, str]) -> Sign:
    from cryptography.hazmat.primitives.asymmetric import padding

    key, hash_ = _rsa_key(jwk), _hash(algorithm)
    # RFC 7518 3.5: the salt is as long as the hash.
    scheme = padding.PSS(mgf=padding.MGF1(hash_), salt_length=hash_.digest_size)
    return lambda signing_input: key.sign(signing_input, scheme, hash_)


def _ecdsa(algorithm: Algorithm, jwk: Mapping[str, str]) -> Sign:
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    key, scheme = _ec_key(jwk), _ecdsa_scheme(_hash(algorithm))
    size = (key.curve.key_size + 7) // 8

    def sign(signing_input: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(signing_input, scheme))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    return sign


def _eddsa(_algorithm: Algorithm, jwk: Mapping[str, str]) -> Sign:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(_octets(jwk, "d")).sign


def _rsa_key(jwk: Mapping[str, str]) -> "RSAPrivateKey":
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers, RSAPublicNumbers

    numbers = RSAPrivateNumbers(
        p=_number(jwk, "p"),
        q=_number(jwk, "q"),
        d=_number(jwk, "d"),
        dmp1=_number(jwk, "dp"),
        dmq1=_number(jwk, "dq"),
        iqmp=_number(jwk, "qi"),
        public_numbers=RSAPublicNumbers(e=_number(jwk, "e"), n=_number(jwk, "n")),
    )
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def _ec_key(jwk: Mapping[str, str]) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    curves: Mapping[str, ec.EllipticCurve] = {
        "P-256": ec.SECP256R1(),
        "P-384": ec.SECP384R1(),
        "P-521": ec.SECP521R1(),
        "secp256k1": ec.SECP256K1(),
    }
    return ec.derive_private_key(_number(jwk, "d"), curves[jwk["crv"]])


def _ecdsa_scheme(hash_: "HashAlgorithm") -> "ECDSA":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

    try:
        # RFC 6979: a seeded realm signs the same token with the same octets each time. OpenSSL can since 3.2.
        return ECDSA(hash_, deterministic_signing=True)
    except UnsupportedAlgorithm:
        return ECDSA(hash_)


def _hash(algorithm: Algorithm) -> "HashAlgorithm":
    from cryptography.hazmat.primitives import hashes

    found: Mapping[str, hashes.HashAlgorithm] = {
        "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(),
        "sha512": hashes.SHA512(),
    }
    return found[algorithm.hash]


def _number(jwk: Mapping[str, str], name: str) -> int:
    return int.from_bytes(_octets(jwk, name), "big")


def _octets(jwk: Mapping[str, str], name: str) -> bytes:
    return base64url_decode(jwk[name], f"member {name!r} of the key")


def _no_key_pair(algorithm: Algorithm, _jwk: Mapping[str, str]) -> Sign:
    raise JoseError(f"{algorithm.name} signs with the octets of a secret, not with a JWK")


_SCHEMES: Mapping[str, Callable[[Algorithm, Mapping[str, str]], Sign]] = {
    "PKCS1": _pkcs1,
    "PSS": _pss,
    "ECDSA": _ecdsa,
    "EdDSA": _eddsa,
    "HMAC": _no_key_pair,
}
