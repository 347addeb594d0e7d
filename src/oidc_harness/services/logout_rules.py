"""What the logout URIs of an application must be (A6): one function per rule, as in `application_rules`."""

from urllib.parse import urlsplit

from oidc_harness.model.application import Application
from oidc_harness.protocol.redirect_uri import why_not_registrable
from oidc_harness.services.errors import Invalid

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def check_backchannel_logout(application: Application, realm: object) -> None:
    """Absolute, http or https, without fragment; http for confidential clients or on loopback (Back-Channel 2.2)."""
    uri, field = application.backchannel_logout_uri, "backchannel_logout_uri"
    if uri is None:
        if application.backchannel_logout_session_required:
            raise Invalid("is missing; backchannel_logout_session_required says something about it", field=field)
        return
    fault = _why_no_logout_uri(uri, application.application_type)
    if fault is None and application.public and _is_plain(uri):
        fault = f"{uri!r}: a public client is told by https only, or on loopback (OIDC Back-Channel Logout 2.2)"
    if fault is not None:
        raise Invalid(fault, field=field)


def _why_no_logout_uri(uri: str, application_type: str) -> str | None:
    if "#" in uri:
        return f"{uri!r} has a fragment; a logout URI must have none"
    fault = why_not_registrable(uri, application_type)
    if fault is None and not uri.lower().startswith(("https:", "http:")):
        return f"{uri!r}: the provider can call http and https alone"
    return fault


def _is_plain(uri: str) -> bool:
    """Whether it goes over a network without TLS."""
    parts = urlsplit(uri)
    return parts.scheme == "http" and parts.hostname not in _LOOPBACK
