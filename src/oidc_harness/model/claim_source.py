"""ClaimSource: another provider that has claims about a user (OIDC Core 5.6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from annotated_types import MaxLen, MinLen

ClaimName = Annotated[str, MinLen(1), MaxLen(255)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSource:
    """Where claims about a user come from that this provider does not make itself: `says`, `jwt` or `endpoint`.

    What comes from a source is told as coming from there, and as nothing else.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    says: Mapping[str, Any] = field(default_factory=dict)
    """Claims with their values, which the realm signs itself: it plays the other provider too."""
    distributed: bool = False
    """On: clients fetch what the source `says` at the realm's claims endpoint. Off: it is handed to them."""
    claims: tuple[ClaimName, ...] = ()
    """Names of the claims that are in `jwt` or behind `endpoint`."""
    jwt: Annotated[str, MinLen(5), MaxLen(16384)] | None = None
    """Aggregated claims: the JWT as the other provider signed it."""
    endpoint: Annotated[str, MinLen(1), MaxLen(2048)] | None = None
    """Distributed claims: where a client gets the JWT of the other provider."""
    access_token: Annotated[str, MinLen(1), MaxLen(2048)] | None = field(default=None, repr=False)
    """What the client presents there. None: it has to have one already. It is given to clients, and not shown."""

    @property
    def names(self) -> tuple[str, ...]:
        """The claims that come from here."""
        return self.claims or tuple(self.says)
