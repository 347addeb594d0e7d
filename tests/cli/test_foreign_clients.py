"""A client that somebody else wrote is never failed while it is right, and is failed for each thing it leaves out."""

import asyncio
import json
import sys
from typing import Any

import pytest

from oidc_harness.relying_party.serving import listen
from oidc_harness.shipped import scenarios_directory
from tests.cli.foreign_client import served

SCENARIOS = {path.stem: path for path in scenarios_directory().glob("*.yaml")}
OTHER_KIND = {"native-application", "jwt-access-tokens"}
"""Scenarios that are about another kind of client than a confidential one with RS256."""
Report = dict[str, Any]


@pytest.fixture
def issuer() -> str:
    with listen() as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


async def run(issuer: str, urls: list[str], secret: str, names: list[str], *more: str) -> Any:
    own = [part for url in urls for part in ("--client", url)]
    registered = ("--issuer", issuer, "--client-id", "shop", "--client-secret", secret)
    paths = ("--api-path", "/api", "--refresh-path", "/refresh", "--logout-path", "/logout")
    back = ("--post-logout-redirect-uri", f"{urls[0]}/", "--backchannel-logout-uri", f"{urls[0]}/told")
    files = [str(SCENARIOS[name]) for name in names]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "oidc_harness", "run", *own, *registered, *paths, *back, *more),
        *("--report", "json", *files),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert output, errors.decode()
    return json.loads(output)


def outcomes(report: Report) -> dict[str, str]:
    return {scenario["name"]: scenario["outcome"] for scenario in report["scenarios"]}


def found(report: Report) -> list[Any]:
    return [(each["name"], each["reasons"]) for each in report["scenarios"] if each["outcome"] != "passed"]


@pytest.mark.parametrize("holes", [frozenset[str](), frozenset({"userinfo"})], ids=["all", "without userinfo"])
async def test_a_client_that_is_right_is_never_failed(issuer: str, holes: frozenset[str]) -> None:
    async with served(issuer, holes=holes) as url:
        report = await run(issuer, [url], "a-secret", sorted(SCENARIOS))
    expected = {name: "skipped" if name in OTHER_KIND else "passed" for name in SCENARIOS}
    if "userinfo" in holes:
        # Nothing is concluded of what a client does with answers it never asks for.
        expected |= {name: outcome for name, outcome in outcomes(report).items() if outcome == "not exercised"}
    assert outcomes(report) == expected, found(report)


@pytest.mark.parametrize(
    ("secret", "alg", "name"), [("", "RS256", "native-application"), ("a-secret", "ES256", "jwt-access-tokens")]
)
async def test_a_client_of_another_kind(issuer: str, secret: str, alg: str, name: str) -> None:
    async with served(issuer, secret=secret or None, alg=alg) as url:
        report = await run(issuer, [url], secret, [name, "happy-path", "alg-none"], "--id-token-alg", alg)
    assert set(outcomes(report).values()) == {"passed"}, found(report)


HOLES = {
    "state": ["state-wrong", "state-truncated"],
    "iss parameter": ["iss-param-wrong"],
    "code once": ["happy-path"],
    "signature": ["sig-garbage", "alg-none"],
    "iss": ["iss-wrong"],
    "aud": ["aud-wrong"],
    "nonce": ["nonce-missing", "nonce-wrong"],
    "exp": ["exp-past", "persona-expired-id-token"],
    "sub": ["sub-missing"],
    "sub at userinfo": ["ui-sub-mismatch"],
    "refresh once": ["refresh-invalid-grant", "refresh-token-expired", "refresh-token-expires"],
    "logout token": ["logout-token-forged", "logout-token-for-others", "logout-token-incomplete"],
    "end of a session": ["acct-blocked-mid-session", "blocked-mid-session", "sessions-ended"],
}


@pytest.mark.parametrize("hole", HOLES)
async def test_each_hole_is_found(issuer: str, hole: str) -> None:
    """And by the scenarios that are about it alone: one about something else passes."""
    left_out = {hole, "sub at userinfo"} if hole == "sub" else {hole}
    async with served(issuer, holes=frozenset(left_out)) as url:
        report = await run(issuer, [url], "a-secret", [*HOLES[hole], "log-out"])
    told = outcomes(report)
    # Who kills each code with its own hand signs nobody in anywhere.
    assert told.pop("log-out") == ("inconclusive" if hole == "code once" else "passed"), found(report)
    assert told == dict.fromkeys(HOLES[hole], "failed"), found(report)


async def test_several_clients_have_a_report_each(issuer: str) -> None:
    async with served(issuer) as right, served(issuer, holes=frozenset({"iss"})) as wrong:
        reports = await run(issuer, [right, wrong], "a-secret", ["iss-wrong"])
    assert [report["client"] for report in reports] == [right, wrong]
    assert [outcomes(report)["iss-wrong"] for report in reports] == ["passed", "failed"]
