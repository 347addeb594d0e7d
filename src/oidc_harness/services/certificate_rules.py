"""What an application says of the certificate by which it authenticates (A10, A11): one function per rule."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from oidc_harness.model.application import Application
from oidc_harness.protocol.certificate import registered_certificate
from oidc_harness.protocol.client_certificate import BY_AUTHORITY, NAMES, SELF_SIGNED
from oidc_harness.services.addresses import shown, why_no_email, why_no_host
from oidc_harness.services.errors import Invalid

METHODS = ("token_endpoint_auth_method", "introspection_endpoint_auth_method", "revocation_endpoint_auth_method")
"""The fields that say how the client authenticates."""


def check_certificate_name(application: Application, realm: object) -> None:
    """The name of the certificate is one, and there is exactly one where a method needs it (RFC 8705 2.1.2)."""
    given = {name: value for name in NAMES if (value := getattr(application, name)) is not None}
    for name, value in given.items():
        fault = _why_no_name(name, value)
        if fault is not None:
            raise Invalid(fault, field=name)
    if len(given) > 1:
        first, second, *_ = given
        raise Invalid(f"is given and {first} too; a certificate is told by one of them (RFC 8705 2.1.2)", field=second)
    if not given and _uses(application, BY_AUTHORITY):
        detail = f"is missing; {BY_AUTHORITY} needs exactly one of {', '.join(NAMES)} (RFC 8705 2.1.2)"
        raise Invalid(detail, field=NAMES[0])


def check_registered_certificate(application: Application, realm: object) -> None:
    """A certificate that signs itself stands with its key (RFC 8705 2.2.2)."""
    if not _uses(application, SELF_SIGNED) or application.jwks_uri is not None:
        return
    if not any(registered_certificate(jwk) for jwk in application.jwks):
        raise Invalid(
            f"has no key with a certificate; {SELF_SIGNED} needs one with x5c, or jwks_uri (RFC 8705 2.2.2)",
            field="jwks",
        )


def _uses(application: Application, method: str) -> bool:
    return method in {getattr(application, field) for field in METHODS}


def _why_no_name(field: str, name: str) -> str | None:
    match field.removeprefix("tls_client_auth_"):
        case "subject_dn":
            return _why_no_subject(name)
        case "san_dns":
            return why_no_host(name)
        case "san_email":
            return why_no_email(name)
        case "san_ip":
            return _why_no_ip(name)
        case _:
            return _why_no_uri(name)


def _why_no_subject(name: str) -> str | None:
    # It brings in cryptography, which few applications need.
    from oidc_harness.protocol.x509 import distinguished_name

    try:
        distinguished_name(name)
    except ValueError as reason:
        return f"{shown(name)} {reason}"
    return None


def _why_no_ip(name: str) -> str | None:
    try:
        ip_address(name)
    except ValueError:
        return f"{shown(name)} is no IP address, such as 192.0.2.1 or 2001:db8::1"
    return None


def _why_no_uri(name: str) -> str | None:
    fault = f"{shown(name)} is no absolute URI of visible ASCII, such as https://shop.example or spiffe://example/shop"
    try:
        parts = urlsplit(name)
    except ValueError:
        return fault
    sound = name.isascii() and name.isprintable() and " " not in name and parts.scheme and parts.netloc + parts.path
    return None if sound else fault
