"""The clock of a realm: look at it, freeze it, move it, let it follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

from oidc_harness.services.errors import Invalid
from oidc_harness.web.admin.operation import Call, Operation
from oidc_harness.web.admin.shapes import Shape

_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}
LATEST = 253_402_300_799
"""The end of the year 9999."""
_CENTURY = 100 * 366 * 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """A realm's clock."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    now: int
    """Seconds since 1970 in the realm's time."""
    frozen: bool
    """Whether it stands still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """Stop the clock."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    at: Annotated[int, Ge(0), Le(LATEST)] | None = None
    """Seconds since 1970. Left out: now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Move the clock."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    seconds: Annotated[int, Ge(-_CENTURY), Le(_CENTURY)]
    """Backwards where negative."""


async def view_clock(call: Call) -> ClockView:
    """The time, and whether it stands still."""
    clock = call.realm.clock
    return ClockView(now=clock.now(), frozen=clock.state.frozen_at is not None)


async def freeze(call: Call) -> ClockView:
    """Stand still."""
    call.realm.clock.freeze(call.body.at)
    return await _saved(call)


async def advance(call: Call) -> ClockView:
    """Move; a frozen clock stays frozen."""
    clock, seconds = call.realm.clock, call.body.seconds
    if not 0 <= clock.now() + seconds <= LATEST:
        raise Invalid(f"would move the clock out of the years 1970 to 9999; it shows {clock.now()}", field="seconds")
    clock.advance(seconds)
    return await _saved(call)


async def follow(call: Call) -> ClockView:
    """Go with the system's time again."""
    call.realm.clock.follow()
    return await _saved(call)


async def _saved(call: Call) -> ClockView:
    # Looked at before anything is waited for, during which others may move it.
    moved = await view_clock(call)
    await call.realms.save(call.realm)
    return moved


VIEW: Shape[ClockView] = Shape(ClockView)
CLOCK = "/realms/{realm}/clock"

OPERATIONS = (
    Operation("viewClock", "GET", CLOCK, "Look at the clock", view_clock, VIEW),
    Operation("freezeClock", "POST", CLOCK + "/freeze", "Stop the clock", freeze, VIEW, Shape(Freeze), bare=Freeze()),
    Operation("advanceClock", "POST", CLOCK + "/advance", "Move the clock", advance, VIEW, Shape(Advance)),
    Operation("followClock", "POST", CLOCK + "/follow", "Let the clock follow the system's time", follow, VIEW),
)
