"""Provider: what `load` and `decide` are given besides the request."""

from collections.abc import Callable
from dataclasses import dataclass, field

from oidc_harness.model.key import KeyRing
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.certificate import ClientCertificate
from oidc_harness.protocol.client_authentication import methods_offered
from oidc_harness.protocol.client_certificate import Presented
from oidc_harness.protocol.entropy import Entropy
from oidc_harness.protocol.metadata import Addresses
from oidc_harness.provider.conduct import Conduct
from oidc_harness.provider.outside import Outside
from oidc_harness.provider.registrar import Registrar
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class Provider:
    """One realm as it is for the length of one request."""

    addresses: Addresses
    policy: RealmPolicy
    keys: KeyRing
    conduct: Conduct
    now: int
    """Seconds since 1970 in the realm's time."""
    outside: Outside
    """What others' servers told, and how old that is."""
    entropy: Entropy
    unseal: Callable[[str], str]
    """Client secrets that are kept are kept sealed."""
    subject_salt: str = field(repr=False)
    """The secret that pairwise subjects are made with (OIDC Core 8.1)."""
    registrar: Callable[[Records], Registrar] = field(repr=False)
    """How clients register themselves, within a transaction."""
    client_authorities: tuple[bytes, ...] = ()
    """Certificates, as DER, of those who may vouch for clients (RFC 8705 2.1)."""

    @property
    def issuer(self) -> str:
        """The issuer identifier (OIDC Discovery 3)."""
        return self.addresses.issuer

    @property
    def authentication_methods(self) -> tuple[str, ...]:
        """How clients can authenticate here."""
        return methods_offered(self.presented(None, "/token"))

    def presented(self, certificate: ClientCertificate | None, path: str) -> Presented:
        """What the connection of a request to this path proves."""
        return Presented(certificate, self.addresses.certificate_channel(path), self.client_authorities)
