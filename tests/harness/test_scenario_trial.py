"""Trials: what a scenario says about clients that are right, wrong, broken or cannot be driven. All over real HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from pathlib import Path
from textwrap import dedent

import pytest
from aiohttp import web

from oidc_harness.cli.browser_driver import ClientAddresses
from oidc_harness.cli.stages import BundledStage, ForeignStage
from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.given import RegisteredClient
from oidc_harness.harness.scenario_files import ScenarioFile, ScenarioReader
from oidc_harness.harness.scenario_trial import Trial, try_client
from oidc_harness.relying_party.serving import base_url, listen, serving
from oidc_harness.web.server import Server

CATALOGUE = Catalogue()
LOGIN = "[start_login, {sign_in_as: alice@example.com}, {consent: approve}%s]"
SIGNED_IN = "{client: {signed_in: true, subject: alice@example.com}}"
NOBODY = "{client: {signed_in: false}}"

Write = Callable[..., Awaitable[ScenarioFile]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a scenario in the default world."""

    async def written(steps: str = LOGIN % "", expect: str = SIGNED_IN, more: str = "") -> ScenarioFile:
        path = tmp_path / "a-scenario.yaml"
        path.write_text(f"title: T\nsteps: {steps}\nexpect: {expect}\n{dedent(more)}")
        return await ScenarioReader(CATALOGUE, None).read(path)

    return written


async def tried(server: Server, file: ScenarioFile, client: str = "careful") -> Trial:
    stage = BundledStage(server.realms, client, 1.0, count(1))
    return await try_client(file, stage, CATALOGUE)


def told(trial: Trial) -> list[tuple[str, str]]:
    return [(reason.clause, reason.text) for reason in trial.finding.reasons]


async def test_a_good_client_with_an_honest_provider(server: Server, write: Write) -> None:
    trial = await tried(server, await write())
    assert trial.finding.result == "passed", trial.finding
    assert told(trial) == [("", "signed in as 'alice'")]
    assert [each.endpoint for each in trial.exchanges][-3:] == ["token", "jwks", "userinfo"]


async def test_every_run_leaves_no_realm_behind(server: Server, write: Write) -> None:
    await tried(server, await write(more="armed: [{switch: iss-wrong}]"))
    assert list(server.realms) == []


@pytest.mark.parametrize(
    ("client", "result", "reason"),
    [
        ("careful", "passed", "iss-wrong: the client shows nobody as signed in"),
        (
            "careless",
            "failed",
            "iss-wrong: the client used its tokens at userinfo, after an answer it had to refuse",
        ),
    ],
)
async def test_a_switch_passes_one_and_catches_the_other(
    server: Server, write: Write, client: str, result: str, reason: str
) -> None:
    trial = await tried(server, await write(expect=NOBODY, more="armed: [{switch: iss-wrong}]"), client)
    assert trial.finding.result == result
    assert told(trial)[0] == ("OIDCC-3.1.3.7 rule 2", reason)
    fired = [each.number for each in trial.exchanges if each.fired]
    assert fired[0] in trial.finding.reasons[0].evidence


UNMET = [
    (LOGIN % "", NOBODY, "the client shows 'alice' as signed in, expected nobody"),
    (
        LOGIN % "",
        "{client: {signed_in: true, subject: bob@example.com}}",
        "the client shows 'alice' as signed in, expected 'bob'",
    ),
    ("[start_login]", SIGNED_IN, "nobody is signed in at the client, expected 'alice@example.com'"),
    (LOGIN % "", "{client: {shows_error: true}}", "the last page tells of no error, expected one"),
    (
        "[start_login, {sign_in_as: alice@example.com}, {consent: deny}]",
        "{client: {shows_error: false}}",
        "the last page tells of an error, expected none",
    ),
    (LOGIN % "", "{client: {}, exchanges: {token: {max: 0}}}", "token was asked once, expected never"),
    (LOGIN % "", "{client: {}, exchanges: {token: {min: 2}}}", "token was asked once, expected at least twice"),
    (
        LOGIN % ", refresh",
        "{client: {}, exchanges: {jwks: {min: 4, max: 6}}}",
        "jwks was asked once, expected 4 to 6 times",
    ),
]


