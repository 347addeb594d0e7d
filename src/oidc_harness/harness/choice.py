"""OneOf: a text that is one of some names known elsewhere."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OneOf:
    """For `Annotated[str, OneOf(names)]`: as a `Literal` would be, of names that are defined in one place already."""

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """For pydantic."""
        # Loaded already: only pydantic itself calls this.
        from pydantic_core import core_schema

        return core_schema.literal_schema(list(self.names))
