"""When a certificate proves an application: mutual-TLS client authentication (RFC 8705 2)."""

from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.protocol.certificate import ClientCertificate, registered_certificate
from oidc_harness.protocol.client_keys import ClientKeys
from oidc_harness.protocol.errors import OAuthError, invalid_client
from oidc_harness.protocol.spec import spec

BY_AUTHORITY, SELF_SIGNED = "tls_client_auth", "self_signed_tls_client_auth"
NAMES = (
    "tls_client_auth_subject_dn",
    "tls_client_auth_san_dns",
    "tls_client_auth_san_uri",
    "tls_client_auth_san_ip",
    "tls_client_auth_san_email",
)
"""Fields of an application that say which name its certificate has to have; one of them is set (RFC 8705 2.1.2)."""


@dataclass(frozen=True, slots=True)
class Presented:
    """What the connection of a request proves, and what that is held against."""

    certificate: ClientCertificate | None = None
    address: str | None = None
    """Where this endpoint takes certificates. None: nowhere."""
    authorities: tuple[bytes, ...] = ()
    """Certificates, as DER, of those whose word counts for `tls_client_auth`."""


def check_certificate(presented: Presented, application: Application, method: str, keys: ClientKeys, now: int) -> None:
    """Hold the certificate against what the application registered.

    `method`: which of the two; `keys`: those of the application, for certificates that sign themselves; `now`: seconds
    since 1970. Raises `invalid_client`, which says what is missing.
    """
    certificate = presented.certificate
    if certificate is None:
        raise _refused("no client certificate came with the connection", _where_to(presented.address))
    if method == SELF_SIGNED:
        _check_registered(certificate, keys)
    else:
        _check_chain(certificate, presented.authorities, now)
        _check_name(certificate, application)


def has_certificate(certificate: ClientCertificate, keys: ClientKeys) -> bool:
    """Whether it is among those that the client registered with its keys (RFC 8705 2.2)."""
    return any(registered_certificate(jwk) == certificate.own for jwk in keys.keys)


def _where_to(address: str | None) -> str:
    if address is None:
        return "this server asks no connection for one; start it with --mtls-port"
    return f"present it at {address} (mtls_endpoint_aliases, RFC 8705 5); nobody is asked for one elsewhere"


def _check_registered(certificate: ClientCertificate, keys: ClientKeys) -> None:
    """The chain means nothing here, and neither does when it ends: the client registered this very certificate."""
    if keys.fault:
        raise _refused("client certificate cannot be compared", keys.fault, "2.2")
    if has_certificate(certificate, keys):
        return
    known = sum(registered_certificate(jwk) is not None for jwk in keys.keys)
    detail = (
        f"its x5t#S256 is {certificate.thumbprint}; registered are {known} certificates (x5c of a key), not this one"
    )
    raise _refused("client certificate is not registered", detail, "2.2")


def _check_chain(certificate: ClientCertificate, authorities: tuple[bytes, ...], now: int) -> None:
    if not authorities:
        raise _refused("tls_client_auth is not offered", "no authority is trusted; start with --mtls-ca FILE", "2.1")
    from oidc_harness.protocol.x509 import why_untrusted  # brings in cryptography

    fault = why_untrusted(certificate.chain, authorities, now)
    if fault is not None:
        raise _refused("client certificate is not trusted", fault, "2.1")


def _check_name(certificate: ClientCertificate, application: Application) -> None:
    from oidc_harness.protocol.x509 import why_not_named

    field = next((name for name in NAMES if getattr(application, name) is not None), None)
    if field is None:
        raise _refused("client certificate cannot be compared", f"{application.id} registered no name for it", "2.1.2")
    fault = why_not_named(certificate.own, field, getattr(application, field))
    if fault is not None:
        raise _refused("client certificate is of another name", fault, "2.1.2")


def _refused(description: str, detail: str, section: str = "2") -> OAuthError:
    return invalid_client(description, detail, spec(f"RFC8705-{section}"))
