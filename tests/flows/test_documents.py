"""What a realm says of itself is made once for as long as it is true, and is never said any longer."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from oidc_harness.harness.conditions import When, after, once
from oidc_harness.model.user import PersonaArms
from oidc_harness.protocol.about import About
from oidc_harness.protocol.key_set import KeySetQuestion
from oidc_harness.protocol.metadata import MetadataQuestion
from oidc_harness.provider.table import ENDPOINTS, OAUTH_AUTHORIZATION_SERVER, OPENID_CONFIGURATION
from oidc_harness.services import keys
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.switches.base import AnySwitch, JwksSwitch, MetadataSwitch, StateSwitch
from oidc_harness.switches.delivery import Http503
from oidc_harness.switches.id_token import AudWrong
from oidc_harness.switches.state import JwksRotateNewKey
from oidc_harness.web.server import Server
from tests.support.http import Answer, Http, Sent
from tests.support.world import AUTOMATIC, MakeWorld, World

JWKS = "/jwks"
PATHS = [OPENID_CONFIGURATION, OAUTH_AUTHORIZATION_SERVER, JWKS]
Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class IssuerElsewhere(MetadataSwitch):
    name = "issuer-elsewhere"

    def act(self, honest: Callable[[MetadataQuestion], Any], question: MetadataQuestion) -> Claims:
        return {**honest(question), "issuer": "https://elsewhere.example"}


@dataclass(frozen=True, slots=True)
class NoKeys(JwksSwitch):
    name = "no-keys"

    def act(self, honest: Callable[[KeySetQuestion], Any], question: KeySetQuestion) -> Claims:
        return {"keys": []}


def entity(answer: Answer) -> tuple[Any, ...]:
    """The answer but for the moment at which it was given."""
    return answer.status, answer.text, {name: value for name, value in answer.headers.items() if name != "Date"}


async def ask(world: World, path: str, *methods: str) -> list[Answer]:
    return [await world.send(method, path) for method in methods or ("GET",)]


async def is_kept(world: World, path: str) -> bool:
    """Whether two answers were one: the journal has what went out."""
    await ask(world, path, "GET", "GET")
    first, second = (exchange.reply for exchange in world.exchanges[-2:])
    assert first == second
    return first is second


def test_every_document_of_the_table_is_tried() -> None:
    assert [endpoint.path for endpoint in ENDPOINTS if endpoint.document] == PATHS


@pytest.mark.parametrize("path", PATHS)
async def test_it_is_made_once_and_each_exchange_is_in_the_journal(path: str, world: World) -> None:
    one, another = await ask(world, path, "GET", "GET")
    assert entity(one) == entity(another)
    head = await world.send("HEAD", path, headers={"Origin": "https://spa.example"})
    assert head.text == ""
    assert {**head.headers, "Date": ""} == {**one.headers, "Date": ""}
    assert head.headers["Access-Control-Allow-Origin"] == "*"
    told = [exchange.reply for exchange in world.exchanges]
    assert [exchange.number for exchange in world.exchanges] == [1, 2, 3]
    assert [exchange.request.method for exchange in world.exchanges] == ["GET", "GET", "HEAD"]
    assert told[0] is told[1] is told[2]
    assert told[0] is not None
    assert told[0].members == one.json
    assert await is_kept(world, path)


@pytest.mark.parametrize("path", PATHS)
async def test_what_cannot_be_read_is_refused_all_the_same(path: str, world: World) -> None:
    await ask(world, path)
    broken = await world.http.send(Sent("GET", f"{world.issuer}{path}?a=%ff"))
    assert (broken.status, broken.json["error"]) == (400, "invalid_request")
    assert (await world.send("POST", path)).status == 405
    assert (await world.send("GET", path, query=[("a", "b")])).status == 200


async def change_policy(world: World, **changes: Any) -> None:
    """By the control API, as people do."""
    url = world.issuer.replace(f"/{world.realm.name}", f"/_harness/v1/realms/{world.realm.name}/policy")
    headers = {"Content-Type": "application/json"}
    answer = await world.http.send(Sent("PATCH", url, body=json.dumps(changes).encode(), headers=headers))
    assert answer.status == 200, answer.text


async def test_a_change_of_policy_is_told_at_once(world: World) -> None:
    await ask(world, OPENID_CONFIGURATION)
    await ask(world, JWKS)
    await change_policy(world, iss_parameter=False, jwks_max_age=77)
    for path in (OPENID_CONFIGURATION, OAUTH_AUTHORIZATION_SERVER):
        [answer] = await ask(world, path)
        assert answer.json["authorization_response_iss_parameter_supported"] is False
    [key_set] = await ask(world, JWKS)
    assert key_set.headers["Cache-Control"] == "public, max-age=77"
    assert await is_kept(world, JWKS)


async def test_new_keys_are_told_at_once(world: World) -> None:
    await ask(world, OPENID_CONFIGURATION)
    [before] = await ask(world, JWKS)
    await world.rotate("ES384")
    [key_set] = await ask(world, JWKS)
    assert len(key_set.json["keys"]) == len(before.json["keys"]) + 1
    [document] = await ask(world, OPENID_CONFIGURATION)
    assert "ES384" in document.json["id_token_signing_alg_values_supported"]


async def test_a_realm_of_the_same_name_tells_of_itself(server: Server, http: Http) -> None:
    for offered in (True, False):
        realm = await server.realms.make("again", replace(AUTOMATIC, iss_parameter=offered))
        [answer] = await ask(World(realm, http), OPENID_CONFIGURATION)
        assert answer.json["authorization_response_iss_parameter_supported"] is offered
        await server.realms.drop("again")
        assert (await http.send(Sent("GET", realm.issuer + OPENID_CONFIGURATION))).status == 404


LIES = [
    pytest.param(IssuerElsewhere(), OPENID_CONFIGURATION, id="metadata"),
    pytest.param(IssuerElsewhere(), OAUTH_AUTHORIZATION_SERVER, id="the other address of the metadata"),
    pytest.param(NoKeys(), JWKS, id="jwks"),
    pytest.param(Http503("discovery"), OPENID_CONFIGURATION, id="delivery of the metadata"),
    pytest.param(Http503("jwks"), JWKS, id="delivery of the keys"),
]


@pytest.mark.parametrize(("switch", "path"), LIES)
async def test_a_switch_acts_on_what_was_kept_and_its_lie_is_not_kept(
    switch: AnySwitch, path: str, world: World
) -> None:
    honest = [entity(answer) for answer in await ask(world, path, "GET", "GET")]
    armed = world.realm.arm(switch)
    for lie in await ask(world, path, "GET", "GET"):
        assert entity(lie) != honest[0]
        assert [fired.switch for fired in world.last.fired] == [switch.name]
    world.realm.switchboard.disarm(armed.id)
    assert [entity(answer) for answer in await ask(world, path, "GET", "GET")] == honest
    assert not world.last.fired


@pytest.mark.parametrize(("switch", "path"), LIES)
async def test_the_first_answer_of_a_realm_may_be_a_lie(switch: AnySwitch, path: str, world: World) -> None:
    world.realm.arm(switch, once())
    lie, honest, again = await ask(world, path, "GET", "GET", "GET")
    assert entity(lie) != entity(honest) == entity(again)
    assert honest.status == 200


@dataclass(frozen=True, slots=True)
class RotateAfterKeys(StateSwitch):
    name = "rotate-after-keys"
    after = "jwks"

    async def act(self, circumstances: Circumstances, about: About) -> str:
        await keys.rotate(circumstances, circumstances.keys, await keys.make(circumstances, "ES384"))
        return "there is a new key"


async def test_what_waits_for_a_document_happens(world: World) -> None:
    [before] = await ask(world, JWKS)
    world.realm.arm(RotateAfterKeys(), once())
    [during] = await ask(world, JWKS)
    [after_it] = await ask(world, JWKS)
    assert entity(during) == entity(before)
    assert len(after_it.json["keys"]) == len(before.json["keys"]) + 1


@dataclass(frozen=True, slots=True)
class NoteAfterKeys(StateSwitch):
    name = "note-after-keys"
    after = "jwks"

    async def act(self, circumstances: Circumstances, about: About) -> str:
        return "nothing is different"


async def test_what_happened_after_one_answer_is_not_told_of_the_next(world: World) -> None:
    world.realm.arm(NoteAfterKeys(), once())
    await ask(world, JWKS)
    assert [fired.given for fired in world.last.fired] == ["nothing is different"]
    world.realm.switchboard.clear()
    await ask(world, JWKS)
    assert not world.last.fired


async def test_a_document_that_was_kept_counts_as_a_success(world: World) -> None:
    await ask(world, OPENID_CONFIGURATION)
    world.realm.arm(NoKeys(), after("discovery"))
    [honest] = await ask(world, JWKS)
    await ask(world, OPENID_CONFIGURATION)
    assert world.exchanges[0].reply is world.last.reply
    [lie] = await ask(world, JWKS)
    assert honest.json["keys"]
    assert not lie.json["keys"]


Arm = Callable[[World], Awaitable[None]]


async def _elsewhere(world: World) -> None:
    world.realm.arm(AudWrong())
    world.realm.arm(JwksRotateNewKey())


async def _for_a_person(world: World) -> None:
    world.realm.switchboard.admit(PersonaArms(switch="issuer-elsewhere"), IssuerElsewhere())


@pytest.mark.parametrize("arm", [_elsewhere, _for_a_person])
async def test_what_cannot_act_here_costs_nothing(arm: Arm, world: World) -> None:
    await ask(world, OPENID_CONFIGURATION)
    await arm(world)
    [honest] = await ask(world, OPENID_CONFIGURATION)
    assert honest.json["issuer"] == world.issuer
    assert await is_kept(world, OPENID_CONFIGURATION)


async def test_what_is_drawn_next_does_not_depend_on_it(make_world: MakeWorld, server: Server) -> None:
    """Two runs with one seed differ in what was armed alone, so that they can be compared."""
    codes = []
    for when in (None, When(endpoint="discovery")):
        world = await make_world(seed="seed")
        client = await world.people()
        if when is not None:
            world.realm.arm(IssuerElsewhere(), when)
        await ask(world, OPENID_CONFIGURATION, "GET", "GET", "HEAD")
        codes.append(await client.code())
    assert codes[0] == codes[1]
