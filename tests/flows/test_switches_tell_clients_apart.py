"""Every switch, over real HTTP, with both clients: the careful one passes, the careless one is caught."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.conditions import ALWAYS, When
from oidc_harness.harness.verdict import Verdict, judge
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.write import Add
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.careless import CarelessClient
from tests.relying_party.worlds import AUTOMATIC, Make, Settings, World, world

CATALOGUE = Catalogue()
LOGIN, LOOK = "login", "look"
END_SESSIONS = "the provider ends the sessions"
BY_FORM = "sign in through the pages"
CALL_API, REFRESH = "/api", "/refresh"


@dataclass(frozen=True)
class Case:
    """A switch in the world and the flow that show what a client makes of it."""

    switch: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    """What is done while the provider is still honest."""
    steps: tuple[str, ...] = (LOGIN, LOOK)
    """What is done once the switch is armed."""
    settings: Settings = field(default_factory=Settings)
    when: When = ALWAYS
    invited: bool = False
    either: bool = False
    """Whether a client may do one thing or the other, so that the careless one passes too."""
    lasting: bool = False
    """Whether what was done cannot be undone by taking the switch out."""

    def __str__(self) -> str:
        values = "-".join(str(value) for value in self.parameters.values())
        return f"{self.switch}-{values}" if values else self.switch


IMPATIENT = Settings(registration={"timeout_seconds": 0.5})
CLOSED = Settings(application={"closed": True})
FORM = Settings(policy=replace(AUTOMATIC, sign_in="form", consent="ask"))
CLOSED_FORM = replace(FORM, application={"closed": True})
PAGES = (BY_FORM, LOOK)
JWT = Settings(application={"access_token_format": "jwt"})
SEEN = (LOGIN, LOOK)
RENEWAL = (REFRESH, LOOK)
USE = (LOGIN, LOOK, CALL_API, LOOK)
TOLD = Settings(is_told=True)
TOLD_OF_EACH = replace(TOLD, application={"backchannel_logout_session_required": True})


def notice(switch: str, **parameters: Any) -> Case:
    """A lie in a logout token, told to a client where somebody is signed in."""
    return Case(switch, parameters, before=SEEN, steps=(END_SESSIONS, LOOK), settings=TOLD)


CASES = [
    Case("iss-wrong"),
    Case("iss-wrong", {"value": "https://other.example/tenant"}),
    Case("aud-wrong"),
    Case("nonce-missing"),
    Case("nonce-wrong"),
    Case("exp-past"),
    Case("exp-past", {"seconds": 86400}),
    Case("sub-missing"),
    Case("sig-garbage"),
    Case("sig-garbage", settings=JWT),
    Case("alg-none"),
    *(Case("state-wrong", {"variant": variant}) for variant in ("altered", "truncated", "case", "encoded")),
    Case("iss-param-wrong"),
    Case("ui-sub-mismatch"),
    Case("access-token-born-expired"),
    Case("access-token-born-expired", {"seconds": 60}, settings=JWT),
    Case("refresh-invalid-grant", before=SEEN, steps=RENEWAL),
    Case("refresh-token-expired", before=SEEN, steps=RENEWAL),
    Case("acct-blocked-on-refresh", before=SEEN, steps=RENEWAL, lasting=True),
    Case("jwks-rotate-new-key", before=SEEN),
    Case("jwks-rotate-new-key", {"after": "userinfo"}, before=SEEN, steps=(LOGIN, LOGIN, LOOK)),
    *(Case("http-503", {"endpoint": endpoint, "seconds": 30}) for endpoint in ("token", "userinfo", "discovery")),
    *(
        Case("http-slow-body", {"seconds": 1.2, "endpoint": each}, settings=IMPATIENT, either=True)
        for each in ("token", "jwks")
    ),
    *(Case("http-truncated", {"endpoint": endpoint}) for endpoint in ("token", "jwks", "discovery")),
    *(Case("http-reset-mid-body", {"endpoint": endpoint}) for endpoint in ("token", "userinfo", "discovery")),
    Case("acct-blocked-at-login", lasting=True),
    Case("acct-blocked-at-login", when=When(user="ann"), lasting=True),
    Case("acct-blocked-at-login", settings=FORM, steps=PAGES, lasting=True),
    Case("app-closed"),
    Case("app-closed", settings=FORM, steps=PAGES),
    Case("app-restricted"),
    Case("app-restricted", settings=FORM, steps=PAGES),
    Case("invite-revoked", settings=CLOSED_FORM, steps=PAGES, invited=True, lasting=True),
    Case("invite-revoked", settings=CLOSED, invited=True, lasting=True),
    Case("acct-blocked-before-token", lasting=True),
    Case("acct-blocked-mid-session", steps=USE, lasting=True),
    Case("acct-blocked-mid-session", {"after": "token"}, lasting=True),
    *(Case(name, lasting=True) for name in ("app-suspended", "app-deleted")),
    notice("bcl-bad-signature"),
    notice("bcl-alg-none"),
    notice("bcl-alg-other"),
    notice("bcl-type"),
    notice("bcl-id-token-sent"),
    notice("bcl-iss-wrong"),
    notice("bcl-aud-wrong"),
    notice("bcl-events-missing"),
    *(notice("bcl-events-wrong", shape=shape) for shape in ("other-event", "text", "list", "no-object")),
    notice("bcl-nonce-present"),
    *(notice("bcl-iat-odd", shape=shape) for shape in ("missing", "ahead")),
    *(notice("bcl-exp-odd", shape=shape) for shape in ("past", "missing")),
    notice("bcl-jti-missing"),
    notice("bcl-no-subject"),
    notice("bcl-sid-unknown"),
    replace(notice("bcl-sid-sub-conflict"), settings=TOLD_OF_EACH),
    *(Case(name, {"after": "userinfo"}, steps=USE, lasting=True) for name in ("app-suspended", "app-deleted")),
]
EXPECTED = [(CarefulClient, "passed"), (CarelessClient, "failed")]


async def _take(steps: tuple[str, ...], at: World) -> None:
    for step in steps:
        if step == LOGIN:
            await at.login()
        elif step == BY_FORM:
            person = ("ann", "a known test value")
            await at.agent.sign_in(f"{at.url}/login", *person, leaves_error_pages=True)
        elif step == END_SESSIONS:
            await at.end_sessions()
        elif step == LOOK:
            sub = await at.signed_in_as()
            at.realm.report(signed_in=sub is not None, subject=sub)
        else:
            await at.post(step)


async def _play(case: Case, at: World) -> Verdict:
    if case.invited:
        await _invite(at)
    await _take(case.before, at)
    armed = at.realm.arm(CATALOGUE.make(case.switch, case.parameters), case.when)
    await _take(case.steps, at)
    journal = at.realm.journal
    [verdict] = judge(journal.exchanges(), journal.observations(), [armed], [])
    return verdict


async def _invite(at: World) -> None:
    invitation = Invitation(
        id="an-invitation",
        application_id="client-1",
        email="ann@example.org",
        email_key="ann@example.org",
        sent_at=0,
    )
    async with at.realm.records() as records:
        records.write(Add(invitation))


@pytest.mark.parametrize(("make", "outcome"), EXPECTED, ids=["careful", "careless"])
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_switch_tells_the_clients_apart(case: Case, make: Make, outcome: str) -> None:
    async with world(make, case.settings) as at:
        verdict = await _play(case, at)
        assert verdict.outcome == ("passed" if case.either else outcome), verdict
        assert verdict.evidence
        assert not any(exchange.trace for exchange in at.realm.journal.exchanges())


@pytest.mark.parametrize("case", [case for case in CASES if not case.lasting], ids=str)
async def test_the_careful_client_signs_people_in_once_the_switch_is_out(case: Case) -> None:
    """The twin: a client that refused everybody would be broken, not careful."""
    async with world(CarefulClient, case.settings) as at:
        await _play(case, at)
        at.realm.switchboard.clear()
        at.realm.clock.advance(60)
        await _take((BY_FORM,) if BY_FORM in case.steps else (LOGIN,), at)
        assert await at.signed_in_as() == "user-ann"


def test_every_switch_is_shown() -> None:
    assert {case.switch for case in CASES} == {switch.name for switch in CATALOGUE.switches()}


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_client_that_nobody_looks_at_has_not_passed(case: Case) -> None:
    """Silence is no evidence, whatever the client did right."""
    unseen = replace(case, steps=tuple(step for step in case.steps if step != LOOK))
    async with world(CarefulClient, case.settings) as at:
        verdict = await _play(unseen, at)
        assert verdict.outcome == "inconclusive", verdict


@pytest.mark.parametrize("make", [CarefulClient, CarelessClient], ids=["careful", "careless"])
async def test_an_honest_provider_exercises_no_switch(make: Make) -> None:
    async with world(make, Settings(policy=AUTOMATIC)) as at:
        await _take((LOGIN, LOOK), at)
        armed = [at.realm.arm(switch()) for switch in CATALOGUE.switches()]
        journal = at.realm.journal
        verdicts = judge(journal.exchanges(), journal.observations(), armed, CATALOGUE.checks())
    assert [verdict.outcome for verdict in verdicts[: len(armed)]] == ["not exercised"] * len(armed)
    assert {verdict.outcome for verdict in verdicts[len(armed) :]} == {"passed"}
