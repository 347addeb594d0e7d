"""`oidc-harness doctor`: what is sound, and each thing that can be the matter."""

import re
from collections.abc import AsyncIterator
from importlib.metadata import requires
from pathlib import Path

import pytest
from aiohttp import web

from oidc_harness.cli.examinations import MODULES
from oidc_harness.cli.main import main
from oidc_harness.harness.realm import Realm
from oidc_harness.relying_party.serving import listen, serving
from oidc_harness.web.server import Server
from oidc_harness.web.server import serving as serving_tls
from oidc_harness.web.settings import SelfSigned, ServerSettings
from tests.cli.called import called


def lines(text: str) -> dict[str, str]:
    """What was looked at, with the remedy where there is one."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line[:9].strip():
            found[line[9:]] = line[:9].strip()
        else:
            last = next(reversed(found))
            found[last] += f": {line.strip()}"
    return found


def test_a_sound_installation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--port", "0"]) == 0
    found = lines(capsys.readouterr().out)
    assert set(found.values()) == {"ok"}
    for part in ("Python 3.", "pydantic ", "keys: ", "fixtures: ", "scenarios: ", "switches: ", "is free", "UTC"):
        assert any(part in what for what in found)


def test_every_requirement_is_looked_at() -> None:
    stated = [re.split(r"[><=~ ;]", each)[0] for each in requires("oidc-harness") or [] if "extra ==" not in each]
    assert sorted(name.replace(".", "-") for name in MODULES) == sorted(stated)


def test_a_port_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    with listen() as taken:
        port = str(taken.getsockname()[1])
        assert main(["doctor", "--port", port]) == 1
    found = lines(capsys.readouterr().out)
    assert found[f"127.0.0.1 port {port} cannot be used"].startswith("PROBLEM: 127.0.0.1 port")


@pytest.mark.parametrize(
    ("arguments", "what", "remedy"),
    [
        (("--host", "192.0.2.1"), "192.0.2.1 port 0 cannot be used", "192.0.2.1 is no address of this machine"),
        (("--public-url", "http://127.0.0.1:1"), "public URL http://127.0.0.1:1 does not answer", "start the server"),
        (("--public-url", "file:///etc/passwd"), "does not answer: expected an address with http", "start the server"),
        (("--internal-url", "http://127.0.0.1:1"), "--internal-url is given alone", "give --public-url too"),
    ],
)
def test_what_can_be_the_matter(
    arguments: tuple[str, ...], what: str, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--port", "0", *arguments]) == 1
    [(problem, told)] = [(name, told) for name, told in lines(capsys.readouterr().out).items() if told != "ok"]
    assert what in problem
    assert told.startswith(f"PROBLEM: {remedy}")


@pytest.fixture
async def realm(server: Server) -> Realm:
    return await server.realms.make("default")


@pytest.fixture
async def impostor() -> AsyncIterator[str]:
    """Answers as another issuer, and lives an hour ago."""

    async def discovery(request: web.Request) -> web.Response:
        headers = {"Date": "Tue, 01 Jan 2019 00:00:00 GMT"}
        return web.json_response({"issuer": "http://elsewhere.example"}, headers=headers)

    application = web.Application()
    application.router.add_get("/.well-known/openid-configuration", discovery)
    async with serving(application, listen()) as url:
        yield url


async def test_a_server_under_both_names(realm: Realm) -> None:
    port = realm.issuer.rpartition(":")[2]
    inside = f"http://localhost:{port}"
    status, output = await called("doctor", "--port", "0", "--public-url", realm.issuer, "--internal-url", inside)
    found = lines(output)
    assert (status, set(found.values())) == (0, {"ok"})
    assert f"public URL {realm.issuer} answers as issuer {realm.issuer}" in found
    assert f"internal URL {inside} answers as issuer {realm.issuer}" in found


async def test_a_server_that_is_another_issuer(realm: Realm, impostor: str) -> None:
    status, output = await called("doctor", "--port", "0", "--public-url", realm.issuer, "--internal-url", impostor)
    told = [what for what, outcome in lines(output).items() if outcome != "ok"]
    assert status == 1
    assert told[0] == f"internal URL {impostor} answers as issuer 'http://elsewhere.example'"
    assert told[1].startswith(f"the clock of {impostor} differs by ")


async def test_a_server_that_speaks_tls(tmp_path: Path) -> None:
    ca_file = str(tmp_path / "ca.pem")
    async with serving_tls(ServerSettings(port=0, tls=SelfSigned("localhost", ca_file))) as server:
        await server.realms.make("default")
        asked = ("doctor", "--port", "0", "--public-url", server.base_url)
        (trusting, told), (doubting, doubted) = await called(*asked, "--ca", ca_file), await called(*asked)
    assert (trusting, set(lines(told).values())) == (0, {"ok"})
    [(problem, remedy)] = [(what, outcome) for what, outcome in lines(doubted).items() if outcome != "ok"]
    assert doubting == 1
    assert "CERTIFICATE_VERIFY_FAILED" in problem
    assert remedy.startswith("PROBLEM: give --ca the file of its authority")
