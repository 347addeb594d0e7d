"""Sealing: client secrets as a store keeps them, encrypted under a key it doesn't have — NIST SP 800-38D."""

import os

from oidc_harness.protocol.jose_compact import base64url, base64url_decode
from oidc_harness.protocol.jose_error import JoseError

SECRET_KEY_OCTETS = 32
_NONCE_OCTETS = 12
_PREFIX = "sealed1."


def seal(secret_key: bytes, text: str) -> str:
    """`text` encrypted under `secret_key` (32 octets); the same text is sealed differently each time.

    Raises JoseError when the key has another length.
    """
    # The library is slow to import; a start without sealed secrets needs none of it.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    _check_length(secret_key)
    # Not the realm's entropy, which can be seeded: a nonce used twice under one key gives the texts away.
    nonce = os.urandom(_NONCE_OCTETS)
    sealed = AESGCM(secret_key).encrypt(nonce, text.encode(), _PREFIX.encode())
    return _PREFIX + base64url(nonce + sealed)


def unseal(secret_key: bytes, sealed: str) -> str:
    """The text that `seal` was given.

    Raises JoseError when the key is another one or the sealed text was changed.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    _check_length(secret_key)
    if not sealed.startswith(_PREFIX):
        raise JoseError(f"The sealed secret doesn't begin with {_PREFIX!r}; it was not made by this program")
    data = base64url_decode(sealed.removeprefix(_PREFIX), "sealed secret")
    try:
        opened = AESGCM(secret_key).decrypt(data[:_NONCE_OCTETS], data[_NONCE_OCTETS:], _PREFIX.encode())
    except (InvalidTag, ValueError):
        raise JoseError("The sealed secret can't be opened: it was changed, or sealed under another key") from None
    return opened.decode()


def _check_length(secret_key: bytes) -> None:
    if len(secret_key) != SECRET_KEY_OCTETS:
        raise JoseError(f"The sealing key has {len(secret_key)} octets; it must have {SECRET_KEY_OCTETS}")
