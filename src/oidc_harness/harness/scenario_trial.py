"""Trial: a client in one scenario. First with an honest provider, then with the one the scenario describes.

The pair rule: a client that gets on with nobody has refused nothing. So before a refusal counts, the same client has
to sign somebody in where nothing is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from oidc_harness.harness.arming import arm_personas
from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.driver import CannotDo, Performance, Stage
from oidc_harness.harness.scenario_files import ScenarioFile
from oidc_harness.harness.scenario_names import find_user
from oidc_harness.harness.scenario_outcome import Expected, Finding, Reason, find, hold_back, out_of_place
from oidc_harness.harness.scenario_play import Course, play
from oidc_harness.harness.scenario_steps import AnswerConsent, SignInAs, StartLogin, Step
from oidc_harness.harness.verdict import judge
from oidc_harness.harness.world import RealmWorld, WrittenUser
from oidc_harness.protocol.subject import subject_of
from oidc_harness.provider.exchange import Exchange
from oidc_harness.services import applications, users
from oidc_harness.services.circumstances import Circumstances


@dataclass(frozen=True, slots=True)
class Trial:
    """What a scenario says about a client, and the journal it says so from."""

    file: ScenarioFile
    finding: Finding
    exchanges: tuple[Exchange, ...] = ()


async def try_client(file: ScenarioFile, stage: Stage, catalogue: Catalogue) -> Trial:
    """Play a scenario, its honest twin first where it needs one."""
    try:
        twin = await _twin(file, stage)
        if twin is not None and not twin.has_signed_in:
            return Trial(file, _without_twin(twin), twin.exchanges)
        async with stage.performance(file, file.world) as performance:
            expected = Expected(file.scenario.expect, await _subject(file, performance))
            _arm(file, performance, catalogue)
            course = await play(performance, file, file.scenario.steps)
            found = _finding(performance, course, expected, catalogue)
            return Trial(file, hold_back(found, course, twin if _is_armed(file) else None), course.exchanges)
    except CannotDo as error:
        return Trial(file, Finding("skipped", (Reason(str(error)),)))


def personas(file: ScenarioFile) -> tuple[WrittenUser, ...]:
    """The users of this scenario who arm something for themselves."""
    found = {name: find_user(file.world, name) for name in _people(file)}
    return tuple(user for user in found.values() if user is not None and user.arms)


def _is_armed(file: ScenarioFile) -> bool:
    return bool(file.scenario.armed or personas(file))


def _people(file: ScenarioFile) -> Iterator[str]:
    for step in file.scenario.steps:
        match step:
            case SignInAs(sign_in_as=name):
                yield name
            case StartLogin(start_login=wishes) if wishes is not None and wishes.login_hint is not None:
                yield wishes.login_hint


def _arm(file: ScenarioFile, performance: Performance, catalogue: Catalogue) -> None:
    for arm in file.scenario.armed:
        performance.realm.arm(catalogue.make(arm.switch, arm.parameters), arm.when)
    arm_personas(performance.realm, catalogue, personas(file))


async def _twin(file: ScenarioFile, stage: Stage) -> Course | None:
    """The run that must succeed: the same without switches, or where none is armed a plain sign-in."""
    if _is_armed(file):
        return await _play(file, stage, file.world, file.scenario.steps)
    if file.scenario.expect.client.signed_in:
        return None
    return await _play(file, stage, file.plain, _plain_sign_in(file.plain))


async def _play(file: ScenarioFile, stage: Stage, world: RealmWorld, steps: tuple[Step, ...]) -> Course:
    async with stage.performance(file, world) as performance:
        return await play(performance, file, steps)


def _plain_sign_in(world: RealmWorld) -> tuple[Step, ...]:
    candidates = [user for user in world.users if user.status == "active" and user.password and not user.arms]
    default = find_user(world, world.policy.default_persona or "")
    name = (default or candidates[0]).username
    return (StartLogin(), SignInAs(sign_in_as=name), AnswerConsent(consent="approve"))


def _without_twin(twin: Course) -> Finding:
    last = twin.played[-1]
    shown = f"; it shows: {last.look.note}" if last.look.note else ""
    text = f"the client fails with an honest provider too: nobody was ever signed in there{shown}"
    reason = Reason(text, evidence=tuple(exchange.number for exchange in twin.exchanges[-1:]))
    return Finding("inconclusive", (*out_of_place(twin), reason))


def _finding(performance: Performance, course: Course, expected: Expected, catalogue: Catalogue) -> Finding:
    traces = [exchange for exchange in course.exchanges if exchange.trace is not None]
    if traces:
        reasons = (Reason(f"{each.endpoint}: {each.trace}", evidence=(each.number,)) for each in traces)
        return Finding("broken", tuple(reasons))
    armed = performance.realm.switchboard.armed()
    verdicts = judge(course.exchanges, course.observations, armed, catalogue.checks())
    return find(course, verdicts, expected)


async def _subject(file: ScenarioFile, performance: Performance) -> str | None:
    """The `sub` under which the client knows the user the scenario expects."""
    name, realm = file.scenario.expect.client.subject, performance.realm
    if name is None:
        return None

    async def find_subject(circumstances: Circumstances) -> str | None:
        user = await users.find(circumstances, name)
        application = await applications.view(circumstances, performance.application_id)
        return None if user is None else subject_of(user, application, realm.subject_salt)

    return await realm.transact(find_subject)
