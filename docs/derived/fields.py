"""From JSON Schema to tables: one section for each kind of mapping, one row for each of its members."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from docs.derived.markdown import anchor, code, for_files, linked_rules, table

Schema = Mapping[str, Any]
_BOUNDS = (("minimum", "maximum", ""), ("minLength", "maxLength", " characters"), ("minItems", "maxItems", " of them"))


def members(schema: Schema, whole: Schema) -> str:
    """A table of the members of a mapping; `whole` holds the kinds it refers to."""
    required = schema.get("required", ())
    return table(
        ("member", "may be", "default", "meaning"),
        (
            (code(name), allowed(member, whole), _default(name, member, required), _meaning(member, whole))
            for name, member in schema["properties"].items()
        ),
    )


def allowed(schema: Schema, whole: Schema) -> str:
    """What a value may be, in words; a mapping of a kind of its own leads to its section."""
    if "$ref" in schema:
        return _reference(schema["$ref"], whole)
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(dict.fromkeys(allowed(each, whole) for each in schema[choice]))
    if "enum" in schema:
        return ", ".join(code(value) for value in schema["enum"])
    if "const" in schema:
        return code(schema["const"])
    return ", ".join([_kind(schema, whole), *_limits(schema)])


def _kind(schema: Schema, whole: Schema) -> str:
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {allowed(schema.get('items', {}), whole)}"
    if kind != "object":
        return code(kind) if kind == "null" else str(kind)
    if "properties" in schema:
        return "mapping"
    below = schema.get("additionalProperties")
    return f"mapping to {allowed(below, whole)}" if isinstance(below, Mapping) else "mapping"


def _limits(schema: Schema) -> Iterator[str]:
    for lowest, highest, unit in _BOUNDS:
        least, most = schema.get(lowest), schema.get(highest)
        if least is not None and most is not None:
            yield f"{least} to {most}{unit}"
        elif least is not None:
            yield f"{least}{unit} or more"
        elif most is not None:
            yield f"at most {most}{unit}"


def _reference(reference: str, whole: Schema) -> str:
    name = reference.rpartition("/")[2]
    known: Schema = whole["$defs"][name]
    if known.get("type") != "object":
        return allowed(known, whole)
    return f"[{heading(name)}](#{anchor(heading(name))})"


def heading(name: str) -> str:
    """The title of a kind's section: `WrittenUser` is a user."""
    words = "".join(f" {character}" if character.isupper() else character for character in name.removeprefix("Written"))
    return words.strip().capitalize()


def _default(name: str, member: Schema, required: object) -> str:
    if isinstance(required, list) and name in required:
        return "required"
    if "default" not in member:
        return ""
    # A mapping is what its own members' defaults make it.
    return "" if isinstance(member["default"], dict) else code(json.dumps(member["default"], ensure_ascii=False))


def _meaning(member: Schema, whole: Schema) -> str:
    said = member.get("description")
    if said is None and "$ref" in member:
        said = whole["$defs"][member["$ref"].rpartition("/")[2]].get("description")
    return linked_rules(for_files(str(said or "")))
