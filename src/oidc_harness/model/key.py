"""Key and KeyRing: what a realm signs and decrypts with, and what it publishes."""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, get_args

from oidc_harness.model.encryption import OPENED_WITH, DecryptionAlgorithm, EncryptionAlgorithm
from oidc_harness.model.record import Record

SigningAlgorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K", "EdDSA"
]
"""The algorithms a realm can have a key pair for (RFC 7518 3.1, RFC 8812 3.2, RFC 8037 3.1)."""

MacAlgorithm = Literal["HS256", "HS384", "HS512"]
"""The algorithms whose key is a client secret (RFC 7518 3.2)."""
MAC_ALGORITHMS: tuple[str, ...] = get_args(MacAlgorithm)

KeyAlgorithm = Literal[SigningAlgorithm, DecryptionAlgorithm]
KeyStatus = Literal["next", "current", "retired"]
"""`next`: published, not yet used. `current`: signs. `retired`: signs no more, still published, so that
what it signed can be verified.

What others encrypt to is used as soon as it is published, and opens what came as long as it is there. `retired`: it is
published no more, so that nobody encrypts to it any longer (OIDC Core 10.2.1)."""


class NoSigningKey(LookupError):
    """A realm was asked to sign with an algorithm it has no current key for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Record):
    """One key pair of a realm, pinned to one algorithm, or to one family for encryption.

    The algorithm and the key id stand beside the two texts that state them too, so that choosing a key parses
    nothing.
    """

    kind: ClassVar[str] = "key"

    kid: str
    """The key id clients see (RFC 7517 4.5)."""
    alg: KeyAlgorithm
    use: Literal["sig", "enc"] = "sig"
    # Left out of the representation: a key printed by a log or a failed test must not tell its secret.
    private_jwk: str = field(repr=False)
    """The private JWK as JSON text."""
    public_jwk: str
    """The JWK as published, as JSON text: `kid`, `use`, for signing its `alg`, and no private member."""
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
        current = [key for key in self.keys if (key.alg, key.use, key.status) == (alg, "sig", "current")]
        if not current:
            available = ", ".join(self.algorithms()) or "none"
            raise NoSigningKey(f"The realm has no current key for alg {alg!r}. It has keys for: {available}.")
        return max(current, key=lambda key: (key.created_at, key.id))

    def published(self) -> tuple[Key, ...]:
        """The keys of the realm's JWK Set: for signing all of them, to encrypt to those that are not retired.

        OIDC Core 10.1.1, 10.2.1.
        """
        return tuple(key for key in self.keys if key.use == "sig" or key.status != "retired")

    def algorithms(self) -> tuple[str, ...]:
        """The signing algorithms that have a current key, each once, in the order of the ring.

        Retired keys hold the place of their algorithm, so a rotation does not change which one comes first.
        """
        current = {key.alg for key in self.keys if key.use == "sig" and key.status == "current"}
        return tuple(dict.fromkeys(key.alg for key in self.keys if key.alg in current))

    def encryption_algorithms(self) -> tuple[EncryptionAlgorithm, ...]:
        """What may be encrypted to a published key by, each once."""
        published = {key.alg for key in self.published()}
        return tuple(alg for family, algorithms in OPENED_WITH.items() if family in published for alg in algorithms)

    def decryption_keys(self, alg: str) -> tuple[Key, ...]:
        """What may open something encrypted by `alg`, the newest first; retired keys open what is still on its way."""
        fitting = [key for key in self.keys if key.use == "enc" and alg in OPENED_WITH.get(key.alg, ())]
        return tuple(sorted(fitting, key=lambda key: (key.status != "retired", key.created_at, key.id), reverse=True))

    def rotated(self, new: Key) -> "KeyRing":
        """The ring after `new` became the current key of its algorithm (OIDC Core 10.1.1).

        The current keys of that algorithm are retired and stay published. `new` may be in the ring already,
        as `next`; the ring never holds two keys of one id.
        """
        rest = (_retired(key, new.alg) for key in self.keys if key.id != new.id)
        return KeyRing((*rest, replace(new, status="current")))


def _retired(key: Key, alg: KeyAlgorithm) -> Key:
    if key.alg == alg and key.status == "current":
        return replace(key, status="retired")
    return key
