"""Sealing: client secrets that have to be kept are encrypted with the server's key (A18)."""

import os
import secrets
from pathlib import Path


class Sealing:
    """Seals and unseals with one key of 32 bytes."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes | None = None) -> None:
        """Without a key: a new one, which serves as long as the process lives."""
        self._key = key or secrets.token_bytes(32)

    @classmethod
    def kept_in(cls, path: str) -> "Sealing":
        """With the key of this file, which is made for its owner alone where it is missing. Raises `OSError`."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(bytes.fromhex(Path(path).read_text("ascii")))
        key = secrets.token_bytes(32)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key.hex())
        return cls(key)

    def seal(self, text: str) -> str:
        """Encrypt."""
        from oidc_harness.protocol.jose import seal  # few servers keep a secret in the clear

        return seal(self._key, text)

    def unseal(self, sealed: str) -> str:
        """Decrypt. Raises `JoseError` where another key sealed it."""
        from oidc_harness.protocol.jose import unseal

        return unseal(self._key, sealed)
