"""A request that waits for a person goes on in its own browser, for a while, and to one answer."""

from oidc_harness.model.interaction import Interaction
from oidc_harness.model.realm_policy import RealmPolicy
from tests.support import oracle, records
from tests.support.refusals import told_client, told_person
from tests.support.waiting import begin, go_on, interaction_of
from tests.support.world import MakeWorld

FORM = RealmPolicy()
IMPLIED = RealmPolicy(consent="implied")
LONG_STATE = "".join(chr(33 + n % 94) for n in range(128))


async def test_nobody_else_goes_on_with_a_request(make_world: MakeWorld) -> None:
    world = await make_world(IMPLIED)
    client = await world.people()
    interaction, cookies = await begin(world, client)
    alice = await world.sign_in(records.user())
    foreign = {f"oidc_browser_{world.realm.name}": "f" * 43}
    for others in (alice, alice | foreign, foreign, {}):
        told_person(await go_on(world, interaction, others))
    assert "code" in (await go_on(world, interaction, alice | cookies)).redirect.parameters


async def test_a_request_waits_for_an_hour(make_world: MakeWorld) -> None:
    world = await make_world(IMPLIED)
    client = await world.people()
    world.realm.clock.freeze()
    interaction, cookies = await begin(world, client)
    cookies |= await world.sign_in(records.user(), auth_time=world.now)
    world.realm.clock.advance(3600)
    told_person(await go_on(world, interaction, cookies))


async def test_one_browser_has_several_requests(make_world: MakeWorld) -> None:
    world = await make_world(IMPLIED)
    client = await world.people()
    first, cookies = await begin(world, client, state="first")
    second, cookies = await begin(world, client, state="second", cookies=cookies)
    cookies |= await world.sign_in(records.user())
    for interaction, state in ((second, "second"), (first, "first")):
        assert (await go_on(world, interaction, cookies)).redirect.parameters["state"] == state


async def test_a_form_posted_by_a_client_finds_the_session(make_world: MakeWorld) -> None:
    """It comes without our cookies, because they are SameSite=Lax; the GET it is turned into has them."""
    world = await make_world(IMPLIED)
    client = await world.people()
    session = await world.sign_in(records.user())
    for prompt in (None, "none"):
        answer = await client.authorize("POST", prompt=prompt, state=LONG_STATE)
        interaction = await interaction_of(answer, "/authorize", world)
        assert answer.set_cookies == ()
        oracle.accept_authorization(await go_on(world, interaction, session), client.addressee, LONG_STATE)
    told_client(await client.authorize("POST", scope="openid  "), "invalid_scope", world.issuer)


async def test_a_form_posted_by_a_client_ends_nothing_that_waits_in_another_tab(make_world: MakeWorld) -> None:
    world = await make_world(IMPLIED)
    client = await world.people()
    waiting, cookies = await begin(world, client, state="first tab")
    posted = await interaction_of(await client.authorize("POST", state="second tab"), "/authorize", world)
    shown = await go_on(world, posted, cookies)
    assert shown.cookie("oidc_browser_") == cookies[f"oidc_browser_{world.realm.name}"]
    assert (await interaction_of(shown, "/login", world)).browser == waiting.browser
    # From now on it is this browser's alone.
    told_person(await go_on(world, posted, {}), "invalid_request")
    cookies |= await world.sign_in(records.user())
    for interaction, state in ((waiting, "first tab"), (posted, "second tab")):
        assert (await go_on(world, interaction, cookies)).redirect.parameters["state"] == state


async def test_a_request_has_one_answer(make_world: MakeWorld) -> None:
    """An error ends it as a code does (RFC 6749 4.1.2, 4.1.2.1)."""
    world = await make_world(FORM)
    client = await world.people()
    interaction, cookies = await begin(world, client)
    cookies |= await world.sign_in(records.user())
    await world.put(interaction.answered("denied", "user-alice"))
    told_client(await go_on(world, interaction, cookies), "access_denied", world.issuer)
    told_person(await go_on(world, interaction, cookies), "invalid_request")
    assert await world.all(Interaction) == []
