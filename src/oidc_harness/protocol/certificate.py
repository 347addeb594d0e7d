"""ClientCertificate: what a client presented on its connection, as data, and what it registered with a key."""

from base64 import b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A certificate whose key the client has: TLS has proven that. What else it is worth is for the provider to say."""

    chain: tuple[bytes, ...]
    """Its own, then those that the client sent along, as DER."""

    @property
    def own(self) -> bytes:
        """The certificate of the client itself."""
        return self.chain[0]

    @property
    def thumbprint(self) -> str:
        """The SHA-256 of the DER, as `x5t#S256` has it (RFC 7515 4.1.8)."""
        return urlsafe_b64encode(sha256(self.own).digest()).rstrip(b"=").decode()


def registered_certificate(jwk: Mapping[str, Any]) -> bytes | None:
    """The certificate of a key, as DER: the first of its `x5c` (RFC 7517 4.7). None where it has none to be read."""
    listed = jwk.get("x5c")
    if not isinstance(listed, list | tuple) or not listed or not isinstance(listed[0], str):
        return None
    try:
        return b64decode(listed[0], validate=True)
    except (Base64Error, ValueError):
        return None
