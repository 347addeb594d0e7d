"""Fingerprint: the id under which a secret is stored, so that a copy of the store gives nobody the secret."""

from base64 import urlsafe_b64encode
from hashlib import sha256


def fingerprint(secret: str) -> str:
    """SHA-256 of the text in base64url without padding."""
    return urlsafe_b64encode(sha256(secret.encode("utf-8", "surrogatepass")).digest())[:-1].decode("ascii")
