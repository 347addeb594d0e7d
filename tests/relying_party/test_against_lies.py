"""Both clients against the real provider while it lies at one of its seams: one withstands, the other falls."""

from collections.abc import Callable

import pytest

from oidc_harness.harness.conditions import When
from oidc_harness.protocol.delivery import Delivery
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.careless import CarelessClient
from oidc_harness.switches.base import (
    AnySwitch,
)
from tests.relying_party.lies import (
    AnswerChanged,
    ClaimsChanged,
    OtherPerson,
    Planned,
    Refusal,
    Resigned,
    busy,
    cut,
    failed,
    html,
    reset,
    slow,
)
from tests.relying_party.worlds import Make, Open, Settings

LIES: dict[str, tuple[AnySwitch, str, int]] = {
    # The lie, what the careful client says of it, and how many token requests it sends.
    "iss-wrong": (ClaimsChanged({"iss": "http://evil.example"}), "id_token_issuer", 1),
    "aud-wrong": (ClaimsChanged({"aud": "client-2"}), "id_token_audience", 1),
    "nonce-missing": (ClaimsChanged({"nonce": None}), "id_token_nonce", 1),
    "nonce-wrong": (ClaimsChanged({"nonce": "another"}), "id_token_nonce", 1),
    "exp-past": (ClaimsChanged({"exp": 1_500_000_300, "iat": 1_500_000_000}), "id_token_expired", 1),
    "sub-missing": (ClaimsChanged({"sub": None}), "id_token_claim_missing", 1),
    "at-hash-wrong": (ClaimsChanged({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}), "id_token_at_hash", 1),
    "sig-garbage": (Resigned(None, "A" * 342), "id_token_signature", 1),
    "alg-none": (Resigned("eyJhbGciOiJub25lIn0", ""), "id_token_algorithm", 1),
    "state-wrong": (AnswerChanged({"state": "another"}), "unknown_state", 0),
    "iss-param-wrong": (AnswerChanged({"iss": "http://evil.example"}), "iss_mismatch", 0),
    "ui-sub-mismatch": (OtherPerson(), "userinfo_subject", 1),
}


@pytest.mark.parametrize("name", LIES)
async def test_the_careful_client_withstands(opened: Open, name: str) -> None:
    switch, code, token_requests = LIES[name]
    at = await opened(CarefulClient)
    at.realm.arm(switch)
    visit = await at.login()
    assert (visit.page.status, visit.page.text_of("error-code")) == (400, code)
    assert await at.signed_in_as() is None
    assert at.asked("token") == token_requests
    assert at.asked("userinfo") == (1 if name == "ui-sub-mismatch" else 0)
    assert at.asked("authorize") == 1
    at.realm.switchboard.clear()
    await at.login()
    assert await at.signed_in_as() == "user-ann"


@pytest.mark.parametrize("name", LIES)
async def test_the_careless_client_falls_for(opened: Open, name: str) -> None:
    at = await opened(CarelessClient)
    at.realm.arm(LIES[name][0])
    await at.login()
    assert await at.signed_in_as() == ("somebody-else" if name == "ui-sub-mismatch" else "user-ann")


@pytest.mark.parametrize(
    ("make", "status", "sub", "requests"), [(CarefulClient, 401, None, 1), (CarelessClient, 200, "user-ann", 3)]
)
async def test_a_refused_refresh_token(opened: Open, make: Make, status: int, sub: str | None, requests: int) -> None:
    at = await opened(make)
    at.realm.arm(Refusal())
    await at.login()
    assert (await at.post("/refresh")).page.status == status
    assert await at.signed_in_as() == sub
    assert at.asked("token", grant_type="refresh_token") == requests


AT_TOKEN = When(times=1, endpoint="token")
IMPATIENT = Settings(registration={"timeout_seconds": 0.5})


@pytest.mark.parametrize("plan", [busy, slow, cut, reset])
async def test_the_careful_client_sends_a_code_once_whatever_happens(
    opened: Open, plan: Callable[[Delivery], Delivery]
) -> None:
    at = await opened(CarefulClient, IMPATIENT)
    at.realm.arm(Planned(plan), AT_TOKEN)
    visit = await at.login()
    expected = "provider_busy" if plan is busy else "provider_unreachable"
    assert (visit.page.status, visit.page.text_of("error-code")) == (502, expected)
    assert await at.signed_in_as() is None
    assert (at.asked("token"), at.asked("authorize")) == (1, 1)


@pytest.mark.parametrize(("plan", "times_sent"), [(busy, 3), (slow, 1), (cut, 3), (reset, 3)])
async def test_the_careless_client_sends_the_same_code_again_or_waits(
    opened: Open, plan: Callable[[Delivery], Delivery], times_sent: int
) -> None:
    at = await opened(CarelessClient, IMPATIENT)
    at.realm.arm(Planned(plan), AT_TOKEN)
    await at.login()
    codes = at.codes()
    assert codes.count(codes[0]) == times_sent
    # After the third time it starts the whole login again, and nobody asked it to.
    assert at.asked("authorize") == (1 if plan is slow else 2)
    assert await at.signed_in_as() == "user-ann"


async def test_the_careful_client_keeps_the_pause_it_was_asked_for(opened: Open) -> None:
    at = await opened(CarefulClient)
    at.realm.arm(Planned(busy), AT_TOKEN)
    for _ in range(3):
        await at.login()
    assert at.asked("token") == 1
    at.realm.clock.advance(31)
    await at.login()
    assert await at.signed_in_as() == "user-ann"


@pytest.mark.parametrize("plan", [busy, cut, reset, failed, html])
async def test_a_fault_during_renewal_leaves_the_session(opened: Open, plan: Callable[[Delivery], Delivery]) -> None:
    at = await opened(CarefulClient)
    await at.login()
    at.realm.arm(Planned(plan), AT_TOKEN)
    assert (await at.post("/refresh")).page.status == 502
    assert (await at.signed_in_as(), at.asked("token", grant_type="refresh_token")) == ("user-ann", 1)
