"""Parameters of switches: what they may be, told and checked from the one place where they stand, their fields."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, cast, get_type_hints

from oidc_harness.switches.expectation import Expectation
from oidc_harness.switches.switch import AnySwitch

_LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "of {} or more characters",
    "maxLength": "of at most {} characters",
    "pattern": "that fits {}",
    "enum": "one of {}",
    "const": "always {}",
}
"""Keywords of JSON Schema that limit a value, and how people are told."""


class BadParameter(ValueError):
    """A parameter of a switch is unknown or has a value it may not have.

    `parameter` is its name; the message says what came and what is allowed.
    """

    def __init__(self, parameter: str, message: str) -> None:
        """See the class."""
        super().__init__(f"parameter {parameter}: {message}")
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a switch, as people and other programs are told about it."""

    name: str
    type: str
    """In words of JSON Schema: `integer`, `string`, `integer or null`."""
    default: Any
    doc: str
    limits: Mapping[str, Any] = field(default_factory=dict)
    """Keywords of JSON Schema with their values: `minimum`, `enum` and so on."""

    def allowed(self) -> str:
        """What it may be, in one line for people."""
        limits = [_LIMITS[name].format(_listed(value)) for name, value in self.limits.items()]
        return ", ".join([self.type, *limits])


def described_parameters(switch: type[AnySwitch]) -> tuple[Parameter, ...]:
    """The parameters of a switch, in the order of its fields."""
    return _parameters(cast(Any, switch))


# Kept: reading them off a class takes a millisecond or more, and a catalogue has many.
@cache
def _parameters(switch: Any) -> tuple[Parameter, ...]:
    from pydantic import TypeAdapter  # slow to import, and a server that nobody misconfigures needs none

    schema = TypeAdapter(switch).json_schema()
    properties, shared = schema.get("properties", {}), schema.get("$defs", {})
    inherited = _inherited_docs(switch)
    return tuple(
        _described(each.name, {"description": inherited.get(each.name, ""), **properties[each.name]}, shared)
        for each in fields(switch)
    )


def _inherited_docs(switch: type[AnySwitch]) -> dict[str, str]:
    """A docstring below a field is read from the source of its own class alone."""
    base = next((each for each in switch.__bases__ if is_dataclass(each) and issubclass(each, AnySwitch)), None)
    return {} if base is None else {parameter.name: parameter.doc for parameter in described_parameters(base)}


def parameter_types(switch: type[AnySwitch]) -> dict[str, Any]:
    """The type of each field with its limits. Raises whatever an annotation raises that cannot be read."""
    # The base names it for type checkers alone.
    hints = get_type_hints(switch, localns={"Expectation": Expectation}, include_extras=True)
    return {each.name: hints[each.name] for each in fields(cast(Any, switch))}


def checked_parameters(switch: type[AnySwitch], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values to make the switch with. Raises `BadParameter`."""
    known = {parameter.name: parameter for parameter in described_parameters(switch)}
    for name in given:
        if name not in known:
            there_are = f"it has {', '.join(known)}" if known else "it has none"
            raise BadParameter(str(name), f"{switch.name} has no parameter of this name; {there_are}")
    return {name: _checked(switch, known[name], value) for name, value in given.items()}


def _checked(switch: type[AnySwitch], parameter: Parameter, value: object) -> Any:
    from pydantic import TypeAdapter, ValidationError

    try:
        text = json.dumps(value, allow_nan=False)
        return TypeAdapter(parameter_types(switch)[parameter.name]).validate_json(text, strict=True)
    except (TypeError, ValueError, RecursionError) as error:
        # A ValidationError is a ValueError too, of a value that JSON can say.
        why = "" if isinstance(error, ValidationError) else ", as it is no JSON value"
        message = f"{_shown(value)} will not do{why}; allowed: {parameter.allowed()}"
        raise BadParameter(parameter.name, message) from None


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]}…"


def _described(name: str, schema: Mapping[str, Any], shared: Mapping[str, Any]) -> Parameter:
    resolved = {**_referred(schema, shared), **schema}
    limits = {limit: resolved[limit] for limit in _LIMITS if limit in resolved}
    return Parameter(name, _type(resolved, shared), schema.get("default"), schema.get("description", ""), limits)


def _referred(schema: Mapping[str, Any], shared: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = str(schema.get("$ref", "")).rpartition("/")[2]
    found: Mapping[str, Any] = shared.get(reference, {})
    return found


def _type(schema: Mapping[str, Any], shared: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_type({**_referred(each, shared), **each}, shared) for each in schema["anyOf"])
    return str(schema.get("type", "any"))
