"""Record: what every stored thing has in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One stored thing of one realm.

    A record is never changed: a changed copy (`dataclasses.replace`) is swapped in, and the store compares `version`
    so that of two simultaneous swaps one wins and the other is told.
    """

    # Attribute docstrings become the descriptions of the JSON Schema; a member that no field knows is an error.
    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    kind: ClassVar[str]
    """The name under which a store keeps records of this class."""
    indexes: ClassVar[tuple[str, ...]] = ()
    """The fields a store can look records up by. Any other look-up is refused."""

    id: str
    """Unique among the records of this kind in one realm."""
    version: int = 0
    """Counted up by the store at each swap."""
    expires_at: int | None = None
    """Seconds since 1970 in the realm's time; the record may be swept a while after that. None: kept until removed."""
