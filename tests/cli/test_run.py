"""`oidc-harness run`: every shipped scenario with both bundled clients, a client of somebody's, and bad calls."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from pydantic import TypeAdapter

from oidc_harness.cli.main import main
from oidc_harness.cli.run_report import Report as ReportShape
from oidc_harness.harness.scenario import Scenario
from oidc_harness.harness.shapes import read_shape
from oidc_harness.harness.yaml_files import read_document
from oidc_harness.relying_party.application import Application
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.careless import CarelessClient
from oidc_harness.relying_party.registration import Registration
from oidc_harness.relying_party.serving import base_url, listen, serving
from oidc_harness.shipped import scenarios_directory

SCENARIOS = {path.stem: path for path in sorted(scenarios_directory().glob("*.yaml"))}
Report = dict[str, Any]


def run(directory: Path, *arguments: str) -> tuple[int, Report]:
    """The exit status and the JSON report."""
    file = directory / "report.json"
    status = main(["run", *arguments, "--report", "json", "--report-file", str(file)])
    return status, json.loads(file.read_text())


def outcomes(report: Report) -> dict[str, str]:
    return {scenario["name"]: scenario["outcome"] for scenario in report["scenarios"]}


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Report]:
    """All shipped scenarios with the careful client."""
    return run(tmp_path_factory.mktemp("careful"))


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Report]:
    """All shipped scenarios with the careless client."""
    return run(tmp_path_factory.mktemp("careless"), "--client-name", "careless")


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_careful_client_passes(careful: tuple[int, Report], name: str) -> None:
    [scenario] = [each for each in careful[1]["scenarios"] if each["name"] == name]
    assert scenario["outcome"] == "passed", scenario["reasons"]
    assert scenario["notes"] == []


@pytest.mark.parametrize(("name", "path"), SCENARIOS.items(), ids=list(SCENARIOS))
def test_the_careless_client_is_caught_where_the_file_says_so(
    careless: tuple[int, Report], name: str, path: Path
) -> None:
    catches = read_shape(Scenario, read_document(path)).catches
    [scenario] = [each for each in careless[1]["scenarios"] if each["name"] == name]
    assert scenario["outcome"] == ("failed" if catches == "careless" else "passed"), scenario["reasons"]
    if catches:
        assert all(reason["evidence"] for reason in scenario["reasons"])
        assert {number for reason in scenario["reasons"] for number in reason["evidence"]} <= {
            exchange["number"] for exchange in scenario["exchanges"]
        }


def test_the_exit_status_and_the_report_say_the_same(careful: tuple[int, Report], careless: tuple[int, Report]) -> None:
    assert (careful[0], careful[1]["passed"], careful[1]["outcomes"]) == (0, True, {"passed": len(SCENARIOS)})
    assert (careless[0], careless[1]["passed"]) == (1, False)
    assert sum(careless[1]["outcomes"].values()) == len(SCENARIOS)


def test_no_report_tells_a_secret(careless: tuple[int, Report]) -> None:
    text = json.dumps(careless[1])
    for secret in ("web-secret", "code_verifier", "client_secret=", "eyJ"):
        assert secret not in text


def test_the_report_is_what_its_schema_says(careful: tuple[int, Report], careless: tuple[int, Report]) -> None:
    for _, report in (careful, careless):
        described = TypeAdapter(ReportShape).validate_json(json.dumps(report), strict=True)
        assert described.json_tree()["outcomes"] == report["outcomes"]


def test_what_people_see(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    names = ("iss-wrong", "happy-path", "blocked-user")
    assert main(["run", "--client-name", "careless", *(str(SCENARIOS[name]) for name in names)]) == 1
    shown = capsys.readouterr()
    assert shown.out.splitlines()[2:] == [
        "iss-wrong     FAILED        The ID token names another issuer",
        "      OIDCC-3.1.3.7 rule 2: iss-wrong: the client used its tokens at userinfo, after an answer it",
        "        had to refuse (exchanges 9, 11)",
        "      OIDCC-3.1.3.7 rule 2: the client shows 'alice' as signed in, expected nobody (exchanges 9, 11)",
        "      and 2 more; -v shows all, with the exchanges",
        "happy-path    passed        signed in as 'alice'",
        "blocked-user  passed        nobody signed in",
        "",
        shown.out.splitlines()[-2],
        "The client careless was caught by 1 of them; above is by which, and why.",
    ]
    assert shown.out.splitlines()[-2].endswith("s: 1 failed, 2 passed.")
    assert len([line for line in shown.err.splitlines() if line.startswith("[")]) == 3


def test_junit_is_xml_that_counts(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("iss-wrong", "happy-path")
    assert main(["run", "--client-name", "careless", "--report", "junit", *(str(SCENARIOS[name]) for name in names)])
    [suite] = ElementTree.fromstring(capsys.readouterr().out)  # noqa: S314 - we wrote it
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["2", "1", "0", "0"]
    cases = {case.get("name"): case for case in suite}
    failure = cases["iss-wrong"].find("failure")
    assert failure is not None
    assert str(failure.get("message")).startswith("OIDCC-3.1.3.7 rule 2: iss-wrong: the client used its tokens")
    assert "9 POST token 200 iss-wrong" in str(cases["iss-wrong"].findtext("system-out"))
    assert list(cases["happy-path"]) == []


@pytest.fixture
def own_scenario(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text("title: T\ngiven: {application: reports}\nsteps: [refresh]\nexpect: {client: {signed_in: false}}\n")
    return path


def test_what_could_not_be_tried_is_no_pass(own_scenario: Path, tmp_path: Path) -> None:
    status, report = run(tmp_path, str(own_scenario))
    assert (status, outcomes(report)) == (1, {"mine": "skipped"})


BAD_CALLS = [
    (("nothing.yaml",), "oidc-harness run: nothing was run:\nnothing.yaml:1:1: cannot be read: No such file"),
    (("--client", "localhost:8080"), "--client localhost:8080: expected an address such as http://localhost:8080"),
    (("--client", "http://127.0.0.1:1"), "no client answers at http://127.0.0.1:1/"),
    (("--client", "http://x", "--issuer", "http://x/a/b"), "expected at most one name in its path"),
    (("--client", "http://x", "--issuer", "http://x:99999"), "--issuer http://x:99999: Port out of range 0-65535"),
    (("--client-id", "mine"), "--client-id is about a client of yours; say with --client where it is"),
    (("--timeout", "3"), "--timeout is about a client of yours"),
    (("--client", "http://x", "--client-name", "careless"), "--client-name is about the clients that come with this"),
    (("--client", "http://x", "--jobs", "2"), "--jobs is about the clients that come with this program"),
    (("--report-file", "report.txt"), "--report-file report.txt: say with --report which kind it is to be"),
    (("--client", "http://x", "--client-secret", "s", "--auth-method", "none"), "cannot be registered as the options"),
    (("--client", "http://x", "--client-secret", "s", "--id-token-alg", "HS256"), "applications[0].secret: "),
    (("--client", "http://x", "--redirect-uri", "http://x/#"), "applications[0].redirect_uris[0]: "),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_CALLS)
def test_a_bad_call(arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    files = [] if arguments[0].startswith("nothing") else [str(SCENARIOS["happy-path"])]
    port = ("--port", str(free_port())) if "--client" in arguments else ()
    assert main(["run", *arguments, *port, *files]) == 2
    assert message in capsys.readouterr().err


def test_a_report_says_by_its_name_what_it_is(tmp_path: Path) -> None:
    for name, begins in (("report.xml", "<?xml"), ("report.JSON", "{")):
        assert main(["run", str(SCENARIOS["happy-path"]), "--report-file", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_text().startswith(begins)


def test_a_folder_stands_for_its_files_and_a_file_is_run_once(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("iss-wrong", "happy-path"):
        (folder / f"{name}.yaml").write_text(SCENARIOS[name].read_text())
    (folder / "notes.txt").write_text("no scenario")
    status, report = run(tmp_path, str(folder / "iss-wrong.yaml"), str(folder), str(folder / "." / "iss-wrong.yaml"))
    assert (status, list(outcomes(report))) == (0, ["iss-wrong", "happy-path"])


def test_an_empty_folder_is_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path)]) == 2
    assert f"{tmp_path} is a folder without any file *.yaml" in capsys.readouterr().err


def test_every_bad_file_is_told_and_none_is_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("title: T\nsteps: [fly]\nexpect: {client: {}}\n")
    files = [str(tmp_path / "one.yaml"), str(SCENARIOS["happy-path"]), str(tmp_path / "two.yaml")]
    assert main(["run", *files]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [line for line in shown.err.splitlines() if ":2:9: steps[0]" in line] == [
        f'{tmp_path}/{name}.yaml:2:9: steps[0]: "fly" is not known here; {line.partition("; ")[2]}'
        for name, line in zip(("one", "two"), shown.err.splitlines()[1:], strict=True)
    ]


def test_a_report_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "no" / "report.xml"
    arguments = ["run", str(SCENARIOS["happy-path"]), "--report", "junit", "--report-file", str(target)]
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert f"{target} cannot be written: No such file or directory" in shown.err
    assert shown.out == ""


def free_port() -> int:
    with listen() as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture
async def issuer() -> str:
    return f"http://127.0.0.1:{free_port()}"


async def served(client: type[CarefulClient] | type[CarelessClient], issuer: str) -> AsyncIterator[str]:
    """A client as people run theirs: it knows an issuer, and that is not there yet."""
    listener = listen()
    own = base_url(listener)
    registration = Registration(issuer, "shop", "a-secret", f"{own}/callback", f"{own}/logged-out")
    async with serving(Application(client(registration)).web_application(), listener) as url:
        yield url


async def run_against(url: str, issuer: str, *names: str, more: tuple[str, ...] = ()) -> tuple[int, Report]:
    arguments = ("--client", url, "--issuer", issuer, "--client-id", "shop", "--client-secret", "a-secret")
    files = [str(SCENARIOS[name]) for name in names]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "oidc_harness", "run", *arguments, *more, "--report", "json", *files),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode is not None
    assert output, errors.decode()
    return process.returncode, json.loads(output)


async def test_a_client_of_somebodys_that_is_careful(issuer: str) -> None:
    names = ("happy-path", "iss-wrong", "application-closed", "access-token-expires", "log-out")
    paths = ("--api-path", "/api", "--refresh-path", "/refresh", "--logout-path", "/logout")
    async for url in served(CarefulClient, issuer):
        more = (*paths, "--post-logout-redirect-uri", f"{url}/logged-out")
        status, report = await run_against(url, issuer, *names, more=more)
        assert outcomes(report) == dict.fromkeys(names, "passed"), report
        assert (status, report["client"]) == (0, url)


async def test_a_client_of_somebodys_that_is_not(issuer: str) -> None:
    async for url in served(CarelessClient, f"{issuer}/acme"):
        status, report = await run_against(url, f"{issuer}/acme", "iss-wrong", "happy-path", "invitation-accepted")
        assert (status, outcomes(report)) == (
            1,
            {"iss-wrong": "failed", "happy-path": "skipped", "invitation-accepted": "passed"},
        )