@pytest.mark.parametrize(("steps", "expect", "reason"), UNMET)
async def test_an_expectation_that_does_not_come_true(
    server: Server, write: Write, steps: str, expect: str, reason: str
) -> None:
    # Implied consent, so that the honest twin of a refusal signs somebody in whichever page is asked for.
    trial = await tried(server, await write(steps, expect))
    assert trial.finding.result == "failed"
    assert [text for _, text in told(trial)] == [reason]


async def test_a_refusal_is_told_with_the_clause_of_the_provider(server: Server, write: Write) -> None:
    steps = "[start_login, {sign_in_as: alice@example.com}, {consent: deny}]"
    trial = await tried(server, await write(steps))
    [reason] = trial.finding.reasons
    assert (trial.finding.result, reason.clause) == ("failed", "OIDCC-3.1.2.6")
    assert "access_denied" in reason.text
    assert trial.exchanges[-1].number in reason.evidence


async def test_a_switch_that_never_fires_is_no_pass(server: Server, write: Write) -> None:
    armed = "armed: [{switch: refresh-invalid-grant}]"
    trial = await tried(server, await write(more=armed))
    assert trial.finding.result == "not exercised"
    expected = SIGNED_IN.replace("}}", "}, verdict: not exercised}")
    assert (await tried(server, await write(expect=expected, more=armed))).finding.result == "passed"


OUT_OF_PLACE = [
    ("[{consent: approve}, start_login]", SIGNED_IN, "", "consent: the browser is nowhere, where there is no"),
    (LOGIN % ", {sign_in_as: alice@example.com}", SIGNED_IN, "", "sign_in_as: the browser is at "),
    (LOGIN % ", {unblock_member: bob@example.com}", SIGNED_IN, "", "unblock_member: application 'web' has no member"),
    (LOGIN % ", {consent: approve}", NOBODY, "armed: [{switch: iss-wrong}]", "consent: the browser is at "),
]


@pytest.mark.parametrize(("steps", "expect", "armed", "note"), OUT_OF_PLACE)
async def test_a_step_that_nobody_can_do_is_the_fault_of_the_scenario(
    server: Server, write: Write, steps: str, expect: str, armed: str, note: str
) -> None:
    trial = await tried(server, await write(steps, expect, armed))
    assert trial.finding.result == "inconclusive"
    assert told(trial)[0][1].startswith(f"this step cannot be done: {note}")


async def test_a_step_that_only_an_honest_provider_lets_be_done_is_noted(server: Server, write: Write) -> None:
    """Whoever refuses what an application needs to begin with has no login page to be filled in."""
    steps = "[start_login, {sign_in_as: alice@example.com}, {consent: approve}, call_api, refresh]"
    armed = "armed: [{switch: http-truncated, parameters: {endpoint: discovery}}]"
    trial = await tried(server, await write(steps, NOBODY, armed))
    assert trial.finding.result == "passed", trial.finding
    assert [note.text.partition(":")[0] for note in trial.finding.notes] == ["sign_in_as", "consent"]


async def test_what_a_check_finds_holds_whatever_the_steps_are(server: Server, write: Write) -> None:
    trial = await tried(
        server, await write(LOGIN % ", {consent: approve}", NOBODY, "armed: [{switch: iss-wrong}]"), "careless"
    )
    assert trial.finding.result == "failed"


async def test_a_client_that_shows_an_error_has_failed_and_not_the_scenario(
    server: Server, write: Write, broken_client: str
) -> None:
    trial = await try_client(await write(), foreign(server, broken_client), CATALOGUE)
    assert trial.finding.result == "failed"
    assert told(trial)[0][1].startswith("nobody is signed in at the client (broken")


async def test_the_twin_of_a_persona_is_the_same_without_its_switches(server: Server, write: Write) -> None:
    steps = LOGIN.replace("alice@", "no-nonce@") % ""
    trial = await tried(server, await write(steps, NOBODY))
    assert trial.finding.result == "passed"
    assert [text for _, text in told(trial)] == ["nonce-missing: the client shows nobody as signed in"]


