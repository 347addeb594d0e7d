"""`oidc-harness serve`: as a process of its own, started and stopped as people do."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest

from oidc_harness.relying_party.serving import listen
from tests.harness.installed import install

BROKEN = "[oidc_harness.switches]\nacme = acme_broken:Any\n"
Start = Callable[..., "Served"]


class Served:
    """A server in a process of its own, and what it said until it was ready."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("stop "):
                break

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    @property
    def issuer(self) -> str:
        found = re.search(r"^issuer +(\S+)$", self.said, re.MULTILINE)
        assert found is not None, self.said
        return found[1]

    def discovery(self, path: str = "") -> dict[str, Any]:
        address = f"{self.issuer}{path}/.well-known/openid-configuration"
        with closing(urlopen(address)) as answer:  # noqa: S310 - our own server
            document: dict[str, Any] = json.load(answer)
        return document

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        _, self.errors = self.process.communicate(timeout=30)
        return self.process.returncode


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "oidc_harness", "serve", *arguments]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    running: list[Served] = []

    def started(*arguments: str) -> Served:
        process = subprocess.Popen(
            command("--port", "0", *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(Served(process))
        return running[-1]

    yield started
    for served in running:
        if served.process.poll() is None:
            served.process.kill()
        served.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_what_is_there_answers_and_stops_cleanly(start: Start, number: int) -> None:
    served = start()
    assert served.discovery()["issuer"] == served.issuer
    for told in (
        "web / web-secret / http://localhost:8080/callback (and 2 more)",
        "alice@example.com / test",
        "expired-token@example.com / test  (arms access-token-born-expired)",
        "blocked@example.com / test  (blocked)",
        "Ctrl-C, or SIGTERM",
    ):
        assert told in served.said
    assert (served.stop(number), served.errors) == (0, "stopped\n")


def test_a_second_start_finds_the_world_it_kept(start: Start, tmp_path: Path) -> None:
    first = start()
    kept = sorted((tmp_path / "cache" / "oidc-harness").iterdir())
    before = [entry.stat().st_mtime_ns for entry in kept]
    second = start()
    assert [entry.stat().st_mtime_ns for entry in kept] == before != []
    assert [line for line in first.lines if "://" not in line] == [line for line in second.lines if "://" not in line]


def test_a_fixture_of_somebodys(start: Start, tmp_path: Path) -> None:
    world = tmp_path / "mine.yaml"
    world.write_text(
        "realms:\n  default: {}\n  acme:\n    users: [{username: ann, email: ann@x.example, password: pw}]\n"
    )
    served = start("--fixture", str(world))
    assert served.discovery("/acme")["issuer"] == f"{served.issuer}/acme"
    assert "ann / pw" in served.said


def test_without_a_fixture_there_is_one_empty_realm(start: Start) -> None:
    served = start("--fixture", "none", "--root-realm", "bare")
    assert served.discovery()["issuer"] == served.issuer
    assert "applications" not in served.said


def test_without_a_root_realm_every_realm_has_its_path(start: Start) -> None:
    served = start("--root-realm", "none")
    assert served.issuer.endswith("/default")
    assert served.discovery()["issuer"] == served.issuer


def test_public_and_internal_addresses(start: Start) -> None:
    served = start("--public-url", "http://login.example", "--internal-url", "http://provider:9400")
    assert served.issuer == "http://login.example"
    assert "back channel   http://provider:9400" in served.said


def test_the_realm_at_the_root_is_told_first(start: Start, tmp_path: Path) -> None:
    world, store = tmp_path / "two.yaml", f"sqlite:{tmp_path / 'kept.db'}"
    world.write_text("realms:\n  default: {}\n  a--b: {}\n")
    for _ in range(2):
        served = start("--fixture", str(world), "--store", store)
        issuers = [line.split()[-1] for line in served.lines if line.startswith("issuer")]
        assert issuers == [served.issuer, f"{served.issuer}/a--b"]
        served.stop()


def test_what_a_file_kept_is_there_again(start: Start, tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'kept.db'}"
    first = start("--store", store)
    assert "as the store kept it" not in first.said
    first.stop()
    second = start("--store", store)
    assert "as the store kept it" in second.said
    assert second.discovery()["issuer"] == second.issuer


def refused_at(database: Path) -> str:
    """What a server says that cannot start on this file."""
    call = command("--port", "0", "--store", f"sqlite:{database}")
    tried = subprocess.run(call, capture_output=True, text=True, timeout=60)
    assert (tried.returncode, tried.stdout) == (2, "")
    assert tried.stderr.startswith("oidc-harness serve: --store: ")
    assert tried.stderr.count("\n") == 1, tried.stderr
    return tried.stderr


def test_one_file_has_one_server(start: Start, tmp_path: Path) -> None:
    """Killed, it leaves the file to the next."""
    database = tmp_path / "kept.db"
    first = start("--store", f"sqlite:{database}")
    assert f"{database}: another server keeps its records in this file; stop that one, or" in refused_at(database)
    assert first.discovery()["issuer"] == first.issuer
    first.stop(signal.SIGKILL)
    assert "as the store kept it" in start("--store", f"sqlite:{database}").said


def overwrite(database: Path) -> None:
    """All but the first two pages."""
    with database.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (database.stat().st_size - 8192))


def spoil_users(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE records SET body = '{' WHERE kind = 'user'")


@pytest.mark.parametrize("damage", [overwrite, spoil_users])
def test_a_damaged_file_is_told(start: Start, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    database = tmp_path / "kept.db"
    start("--store", f"sqlite:{database}").stop()
    damage(database)
    refused_at(database)


def test_sign_in_without_pages(start: Start) -> None:
    """An authorization request is answered by its redirect; a persona's login by what the persona arms."""
    served = start("--sign-in", "auto")
    callback = "http://localhost:8080/callback"
    query = {"client_id": "web", "response_type": "code", "scope": "openid", "redirect_uri": callback}
    for user, answer in (("alice@example.com", "code="), ("blocked@example.com", "error=access_denied")):
        place = urlsplit(served.issuer)
        with closing(HTTPConnection(place.netloc)) as connection:
            connection.request("GET", f"/authorize?{urlencode({**query, 'login_hint': user})}")
            location = connection.getresponse().headers["Location"]
        assert location.startswith(f"{callback}?{answer}")


def test_beyond_loopback_it_makes_up_a_token(start: Start) -> None:
    served = start("--host", "0.0.0.0")  # noqa: S104 - to see what it says then
    assert re.search(r"^admin token    \S{32}  \(made up", served.said, re.MULTILINE)
    assert "give its name with --public-url" in served.said
    given = start("--host", "0.0.0.0", "--admin-token", "mine")  # noqa: S104
    assert "admin token" not in given.said


BAD_CALLS = [
    (("--fixture", "nothing"), "--fixture: there is no file"),
    (("--store", "redis"), "--store: store 'redis': expected memory, or sqlite:FILE"),
    (("--host", "192.0.2.1"), "192.0.2.1 is no address of this machine; take another one with --host"),
    (("--fixture", "none", "--root-realm", "A_b"), "--root-realm: realm name 'A_b': expected 1 to 64 of a-z"),
    (("--root-realm", "../x"), "--root-realm: realm name '../x': expected 1 to 64 of a-z"),
    (("--root-realm", "register"), "--root-realm: realm name 'register': expected 1 to 64 of a-z"),
    (("--root-realm", ""), "--root-realm: realm name '': expected 1 to 64 of a-z"),
    (("--store", "sqlite:/nowhere/at/all.db"), "--store"),
    (("--store", "sqlite::memory:"), "--store: store 'sqlite::memory:' would be a file called :memory:; say memory"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_CALLS)
def test_a_bad_call(arguments: tuple[str, ...], message: str) -> None:
    port = () if "--port" in arguments else ("--port", "0")
    tried = subprocess.run(command(*port, *arguments), capture_output=True, text=True, timeout=60)
    assert (tried.returncode, tried.stdout) == (2, "")
    assert tried.stderr.startswith("oidc-harness serve: ")
    assert message in tried.stderr
    assert "Traceback" not in tried.stderr


def test_a_root_realm_that_is_not_there_is_told(start: Start) -> None:
    served = start("--root-realm", "acme")
    assert (
        "root           nothing is at / as long as there is no realm 'acme'; --root-realm names another" in served.said
    )
    assert served.issuer.endswith("/default")


@pytest.mark.parametrize("arguments", [(), ("--root-realm", "none"), ("--fixture", "none", "--root-realm", "bare")])
def test_a_root_realm_that_is_there_is_not_told_of(start: Start, arguments: tuple[str, ...]) -> None:
    assert "nothing is at /" not in start(*arguments).said


def test_personas_that_cannot_lie_stop_the_start(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the world was found in the cache. One without personas is served, and says why nothing is armed."""
    start()
    install(tmp_path, "acme_broken", "raise OSError('no licence')", BROKEN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    told = "acme-switches: entry point acme = acme_broken:Any in oidc_harness.switches: it cannot be loaded: "
    tried = subprocess.run(command("--port", "0"), capture_output=True, text=True, timeout=60)
    assert (tried.returncode, tried.stdout) == (2, "")
    assert tried.stderr.startswith(f"oidc-harness serve: personas cannot arm their switches: {told}")
    served = start("--fixture", "none")
    arming = [sys.executable, "-m", "oidc_harness", "switches", "arm", "iss-wrong", "--server", served.issuer]
    armed = subprocess.run(arming, capture_output=True, text=True, timeout=60)
    assert armed.returncode == 2
    assert f"no switch can be used: {told}" in armed.stderr


def test_secrets_that_nobody_wrote_are_shown_and_stay(start: Start, tmp_path: Path) -> None:
    world = tmp_path / "mine.yaml"
    web = "{id: web, name: Web, token_endpoint_auth_method: client_secret_jwt, redirect_uris: [http://localhost/]}"
    world.write_text(f"realms:\n  default:\n    applications: [{web}]\n")
    shown = [re.findall(r"web / (\S{32,}) / http", start("--fixture", str(world)).said) for _ in range(2)]
    assert shown[0] == shown[1]
    assert len(shown[0]) == 1


def test_a_port_in_use() -> None:
    with listen() as taken:
        port = taken.getsockname()[1]
        tried = subprocess.run(command("--port", str(port)), capture_output=True, text=True, timeout=60)
    assert tried.returncode == 2
    assert f"127.0.0.1 port {port} is in use by another program" in tried.stderr


def test_a_bad_fixture_is_told_by_line_and_column(tmp_path: Path) -> None:
    world = tmp_path / "bad.yaml"
    world.write_text("realms:\n  default: {policy: {sign_in: never}}\n")
    tried = subprocess.run(command("--fixture", str(world)), capture_output=True, text=True, timeout=60)
    assert tried.returncode == 2
    assert f"{world}:2:31: realms.default.policy.sign_in: found \"never\"; expected 'form' or 'auto'" in tried.stderr
