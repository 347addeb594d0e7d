"""The key set question (RFC 7517 5, OIDC Core 10.1.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.key import KeyRing
from oidc_harness.protocol import jwks
from oidc_harness.protocol.about import About


@dataclass(frozen=True, slots=True, eq=False)
class KeySetQuestion:
    """Which keys are published?"""

    about: About
    keys: KeyRing


def key_set(question: KeySetQuestion) -> Mapping[str, Any]:
    """Every key of the ring: retired ones stay, so that what they signed can still be verified."""
    return jwks.document(question.keys)
