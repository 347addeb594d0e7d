"""Software statements: what a trusted party says of a client wins over what the client says (RFC 7591 2.3, 3.1.1)."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.jose import (
    compose,
    generate_private_jwk,
    key_from_jwk,
    public_part,
    sign,
    sign_symmetric,
)
from oidc_harness.web.admin.journal_view import exchange_view
from tests.support.registration import manage, register, registered
from tests.support.world import MakeWorld, World

VOUCHER = "https://vouch.example"
PRIVATE = {**generate_private_jwk("ES256"), "kid": "voucher-1"}
OTHER = {**generate_private_jwk("ES256"), "kid": "voucher-1"}
PUBLIC = json.dumps(public_part(PRIVATE))
POLICY = RealmPolicy(
    dynamic_registration="open",
    software_statements="accepted",
    software_statement_issuers={VOUCHER: (public_part(PRIVATE),)},
)
SAYS: dict[str, Any] = {
    "iss": VOUCHER,
    "software_id": "4NRB1-0XZABZI9E6-5SM3R",
    "client_name": "Vouched",
    "client_name#de": "Verbürgt",
    "policy_uri": "https://vouch.example/policy",
}


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    """A realm that trusts one issuer of statements."""
    return await make_world(POLICY)


def statement(private: dict[str, Any] = PRIVATE, **changes: Any) -> str:
    """What the voucher says, with these changes; None: not said."""
    claims = {name: value for name, value in {**SAYS, **changes}.items() if value is not None}
    return sign(claims, key=key_from_jwk("key", private, 0))


async def test_a_statement_wins(world: World) -> None:
    text = statement(software_version="2.1")
    told = await registered(
        world, software_statement=text, client_name="Mine", software_version="9", contacts=["me@rp.example"]
    )
    expected = {name: value for name, value in SAYS.items() if name != "iss"} | {"software_version": "2.1"}
    assert {name: told[name] for name in expected} == expected
    assert told["contacts"] == ["me@rp.example"]
    # Unmodified (RFC 7591 3.2.1), and told again.
    assert told["software_statement"] == text
    assert (await manage(world, "GET", told)).json["software_statement"] == text
    application = await world.get(Application, told["client_id"])
    assert (application.name, application.software_id) == ("Vouched", SAYS["software_id"])


async def test_without_a_statement_nothing_is_missed(world: World) -> None:
    told = await registered(world, client_name="Mine", software_id="x")
    assert (told["client_name"], told["software_id"]) == ("Mine", "x")
    assert "software_statement" not in told


async def test_what_a_statement_says_of_itself_is_no_metadata(world: World) -> None:
    told = await registered(
        world,
        software_statement=statement(
            sub="x", aud=[world.issuer, "else"], jti="1", iat=1, exp=world.now, client_id="mine", client_secret="x"
        ),
    )
    assert not {"iss", "sub", "aud", "jti", "iat", "exp"} & told.keys()
    assert told["client_id"] != "mine"


async def test_a_statement_is_held_to_the_rules_too(world: World) -> None:
    answer = await register(world, software_statement=statement(redirect_uris=["https://rp.example/#x"]))
    assert (answer.status, answer.json["error"]) == (400, "invalid_redirect_uri")


REFUSED: list[tuple[Callable[[World], Any], str]] = [
    (lambda world: 5, "invalid_software_statement"),
    (lambda world: "", "invalid_software_statement"),
    (lambda world: "a.b.c", "invalid_software_statement"),
    (lambda world: "x" * 100_000, "invalid_software_statement"),
    (lambda world: statement(iss=None), "invalid_software_statement"),
    (lambda world: statement(iss=5), "unapproved_software_statement"),
    (lambda world: statement(iss="https://else.example"), "unapproved_software_statement"),
    (lambda world: statement(OTHER), "invalid_software_statement"),
    (lambda world: statement()[:-4] + "AAAA", "invalid_software_statement"),
    (lambda world: compose({"alg": "none"}, SAYS, None), "invalid_software_statement"),
    (
        lambda world: sign_symmetric(SAYS, alg="HS256", secret=json.dumps(public_part(PRIVATE))),
        "invalid_software_statement",
    ),
    (lambda world: statement(exp=world.now - 3600), "invalid_software_statement"),
    (lambda world: statement(nbf=world.now + 3600), "invalid_software_statement"),
    (lambda world: statement(exp="soon"), "invalid_software_statement"),
    (lambda world: statement(aud="https://else.example"), "invalid_software_statement"),
]


@pytest.mark.parametrize(("make", "error"), REFUSED)
async def test_a_statement_that_is_not_taken(make: Callable[[World], Any], error: str, world: World) -> None:
    answer = await register(world, software_statement=make(world))
    assert (answer.status, answer.json["error"]) == (400, error)
    assert not await world.all(Application)
    assert world.last.error is not None
    assert str(world.last.error.where) in ("RFC7591-3.1.1", "RFC7519-4.1.3", "RFC7519-4.1.4", "RFC7519-4.1.5")


async def test_where_a_statement_is_required(world: World) -> None:
    world.realm.policy = replace(POLICY, software_statements="required")
    answer = await register(world, client_name="Mine")
    assert (answer.status, answer.json["error"]) == (400, "unapproved_software_statement")
    await registered(world, software_statement=statement())


async def test_where_statements_are_off_they_are_ignored(world: World) -> None:
    """RFC 7591 2: as an unknown member is."""
    world.realm.policy = replace(POLICY, software_statements="off")
    told = await registered(world, client_name="Mine", software_statement="nonsense")
    assert told["client_name"] == "Mine"
    assert "software_statement" not in told


@pytest.mark.parametrize("rotation", [False, True])
async def test_an_update_has_a_statement_of_its_own(rotation: bool, world: World) -> None:
    told = await registered(world, software_statement=statement())
    world.realm.policy = replace(POLICY, registration_token_rotation=rotation)
    usual = {"client_id": told["client_id"], "redirect_uris": told["redirect_uris"]}
    text = statement(client_name="Vouched anew")
    updated = await manage(world, "PUT", told, **usual, client_name="Mine", software_statement=text)
    assert updated.status == 200, updated.text
    assert (updated.json["client_name"], updated.json["software_statement"]) == ("Vouched anew", text)
    again = (await manage(world, "GET", updated.json)).json
    assert again["software_statement"] == text
    refused = await manage(world, "PUT", again, **usual, software_statement=statement(OTHER))
    assert refused.json["error"] == "invalid_software_statement"
    without = await manage(world, "PUT", again, **usual, client_name="Mine")
    assert without.json["client_name"] == "Mine"
    assert "software_statement" not in without.json


async def test_the_journal_shows_a_statement_and_no_secret(world: World) -> None:
    text = statement()
    told = await registered(world, software_statement=text)
    seen = json.dumps(exchange_view(world.last))
    assert text in seen
    assert told["registration_access_token"] not in seen
