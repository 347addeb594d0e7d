"""ChangesTo: a mapping in a file that says which fields of a record are to be others than they were."""

from dataclasses import dataclass
from typing import Any

from oidc_harness.harness.written import descriptions


@dataclass(frozen=True, slots=True)
class ChangesTo:
    """For `Annotated[Mapping[str, Any], ChangesTo(kind)]`: some of the fields of `kind`, each of its own type."""

    kind: type

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """For pydantic: the dataclass's fields, none of them required and none filled in."""
        # Loaded already: only pydantic itself calls this.
        from pydantic_core import core_schema

        schema = handler.resolve_ref_schema(handler.generate_schema(self.kind))
        fields = {
            field["name"]: core_schema.typed_dict_field(_without_default(field["schema"]), required=False)
            for field in schema["schema"]["fields"]
            if field.get("init", True)
        }
        return core_schema.typed_dict_schema(fields, extra_behavior="forbid", strict=True)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """For pydantic: described as the record describes them."""
        document: dict[str, Any] = handler(schema)
        described = descriptions(self.kind)
        document["properties"] = {
            name: {**described.get(name, {}), **member} for name, member in document["properties"].items()
        }
        return document


def _without_default(schema: Any) -> Any:
    return schema["schema"] if schema["type"] == "default" else schema
