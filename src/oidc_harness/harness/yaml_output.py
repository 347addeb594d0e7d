"""Write what a file would say: YAML with nothing in it that goes without saying."""

from dataclasses import MISSING, Field, fields, is_dataclass
from io import StringIO
from typing import Any

WIDTH = 120


def yaml_text(value: Any) -> str:
    """A dataclass as YAML 1.2: members in the order of its fields, those with their default left out."""
    # As costly an import as that of the reader.
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump(_plain(value), text)
    return text.getvalue()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value) if _is_said(value, field)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _is_said(value: Any, field: Field[Any]) -> bool:
    if field.name in getattr(value, "kept", ()):
        return False
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return bool(getattr(value, field.name) != default)
