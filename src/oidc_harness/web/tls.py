"""TLS: what this server agrees to, and with which certificate (BCP 195: RFC 9325, RFC 8996)."""

import re
import secrets
import ssl
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from oidc_harness.harness.clock import system_time
from oidc_harness.web.settings import OwnCertificate, SelfSigned, ServerSettings

SUITES = "ECDHE+AESGCM"
"""Suites of TLS 1.2: exactly those that RFC 9325 4.2 recommends, which have forward secrecy and encryption that
authenticates. Those of TLS 1.3 are all of that kind."""
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
"""Names that a made certificate is good for whatever else it is good for."""
_EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - it is compared, not bound


class TlsError(Exception):
    """TLS cannot be spoken as it was asked for; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Security:
    """What connections are secured with. None: they are not, or there are none of that kind."""

    ordinary: ssl.SSLContext | None = None
    asking: ssl.SSLContext | None = None
    """For those that are asked for a certificate of the client."""

    @property
    def contexts(self) -> tuple[ssl.SSLContext, ...]:
        """Both, or what there is."""
        return tuple(context for context in (self.ordinary, self.asking) if context is not None)


def server_security(settings: ServerSettings) -> Security:
    """What connections are secured with, with one certificate for all of them. Raises `TlsError`."""
    _check_mutual_tls(settings)
    if settings.tls is None:
        return Security()
    _check_urls(settings)
    security = Security(_ordinary_context(), _asking_context() if _asks(settings) else None)
    if isinstance(settings.tls, OwnCertificate):
        _load_own(security, settings.tls)
    else:
        _load_made(security, settings.tls, settings)
    return security


def _asks(settings: ServerSettings) -> bool:
    return settings.mutual_tls is not None and settings.mutual_tls.port is not None


def _check_mutual_tls(settings: ServerSettings) -> None:
    """Certificates come with a connection to here, or from a proxy that is known."""
    by_proxy = settings.mutual_tls is not None and not _asks(settings)
    if _asks(settings) and settings.tls is None:
        raise TlsError("client certificates are presented in TLS; say with which certificate this server speaks it")
    if by_proxy and not settings.trusted_proxies:
        raise TlsError("certificates that a proxy sends on are believed where the proxy is trusted; say which one is")
    url = None if settings.mutual_tls is None else settings.mutual_tls.url
    if by_proxy and url is None:
        raise TlsError("a proxy that asks for certificates has an address for that; say which one (url of MutualTls)")
    if url is not None and not url.startswith("https:"):
        raise TlsError(f"{url} begins with http:, but certificates are presented in TLS; say https:")


def _ordinary_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(SUITES)
    context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE | ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    context.set_alpn_protocols(["http/1.1"])
    return context


def _asking_context() -> ssl.SSLContext:
    from oidc_harness.web.asking import AskingContext  # brings in pyOpenSSL, for this alone

    return AskingContext(SUITES)


def client_authorities(settings: ServerSettings) -> tuple[bytes, ...]:
    """Certificates, as DER, of those who may vouch for clients. Raises `TlsError`."""
    path = None if settings.mutual_tls is None else settings.mutual_tls.ca_file
    if path is None:
        return ()
    from oidc_harness.protocol.x509 import load_authorities  # brings in cryptography

    try:
        return load_authorities(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        why = _told(error) if isinstance(error, OSError) else str(error)
        raise TlsError(f"{path}: expected PEM certificates of authorities: {why}") from None


def _check_urls(settings: ServerSettings) -> None:
    """An issuer that begins with http would lead to where only TLS is spoken."""
    for url in settings.urls:
        if not url.startswith("https:"):
            raise TlsError(f"{url} begins with http:, but this server speaks TLS; say https:, or leave TLS out")


def _load_own(security: Security, own: OwnCertificate) -> None:
    # It brings in cryptography, as below.
    from oidc_harness.web.certificate import why_weak

    try:
        weakness = why_weak(Path(own.cert_file).read_bytes())
        if weakness is not None:
            raise TlsError(f"{own.cert_file}: {weakness}")
        # A key with a password is refused: the library would ask at the terminal.
        for context in security.contexts:
            context.load_cert_chain(own.cert_file, own.key_file, password=_no_password)
    except OSError as error:
        files = f"{own.cert_file} and {own.key_file}"
        raise TlsError(f"{files}: expected a PEM certificate with its chain, and its key: {_told(error)}") from None


def _no_password() -> str:
    raise TlsError("the key is encrypted; give one without a password, readable by you alone")


def _told(error: OSError) -> str:
    """Why, in one line: OpenSSL knows reasons by names in capitals."""
    reason = getattr(error, "reason", None) or error.strerror or str(error)
    return re.sub(r"[_\s]+", " ", reason).strip().lower()


def _load_made(security: Security, made: SelfSigned, settings: ServerSettings) -> None:
    # It brings in cryptography, which a server without such a certificate does not need before it signs.
    from oidc_harness.web.certificate import make_certificate

    password = secrets.token_hex(32)
    try:
        certificate = make_certificate(certificate_names(settings), system_time(), password.encode())
    except ValueError as error:
        raise TlsError(str(error)) from None
    # OpenSSL reads files alone. What stands there for this moment is encrypted.
    with TemporaryDirectory(prefix="oidc-harness-") as directory:
        pem = Path(directory) / "server.pem"
        pem.write_bytes(certificate.certificate + certificate.private_key)
        for context in security.contexts:
            context.load_cert_chain(pem, password=password)
    if made.ca_out is not None:
        _write(Path(made.ca_out), certificate.authority)


def certificate_names(settings: ServerSettings) -> tuple[str, ...]:
    """Every name under which this server may be asked: each once, the most public one first."""
    given = settings.tls.hostname if isinstance(settings.tls, SelfSigned) else None
    urls = (urlsplit(url).hostname for url in settings.urls)
    listening = None if settings.host in _EVERY_ADDRESS else settings.host
    return tuple(dict.fromkeys(name for name in (given, *urls, listening, *LOCAL_NAMES) if name))


def _write(path: Path, authority: bytes) -> None:
    try:
        path.write_bytes(authority)
    except OSError as error:
        raise TlsError(f"{path} cannot be written: {error.strerror or error}") from None
