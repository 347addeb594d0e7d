"""Scopes: which exist, what each gives, what a client may ask for (RFC 6749 3.3, OIDC Core 5.4)."""

import re

from oidc_harness.model.application import Application
from oidc_harness.protocol.errors import invalid_scope

CLAIMS_OF_SCOPE: dict[str, tuple[str, ...]] = {
    "openid": ("sub",),
    "profile": (
        "name",
        "family_name",
        "given_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
    ),
    "email": ("email", "email_verified"),
    "address": ("address",),
    "phone": ("phone_number", "phone_number_verified"),
    "groups": ("groups",),
    "offline_access": (),
}
"""OIDC Core 5.4 and 11, and A24: every scope of a realm with the claims it asks for."""

ID_TOKEN_SCOPES = frozenset({"groups"})
"""Scopes whose claims every ID token tells. Those of OIDC Core 5.4 are told by userinfo, where that can be asked."""

SCOPES_SUPPORTED = tuple(CLAIMS_OF_SCOPE)
CLAIMS_SUPPORTED = tuple(dict.fromkeys(claim for claims in CLAIMS_OF_SCOPE.values() for claim in claims))
PERSONAL_CLAIMS = frozenset(CLAIMS_SUPPORTED) - {"sub"}
"""What a person consents to."""

_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*")


def parse_scope(text: str | None) -> tuple[str, ...]:
    """The scope values of a request, each once, in order. Raises `invalid_scope` for malformed text (RFC 6749 3.3)."""
    if not text:
        return ()
    if not _TOKEN.fullmatch(text):
        raise invalid_scope(
            "scope is malformed",
            f"scope {text!r}: expected values separated by single spaces, printable ASCII without quote and backslash",
        )
    return tuple(dict.fromkeys(text.split(" ")))


def permitted_scopes(asked: tuple[str, ...], application: Application) -> tuple[str, ...]:
    """What of the asked scopes the application gets: unknown ones are ignored (OIDC Core 3.1.2.1).

    Raises `invalid_scope` where the application is limited to named scopes and asks beyond them (A23), and where
    nothing is left: an answer has no way to say that no scope was granted (RFC 6749 3.3, 5.1).
    """
    allowed = application.allowed_scopes
    if allowed:
        beyond = [value for value in asked if value not in allowed]
        if beyond:
            raise invalid_scope(
                f"scope {beyond[0]} is not allowed for this client",
                f"application {application.id} may ask for {' '.join(allowed)}; it asked for {' '.join(asked)}",
            )
        return asked
    known = tuple(value for value in asked if value in CLAIMS_OF_SCOPE)
    if asked and not known:
        raise invalid_scope(
            "no scope that is known here",
            f"asked for {' '.join(asked)}; this realm has {' '.join(SCOPES_SUPPORTED)}",
        )
    return known
