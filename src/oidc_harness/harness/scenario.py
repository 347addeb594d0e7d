"""Scenario: what a file of `scenarios/` says. A world, armed switches, steps, and what is expected of the client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from annotated_types import Ge, MaxLen, MinLen

from oidc_harness.harness.changes import ChangesTo
from oidc_harness.harness.choice import OneOf
from oidc_harness.harness.conditions import ALWAYS, When
from oidc_harness.harness.scenario_steps import AnyStep
from oidc_harness.harness.world import WrittenApplication, WrittenInvitation, WrittenMember, WrittenUser
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol import logout_notice
from oidc_harness.provider.table import ENDPOINTS

_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}
ENDPOINT_NAMES = (*dict.fromkeys(endpoint.name for endpoint in ENDPOINTS), logout_notice.NAME)
EndpointName: TypeAlias = Annotated[str, OneOf(ENDPOINT_NAMES)]


def times(number: int) -> str:
    """A number of requests, in words."""
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The world before the first step."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    world: str = "default"
    """A fixture: the name of one that comes with the project, or the path of a file, relative to this one."""
    realm: str = "default"
    """Which realm of that world."""
    application: str = "web"
    """The client_id of the application that the client is."""
    policy: Annotated[Mapping[str, Any], ChangesTo(RealmPolicy)] = field(default_factory=dict)
    """What is otherwise in the realm's policy."""
    applications: Mapping[str, Annotated[Mapping[str, Any], ChangesTo(WrittenApplication)]] = field(
        default_factory=dict
    )
    """What is otherwise about applications, by client_id."""
    users: Mapping[str, Annotated[Mapping[str, Any], ChangesTo(WrittenUser)]] = field(default_factory=dict)
    """What is otherwise about users, by username."""
    members: tuple[WrittenMember, ...] = ()
    """More members."""
    invitations: tuple[WrittenInvitation, ...] = ()
    """More invitations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A switch to be armed before the first step."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    switch: str
    """Its name in the catalogue; `oidc-harness switches list` shows all."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Those of its parameters that differ from their defaults; `oidc-harness switches show NAME` explains them."""
    when: When = ALWAYS
    """In which of the requests it acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    min: Annotated[int, Ge(0)] = 0
    """At least so many."""
    max: Annotated[int, Ge(0)] | None = None
    """At most so many. None: any number."""

    def __str__(self) -> str:
        """In words."""
        if self.max is None:
            return f"at least {times(self.min)}"
        if self.min in (0, self.max):
            return times(self.max) if self.min == self.max else f"at most {times(self.max)}"
        return f"{self.min} to {self.max} times"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientExpectation:
    """What the client shows after the last step."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    signed_in: bool | None = None
    """Whether somebody is signed in there. None: either is right."""
    subject: str | None = None
    """As whom, if anybody: a username of the world. None: whoever it is."""
    shows_error: bool | None = None
    """Whether the last page it sent tells of an error. None: either way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What a correct client has done in the end."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    client: ClientExpectation
    """What it shows."""
    exchanges: Mapping[EndpointName, Count] = field(default_factory=dict)
    """How many requests each endpoint of the provider has got; `backchannel_logout`: how many the client has got."""
    verdict: Literal["passed", "not exercised"] = "passed"
    """What is said of the armed switches: that the client withstood them, or that it never came so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One file of `scenarios/`."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    title: Annotated[str, MinLen(1), MaxLen(100)]
    """What happens, in a few words."""
    about: str = ""
    """Why it matters, and what a correct client does; for people."""
    given: Given = field(default_factory=Given)
    """The world before the first step."""
    armed: tuple[Arm, ...] = ()
    """How the provider misbehaves."""
    steps: Annotated[tuple[AnyStep, ...], MinLen(1)]
    """What happens, one after the other. After each the client is asked who is signed in."""
    expect: Expect
    """What a correct client has done in the end."""
    catches: Literal["careless"] | None = None
    """The bundled client that fails here. None: both pass."""
