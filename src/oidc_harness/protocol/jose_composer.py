"""Composing tokens, honest and deliberately broken ones — RFC 7515 5.1 and 7.1.

`sign` and `sign_symmetric` make what the specifications ask for. `compose`, and below it `signing_input` and
`attach`, check nothing: header and signature may disagree, header and payload may be any octets, and what a
JOSE library would refuse to make can be made.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from oidc_harness.model.key import Key
from oidc_harness.protocol.jose_algorithms import algorithm_named, check_secret
from oidc_harness.protocol.jose_compact import base64url
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.protocol.jose_signature import sign_bytes

Part = Mapping[str, object] | bytes
"""A header or payload: a JSON object, or octets that go into the token as they are."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What a signature is made with. `alg` is how it is really made, whatever the header says."""

    alg: str
    private: str | bytes = field(repr=False)
    """A private JWK as JSON text, or the octets of an HMAC key."""


def signing_key(key: Key) -> SigningKey:
    """What `key` signs with."""
    return SigningKey(key.alg, key.private_jwk)


def compose(header: Part, payload: Part, key: SigningKey | None) -> str:
    """A token of this header and payload, signed with `key`; its third part is empty without one.

    The header is taken as it is: `alg` and `kid` may be absent or say something else. Raises JoseError only
    when `key` itself can't sign.
    """
    first_parts = signing_input(header, payload)
    return attach(first_parts, b"" if key is None else sign_bytes(key.alg, key.private, first_parts))


def sign(payload: Part, *, key: Key, typ: str | None = None) -> str:
    """The payload signed with a key of the realm; the header has `alg`, `kid` and, when given, `typ`."""
    first_parts = _header(key.alg, key.kid, typ) + b"." + _encoded(payload)
    return attach(first_parts, sign_bytes(key.alg, key.private_jwk, first_parts))


def sign_symmetric(payload: Part, *, alg: str, secret: str, typ: str | None = None) -> str:
    """The payload under HS256, HS384 or HS512 with a client secret — OIDC Core 10.1.

    Raises JoseError for another algorithm, or a secret shorter than its hash.
    """
    if algorithm_named(alg).kty != "oct":
        raise JoseError(f"{alg} signs with a key of the realm, not with a client secret")
    octets = check_secret(alg, secret)
    first_parts = _header(alg, None, typ) + b"." + _encoded(payload)
    return attach(first_parts, sign_bytes(alg, octets, first_parts))


def signing_input(header: Part, payload: Part) -> bytes:
    """The first two parts of a token: what its signature is over."""
    return _encoded(header) + b"." + _encoded(payload)


def attach(first_parts: bytes, signature: bytes) -> str:
    """The token of these first two parts and these signature octets, whether they sign it or not."""
    return f"{first_parts.decode('ascii')}.{base64url(signature)}"


# A realm has few keys and types of token: their headers are encoded once.
@lru_cache(maxsize=1024)
def _header(alg: str, kid: str | None, typ: str | None) -> bytes:
    members = {"alg": alg, "kid": kid, "typ": typ}
    return _encoded({name: value for name, value in members.items() if value is not None})


def _encoded(part: Part) -> bytes:
    octets = part if isinstance(part, bytes) else _JSON.encode(part).encode("ascii")
    return base64url(octets).encode("ascii")


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"A {type(value).__name__} has no form in JSON")


# Escaping all but ASCII keeps text that has no UTF-8 form from becoming a failure here.
_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_plain)
