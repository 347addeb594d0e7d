"""A whole run: read the scenarios, start a provider, play them all, report."""

import argparse
import asyncio
import json
import sys
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from os import environ
from pathlib import Path

from oidc_harness import __version__
from oidc_harness.cli.browser_driver import ClientAddresses
from oidc_harness.cli.foreign_client import ForeignClient, foreign_client
from oidc_harness.cli.listening import why_not_listening
from oidc_harness.cli.main import FAILED, PASSED, CannotGoOn
from oidc_harness.cli.run_junit import junit
from oidc_harness.cli.run_progress import Progress
from oidc_harness.cli.run_report import Report, ScenarioReport, make_report, scenario_report
from oidc_harness.cli.run_table import table
from oidc_harness.cli.stages import BundledStage, ForeignStage
from oidc_harness.harness.catalogue import Catalogue, CatalogueError
from oidc_harness.harness.driver import Stage
from oidc_harness.harness.file_cache import user_cache
from oidc_harness.harness.scenario_files import ScenarioFile, ScenarioReader
from oidc_harness.harness.scenario_outcome import Finding, Reason
from oidc_harness.harness.scenario_trial import Trial, try_client
from oidc_harness.harness.yaml_files import BadFile, Problem
from oidc_harness.relying_party.browser import BrowserError
from oidc_harness.relying_party.user_agent import UserAgent
from oidc_harness.shipped import scenarios_directory
from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import ServerSettings

CAREFUL_TIMEOUT_SECONDS = 1.5
"""How long the bundled careful client waits for an answer; the slow answers of shipped scenarios take longer."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is run, how."""

    stage: Stage
    catalogue: Catalogue
    jobs: int


def run_all(arguments: argparse.Namespace) -> int:
    """Run scenarios; returns the exit status. Raises `CannotGoOn`."""
    try:
        report = asyncio.run(_run(arguments))
    except (BadFile, CatalogueError) as error:
        raise CannotGoOn(f"nothing was run:\n{error}") from None
    _publish(report, arguments)
    return PASSED if report.passed else FAILED


async def _run(arguments: argparse.Namespace) -> Report:
    catalogue = Catalogue()
    files = await read_scenarios(arguments.files, catalogue)
    started = time.perf_counter()
    async with _stage(arguments) as stage:
        run = Run(stage, catalogue, 1 if arguments.client else arguments.jobs)
        progress = Progress(sys.stderr, len(files))
        scenarios = await _play_all(run, files, progress)
        progress.end()
    client = arguments.client or arguments.client_name
    return make_report(__version__, client, time.perf_counter() - started, scenarios)


async def read_scenarios(paths: list[Path], catalogue: Catalogue) -> tuple[ScenarioFile, ...]:
    """Every scenario, or those shipped where none is named. Raises `BadFile` with the problems of all of them."""
    reader = ScenarioReader(catalogue, user_cache(environ))
    files: list[ScenarioFile] = []
    problems: list[Problem] = []
    for path in paths or sorted(scenarios_directory().glob("*.yaml")):
        try:
            files.append(await reader.read(path))
        except BadFile as error:
            problems += error.problems
    if problems:
        raise BadFile(tuple(dict.fromkeys(problems)))
    return tuple(files)


@asynccontextmanager
async def _stage(arguments: argparse.Namespace) -> AsyncIterator[Stage]:
    foreign = foreign_client(arguments) if arguments.client else None
    settings = foreign.settings if foreign is not None else ServerSettings(port=0, root_realm=None)
    async with AsyncExitStack() as stack:
        try:
            server = await stack.enter_async_context(serving(settings))
        except OSError as error:
            raise CannotGoOn(why_not_listening(settings, error)) from None
        if foreign is None:
            yield BundledStage(server.realms, arguments.client_name, CAREFUL_TIMEOUT_SECONDS, count(1))
            return
        await _check_reachable(foreign.addresses)
        _tell_how_registered(foreign, server)
        yield ForeignStage(server.realms, foreign.realm_name, foreign.registered, foreign.addresses, arguments.timeout)


async def _check_reachable(addresses: ClientAddresses) -> None:
    async with UserAgent() as agent:
        try:
            await agent.get(addresses.url)
        except BrowserError as error:
            raise CannotGoOn(f"no client answers at {addresses.url}: {error}; start it, or correct --client") from None


def _tell_how_registered(foreign: ForeignClient, server: Server) -> None:
    """What the client has to agree with, so that a misunderstanding shows at once."""
    issuer = server.realms.addresses_of(foreign.realm_name).issuer
    client = foreign.registered
    print(f"issuer {issuer}, client_id {client.client_id}, redirect URI {client.redirect_uri}", file=sys.stderr)


async def _play_all(run: Run, files: tuple[ScenarioFile, ...], progress: Progress) -> tuple[ScenarioReport, ...]:
    free = asyncio.Semaphore(run.jobs)

    async def play(file: ScenarioFile) -> ScenarioReport:
        async with free:
            started = time.perf_counter()
            trial = await _trial(run, file)
            report = scenario_report(trial, time.perf_counter() - started)
        progress.tell(report)
        return report

    return tuple(await asyncio.gather(*(play(file) for file in files)))


async def _trial(run: Run, file: ScenarioFile) -> Trial:
    """One scenario that ends in a fault of the harness does not take the others with it."""
    try:
        return await try_client(file, run.stage, run.catalogue)
    except Exception as error:
        last = traceback.format_exception_only(error)[-1].strip()
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = f"the harness failed: {last} ({Path(where.filename).name}:{where.lineno}); please report it"
        return Trial(file, Finding("broken", (Reason(text),)))


def _publish(report: Report, arguments: argparse.Namespace) -> None:
    """The table on stdout, unless the report for programs has to be there."""
    to_stdout = arguments.report is not None and arguments.report_file is None
    print(table(report, arguments.detail), file=sys.stderr if to_stdout else sys.stdout)
    if arguments.report is None:
        return
    text = junit(report) if arguments.report == "junit" else json.dumps(report.json_tree(), indent=2) + "\n"
    if to_stdout:
        sys.stdout.write(text)
        return
    try:
        arguments.report_file.write_text(text, "utf-8")
    except OSError as error:
        raise CannotGoOn(f"{arguments.report_file} cannot be written: {error.strerror or error}") from None
