"""Request: what a client sent, with nothing of the HTTP server in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oidc_harness.protocol.certificate import ClientCertificate

Pairs = tuple[tuple[str, str], ...]
"""Parameters in the order they came, repetitions kept."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request to an endpoint of a realm."""

    method: str
    path: str
    """Below the issuer, for example `/token`."""
    query: Pairs = ()
    form: Pairs = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names are compared without regard to case. A name may come several times: see `values_of`."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    """The text of a JSON body, where the endpoint takes one."""
    certificate: ClientCertificate | None = None
    """What the client presented on its connection."""
    client_address: str = ""
    """Where it comes from: an address, or the word by which a proxy hides it."""
    asked_at: str = ""
    """Scheme and host that the client asked, as far as is known. Nothing is decided by it: the issuer is fixed."""

    def values_of(self, name: str) -> tuple[str, ...]:
        """Every value of a header, in the order they came: one that was sent twice has two (RFC 9110 5.3)."""
        return tuple(value for header, value in self.headers.items() if header.lower() == name.lower())
