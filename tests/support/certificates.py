"""Certificates as clients have them: made here, by authorities of their own or by themselves (RFC 5280)."""

import ssl
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from joserfc.jwk import ECKey

DAY = timedelta(days=1)
NAMES: Mapping[str, Any] = {
    "dns": x509.DNSName,
    "uri": x509.UniformResourceIdentifier,
    "ip": lambda text: x509.IPAddress(ip_address(text)),
    "email": x509.RFC822Name,
}


@dataclass(frozen=True)
class Held:
    """A certificate, with the key to it, and those it depends on."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    along: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def jwk(self, **members: Any) -> dict[str, Any]:
        """What a client registers: the public key, and the certificate (RFC 8705 2.2.2)."""
        public = ECKey.import_key(self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        return {**public.as_dict(private=False), "x5c": [b64encode(self.der).decode()], **members}

    def pem_file(self, directory: Path) -> Path:
        """A file of everything a client needs to present it."""
        pem = directory / f"{self.certificate.serial_number}.pem"
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        pem.write_bytes(self.pem + b"".join(each.public_bytes(Encoding.PEM) for each in self.along) + private)
        return pem

    def present(self, context: ssl.SSLContext, directory: Path) -> None:
        """Have a client present it."""
        context.load_cert_chain(self.pem_file(directory))


@dataclass(frozen=True)
class Authority:
    """Somebody who vouches for clients."""

    held: Held

    def issue(self, subject: str = "CN=shop,O=Example,C=DE", **given: Any) -> Held:
        """A certificate for a client; `given` as of `certificate`."""
        return certificate(subject, issuer=self.held, **given)

    def delegate(self) -> "Authority":
        """An authority that this one vouches for."""
        name = f"CN=below {self.held.certificate.serial_number % 10_000}"
        return Authority(certificate(name, issuer=self.held, ca=True))


def authority(name: str = "authority") -> Authority:
    """A new one, which nobody knows yet."""
    return Authority(certificate(f"CN={name}", ca=True))


def certificate(
    subject: str = "CN=shop,O=Example,C=DE",
    issuer: Held | None = None,
    ca: bool = False,
    days: tuple[int, int] = (-1, 30),
    purpose: str | None = None,
    **names: str,
) -> Held:
    """A certificate that signed itself, unless there is an issuer.

    `days`: from when to when it is valid, seen from today; `purpose`: what it is for alone, dotted; `names`:
    alternative ones, by a kind of `NAMES`.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    named, now = x509.Name.from_rfc4514_string(subject, {"emailAddress": NameOID.EMAIL_ADDRESS}), datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(issuer.certificate.subject if issuer else named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * DAY)
        .not_valid_after(now + days[1] * DAY)
    )
    if purpose is not None:
        usage = x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose)])
        builder = builder.add_extension(usage, critical=False)
    if names:
        alternatives = x509.SubjectAlternativeName([NAMES[kind](text) for kind, text in names.items()])
        builder = builder.add_extension(alternatives, critical=False)
    signer = issuer.key if issuer else key
    for extension, critical in _extensions(key, signer, ca):
        builder = builder.add_extension(extension, critical)
    signed = builder.sign(signer, hashes.SHA256())
    return Held(signed, key, _along(issuer))


def _extensions(
    key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, ca: bool
) -> list[tuple[x509.ExtensionType, bool]]:
    usage = dict.fromkeys(_USAGES, False) | {("key_cert_sign" if ca else "digital_signature"): True}
    return [
        (x509.BasicConstraints(ca=ca, path_length=None), True),
        (x509.KeyUsage(**usage), True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False),
    ]


def _along(issuer: Held | None) -> tuple[x509.Certificate, ...]:
    """Those between a certificate and an authority that vouches for itself."""
    if issuer is None or issuer.certificate.issuer == issuer.certificate.subject:
        return ()
    return (issuer.certificate, *issuer.along)


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
