"""A whole run: read the scenarios, start a provider, play them all, report."""

import argparse
import asyncio
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
from oidc_harness.cli.foreign_client import ForeignClient, check_registrable, foreign_client
from oidc_harness.cli.listening import why_not_listening
from oidc_harness.cli.main import FAILED, PASSED, CannotGoOn
from oidc_harness.cli.named_files import named_files
from oidc_harness.cli.run_progress import Progress
from oidc_harness.cli.run_publish import check_writable, publish
from oidc_harness.cli.run_report import Report, ScenarioReport, make_report, scenario_report
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
from oidc_harness.web.settings import OutboundPolicy, ServerSettings

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
        reports = asyncio.run(_run(arguments))
    except (BadFile, CatalogueError) as error:
        raise CannotGoOn(f"nothing was run:\n{error}") from None
    publish(reports, arguments)
    return PASSED if all(report.passed for report in reports) else FAILED


async def _run(arguments: argparse.Namespace) -> tuple[Report, ...]:
    """One report for each client, which are run one after the other: they all know the same issuer."""
    catalogue = Catalogue()
    files = await read_scenarios(arguments.files, catalogue)
    if arguments.report_file is not None:
        check_writable(arguments.report_file)
    if not arguments.client:
        async with _bundled_stage(arguments) as stage:
            return (await _reported(Run(stage, catalogue, arguments.jobs), files, arguments.client_name),)
    foreign = {url: foreign_client(arguments, url) for url in dict.fromkeys(arguments.client)}
    for client in foreign.values():
        await check_registrable(client.registered)
        await _check_reachable(client.addresses)
    reports: list[Report] = []
    for url, client in foreign.items():
        async with _foreign_stage(client, arguments.timeout) as stage:
            reports.append(await _reported(Run(stage, catalogue, 1), files, url))
    return tuple(reports)


async def _reported(run: Run, files: tuple[ScenarioFile, ...], client: str) -> Report:
    started = time.perf_counter()
    progress = Progress(sys.stderr, len(files))
    scenarios = await _play_all(run, files, progress)
    progress.end()
    return make_report(__version__, client, time.perf_counter() - started, scenarios)


async def read_scenarios(paths: list[Path], catalogue: Catalogue) -> tuple[ScenarioFile, ...]:
    """Every scenario, or those shipped where none is named. Raises `BadFile` with the problems of all of them."""
    reader = ScenarioReader(catalogue, user_cache(environ))
    files: list[ScenarioFile] = []
    problems: list[Problem] = []
    for path in named_files(paths or [scenarios_directory()]):
        try:
            files.append(await reader.read(path))
        except BadFile as error:
            problems += error.problems
    if problems:
        raise BadFile(tuple(dict.fromkeys(problems)))
    return tuple(files)


@asynccontextmanager
async def _server(settings: ServerSettings) -> AsyncIterator[Server]:
    async with AsyncExitStack() as stack:
        try:
            server = await stack.enter_async_context(serving(settings))
        except OSError as error:
            raise CannotGoOn(why_not_listening(settings, error)) from None
        yield server


@asynccontextmanager
async def _bundled_stage(arguments: argparse.Namespace) -> AsyncIterator[Stage]:
    # The bundled client is on this machine, and is told of logouts there.
    outbound = OutboundPolicy(allow_private=True)
    async with _server(ServerSettings(port=0, root_realm=None, outbound=outbound)) as server:
        yield BundledStage(server.realms, arguments.client_name, CAREFUL_TIMEOUT_SECONDS, count(1))


@asynccontextmanager
async def _foreign_stage(client: ForeignClient, timeout_seconds: float) -> AsyncIterator[Stage]:
    async with _server(client.settings) as server:
        _tell_how_registered(client, server)
        yield ForeignStage(server.realms, client.realm_name, client.registered, client.addresses, timeout_seconds)


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
