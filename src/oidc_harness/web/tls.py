"""TLS: what this server agrees to, and with which certificate (BCP 195: RFC 9325, RFC 8996)."""

import re
import secrets
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from oidc_harness.harness.clock import system_time
from oidc_harness.web.settings import OwnCertificate, SelfSigned, ServerSettings, Tls

SUITES = "ECDHE+AESGCM"
"""Suites of TLS 1.2: exactly those that RFC 9325 4.2 recommends, which have forward secrecy and encryption that
authenticates. Those of TLS 1.3 are all of that kind."""
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
"""Names that a made certificate is good for whatever else it is good for."""
_EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - it is compared, not bound


class TlsError(Exception):
    """TLS cannot be spoken as it was asked for; the message says why, for people."""


def server_context(settings: ServerSettings) -> ssl.SSLContext | None:
    """What connections are secured with; None: they are not. Raises `TlsError`."""
    if settings.tls is None:
        return None
    _check_urls(settings)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(SUITES)
    context.options |= ssl.OP_CIPHER_SERVER_PREFERENCE | ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    context.set_alpn_protocols(["http/1.1"])
    _load(context, settings.tls, settings)
    return context


def _check_urls(settings: ServerSettings) -> None:
    """An issuer that begins with http would lead to where only TLS is spoken."""
    for url in (settings.public_url, settings.internal_url):
        if url is not None and not url.startswith("https:"):
            raise TlsError(f"{url} begins with http:, but this server speaks TLS; say https:, or leave TLS out")


def _load(context: ssl.SSLContext, tls: Tls, settings: ServerSettings) -> None:
    if isinstance(tls, OwnCertificate):
        _load_own(context, tls)
    else:
        _load_made(context, tls, settings)


def _load_own(context: ssl.SSLContext, own: OwnCertificate) -> None:
    # It brings in cryptography, as below.
    from oidc_harness.web.certificate import why_weak

    try:
        weakness = why_weak(Path(own.cert_file).read_bytes())
        if weakness is not None:
            raise TlsError(f"{own.cert_file}: {weakness}")
        # A key with a password is refused: the library would ask at the terminal.
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


def _load_made(context: ssl.SSLContext, made: SelfSigned, settings: ServerSettings) -> None:
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
        context.load_cert_chain(pem, password=password)
    if made.ca_out is not None:
        _write(Path(made.ca_out), certificate.authority)


def certificate_names(settings: ServerSettings) -> tuple[str, ...]:
    """Every name under which this server may be asked: each once, the most public one first."""
    given = settings.tls.hostname if isinstance(settings.tls, SelfSigned) else None
    urls = (urlsplit(url).hostname for url in (settings.public_url, settings.internal_url) if url is not None)
    listening = None if settings.host in _EVERY_ADDRESS else settings.host
    return tuple(dict.fromkeys(name for name in (given, *urls, listening, *LOCAL_NAMES) if name))


def _write(path: Path, authority: bytes) -> None:
    try:
        path.write_bytes(authority)
    except OSError as error:
        raise TlsError(f"{path} cannot be written: {error.strerror or error}") from None
