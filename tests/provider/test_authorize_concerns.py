"""Whom an authorization request concerns: what conditions of switches and the journal go by."""

from typing import Any

from oidc_harness.harness.conditions import When
from oidc_harness.switches.redirection import StateWrong
from tests.support import records
from tests.support.world import World


async def test_a_lie_for_one_application_reaches_its_errors_too(world: World) -> None:
    """The conditions of a switch are held against the client that is told."""
    client, other = await world.people(), await world.client(id="other")
    world.realm.arm(StateWrong(), When(application="web"))
    for changes in ({}, {"prompt": "none"}, {"scope": "nothing"}):
        fields: dict[str, Any] = changes
        assert (await client.authorize(**fields)).redirect.parameters["state"] != "state-of-the-art"
        assert (await other.authorize(**fields)).redirect.parameters["state"] == "state-of-the-art"


async def test_the_hint_says_whom_a_request_concerns(world: World) -> None:
    client = await world.people()
    await world.add(records.user("bob"))
    cookies = await world.sign_in(records.user())
    for hint, name in (("bob", "bob"), ("alice", "alice"), (None, "alice")):
        for prompt in (None, "none"):
            await client.authorize(cookies=cookies, login_hint=hint, prompt=prompt)
            assert world.last.about.user is not None
            assert world.last.about.user.username == name
