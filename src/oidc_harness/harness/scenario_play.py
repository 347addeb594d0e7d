"""Play: do the steps of a scenario one after the other, and look at the client after each."""

from dataclasses import dataclass, field

from oidc_harness.harness import scenario_steps as steps
from oidc_harness.harness.driver import Driver, Look, NoSuchPage, Performance
from oidc_harness.harness.journal import Observation
from oidc_harness.harness.postman import send_due
from oidc_harness.harness.scenario_deeds import Scene, do
from oidc_harness.harness.scenario_files import ScenarioFile
from oidc_harness.harness.scenario_names import find_user
from oidc_harness.provider.exchange import Exchange
from oidc_harness.services.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one step."""

    look: Look
    """The client after it."""
    note: str = ""
    """Why it could not be done as written, if it could not."""


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that is known of one run of a scenario."""

    played: tuple[Played, ...]
    exchanges: tuple[Exchange, ...]
    observations: tuple[Observation, ...]

    @property
    def last(self) -> Look:
        """The client after the last step."""
        return self.played[-1].look

    @property
    def has_signed_in(self) -> bool:
        """Whether the client showed somebody as signed in at any time."""
        return any(played.look.signed_in for played in self.played)


async def play(performance: Performance, file: ScenarioFile, written: tuple[steps.Step, ...]) -> Course:
    """Do all these steps. Raises `CannotDo` where the client offers no way to do one."""
    return await _Play(performance, file, file.world.policy.default_persona or "").run(written)


@dataclass(slots=True)
class _Play:
    """One run in progress."""

    performance: Performance
    file: ScenarioFile
    username: str
    """Who signed in last, or was expected to."""
    played: list[Played] = field(default_factory=list)

    async def run(self, written: tuple[steps.Step, ...]) -> Course:
        for step in written:
            note = await self._tried(step)
            look = await self.performance.driver.look()
            told = "; ".join(part for part in (note, look.note) if part)
            self.performance.realm.report(signed_in=look.signed_in, subject=look.subject, note=told)
            self.played.append(Played(look, note))
        journal = self.performance.realm.journal
        return Course(tuple(self.played), journal.exchanges(), journal.observations())

    async def _tried(self, step: steps.Step) -> str:
        try:
            await self._do(step)
        except (NoSuchPage, ServiceError) as error:
            return f"{steps.step_name(step)}: {error}"
        return ""

    async def _do(self, step: steps.Step) -> None:
        scene = Scene(self.performance.application_id, self.file.scenario.given.application, self.username)
        if await do(self.performance.realm, step, scene):
            # Whoever is to hear of it has heard of it before anybody looks.
            await send_due(self.performance.realm)
        else:
            await self._drive(self.performance.driver, step)

    async def _drive(self, driver: Driver, step: steps.Step) -> None:
        match step:
            case steps.StartLogin(start_login=wishes):
                parameters = wishes.parameters() if wishes is not None else {}
                self.username = parameters.get("login_hint", self.username)
                await driver.start_login(parameters)
            case steps.SignInAs(sign_in_as=name):
                self.username = name
                user = find_user(self.file.world, name)
                await driver.sign_in(name, (user.password if user is not None else None) or "")
            case steps.AnswerConsent(consent=answer):
                await driver.consent(answer)
            case steps.ReturnToApplication():
                await driver.return_to_application()
            case steps.CallApi():
                await driver.call_api()
            case steps.Refresh():
                await driver.refresh()
            case steps.LogOut():
                await driver.log_out()
