"""Written: a record as a person writes it into a file, without the fields that the services keep."""

from dataclasses import fields, is_dataclass
from typing import Any, ClassVar, TypeVar

R = TypeVar("R")


class Written:
    """Mixed into a dataclass derived from a record, so that the record stays the one definition of its fields.

    The derived class says which fields a file cannot set, in `kept`, and may add fields of its own.
    """

    __slots__ = ()

    kept: ClassVar[frozenset[str]]
    """Names of fields that have a default and may not stand in a file."""

    def record(self, kind: type[R]) -> R:
        """What is written here, as the record it is derived from."""
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        return kind(**{name: getattr(self, name) for name in names})

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """For pydantic: refuse the kept fields as it refuses unknown ones."""
        schema = handler(source)
        for field in handler.resolve_ref_schema(schema)["schema"]["fields"]:
            field["init"] = field["name"] not in cls.kept
        return schema

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """For pydantic: leave the kept fields out, and describe the others as the record does."""
        document: dict[str, Any] = handler.resolve_ref_schema(handler(schema))
        described = descriptions(cls)
        document["properties"] = {
            name: {**described.get(name, {}), **member}
            for name, member in document["properties"].items()
            if name not in cls.kept
        }
        return document


def descriptions(kind: type) -> dict[str, dict[str, str]]:
    """What the docstrings below its fields say of them, those of the classes it is derived from included.

    pydantic by itself finds only those of the class's own fields.
    """
    # Loaded already: only what pydantic calls calls this.
    from pydantic import TypeAdapter

    found: dict[str, dict[str, str]] = {}
    for base in reversed(kind.__mro__):
        if is_dataclass(base) and not issubclass(base, Written):
            for name, member in TypeAdapter(base).json_schema().get("properties", {}).items():
                found[name] = {key: member[key] for key in ("description",) if key in member}
    return found
