"""Verifying tokens of others, and of our own that come back — RFC 7515 5.2, RFC 7519 7.2, RFC 8725 3."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from oidc_harness.protocol.jose_algorithms import Algorithm, algorithm_named, check_secret
from oidc_harness.protocol.jose_compact import Compact, json_object, split
from oidc_harness.protocol.jose_error import JoseError, shown
from oidc_harness.protocol.jose_key import KEY_TYPES, check_public_members

if TYPE_CHECKING:
    from joserfc.jwa import JWSAlgModel
    from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

    PublicKey = RSAKey | ECKey | OKPKey

KeySource = Sequence[Mapping[str, Any]] | str
"""The public JWKs that may have signed, or the client secret."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A token whose signature is right. Whether its claims are is for its reader."""

    header: dict[str, Any]
    claims: dict[str, Any]


def verify(token: str, keys: KeySource, *, algorithms: Collection[str]) -> Verified:
    """Header and claims of a token signed under one of `algorithms` by one of `keys`.

    A `kid` in the header chooses the key, and an unknown one is an error; without it each key that suits is
    tried. Keys or addresses of keys in the header are never used. An unsigned token passes only if
    `algorithms` has "none". Raises JoseError for everything else that came, of whatever shape.
    """
    compact = split(token)
    alg = _allowed_algorithm(compact.header, algorithms)
    _refuse_extensions(compact.header)
    if alg == "none":
        _check_unsigned(compact)
    elif isinstance(keys, str):
        _check_secret_signature(compact, algorithm_named(alg), keys)
    else:
        _check_key_signature(compact, algorithm_named(alg), keys)
    return Verified(compact.header, json_object(compact.payload, "payload"))


def _allowed_algorithm(header: Mapping[str, Any], algorithms: Collection[str]) -> str:
    alg = header.get("alg")
    if not isinstance(alg, str):
        raise JoseError("The header has no alg that is text (RFC 7515 4.1.1)")
    if alg not in algorithms:
        accepted = ", ".join(sorted(algorithms)) or "none"
        raise JoseError(f"The token's alg is {shown(alg)}; accepted here: {accepted} (RFC 8725 3.1)")
    return alg


def _refuse_extensions(header: Mapping[str, Any]) -> None:
    if "crit" in header:
        raise JoseError("The header has crit; no extension is understood here (RFC 7515 4.1.11)")
    if "b64" in header:
        raise JoseError("The header has b64; a JWT's payload is always base64url (RFC 7797 7)")


def _check_unsigned(compact: Compact) -> None:
    if compact.signature:
        raise JoseError("The token's alg is none and yet it has a signature (RFC 7518 3.6)")


def _check_secret_signature(compact: Compact, algorithm: Algorithm, secret: str) -> None:
    if algorithm.kty != "oct":
        raise JoseError(f"{algorithm.name} is verified with a public key; only a client secret is known")
    if not _signed_by(compact, algorithm, _secret_key(check_secret(algorithm.name, secret))):
        raise JoseError(f"The {algorithm.name} signature was not made with this client's secret")


def _check_key_signature(compact: Compact, algorithm: Algorithm, keys: Iterable[Mapping[str, Any]]) -> None:
    if algorithm.kty == "oct":
        raise JoseError(f"{algorithm.name} is verified with a client secret; only public keys are known")
    candidates = _suitable(_named(keys, compact.header), algorithm)
    if not any(_signed_by(compact, algorithm, key) for key in candidates):
        kid = f"key {shown(compact.header['kid'])}" if "kid" in compact.header else "any of the known keys"
        raise JoseError(f"The {algorithm.name} signature was not made by {kid}")


def _named(keys: Iterable[Mapping[str, Any]], header: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The keys the header's `kid` names; all of them when it names none."""
    if "kid" not in header:
        return list(keys)
    kid = header["kid"]
    if not isinstance(kid, str):
        raise JoseError("The header's kid is not text (RFC 7515 4.1.4)")
    known = list(keys)
    named = [jwk for jwk in known if jwk.get("kid") == kid]
    if not named:
        kids = ", ".join(shown(jwk["kid"]) for jwk in known[:_KIDS_SHOWN] if "kid" in jwk) or "none"
        raise JoseError(f"The header's kid is {shown(kid)}; known key ids: {kids}")
    return named


_KIDS_SHOWN = 10


def _suitable(keys: Iterable[Mapping[str, Any]], algorithm: Algorithm) -> "list[PublicKey]":
    """Those of the keys that can verify under the algorithm; one that can't hides no other (RFC 7517 5)."""
    suitable, reasons = [], []
    for jwk in keys:
        try:
            _check_suits(jwk, algorithm)
            suitable.append(imported_public_key(jwk))
        except JoseError as reason:
            reasons.append(str(reason))
    if not suitable:
        raise JoseError(reasons[0] if reasons else "No key is known that could have signed the token")
    return suitable


def suits(jwk: Mapping[str, Any], alg: str) -> bool:
    """Whether the key is of the kind that `alg` takes, and for verifying signatures by it."""
    try:
        _check_suits(jwk, algorithm_named(alg))
    except JoseError:
        return False
    return True


def _check_suits(jwk: Mapping[str, Any], algorithm: Algorithm) -> None:
    """Raises JoseError when the key is of another type, or states another purpose (RFC 7517 4)."""
    wanted = {"kty": algorithm.kty, "crv": algorithm.crv}
    stated = {"alg": (None, algorithm.name), "use": (None, "sig")}
    for name, value in wanted.items():
        if jwk.get(name) != value:
            raise JoseError(f"{algorithm.name} needs a key with {name} {value}; this one's is {shown(jwk.get(name))}")
    for name, accepted in stated.items():
        if jwk.get(name) not in accepted:
            raise JoseError(f"The key is for {name} {shown(jwk[name])} only, not for {accepted[1]}")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise JoseError("The key's key_ops don't have verify (RFC 7517 4.3)")


def imported_public_key(jwk: Mapping[str, Any]) -> "PublicKey":
    """The key as the library takes it. Raises JoseError for members that make no sound public key."""
    names = ("kty", *KEY_TYPES[jwk["kty"]].public)
    # Private and common members are left out: only what is checked here reaches the library.
    members = tuple((name, jwk[name]) for name in names if isinstance(jwk.get(name), str))
    return _imported(members)


@lru_cache(maxsize=512)
def _imported(members: tuple[tuple[str, str], ...]) -> "PublicKey":
    from joserfc.errors import JoseError as LibraryError
    from joserfc.jwk import import_key

    jwk: dict[str, str | list[str]] = {**dict(members)}
    check_public_members(jwk)
    try:
        return cast("PublicKey", import_key(jwk))
    # Not chained: the message above is for people, and tells all there is.
    except (LibraryError, ValueError):
        raise JoseError(f"The key's members don't make a sound {jwk['kty']} public key") from None


def _signed_by(compact: Compact, algorithm: Algorithm, key: "PublicKey | OctKey") -> bool:
    return _verifier(algorithm.name).verify(compact.signing_input, compact.signature, key)


@lru_cache
def _verifier(alg: str) -> "JWSAlgModel":
    # Slow to import, and many a realm never verifies a signature.
    from joserfc.jwa import JWS_ALGORITHMS

    return next(model for model in JWS_ALGORITHMS if model.name == alg)


def _secret_key(octets: bytes) -> "OctKey":
    from joserfc.jwk import OctKey

    # Not through import_key, which first tries to read the secret as five kinds of public key, each time.
    return OctKey(octets, octets)
