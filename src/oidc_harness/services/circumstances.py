"""Circumstances: what a service is given besides its arguments."""

from collections.abc import Callable
from dataclasses import dataclass, field

from oidc_harness.model.key import KeyRing
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.entropy import Entropy
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True)
class Circumstances:
    """One realm at one moment, within one transaction."""

    records: Records
    policy: RealmPolicy
    entropy: Entropy
    now: int
    """Seconds since 1970 in the realm's time."""
    seal: Callable[[str], str]
    """Encrypt a secret for storage with the server's key."""
    unseal: Callable[[str], str]
    """The reverse of `seal`."""
    algorithms: tuple[str, ...] = ()
    """Signing algorithms the realm has keys for."""
    keys: KeyRing = field(default_factory=KeyRing)
    """What the realm signs with; its keys need not be records yet (see `services/keys.py`)."""
