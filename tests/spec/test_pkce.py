"""Proof Key for Code Exchange (RFC 7636): when it is required, and what it compares (A26, A15)."""

from typing import Any

import pytest

from oidc_harness.model.code import Code
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.pkce import accept_challenge, challenge_of, check_verifier
from tests.support import records
from tests.support.refusals import refused, told_client
from tests.support.world import World

# The example of RFC 7636 appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

NOTHING: dict[str, Any] = {}
S256: dict[str, Any] = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
PLAIN: dict[str, Any] = {"code_challenge": VERIFIER, "code_challenge_method": "plain"}
IMPLIED: dict[str, Any] = {"code_challenge": VERIFIER}
UNKNOWN: dict[str, Any] = {"code_challenge": CHALLENGE, "code_challenge_method": "S512"}
WRONG_CASE: dict[str, Any] = {"code_challenge": CHALLENGE, "code_challenge_method": "s256"}

ACCEPTED = [
    ("off", False, NOTHING, None),
    ("off", False, S256, None),
    ("off", False, UNKNOWN, None),
    ("off", True, S256, "S256"),
    ("allowed", False, NOTHING, None),
    ("allowed", False, S256, "S256"),
    ("allowed", False, PLAIN, "plain"),
    ("allowed", False, IMPLIED, "plain"),
    ("allowed", True, S256, "S256"),
    ("allowed", True, PLAIN, "plain"),
    ("required", False, S256, "S256"),
    ("required", False, IMPLIED, "plain"),
    ("required", True, PLAIN, "plain"),
    ("S256", False, S256, "S256"),
    ("S256", True, S256, "S256"),
]
REFUSED = [
    ("off", True, NOTHING),
    ("allowed", True, NOTHING),
    ("allowed", False, UNKNOWN),
    ("allowed", False, WRONG_CASE),
    ("required", False, NOTHING),
    ("required", True, NOTHING),
    ("required", False, UNKNOWN),
    ("S256", False, NOTHING),
    ("S256", True, NOTHING),
    ("S256", False, PLAIN),
    ("S256", False, IMPLIED),
    ("S256", True, PLAIN),
    ("S256", False, UNKNOWN),
]


def fields(setting: str, public: bool) -> dict[str, Any]:
    return {"pkce": setting, "token_endpoint_auth_method": "none" if public else "client_secret_basic"}


@pytest.mark.parametrize(("setting", "public", "sent", "method"), ACCEPTED)
def test_the_rule_accepts(setting: str, public: bool, sent: dict[str, Any], method: str | None) -> None:
    application = records.application(**fields(setting, public))
    expected = (sent["code_challenge"] if method else None, method)
    assert accept_challenge(Parameters(tuple(sent.items())), application) == expected


@pytest.mark.parametrize(("setting", "public", "sent"), REFUSED)
def test_the_rule_refuses(setting: str, public: bool, sent: dict[str, Any]) -> None:
    application = records.application(**fields(setting, public))
    with pytest.raises(OAuthError) as refusal:
        accept_challenge(Parameters(tuple(sent.items())), application)
    assert (refusal.value.code, refusal.value.where.tag) == ("invalid_request", "RFC7636-4.4.1")


@pytest.mark.parametrize(("setting", "public", "sent"), REFUSED)
async def test_the_authorization_endpoint_refuses(
    setting: str, public: bool, sent: dict[str, Any], world: World
) -> None:
    client = await world.client(**fields(setting, public))
    told_client(await client.authorize(**sent), "invalid_request", world.issuer)


@pytest.mark.parametrize(("setting", "public", "sent", "method"), ACCEPTED)
async def test_the_code_is_redeemed(
    setting: str, public: bool, sent: dict[str, Any], method: str | None, world: World
) -> None:
    await world.people()
    client = await world.client(id="other", **fields(setting, public))
    verifier = VERIFIER if sent else None
    tokens = await client.sign_in(redemption={"code_verifier": verifier}, **sent)
    assert tokens.claims["sub"] == "user-alice"


def test_the_challenge_is_that_of_the_specification() -> None:
    assert challenge_of(VERIFIER) == CHALLENGE


ASKED_S256 = ("S256", CHALLENGE)
ASKED_PLAIN = ("plain", VERIFIER)
NOT_ASKED = (None, None)
WRONG_VERIFIERS = [
    (ASKED_S256, None, "RFC7636-4.5"),
    (ASKED_S256, VERIFIER[:-1] + "l", "RFC7636-4.6"),
    (ASKED_S256, CHALLENGE, "RFC7636-4.6"),
    (ASKED_S256, VERIFIER[:42], "RFC7636-4.1"),
    (ASKED_S256, "a" * 129, "RFC7636-4.1"),
    (ASKED_S256, VERIFIER + "=", "RFC7636-4.1"),
    (ASKED_S256, VERIFIER + "\n", "RFC7636-4.1"),
    (ASKED_S256, VERIFIER[:-1] + "é", "RFC7636-4.1"),
    (ASKED_PLAIN, None, "RFC7636-4.5"),
    (ASKED_PLAIN, VERIFIER.upper(), "RFC7636-4.6"),
    (ASKED_PLAIN, CHALLENGE, "RFC7636-4.6"),
    (NOT_ASKED, VERIFIER, "RFC9700-4.8.2"),
]


@pytest.mark.parametrize(("asked", "verifier", "clause"), WRONG_VERIFIERS)
def test_a_wrong_verifier_is_refused(asked: tuple[str | None, str | None], verifier: str | None, clause: str) -> None:
    method, challenge = asked
    code = Code(
        id="c",
        grant_id="g",
        application_id="web",
        redirect_uri=records.REDIRECT_URI,
        code_challenge=challenge,
        code_challenge_method=method,
    )
    with pytest.raises(OAuthError) as refusal:
        check_verifier(verifier, code, records.application())
    assert (refusal.value.code, refusal.value.where.tag) == ("invalid_grant", clause)


@pytest.mark.parametrize(("asked", "verifier", "clause"), WRONG_VERIFIERS)
async def test_a_wrong_verifier_gets_nothing(
    asked: tuple[str | None, str | None], verifier: str | None, clause: str, world: World
) -> None:
    client = await world.people()
    method, challenge = asked
    code = await client.code(code_challenge=challenge, code_challenge_method=method)
    refused(await client.redeem(code, code_verifier=verifier), "invalid_grant")
    error = world.last.error
    assert error is not None
    assert error.where.tag == clause
    # What was refused for its verifier has not spent the code.
    right = {"S256": VERIFIER, "plain": VERIFIER, None: None}[method]
    assert (await client.redeem(code, code_verifier=right)).status == 200


async def test_the_journal_tells_where_the_verifiers_part(world: World) -> None:
    client = await world.people()
    code = await client.code(**PLAIN)
    description = refused(await client.redeem(code, code_verifier=VERIFIER[:10] + "X" + VERIFIER[11:]), "invalid_grant")
    error = world.last.error
    assert error is not None
    assert "first differ at character 11: 'V' against 'X'" in error.detail
    assert VERIFIER not in description
