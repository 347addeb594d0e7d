"""Certificates of servers: those that are made at the start and forgotten at the end, and how strong others' keys are.

Each server has an authority of its own, whose key is thrown away as soon as it has signed the one certificate: whoever
trusts it trusts this server and nothing that is ever signed later. It brings in cryptography, so it is imported where
such a certificate is asked for.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from oidc_harness.protocol.x509 import why_weak as why_weak_key

DAYS = 365
"""How long a certificate is valid. Browsers take none that is valid for more than 398."""
_SKEW = timedelta(days=1)
"""How far the clock of a client may be behind."""
_PEM = serialization.Encoding.PEM
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MadeCertificate:
    """A certificate for a server, as PEM texts."""

    authority: bytes
    """What clients are to trust."""
    certificate: bytes
    private_key: bytes
    """Encrypted with the password it was made with."""


def make_certificate(names: Iterable[str], now: float, password: bytes) -> MadeCertificate:
    """A P-256 certificate for these host names and addresses (RFC 5280, RFC 6125 6.4).

    `now`: seconds since 1970. Raises `ValueError` for a name that no certificate can carry.
    """
    alternatives = tuple(map(_general_name, names))
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key, now)
    certificate = (
        _begun("oidc-harness", authority.subject, key, now)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    sealed = serialization.BestAvailableEncryption(password)
    private = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, sealed)
    return MadeCertificate(authority.public_bytes(_PEM), certificate.public_bytes(_PEM), private)


def why_weak(pem: bytes) -> str | None:
    """Why nobody should trust the first certificate of a PEM text, for a person; None if they may.

    What is no certificate has no key; that it cannot be used is for others to say.
    """
    try:
        return why_weak_key(x509.load_pem_x509_certificate(pem))
    except (ValueError, UnsupportedAlgorithm):
        return None


def private_key(pem: bytes, password: str | None) -> Any:
    """The key in a PEM text. Raises `ValueError` or `TypeError` where it has none, or the password does not fit."""
    return serialization.load_pem_private_key(pem, None if password is None else password.encode())


def _authority(key: ec.EllipticCurvePrivateKey, now: float) -> x509.Certificate:
    name = "oidc-harness authority for one start"
    return (
        _begun(name, _named(name), key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _begun(subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: float) -> x509.CertificateBuilder:
    start = datetime.fromtimestamp(now, UTC) - _SKEW
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(_named(subject))
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        labels = name.removesuffix(".").split(".")
    if len(name) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError(f"{name!a} is no host name that a certificate can carry; write it in ASCII (as xn--…)")
    return x509.DNSName(name)
