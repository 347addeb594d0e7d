"""What the logout URIs of an application must be (A6): one function per rule, as in `application_rules`."""

from urllib.parse import urlsplit

from oidc_harness.model.application import Application
from oidc_harness.protocol.frontchannel_logout import place_of
from oidc_harness.protocol.origin import origin_of
from oidc_harness.protocol.redirect_uri import LOOPBACK, why_not_registrable, why_query_collides
from oidc_harness.services.addresses import why_no_address
from oidc_harness.services.errors import Invalid

_ADDED = frozenset({"iss", "sid"})
"""What is added to the query of a front-channel URI (OIDC Front-Channel Logout 3)."""


def check_backchannel_logout(application: Application, realm: object) -> None:
    """Absolute, http or https, without fragment; http for confidential clients or on loopback (Back-Channel 2.2)."""
    uri, field = application.backchannel_logout_uri, "backchannel_logout_uri"
    if uri is None:
        if application.backchannel_logout_session_required:
            raise Invalid("is missing; backchannel_logout_session_required says something about it", field=field)
        return
    if application.backchannel_logout_session_required and application.backchannel_logout_claims == "sub":
        said = "leaves out sid, which backchannel_logout_session_required demands (OIDC Back-Channel Logout 2.2)"
        raise Invalid(said, field="backchannel_logout_claims")
    fault = _why_no_logout_uri(uri, application.application_type)
    if fault is None and application.public and _is_plain(uri):
        fault = f"{uri!r}: a public client is told by https only, or on loopback (OIDC Back-Channel Logout 2.2)"
    if fault is not None:
        raise Invalid(fault, field=field)


def check_frontchannel_logout(application: Application, realm: object) -> None:
    """As above, and at the scheme, host and port of a redirect URI (Front-Channel 2)."""
    uri, field = application.frontchannel_logout_uri, "frontchannel_logout_uri"
    if uri is None:
        if application.frontchannel_logout_session_required:
            raise Invalid("is missing; frontchannel_logout_session_required says something about it", field=field)
        return
    fault = _why_no_logout_uri(uri, application.application_type) or why_query_collides(uri, _ADDED)
    if fault is None and not any(_same_place(uri, other) for other in application.redirect_uris):
        fault = f"{uri!r}: scheme, host and port must be those of a redirect URI (OIDC Front-Channel Logout 2)"
    if fault is not None:
        raise Invalid(fault, field=field)


def _same_place(uri: str, other: str) -> bool:
    try:
        return place_of(uri) == place_of(other)
    except ValueError:
        return False  # a redirect URI that is none is refused by its own rule


def _why_no_logout_uri(uri: str, application_type: str) -> str | None:
    if "#" in uri:
        return f"{uri!r} has a fragment; a logout URI must have none"
    fault = why_not_registrable(uri, application_type)
    if fault is None and not uri.lower().startswith(("https:", "http:")):
        return f"{uri!r}: it has to be http or https"
    return fault or why_no_address(origin_of(uri), application_type)


def _is_plain(uri: str) -> bool:
    """Whether it goes over a network without TLS."""
    parts = urlsplit(uri)
    return parts.scheme == "http" and parts.hostname not in LOOPBACK
