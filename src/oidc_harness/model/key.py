"""Key and KeyRing: what a realm signs with, and what it publishes."""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, get_args

from oidc_harness.model.record import Record

SigningAlgorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K", "EdDSA"
]
"""The algorithms a realm can have a key pair for (RFC 7518 3.1, RFC 8812 3.2, RFC 8037 3.1)."""

MacAlgorithm = Literal["HS256", "HS384", "HS512"]
"""The algorithms whose key is a client secret (RFC 7518 3.2)."""
MAC_ALGORITHMS: tuple[str, ...] = get_args(MacAlgorithm)

KeyStatus = Literal["next", "current", "retired"]
"""`next`: published, not yet used. `current`: signs. `retired`: signs no more, still published, so that
what it signed can be verified."""


class NoSigningKey(LookupError):
    """A realm was asked to sign with an algorithm it has no current key for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Record):
    """One key pair of a realm, pinned to one algorithm.

    The algorithm and the key id stand beside the two texts that state them too, so that choosing a key parses
    nothing.
    """

    kind: ClassVar[str] = "key"

    kid: str
    """The key id clients see (RFC 7517 4.5)."""
    alg: SigningAlgorithm
    use: Literal["sig"] = "sig"
    # Left out of the representation: a key printed by a log or a failed test must not tell its secret.
    private_jwk: str = field(repr=False)
    """The private JWK as JSON text."""
    public_jwk: str
    """The JWK as published, as JSON text: `kid`, `alg`, `use` and no private member."""
    status: KeyStatus = "current"
    created_at: int
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of one realm at one moment. Not stored: its keys are."""

    keys: tuple[Key, ...] = ()

    def signing_key(self, alg: str) -> Key:
        """The key that signs with `alg` now: its newest current one.

        Raises NoSigningKey, which names the algorithms there are.
        """
        current = [key for key in self.keys if key.alg == alg and key.status == "current"]
        if not current:
            available = ", ".join(self.algorithms()) or "none"
            raise NoSigningKey(f"The realm has no current key for alg {alg!r}. It has keys for: {available}.")
        return max(current, key=lambda key: (key.created_at, key.id))

    def published(self) -> tuple[Key, ...]:
        """The keys of the realm's JWK Set: all of them, `next` and `retired` ones too (OIDC Core 10.1.1)."""
        return self.keys

    def algorithms(self) -> tuple[str, ...]:
        """The algorithms that have a current key, each once, in the order of the ring.

        Retired keys hold the place of their algorithm, so a rotation does not change which one comes first.
        """
        current = {key.alg for key in self.keys if key.status == "current"}
        return tuple(dict.fromkeys(key.alg for key in self.keys if key.alg in current))

    def rotated(self, new: Key) -> "KeyRing":
        """The ring after `new` became the current key of its algorithm (OIDC Core 10.1.1).

        The current keys of that algorithm are retired and stay published. `new` may be in the ring already,
        as `next`; the ring never holds two keys of one id.
        """
        rest = (_retired(key, new.alg) for key in self.keys if key.id != new.id)
        return KeyRing((*rest, replace(new, status="current")))


def _retired(key: Key, alg: SigningAlgorithm) -> Key:
    if key.alg == alg and key.status == "current":
        return replace(key, status="retired")
    return key
