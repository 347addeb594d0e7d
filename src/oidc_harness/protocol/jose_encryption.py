"""Encrypting to a public key of somebody else — RFC 7516 5.1 and 7.1, RFC 7518 4 and 5, RFC 8037 3.2."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from oidc_harness.protocol.jose_error import JoseError, shown
from oidc_harness.protocol.jose_key import check_public_members
from oidc_harness.protocol.jose_verification import imported_public_key

if TYPE_CHECKING:
    from oidc_harness.protocol.jose_verification import PublicKey

_AGREED_ON = {"EC": ("P-256", "P-384", "P-521"), "OKP": ("X25519", "X448")}
"""Key types and curves of ECDH-ES. On secp256k1 nobody agrees on keys (RFC 8812 4)."""
_AGREEING = ("deriveKey", "deriveBits")
_OPERATIONS = {"RSA": ("wrapKey", "encrypt"), "EC": _AGREEING, "OKP": _AGREEING}


def encrypt(plaintext: str, jwk: Mapping[str, Any], *, alg: str, enc: str, cty: str | None) -> str:
    """The text in a JWE in compact form, to be opened with the private half of `jwk` alone.

    `cty` is "JWT" where the text is one (RFC 7519 5.2). Raises JoseError for a key that is not fit for `alg`.
    """
    # Slow to import, and few clients register for encryption.
    from joserfc.errors import JoseError as LibraryError
    from joserfc.jwe import encrypt_compact

    key = _fitting_key(jwk, alg)
    members = {"alg": alg, "enc": enc, "kid": jwk.get("kid"), "cty": cty}
    header = {name: value for name, value in members.items() if value is not None}
    try:
        return encrypt_compact(header, plaintext, key, algorithms=[alg, enc])
    except (LibraryError, ValueError):
        # A point with which everybody agrees on the same key is one that only the exchange notices (RFC 7748 6.1).
        raise JoseError(f"Nothing can be encrypted to this key under {alg}") from None


def encryption_key(keys: Iterable[Mapping[str, Any]], alg: str) -> Mapping[str, Any] | None:
    """The first of the keys that is fit for `alg`; one that is for encryption goes before one that does not say."""
    fit = [jwk for jwk in keys if fits(jwk, alg)]
    return next((jwk for jwk in fit if jwk.get("use") == "enc"), fit[0] if fit else None)


def fits(jwk: Mapping[str, Any], alg: str) -> bool:
    """Whether something can be encrypted to this key under `alg`."""
    try:
        _fitting_key(jwk, alg)
    except JoseError:
        return False
    return True


def keys_for(alg: str) -> str:
    """What is fit for `alg`, for people: key types with their curves."""
    if alg.startswith("RSA"):
        return "RSA"
    return ", ".join(f"{kty} {crv}" for kty, curves in _AGREED_ON.items() for crv in curves)


def _fitting_key(jwk: Mapping[str, Any], alg: str) -> "PublicKey":
    """The key. Raises JoseError when it is of another type, states another purpose (RFC 7517 4), or is no key."""
    check_public_members(jwk)
    if not _is_of_type(jwk, alg):
        raise JoseError(f"{alg} needs a key of type {keys_for(alg)}; this one is {shown(jwk['kty'])}")
    for name, accepted in (("use", "enc"), ("alg", alg)):
        if jwk.get(name) not in (None, accepted):
            raise JoseError(f"The key is for {name} {shown(jwk[name])} only, not for {accepted}")
    _check_operations(jwk.get("key_ops"), _OPERATIONS[jwk["kty"]])
    return imported_public_key(jwk)


def _check_operations(stated: object, needed: tuple[str, ...]) -> None:
    # Browsers export public keys for key agreement with an empty list.
    if stated in (None, []):
        return
    if not isinstance(stated, list) or not any(operation in needed for operation in stated):
        raise JoseError(f"The key's key_ops have none of {', '.join(needed)} (RFC 7517 4.3)")


def _is_of_type(jwk: Mapping[str, Any], alg: str) -> bool:
    if alg.startswith("RSA"):
        return bool(jwk["kty"] == "RSA")
    return jwk.get("crv") in _AGREED_ON.get(jwk["kty"], ())
