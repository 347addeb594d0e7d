"""Subject identifiers: public or pairwise (OIDC Core 8)."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import urlsplit

from oidc_harness.model.application import Application
from oidc_harness.model.user import User

SUBJECT_TYPES = ("public", "pairwise")


def subject_of(user: User, application: Application, issuer: str) -> str:
    """The `sub` this application sees for this user (OIDC Core 8, 8.1)."""
    if application.subject_type == "public":
        return user.id
    material = f"{sector_of(application)}\n{user.id}\n{issuer}"
    return urlsafe_b64encode(sha256(material.encode()).digest())[:-1].decode("ascii")


def sector_of(application: Application) -> str:
    """The sector of a pairwise subject: the host that all redirect URIs share (OIDC Core 8.1)."""
    uris = application.redirect_uris
    return (urlsplit(uris[0]).hostname or urlsplit(uris[0]).scheme) if uris else application.id
