"""X.509 certificates: the names in one, its key, and whether authorities vouch for it (RFC 5280)."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from oidc_harness.protocol.jose_verification import imported_public_key

SMALLEST_RSA, SMALLEST_CURVE = 2048, 256
"""Bits of the keys of certificates (RFC 9325 4.5)."""
SUBJECT = "tls_client_auth_subject_dn"
DistinguishedName = tuple[frozenset[tuple[str, str]], ...]
"""Its parts from the most general one on, each as types (dotted) and values."""
_TYPES = {
    "cn": "2.5.4.3",
    "serialnumber": "2.5.4.5",
    "c": "2.5.4.6",
    "l": "2.5.4.7",
    "st": "2.5.4.8",
    "street": "2.5.4.9",
    "o": "2.5.4.10",
    "ou": "2.5.4.11",
    "dc": "0.9.2342.19200300.100.1.25",
    "uid": "0.9.2342.19200300.100.1.1",
    "emailaddress": "1.2.840.113549.1.9.1",
}
"""Types of attributes that have a name: those of RFC 4514 3, and two that certificates of people often have."""
_TYPE = re.compile("[A-Za-z]+(?==)")
_STRINGS = "\x0c\x13\x16"
"""Tags of UTF8String, PrintableString and IA5String."""


_UNREADABLE = (UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


def parse_certificate(der: bytes) -> x509.Certificate:
    """The certificate. Raises `ValueError` for what is none, or has names or a key that cannot be read."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        _ = certificate.subject, certificate.issuer, certificate.extensions, certificate.public_key()
    except (ValueError, TypeError, *_UNREADABLE) as reason:
        raise ValueError(f"is no X.509 certificate that can be read: {reason}") from None
    return certificate


def load_authorities(pem: bytes) -> tuple[bytes, ...]:
    """The certificates of a PEM file, as DER. Raises `ValueError` where there is none, or one that cannot be read."""
    found = tuple(each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(pem))
    for der in found:
        parse_certificate(der)
    return found


def subject_of(der: bytes) -> str:
    """Whom the certificate is of, as RFC 4514 writes it. Raises `ValueError`."""
    return parse_certificate(der).subject.rfc4514_string()


def has_key_of(der: bytes, jwk: Mapping[str, Any]) -> bool:
    """Whether the certificate is for the key of the JWK (RFC 7517 4.7). Raises `ValueError` and `JoseError`."""
    return parse_certificate(der).public_key() == imported_public_key(jwk).public_key


def why_not_named(der: bytes, field: str, expected: str) -> str | None:
    """Why this is not a certificate of that name, for a person; None if it is one (RFC 8705 2.1.2).

    `field`: the field of an application that has the name, and says of which kind it is.
    """
    try:
        certificate = parse_certificate(der)
    except ValueError as reason:
        return f"what the client presented {reason}"
    if field == SUBJECT:
        found: Sequence[Any] = (certificate.subject,)
        named = distinguished_name(expected) == _parts(certificate.subject)
    else:
        found = _alternative_names(certificate, field)
        named = any(same_name(field, expected, str(name)) for name in found)
    came = ", ".join(repr(name.rfc4514_string() if field == SUBJECT else str(name)) for name in found)
    return None if named else f"{field} is {expected!r}; the certificate has {came or 'no name of that kind'}"


def _alternative_names(certificate: x509.Certificate, field: str) -> Sequence[Any]:
    try:
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return alternatives.get_values_for_type(_ALTERNATIVES[field])


def same_name(field: str, one: str, other: str) -> bool:
    """Whether two names of that kind are one name, however they are written. Raises `ValueError` for what is none."""
    read = _READERS[field]
    return bool(read(one) == read(other))


def distinguished_name(text: str) -> DistinguishedName:
    """A distinguished name to be compared: case and runs of spaces do not count (RFC 5280 7.1, RFC 4514).

    Raises `ValueError` for what is no such name.
    """
    # Types are told apart without regard to case (RFC 4514 2.3), which the library does not do.
    types = {
        each: x509.ObjectIdentifier(_TYPES[each.lower()]) for each in _TYPE.findall(text) if each.lower() in _TYPES
    }
    try:
        name = x509.Name.from_rfc4514_string(text, types)
    except (ValueError, TypeError) as reason:
        told = f": {reason}" if str(reason) else ""
        raise ValueError(f"is no name as RFC 4514 writes it, such as CN=shop,O=Example,C=DE{told}") from None
    if not name.rdns:
        raise ValueError("is empty; expected a name as RFC 4514 writes it, such as CN=shop,O=Example,C=DE")
    return _parts(name)


