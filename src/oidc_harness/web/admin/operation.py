"""Operation: one row of the control API's table; routes and the OpenAPI document are both made from it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.realm import Realm
from oidc_harness.harness.realms import Realms
from oidc_harness.services.errors import NotFound
from oidc_harness.web.admin.shapes import Shape
from oidc_harness.web.admin.shipped_worlds import ShippedWorlds

MOST_PER_PAGE = 100
_PLACEHOLDER = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to an operation, taken apart."""

    realms: Realms
    catalogue: Catalogue
    worlds: ShippedWorlds
    path: Mapping[str, str]
    after: str
    limit: int
    """How many to find of what is listed: one more than the page shows, which tells whether another one follows."""
    filters: Mapping[str, str]
    """Those of the operation's filters that were given."""
    body: Any
    """What the operation's shape read; None where it takes no body."""

    @property
    def realm(self) -> Realm:
        """The realm the path names. Raises `NotFound`."""
        found = self.realms.find(self.path["realm"])
        if found is None:
            raise NotFound(f"there is no realm {self.path['realm'][:64]!r}", field="realm")
        return found


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be done at one path by one method."""

    name: str
    """`operationId` of the document."""
    method: str
    path: str
    summary: str
    act: Callable[[Call], Awaitable[Any]]
    answers: Shape[Any] | None = None
    """None: an answer without a body."""
    takes: Shape[Any] | None = None
    status: int = 200
    paged: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the query that narrow a list, and what each keeps."""
    refuses: tuple[int, ...] = field(default=())
    """Statuses it refuses with, besides those that every operation has."""
    about: str = ""
    """What its users have to know beyond the summary."""
    bare: Any = None
    """What an absent body stands for. None: the body may not be left out."""
    gives: Mapping[str, str] = field(default_factory=dict)
    """Placeholders of other operations' paths, and where in the answer their values stand (RFC 6901)."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names that the query may have."""
        return (*(("after", "limit") if self.paged else ()), *self.filters)

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names in the path that a request puts values for."""
        return tuple(_PLACEHOLDER.findall(self.path))
