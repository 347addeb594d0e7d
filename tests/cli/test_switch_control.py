"""`oidc-harness switches arm`, `armed` and `disarm`: on a server that runs, through its control API."""

from collections.abc import AsyncIterator

import pytest

from oidc_harness.harness.conditions import When
from oidc_harness.harness.realm import Realm
from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import ServerSettings
from tests.cli.called import called


@pytest.fixture
async def realm(server: Server) -> Realm:
    return await server.realms.make("default")


async def switches(realm: Realm, action: str, *more: str) -> tuple[int, str]:
    return await called("switches", action, *more, "--server", realm.issuer)


async def test_a_switch_is_armed_shown_and_disarmed(realm: Realm) -> None:
    arguments = ("http-503", "endpoint=token", "seconds=30", "--times", "2", "--after", "token")
    shown = 'http-503-1 http-503 endpoint="token" seconds=30 --times 2 --after token\n'
    assert await switches(realm, "arm", *arguments) == (0, shown)
    [armed] = realm.switchboard.armed()
    assert (armed.switch.name, armed.when) == ("http-503", When(times=2, after="token"))
    assert (getattr(armed.switch, "endpoint", None), getattr(armed.switch, "seconds", None)) == ("token", 30)
    assert await switches(realm, "armed") == (0, shown)
    assert await switches(realm, "disarm", "http-503-1") == (0, "http-503-1 is disarmed\n")
    assert await switches(realm, "armed") == (0, "nothing is armed\n")


async def test_a_text_may_look_like_a_number(realm: Realm) -> None:
    assert await switches(realm, "arm", "aud-wrong", "value=123") == (0, 'aud-wrong-1 aud-wrong value="123"\n')


async def test_everything_is_disarmed(realm: Realm) -> None:
    for name in ("iss-wrong", "aud-wrong"):
        await switches(realm, "arm", name)
    assert await switches(realm, "disarm") == (0, "nothing is armed any more\n")
    assert realm.switchboard.armed() == ()


BAD = [
    (("arm", "iss-wrng"), "there is no switch 'iss-wrng'; did you mean iss-wrong"),
    (("arm", "http-503", "seconds=soon"), "parameters.seconds: 'soon' will not do"),
    (("arm", "http-503", "seconds"), "'seconds': expected PARAMETER=VALUE"),
    (("arm", "iss-wrong", "--times", "0"), "when.times: found 0; expected"),
    (("disarm", "nothing"), "nothing with the id 'nothing' is armed"),
    (("armed", "--realm", "elsewhere"), "there is no realm 'elsewhere'"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD)
async def test_what_the_server_refuses(realm: Realm, arguments: tuple[str, ...], message: str) -> None:
    status, output = await switches(realm, *arguments)
    assert (status, realm.switchboard.armed()) == (2, ())
    assert output.startswith("oidc-harness switches: ")
    assert message in output
    assert "Traceback" not in output


async def test_a_server_that_is_not_there() -> None:
    status, output = await called("switches", "armed", "--server", "http://127.0.0.1:1")
    assert status == 2
    assert "is a server running there?" in output


@pytest.fixture
async def guarded() -> AsyncIterator[Realm]:
    async with serving(ServerSettings(port=0, admin_token="a-token")) as server:
        yield await server.realms.make("default")


async def test_a_server_with_a_token(guarded: Realm) -> None:
    assert (await switches(guarded, "arm", "iss-wrong"))[0] == 2
    assert (await switches(guarded, "arm", "iss-wrong", "--token", "a-token"))[0] == 0
    assert len(guarded.switchboard.armed()) == 1
