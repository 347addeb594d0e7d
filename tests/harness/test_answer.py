"""The runner: what happens to switches when an attempt loses its race, and when something cannot happen."""

from dataclasses import dataclass, replace

from oidc_harness.harness.answer import carry_out
from oidc_harness.harness.conditions import once
from oidc_harness.model.user import User
from oidc_harness.model.write import Swap
from oidc_harness.protocol.about import About
from oidc_harness.provider.decision import Decision, Empty
from oidc_harness.provider.provider import Provider
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import Invalid
from oidc_harness.storage.port import Records
from oidc_harness.switches.base import StateSwitch
from oidc_harness.switches.userinfo import UiSubMismatch
from tests.support import records
from tests.support.world import World
from tests.switches import questions


async def test_an_attempt_that_lost_its_race_uses_up_no_switch(world: World) -> None:
    await world.add(records.user())
    world.realm.arm(UiSubMismatch(), once())
    told: list[str] = []

    async def attempt(found: Records, provider: Provider) -> Decision:
        user = await found.get(User, "user-alice")
        assert user is not None
        told.append(provider.conduct.userinfo(questions.userinfo())["sub"])
        if len(told) == 1:
            await world.put(replace(user, email_verified=False))
        return Decision(Empty(), (Swap(user),))

    answered = await carry_out(world.realm, "userinfo", attempt)
    assert told == ["somebody-else", "somebody-else"]
    assert len(answered.recording.fired) == 1
    assert not (await world.get(User, "user-alice")).email_verified


@dataclass(frozen=True, slots=True)
class Impossible(StateSwitch):
    """Wants what the services refuse."""

    name = "impossible"
    after = "jwks"

    async def act(self, circumstances: Circumstances, about: About) -> str:
        """Write something, and be refused."""
        circumstances.records.write(Swap(records.user()))
        raise Invalid("there is no room for it", field="alg")


async def test_what_cannot_happen_is_told_and_the_request_is_answered(world: World) -> None:
    world.realm.arm(Impossible())
    answer = await world.send("GET", "/jwks")
    assert answer.status == 200
    [fired] = world.last.fired
    assert (fired.switch, fired.honest) == ("impossible", "nothing happens")
    assert fired.given == "it could not happen: alg: there is no room for it"
