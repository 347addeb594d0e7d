"""Opening what others encrypted to a key of the realm — RFC 7516 5.2, RFC 7518 4 and 5, RFC 8725 3."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from oidc_harness.model.encryption import CONTENT_ENCRYPTIONS
from oidc_harness.model.key import Key, KeyRing
from oidc_harness.protocol.jose_compact import MAXIMUM_CHARACTERS, base64url_decode, json_object
from oidc_harness.protocol.jose_error import JoseError, shown

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, OKPKey, RSAKey

MOST_TRIED = 4
"""Keys that are tried for a token that names none: each costs as much as a signature."""
_CANNOT = "It cannot be decrypted: it was not encrypted to a key of this realm, or was changed on the way"
"""The one answer to everything that goes wrong with keys and octets, so that nobody learns which of it did (RFC 7516
11.5)."""


@dataclass(frozen=True, slots=True)
class Decrypted:
    """What was encrypted. Who did that is not known: anybody can encrypt to a public key."""

    header: Mapping[str, Any]
    plaintext: bytes


def is_encrypted(token: str) -> bool:
    """Whether it has the five parts of a JWE in compact form (RFC 7516 3.1, 9)."""
    return token.count(".") == 4


def decrypt(token: str, ring: KeyRing) -> Decrypted:
    """What is in a JWE for a key of this ring.

    A `kid` in the header chooses the key; without it the newest that suit are tried. Nothing compressed is opened, so
    that what comes out is no larger than what came in (RFC 8725 3.6). Raises JoseError for all else, of whatever shape.
    """
    header = _header(token)
    _check_algorithms(header, ring)
    for key in _named(header, ring):
        plaintext = _opened(token, header, key)
        if plaintext is not None:
            return Decrypted(header, plaintext)
    raise JoseError(_CANNOT)


def _header(token: str) -> Mapping[str, Any]:
    if not token.isascii() or len(token) > MAXIMUM_CHARACTERS:
        raise JoseError(f"It is not ASCII text of at most {MAXIMUM_CHARACTERS} characters")
    parts = token.split(".")
    if len(parts) != 5:
        raise JoseError(f"It has {len(parts)} parts; the compact form of what is encrypted has five (RFC 7516 7.1)")
    return json_object(base64url_decode(parts[0], "header"), "header")


def _check_algorithms(header: Mapping[str, Any], ring: KeyRing) -> None:
    for name, offered in (("alg", ring.encryption_algorithms()), ("enc", CONTENT_ENCRYPTIONS)):
        if header.get(name) not in offered:
            accepted = ", ".join(offered) or "none"
            raise JoseError(f"Its {name} is {shown(header.get(name))}; accepted here: {accepted} (RFC 8725 3.1)")
    if "zip" in header:
        raise JoseError("It is compressed (zip), which is not taken here; send it as it is (RFC 8725 3.6)")
    if "crit" in header:
        raise JoseError("Its header has crit; no extension is understood here (RFC 7516 4.1.13)")


def _named(header: Mapping[str, Any], ring: KeyRing) -> Iterable[Key]:
    suitable = ring.decryption_keys(header["alg"])
    if "kid" not in header:
        return suitable[:MOST_TRIED]
    named = [key for key in suitable if key.kid == header["kid"]]
    if not named:
        published = ", ".join(key.kid for key in suitable if key.status != "retired") or "none"
        raise JoseError(f"Its kid is {shown(header['kid'])}; for {header['alg']} the key set has: {published}")
    return named


def _opened(token: str, header: Mapping[str, Any], key: Key) -> bytes | None:
    # Slow to import, and few clients encrypt what they ask.
    from joserfc.errors import JoseError as LibraryError
    from joserfc.jwe import JWERegistry, decrypt_compact

    # What is not understood in a header is passed over (RFC 7516 4).
    registry = JWERegistry(algorithms=[header["alg"], header["enc"]], strict_check_header=False)
    try:
        return decrypt_compact(token, _private_key(key.private_jwk), registry=registry).plaintext
    # What the library finds wrong with parts of a token that anybody may have made, it tells in each of these ways.
    except (LibraryError, ValueError, TypeError, KeyError, AttributeError, AssertionError):
        return None


@lru_cache(maxsize=64)
def _private_key(private_jwk: str) -> "RSAKey | ECKey | OKPKey":
    from joserfc.jwk import import_key

    members = json.loads(private_jwk)
    key: Any = import_key({name: value for name, value in members.items() if name not in ("alg", "use", "kid")})
    found: RSAKey | ECKey | OKPKey = key
    return found
