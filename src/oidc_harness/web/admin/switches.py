"""Switches: what there is, and what is armed in a realm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from inspect import getdoc
from typing import Annotated, Any, ClassVar

from annotated_types import MaxLen

from oidc_harness.harness.catalogue import UnknownSwitch
from oidc_harness.harness.conditions import KnownNames, When, why_never
from oidc_harness.harness.parameters import BadParameter, Parameter
from oidc_harness.harness.scenario import ENDPOINT_NAMES
from oidc_harness.harness.switchboard import Armed
from oidc_harness.model.application import Application
from oidc_harness.model.user import User
from oidc_harness.services import applications, users
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import Invalid, NotFound
from oidc_harness.services.paging import each
from oidc_harness.switches.base import AnySwitch
from oidc_harness.web.admin.operation import Call, Operation
from oidc_harness.web.admin.shapes import PageOf, Shape
from oidc_harness.web.pages.table import PAGES

_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchView:
    """A switch of the catalogue."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    name: str
    seam: str
    """Where it acts: a seam of the provider, or `state`."""
    about: str
    """What the provider does."""
    clause: str
    """Tag of the clause a correct client guards."""
    link: str
    """Where that clause can be read; empty for rules of this project's own."""
    expects: str
    """What a correct client does then."""
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArmed:
    """A switch to arm."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    switch: Annotated[str, MaxLen(255)]
    """Its name in the catalogue."""
    parameters: dict[str, Any] = field(default_factory=dict)
    """Those that differ from their defaults."""
    when: When = field(default_factory=When)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmedView:
    """An armed switch."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    id: str
    switch: str
    parameters: dict[str, Any]
    when: When
    personas: tuple[str, ...] | None = None
    """Usernames of those whose own record arms it; it acts in their logins alone. `null`: it was armed by `arm`."""


def _switch(call: Call, switch: type[AnySwitch]) -> SwitchView:
    return SwitchView(
        name=switch.name,
        seam=switch.seam,
        about=getdoc(switch) or "",
        clause=str(switch.breaks),
        link=switch.breaks.link,
        expects=switch.expects.describe(),
        parameters=call.catalogue.describe(switch),
    )


def _armed(armed: Armed, personas: Sequence[User] = ()) -> ArmedView:
    switch: Any = armed.switch
    parameters = {field.name: getattr(switch, field.name) for field in fields(switch)}
    whose = tuple(sorted(user.username for user in personas if armed.persona in user.arms))
    return ArmedView(
        id=armed.id,
        switch=switch.name,
        parameters=parameters,
        when=armed.when,
        personas=None if armed.persona is None else whose,
    )


async def _personas(circumstances: Circumstances) -> list[User]:
    return [user async for user in each(circumstances.records, User) if user.arms]


async def list_switches(call: Call) -> list[SwitchView]:
    """A page of the catalogue, by name."""
    names = [switch for switch in call.catalogue.switches() if switch.name > call.after]
    return [_switch(call, switch) for switch in names[: call.limit]]


async def view_switch(call: Call) -> SwitchView:
    """One switch of the catalogue."""
    try:
        return _switch(call, call.catalogue.find(call.path["switch"]))
    except UnknownSwitch as error:
        raise NotFound(str(error), field="switch") from None


async def list_armed(call: Call) -> list[ArmedView]:
    """Everything that is in, in the order it was put in."""
    found = call.realm.switchboard.armed()
    # Who is a persona stands in the users' own records, and may have changed since.
    has_personas = any(armed.persona is not None for armed in found)
    personas = await call.realm.transact(_personas) if has_personas else []
    return [_armed(armed, personas) for armed in found]


async def arm(call: Call) -> ArmedView:
    """Make the provider misbehave in this realm."""
    new: NewArmed = call.body
    try:
        switch = call.catalogue.make(new.switch, new.parameters)
    except UnknownSwitch as error:
        raise Invalid(str(error), field="switch") from None
    except BadParameter as error:
        raise Invalid(str(error).partition(": ")[2], field=f"parameters.{error.parameter}") from None
    known = await call.realm.transact(lambda given: _known(given, new.when))
    for member, message in why_never(new.when, known):
        raise Invalid(message, field=f"when.{member}")
    return _armed(call.realm.arm(switch, new.when))


async def _known(given: Circumstances, when: When) -> KnownNames:
    """Whom the condition names, if they are there, and a page of the others, for one of which it may be meant."""
    named_application = await given.records.get(Application, when.application or "")
    named_user = await given.records.get(User, when.user or "") or await users.find(given, when.user or "")
    some_users = [*await users.list_page(given), *([named_user] if named_user else [])]
    some_applications = [*await applications.list_page(given), *([named_application] if named_application else [])]
    return KnownNames(
        endpoints=(*ENDPOINT_NAMES, *(page.name for page in PAGES)),
        applications=[application.id for application in some_applications],
        users=[name for user in some_users for name in (user.username, user.email, user.id)],
    )


async def disarm(call: Call) -> None:
    """Take one switch out."""
    if not call.realm.switchboard.disarm(call.path["armed"]):
        raise NotFound(f"nothing with the id {call.path['armed'][:64]!r} is armed", field="armed")


async def disarm_all(call: Call) -> None:
    """Be honest again."""
    call.realm.switchboard.clear()


SWITCH: Shape[SwitchView] = Shape(SwitchView)
ARMED: Shape[ArmedView] = Shape(ArmedView)
ALL = "/realms/{realm}/armed"

OPERATIONS = (
    Operation("listSwitches", "GET", "/switches", "List switches", list_switches, PageOf(SWITCH, "name"), paged=True),
    Operation("viewSwitch", "GET", "/switches/{switch}", "Look at a switch", view_switch, SWITCH),
    Operation("listArmed", "GET", ALL, "List what is armed", list_armed, Shape(list[ArmedView])),
    Operation("arm", "POST", ALL, "Arm a switch", arm, ARMED, Shape(NewArmed), 201, gives={"armed": "/id"}),
    Operation("disarmAll", "DELETE", ALL, "Disarm everything", disarm_all),
    Operation("disarm", "DELETE", ALL + "/{armed}", "Disarm one switch", disarm),
)
