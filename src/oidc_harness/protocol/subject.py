"""Subject identifiers: public or pairwise (OIDC Core 8)."""

from base64 import urlsafe_b64encode
from hmac import digest
from urllib.parse import urlsplit

from oidc_harness.model.application import Application
from oidc_harness.model.user import User

SUBJECT_TYPES = ("public", "pairwise")


def subject_of(user: User, application: Application, salt: str) -> str:
    """The `sub` this application sees for this user (OIDC Core 8, 8.1).

    Without `salt`, the realm's secret, nobody can tell whose pairwise subject it is, or compute another sector's.
    """
    return subject_for(user.id, application, salt)


def subject_for(user_id: str, application: Application, salt: str) -> str:
    """The same by the user's id alone: what a notice needs about somebody who is deleted by now."""
    if application.subject_type == "public":
        return user_id
    material = f"{sector_of(application)}\n{user_id}"
    return urlsafe_b64encode(digest(salt.encode(), material.encode(), "sha256"))[:-1].decode("ascii")


def sector_of(application: Application) -> str:
    """The sector of a pairwise subject: the host of `sector_identifier_uri`, else of the redirect URIs (Core 8.1)."""
    if application.sector_identifier_uri is not None:
        return urlsplit(application.sector_identifier_uri).hostname or application.id
    uris = application.redirect_uris
    return (urlsplit(uris[0]).hostname or urlsplit(uris[0]).scheme) if uris else application.id