async def test_who_is_a_persona_elsewhere_arms_nothing_here(server: Server, write: Write) -> None:
    trial = await tried(server, await write())
    assert not any(each.fired for each in trial.exchanges)


STATE_STEPS = [
    ("block_user", "call_api", NOBODY),
    ("block_member", "call_api", NOBODY),
    ("remove_member", "call_api", NOBODY),
    ("end_sessions", "call_api", NOBODY),
    ("deactivate_application", "call_api", NOBODY),
    ("delete_application", "call_api", NOBODY),
    ("{wait: 4000}", "call_api", NOBODY),
    ("log_out", "call_api", NOBODY),
    ("close_application", "call_api", SIGNED_IN),
    ("restrict_application", "call_api", SIGNED_IN),
    ("rotate_keys", "call_api", SIGNED_IN),
    ("{block_user: bob@example.com}", "call_api", SIGNED_IN),
    ("{deactivate_application: closed}", "call_api", SIGNED_IN),
    ("{close_application: web}", "call_api", SIGNED_IN),
    ("block_user, call_api, unblock_user", "start_login, {sign_in_as: alice@example.com}", SIGNED_IN),
    ("deactivate_application, call_api, reactivate_application", "start_login, {consent: approve}", SIGNED_IN),
]


@pytest.mark.parametrize(("happens", "then", "expect"), STATE_STEPS)
async def test_what_happens_at_the_provider_happens(
    server: Server, write: Write, happens: str, then: str, expect: str
) -> None:
    trial = await tried(server, await write(LOGIN % f", {happens}, {then}", expect))
    assert trial.finding.result == "passed", trial.finding
    assert trial.finding.notes == ()


async def test_an_application_the_bundled_clients_cannot_be(server: Server, write: Write) -> None:
    trial = await tried(server, await write(more="given: {application: reports}"))
    assert trial.finding.result == "skipped"
    assert told(trial) == [("", "the bundled clients do not authenticate by private_key_jwt")]


@pytest.fixture
async def broken_client() -> AsyncIterator[str]:
    """A client that signs nobody in, whatever the provider does."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"error": "broken"}, status=500)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    async with serving(application, listen()) as url:
        yield url


def foreign(server: Server, url: str, **paths: str | None) -> ForeignStage:
    offered: dict[str, str | None] = {"refresh": None, "api": None, "logout": None, **paths}
    addresses = ClientAddresses(f"{url}/", "login", "whoami", **offered, tells_errors=False)  # type: ignore[arg-type]
    return ForeignStage(server.realms, "default", web_client(url), addresses, 5.0)


def web_client(url: str) -> RegisteredClient:
    return RegisteredClient("web", "s", f"{url}/callback", "client_secret_basic")


@pytest.mark.parametrize("more", ["armed: [{switch: iss-wrong}]", "given: {application: closed}"])
async def test_a_client_that_refuses_everybody_has_refused_nothing(
    server: Server, write: Write, broken_client: str, more: str
) -> None:
    """The pair rule, for a scenario with switches and for one whose world refuses by itself."""
    file = await write(expect=NOBODY, more=more)
    trial = await try_client(file, foreign(server, broken_client), CATALOGUE)
    assert trial.finding.result == "inconclusive"
    [reason] = trial.finding.reasons
    assert reason.text.startswith("the client fails with an honest provider too: nobody was ever signed in there")


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("call_api", "the client offers no address for its API call"),
        ("refresh", "the client offers no address for a refresh"),
        ("log_out", "the client offers no address for a logout"),
    ],
)
async def test_what_a_client_offers_no_way_to_do_is_skipped(
    server: Server, write: Write, broken_client: str, step: str, message: str
) -> None:
    trial = await try_client(await write(f"[{step}]"), foreign(server, broken_client), CATALOGUE)
    assert trial.finding.result == "skipped"
    assert trial.finding.reasons[0].text.startswith(message)


async def test_a_client_that_does_not_answer_has_nobody_signed_in(server: Server, write: Write) -> None:
    with listen() as unused:
        url = base_url(unused)
    trial = await try_client(await write("[start_login]"), foreign(server, url), CATALOGUE)
    assert trial.finding.result == "failed"
    assert "the probe failed" in trial.finding.reasons[0].text
