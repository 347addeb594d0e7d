"""Entropy: where ids, codes, tokens and secrets come from. Given as an argument, so that a realm can be seeded."""

from typing import Protocol


class Entropy(Protocol):
    """A source of unguessable text, unless the realm was seeded to give the same text twice."""

    def token(self, size: int = 32) -> str:
        """Text made of `size` random bytes in base64url."""
        ...
