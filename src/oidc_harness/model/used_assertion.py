"""UsedAssertion: a client assertion that was taken once and is not taken again (RFC 7523 3, rule 7)."""

from dataclasses import dataclass
from typing import ClassVar

from oidc_harness.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedAssertion(Record):
    """`id` is the fingerprint of client and `jti`; kept until the assertion has expired by itself."""

    kind: ClassVar[str] = "used_assertion"

    application_id: str
