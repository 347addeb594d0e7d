"""Whether a class declares all that a switch or a check must; if not, what is missing and what to do about it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields
from inspect import isabstract, isclass
from typing import Any, cast, get_args

from oidc_harness.checks.base import Check, Level
from oidc_harness.harness.parameters import (
    BadParameter,
    checked_parameters,
    described_parameters,
    parameter_types,
)
from oidc_harness.protocol.spec import Spec, spec
from oidc_harness.provider.conduct import Conduct
from oidc_harness.switches.expectation import Expectation
from oidc_harness.switches.switch import AnySwitch, StateSwitch, Switch

SEAMS = frozenset(field.name for field in fields(Conduct)) | {"state"}
"""Where a switch can act."""
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def why_no_switch(thing: object) -> str | None:
    """What is wrong with a thing that was announced as a switch; None if nothing is."""
    if not isclass(thing) or not issubclass(thing, Switch | StateSwitch):
        return "it must be a class that inherits one of the typed bases in oidc_harness.switches.base"
    return next(_faults(thing, [_no_name, _no_docstring, _no_clause("breaks"), _no_seam, _no_expectation]), None) or (
        _no_parameters(thing) or _not_finished(thing)
    )


def why_no_check(thing: object) -> str | None:
    """What is wrong with a thing that was announced as a check; None if nothing is."""
    if not isclass(thing) or not issubclass(thing, Check):
        return "it must be a class that inherits oidc_harness.checks.base.Check"
    return next(_faults(thing, [_no_name, _no_docstring, _no_clause("clause"), _no_level]), None) or _not_finished(
        thing
    )


def _faults(thing: type, rules: list[Callable[[type], str | None]]) -> Iterator[str]:
    return (fault for rule in rules if (fault := rule(thing)) is not None)


def _no_name(thing: type) -> str | None:
    name = getattr(thing, "name", None)
    if isinstance(name, str) and _NAME.fullmatch(name):
        return None
    return f"its name is {name!r}; set name to small letters, digits and hyphens, for example 'acme-iat-ahead'"


def _no_docstring(thing: type) -> str | None:
    text = thing.__doc__ or ""
    # A dataclass without a docstring is given its signature for one.
    if text.strip() and not text.startswith(f"{thing.__name__}("):
        return None
    return "it has no docstring; say in its first line what happens"


def _no_clause(attribute: str) -> Callable[[type], str | None]:
    def rule(thing: type) -> str | None:
        clause = getattr(thing, attribute, None)
        if not isinstance(clause, Spec):
            return f"its {attribute} is {clause!r}; set {attribute} = spec('OIDCC-3.1.3.7') or the like"
        try:
            spec(clause.tag)
        except ValueError as error:
            return f"its {attribute} names no known clause: {error}"
        return None

    return rule


def _no_seam(thing: type) -> str | None:
    seam = getattr(thing, "seam", None)
    if seam in SEAMS and (seam == "state") == issubclass(thing, StateSwitch):
        return None
    return f"its seam is {seam!r}; inherit the base of one of {', '.join(sorted(SEAMS))} and leave seam alone"


def _no_expectation(thing: type) -> str | None:
    expects = getattr(thing, "expects", None)
    if isinstance(expects, Expectation) and expects.demands:
        return None
    return f"its expects is {expects!r}; set it to what a correct client does, for example refuses_sign_in()"


def _no_level(thing: type) -> str | None:
    level = getattr(thing, "level", None)
    return None if level in get_args(Level) else f"its level is {level!r}; expected {' or '.join(get_args(Level))}"


def _no_parameters(thing: type[AnySwitch]) -> str | None:
    """A frozen dataclass whose fields have a type and a default."""
    settings = vars(thing).get("__dataclass_params__")
    if settings is None or not settings.frozen:
        return "it is no frozen dataclass; decorate it with @dataclass(frozen=True, slots=True)"
    try:
        types = parameter_types(thing)
    # Annotations are code of the plugin and can fail in any way.
    except Exception as error:
        return f"the types of its parameters cannot be read: {error}"
    for field in fields(cast(Any, thing)):
        if types[field.name] in (Any, object):
            return f"its parameter {field.name} may be anything; give it a type"
        if field.default is MISSING and field.default_factory is MISSING:
            return f"its parameter {field.name} has no default; give it one, so that the switch works by its name alone"
    return None


def why_no_parameters(switch: type[AnySwitch]) -> str | None:
    """What is wrong with the parameters of a switch that is sound otherwise: this takes time, see `Catalogue`."""
    for parameter in described_parameters(switch):
        if not parameter.doc.strip():
            return f"its parameter {parameter.name} has no docstring; say below the field what it is"
    try:
        checked_parameters(switch, {field.name: getattr(switch(), field.name) for field in fields(cast(Any, switch))})
    except BadParameter as error:
        return f"the default of its {error}"
    # Making one runs code of the plugin, which can fail in any way.
    except Exception as error:
        return f"it cannot be made by its name alone: {type(error).__name__}: {error}"
    return None


def _not_finished(thing: type) -> str | None:
    if not isabstract(thing):
        return None
    missing = ", ".join(sorted(getattr(thing, "__abstractmethods__", ())))
    return f"it does not define {missing}"
