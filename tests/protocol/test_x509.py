"""What is presented as a certificate and cannot be read is told, whatever it is (RFC 5280 4.1)."""

import time

import pytest

from oidc_harness.protocol.client_certificate import NAMES
from oidc_harness.protocol.x509 import has_key_of, subject_of, why_not_named, why_untrusted
from tests.support.certificates import authority

AUTHORITY = authority()
HELD = AUTHORITY.issue("CN=shop", dns="a.b")
EXPECTED = dict(zip(NAMES, ("CN=shop", "a.b", "urn:a", "192.0.2.1", "a@b.c"), strict=True))
CHANGES = {
    "no version": (b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x2a"),
    "no name": (b"\x55\x04\x03\x0c\x04shop", b"\x55\x04\x03\x04\x04shop"),
    "a name of a kind that nobody uses": (b"\x82\x03a.b", b"\xa3\x03a.b"),
    "no time": (b"\x17\x0d", b"\x0c\x0d"),
    "no curve": (b"\x2a\x86\x48\xce\x3d\x03\x01\x07", b"\x2a\x86\x48\xce\x3d\x03\x01\x7f"),
}


def changed(what: str) -> bytes:
    """The certificate with something else in it."""
    before, after = CHANGES[what]
    assert before in HELD.der
    return HELD.der.replace(before, after)


UNREADABLE = {**{what: changed(what) for what in CHANGES}, "nothing": b"", "the half of it": HELD.der[:200]}


def test_the_certificate_itself_can_be_read() -> None:
    assert why_untrusted((HELD.der,), (AUTHORITY.held.der,), int(time.time())) is None
    assert why_not_named(HELD.der, "tls_client_auth_san_dns", "a.b") is None
    assert has_key_of(HELD.der, HELD.jwk())


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_trusted_by_nobody(what: str) -> None:
    der, trusted, now = UNREADABLE[what], (AUTHORITY.held.der,), int(time.time())
    assert why_untrusted((der,), trusted, now)
    assert why_untrusted((HELD.der, der), trusted, now)


@pytest.mark.parametrize("what", sorted(UNREADABLE.keys() - {"no name"}))
@pytest.mark.parametrize("field", NAMES)
def test_what_cannot_be_read_has_no_name(what: str, field: str) -> None:
    der = UNREADABLE[what]
    assert "is no X.509 certificate" in (why_not_named(der, field, EXPECTED[field]) or "")
    with pytest.raises(ValueError, match=r"is no X\.509 certificate"):
        subject_of(der)
    with pytest.raises(ValueError, match=r"is no X\.509 certificate"):
        has_key_of(der, HELD.jwk())
