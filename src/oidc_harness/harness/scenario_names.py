"""Names: every user, application, switch and endpoint that a scenario names must be there."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from oidc_harness.harness.arming import why_not_armed
from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.complaints import why_unknown
from oidc_harness.harness.conditions import KnownNames, When, why_never
from oidc_harness.harness.scenario import ENDPOINT_NAMES, Scenario
from oidc_harness.harness.scenario_steps import (
    ApplicationStep,
    SignInAs,
    StartLogin,
    Step,
    UserStep,
    argument,
    step_name,
)
from oidc_harness.harness.world import RealmWorld, WrittenUser
from oidc_harness.harness.yaml_files import Steps
from oidc_harness.protocol.authorization_request import PROMPTS

Complaint: TypeAlias = tuple[Steps, str]
"""Where in a scenario, and what is the matter there."""


def unknown_names(scenario: Scenario, world: RealmWorld, catalogue: Catalogue) -> Iterator[Complaint]:
    """Everything the scenario names and the realm does not have."""
    yield from _given(scenario, world, catalogue)
    yield from _armed(scenario, world, catalogue)
    for index, step in enumerate(scenario.steps):
        for message in _step(step, world):
            yield ("steps", index, step_name(step)), message
        for message in _prompts(step):
            yield ("steps", index, step_name(step), "prompt"), message
    yield from _counts(scenario)
    subject = scenario.expect.client.subject
    if subject is not None:
        yield from _unless_known(subject, _usernames(world), ("expect", "client", "subject"))


def find_user(world: RealmWorld, name: str) -> WrittenUser | None:
    """The user of this username or e-mail address."""
    named = (user for user in world.users if name in (user.username, user.email))
    return next(named, None)


def _given(scenario: Scenario, world: RealmWorld, catalogue: Catalogue) -> Iterator[Complaint]:
    given, usernames = scenario.given, [user.username for user in world.users]
    client_ids = _client_ids(world)
    yield from _unless_known(given.application, client_ids, ("given", "application"))
    for client_id in given.applications:
        yield from _unless_known(client_id, client_ids, ("given", "applications", client_id))
    for username, changes in given.users.items():
        yield from _unless_known(username, usernames, ("given", "users", username))
        for index, arms in enumerate(changes.get("arms", ())):
            fault = why_not_armed(catalogue, arms.switch, arms.parameters)
            if fault is not None:
                yield ("given", "users", username, "arms", index, *fault.steps), fault.message


def _armed(scenario: Scenario, world: RealmWorld, catalogue: Catalogue) -> Iterator[Complaint]:
    for index, arm in enumerate(scenario.armed):
        fault = why_not_armed(catalogue, arm.switch, arm.parameters)
        if fault is not None:
            yield ("armed", index, *fault.steps), fault.message
        yield from _when(arm.when, world, ("armed", index, "when"))


def _when(when: When, world: RealmWorld, at: Steps) -> Iterator[Complaint]:
    known = KnownNames(
        endpoints=ENDPOINT_NAMES,
        applications=_client_ids(world),
        users=(*_usernames(world), *(user.id for user in world.users if user.id)),
    )
    for member, message in why_never(when, known):
        yield (*at, member), message


def _step(step: Step, world: RealmWorld) -> Iterator[str]:
    name = argument(step)
    if name is None:
        return
    if isinstance(step, ApplicationStep):
        yield from (message for _, message in _unless_known(name, _client_ids(world), ()))
    if isinstance(step, UserStep):
        yield from (message for _, message in _unless_known(name, _usernames(world), ()))
        user = find_user(world, name)
        if isinstance(step, SignInAs) and user is not None and user.password is None:
            yield f"{name!r} has no password in this world, so nobody can type it"


def _prompts(step: Step) -> Iterator[str]:
    """A value that the provider does not know would be refused whatever the client does (OIDC Core 3.1.2.1)."""
    if isinstance(step, StartLogin) and step.start_login is not None:
        for prompt in (step.start_login.prompt or "").split():
            message = why_unknown(prompt, PROMPTS)
            if message is not None:
                yield message


def _counts(scenario: Scenario) -> Iterator[Complaint]:
    for endpoint, count in scenario.expect.exchanges.items():
        if count.max is not None and count.max < count.min:
            yield ("expect", "exchanges", endpoint, "max"), f"{count.max} is less than min, {count.min}"


def _unless_known(name: str, known: Iterable[str], at: Steps) -> Iterator[Complaint]:
    message = why_unknown(name, known)
    if message is not None:
        yield at, message


def _client_ids(world: RealmWorld) -> list[str]:
    return [application.id for application in world.applications]


def _usernames(world: RealmWorld) -> list[str]:
    return [name for user in world.users for name in (user.username, user.email)]