def _parts(name: x509.Name) -> DistinguishedName:
    return tuple(frozenset((part.oid.dotted_string, _folded(part.value)) for part in rdn) for rdn in name.rdns)


def _folded(value: str | bytes) -> str:
    if isinstance(value, bytes):
        return value.hex()
    # `#0c03616263` writes a value by its encoding, whose tag and length are not part of it (RFC 4514 2.4).
    if value[:1] in _STRINGS and value[1:2] == chr(len(value.encode()) - 2):
        value = value[2:]
    return " ".join(value.split()).casefold()


def _email(text: str) -> tuple[str, str]:
    """The part before the @ may tell case, the host does not (RFC 5280 7.5)."""
    local, _, host = text.rpartition("@")
    return local, host.casefold()


_READERS: Mapping[str, Callable[[str], Any]] = {
    "tls_client_auth_san_dns": str.casefold,
    "tls_client_auth_san_uri": str,
    "tls_client_auth_san_ip": ip_address,
    "tls_client_auth_san_email": _email,
}
_ALTERNATIVES: Mapping[str, type[Any]] = {
    "tls_client_auth_san_dns": x509.DNSName,
    "tls_client_auth_san_uri": x509.UniformResourceIdentifier,
    "tls_client_auth_san_ip": x509.IPAddress,
    "tls_client_auth_san_email": x509.RFC822Name,
}


def why_untrusted(chain: Sequence[bytes], authorities: Sequence[bytes], now: int) -> str | None:
    """Why no authority vouches for the first certificate of a chain at this time, for a person; None if one does.

    `authorities`: those that are trusted, whoever vouches for them. `now`: seconds since 1970.
    """
    try:
        own, *others = map(parse_certificate, chain)
    except ValueError as reason:
        return f"what the client presented {reason}"
    moment = datetime.fromtimestamp(now, UTC)
    return (
        _why_not_now(own, moment)
        or _why_not_for_clients(own)
        or why_weak(own)
        or _why_no_path(own, others, authorities, moment)
    )


def why_weak(certificate: x509.Certificate) -> str | None:
    """Why nobody should trust the key of a certificate, for a person; None if they may (RFC 9325 4.5)."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        smallest = SMALLEST_RSA if isinstance(key, rsa.RSAPublicKey) else SMALLEST_CURVE
        if key.key_size < smallest:
            return f"its key has {key.key_size} bits; expected RSA of at least {SMALLEST_RSA}, or a curve as P-256"
    return None


def _why_not_now(own: x509.Certificate, moment: datetime) -> str | None:
    if own.not_valid_before_utc <= moment <= own.not_valid_after_utc:
        return None
    times = (own.not_valid_before_utc, own.not_valid_after_utc, moment)
    start, end, shown = (f"{time:%Y-%m-%d %H:%M:%S}" for time in times)
    return f"it is valid from {start} to {end}; the realm's time is {shown} (UTC)"


def _why_not_for_clients(own: x509.Certificate) -> str | None:
    """Where a certificate says what it is for, it is for nothing else (RFC 5280 4.2.1.12)."""
    try:
        purposes = own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return None
    suits = _FOR_CLIENTS.intersection(purposes)
    return None if suits else "its extended key usage does not have clientAuth (RFC 5280 4.2.1.12)"


_FOR_CLIENTS = {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}


def _why_no_path(
    own: x509.Certificate, others: Sequence[x509.Certificate], authorities: Sequence[bytes], moment: datetime
) -> str | None:
    """By OpenSSL, as other servers do it: cryptography itself takes only what the public web takes."""
    from OpenSSL import crypto

    read = crypto.X509.from_cryptography
    try:
        store = crypto.X509Store()
        for der in authorities:
            store.add_cert(read(parse_certificate(der)))
        store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
        store.set_time(moment)
        crypto.X509StoreContext(store, read(own), list(map(read, others))).verify_certificate()
    except crypto.Error:
        return "OpenSSL cannot read it, or one of those that were sent along"
    except crypto.X509StoreContextError as reason:
        return (
            f"no trusted authority (--mtls-ca) vouches for it; its issuer is {own.issuer.rfc4514_string()!r}: {reason}"
        )
    return None
