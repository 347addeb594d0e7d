"""Entropy: ids, codes and secrets. Seeded on request, so that two runs give the same text."""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import digest


class SystemEntropy:
    """Unguessable text from the operating system."""

    __slots__ = ()

    def token(self, size: int = 32) -> str:
        """Text made of `size` random bytes in base64url."""
        return secrets.token_urlsafe(size)


class SeededEntropy:
    """The same text for the same seed and draw: HMAC-SHA256 over a counter. For comparing runs; guessable by design."""

    __slots__ = ("_drawn", "_key")

    def __init__(self, seed: str, draw: int) -> None:
        """Drawn anew for each request, by number, so that running again after a conflict draws the same."""
        self._key = sha256(f"{seed}\n{draw}".encode()).digest()
        self._drawn = 0

    def token(self, size: int = 32) -> str:
        """Text made of `size` bytes in base64url."""
        octets = b""
        while len(octets) < size:
            self._drawn += 1
            octets += digest(self._key, self._drawn.to_bytes(8, "big"), "sha256")
        return urlsafe_b64encode(octets[:size]).decode("ascii").rstrip("=")


SYSTEM = SystemEntropy()
