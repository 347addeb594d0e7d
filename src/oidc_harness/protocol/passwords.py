"""Passwords: how they are kept and compared."""

from base64 import b64encode
from hashlib import scrypt
from hmac import compare_digest

from oidc_harness.model.user import User

_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
"""16 MiB and some tens of milliseconds a try (RFC 7914 2)."""


def hash_password(password: str, salt: str) -> str:
    """scrypt of a password a person chose, as text with its salt. Slow by design: call it off the event loop."""
    return f"scrypt:{salt}:{_scrypt(password, salt)}"


def password_fits(password: str, user: User | None) -> bool:
    """Whether this is the user's password, in constant time. Slow by design where the password is hashed.

    An unknown user costs as much as a known one with a hashed password, so that time tells nobody who exists.
    """
    if user is not None and user.test_password is not None:
        return compare_digest(user.test_password.encode(), password.encode("utf-8", "surrogatepass"))
    stored = user.password_hash if user is not None else None
    _, salt, digest = (stored or "scrypt:none:none").split(":")
    return compare_digest(digest, _scrypt(password, salt)) and stored is not None


def _scrypt(password: str, salt: str) -> str:
    octets = password.encode("utf-8", "surrogatepass")
    digest = scrypt(octets, salt=salt.encode(), n=_COST, r=_BLOCK, p=_PARALLEL, maxmem=64 * 1024 * 1024, dklen=32)
    return b64encode(digest).decode()
