"""Aggregated and distributed claims, from the record to what a client reads of them (OIDC Core 5.6.2)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from oidc_harness.model.application import Application
from oidc_harness.model.claim_source import ClaimSource
from oidc_harness.model.consent import Consent
from oidc_harness.model.grant import Grant
from oidc_harness.model.member import Member, member_id
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.user import User
from oidc_harness.web.admin.journal_view import exchange_view
from tests.support import records
from tests.support.client import Client, Tokens
from tests.support.http import Answer
from tests.support.world import MakeWorld, World

FOREIGN = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2JhbmsuZXhhbXBsZSJ9."
TOKEN = "token-for-the-bank"
SAID = {"credit_score": 650, "address": {"locality": "Wonderland"}}
BANK: dict[str, Any] = {"claims": ("credit_score", "iban")}
AGGREGATED = ClaimSource(says=SAID)
DISTRIBUTED = ClaimSource(says=SAID, distributed=True)
ASKED = json.dumps({"userinfo": {"credit_score": None}})


async def _people(world: World, **sources: ClaimSource) -> Client:
    world.realm.clock.freeze()
    client = await world.people()
    await world.change(User, "user-alice", claim_sources=sources)
    return client


async def _alice(world: World) -> User:
    return await world.get(User, "user-alice")


async def _signed(world: World, text: str) -> dict[str, Any]:
    key_set = KeySet.import_key_set((await world.get_page("/jwks")).json)  # type: ignore[arg-type]
    return jwt.decode(text, key_set, algorithms=["RS256"]).claims


async def _fetch(world: World, source: dict[str, str]) -> Answer:
    path = source["endpoint"].removeprefix(world.issuer)
    return await world.send("GET", path, headers={"Authorization": f"Bearer {source['access_token']}"})


GIVEN = [
    (ClaimSource(**BANK, jwt=FOREIGN), {"JWT": FOREIGN}),
    (ClaimSource(**BANK, endpoint="https://bank.example/claims"), {"endpoint": "https://bank.example/claims"}),
    (
        ClaimSource(**BANK, endpoint="https://bank.example/claims", access_token=TOKEN),
        {"endpoint": "https://bank.example/claims", "access_token": TOKEN},
    ),
]


@pytest.mark.parametrize(("source", "members"), GIVEN)
async def test_a_source_elsewhere_is_told_as_it_is(source: ClaimSource, members: dict[str, str], world: World) -> None:
    client = await _people(world, bank=source)
    person = await client.person(await client.sign_in(claims=ASKED))
    assert person == {
        "sub": "user-alice",
        "_claim_names": {"credit_score": "bank"},
        "_claim_sources": {"bank": members},
    }


async def test_aggregated_claims_are_signed_and_no_more_than_was_asked_for(world: World) -> None:
    client = await _people(world, bank=AGGREGATED)
    person = await client.person(await client.sign_in(claims=ASKED))
    assert person["_claim_names"] == {"credit_score": "bank"}
    claims = await _signed(world, person["_claim_sources"]["bank"]["JWT"])
    assert claims == {"iss": world.issuer, "iat": world.now, "credit_score": 650}


async def test_distributed_claims_are_fetched(world: World) -> None:
    client = await _people(world, bank=DISTRIBUTED)
    person = await client.person(await client.sign_in("openid address", claims=ASKED))
    assert person["_claim_names"] == {"address": "bank", "credit_score": "bank"}
    assert "address" not in person
    source = person["_claim_sources"]["bank"]
    assert source.keys() == {"endpoint", "access_token"}
    answer = await _fetch(world, source)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/jwt")
    assert await _signed(world, answer.text) == {"iss": world.issuer, "iat": world.now, **SAID}
    [about] = [each.about for each in world.exchanges if each.endpoint == "claims"]
    [grant] = await world.all(Grant)
    assert (about.grant_id, about.application, about.user) == (grant.id, client.application, await _alice(world))


@pytest.mark.parametrize("place", ["userinfo", "id_token"])
async def test_the_endpoint_says_no_more_than_was_asked_for(place: str, world: World) -> None:
    client = await _people(world, bank=DISTRIBUTED)
    tokens = await client.sign_in(claims=json.dumps({place: {"credit_score": None}}))
    told = tokens.claims if place == "id_token" else await client.person(tokens)
    text = (await _fetch(world, told["_claim_sources"]["bank"])).text
    assert await _signed(world, text) == {"iss": world.issuer, "iat": world.now, "credit_score": 650}


async def test_another_realm_is_the_source(make_world: MakeWorld) -> None:
    """What its userinfo tells a client that has it signed is a JWT of the other realm."""
    bank, world = await make_world(), await make_world()
    teller = await bank.people(id="teller", userinfo_signed_response_alg="ES256")
    token = (await teller.sign_in("openid phone")).access
    signed = (await teller.userinfo(token)).text
    client = await _people(
        world,
        bank=ClaimSource(claims=("phone_number",), endpoint=f"{bank.issuer}/userinfo", access_token=token),
        town=ClaimSource(claims=("phone_number_verified",), jwt=signed),
    )
    person = await client.person(await client.sign_in("openid phone"))
    assert person["_claim_names"] == {"phone_number": "bank", "phone_number_verified": "town"}
    sources = person["_claim_sources"]
    fetched = (await _fetch(bank, sources["bank"])).text
    key_set = KeySet.import_key_set((await bank.get_page("/jwks")).json)  # type: ignore[arg-type]
    for text in (fetched, sources["town"]["JWT"]):
        claims = jwt.decode(text, key_set, algorithms=["ES256"]).claims
        assert (claims["iss"], claims["phone_number"]) == (bank.issuer, records.FULL_PROFILE.phone_number)


NOT_ASKED = [
    {},
    {"scope": "openid profile email"},
    {"claims": json.dumps({"userinfo": {"iban": None}})},
    {"claims": json.dumps({"id_token": {"credit_score": None}})},
]


@pytest.mark.parametrize("changes", NOT_ASKED)
async def test_what_was_not_asked_for_is_not_told(changes: dict[str, Any], world: World) -> None:
    client = await _people(world, bank=AGGREGATED)
    assert not {"_claim_names", "_claim_sources"} & (await client.person(await client.sign_in(**changes))).keys()


async def test_an_id_token_has_what_was_asked_for_in_it(world: World) -> None:
    client = await _people(world, bank=AGGREGATED, other=ClaimSource(claims=("iban", "credit_score"), jwt=FOREIGN))
    asked = {"id_token": {"iban": {"essential": True}, "credit_score": None}}
    tokens = await client.sign_in(claims=json.dumps(asked))
    # Of two sources that have a claim, the first counts.
    assert tokens.claims["_claim_names"] == {"credit_score": "bank", "iban": "other"}
    assert tokens.claims["_claim_sources"]["other"] == {"JWT": FOREIGN}
    assert "_claim_names" not in await client.person(tokens)


async def test_an_id_token_alone_has_the_claims_of_its_scopes(world: World) -> None:
    client = await world.people(response_types=("id_token",), grant_types=("implicit",))
    await world.change(User, "user-alice", claim_sources={"bank": AGGREGATED})
    answer = await client.authorize(response_type="id_token", scope="openid address")
    claims = await _signed(world, answer.redirect.parameters["id_token"])
    assert claims["_claim_names"] == {"address": "bank"}
    assert "address" not in claims


async def _signed_out(world: World, client: Client, tokens: Tokens) -> None:
    await world.change(Member, member_id("web", "user-alice"), generation="another")


async def _revoked(world: World, client: Client, tokens: Tokens) -> None:
    [grant] = await world.all(Grant)
    await world.put(grant.revoked(world.now))


async def _deactivated(world: World, client: Client, tokens: Tokens) -> None:
    await world.change(Application, "web", status="deactivated")


async def _expired(world: World, client: Client, tokens: Tokens) -> None:
    [grant] = await world.all(Grant)
    assert grant.expires_at is not None
    world.realm.clock.advance(grant.expires_at - world.now)


async def _moved(world: World, client: Client, tokens: Tokens) -> None:
    await world.change(User, "user-alice", claim_sources={"bank": AGGREGATED})


async def _left(world: World, client: Client, tokens: Tokens) -> None:
    await world.change(User, "user-alice", claim_sources={})


@pytest.mark.parametrize("happens", [_signed_out, _revoked, _deactivated, _expired, _moved, _left])
async def test_a_token_for_claims_dies_with_its_grant(happens: Callable[..., Any], world: World) -> None:
    client = await _people(world, bank=DISTRIBUTED)
    tokens = await client.sign_in(claims=ASKED)
    source = (await client.person(tokens))["_claim_sources"]["bank"]
    assert (await _fetch(world, source)).status == 200
    await happens(world, client, tokens)
    answer = await _fetch(world, source)
    assert (answer.status, answer.json["error"]) == (401, "invalid_token")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


FORGED: list[Callable[[str], str]] = [
    lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
    lambda token: token.partition(".")[0],
    lambda token: token.partition(".")[0] + ".",
    lambda token: "." + token.partition(".")[2],
    lambda token: "A" + token,
    lambda token: token + "=",
    lambda token: "nonsense",
    lambda token: "_w.x",
]


@pytest.mark.parametrize("forge", FORGED)
async def test_a_forged_token_gets_nothing(forge: Callable[[str], str], world: World) -> None:
    client = await _people(world, bank=DISTRIBUTED)
    source = (await client.person(await client.sign_in(claims=ASKED)))["_claim_sources"]["bank"]
    answer = await _fetch(world, {**source, "access_token": forge(source["access_token"])})
    assert (answer.status, answer.json["error"]) == (401, "invalid_token")


async def test_tokens_are_each_for_their_own(world: World) -> None:
    client = await _people(world, bank=DISTRIBUTED)
    tokens = await client.sign_in(claims=ASKED)
    source = (await client.person(tokens))["_claim_sources"]["bank"]
    assert (await client.userinfo(source["access_token"])).status == 401
    assert (await _fetch(world, {**source, "access_token": tokens.access})).status == 401
    assert (await world.get_page("/claims")).status == 401
    assert "user-alice" not in source["access_token"]


async def test_a_token_of_one_realm_is_nothing_in_another(make_world: MakeWorld) -> None:
    one, other = await make_world(), await make_world()
    source = {}
    for world in (one, other):
        client = await _people(world, bank=DISTRIBUTED)
        source = (await client.person(await client.sign_in(claims=ASKED)))["_claim_sources"]["bank"]
    assert (await _fetch(one, {**source, "endpoint": f"{one.issuer}/claims"})).status == 401


SECRET_SOURCE = ClaimSource(**BANK, endpoint="https://bank.example/claims", access_token=TOKEN)


@pytest.mark.parametrize("source", [SECRET_SOURCE, DISTRIBUTED], ids=["elsewhere", "here"])
async def test_the_journal_repeats_no_token_for_claims(source: ClaimSource, world: World) -> None:
    client = await world.people(
        response_types=("code id_token",),
        grant_types=("authorization_code", "implicit"),
        userinfo_signed_response_alg="RS256",
    )
    await world.change(User, "user-alice", claim_sources={"bank": source})
    asked = json.dumps({"id_token": {"credit_score": None}, "userinfo": {"credit_score": None}})
    front = await client.authorize(response_type="code id_token", claims=asked)
    tokens = (await client.redeem(front.redirect.parameters["code"])).json
    told = (await _signed(world, (await client.userinfo(tokens["access_token"])).text))["_claim_sources"]["bank"]
    if told["endpoint"].startswith(world.issuer):
        assert (await _fetch(world, told)).status == 200
    await client.authorize(prompt="none", id_token_hint=tokens["id_token"])
    seen = json.dumps([exchange_view(exchange) for exchange in world.exchanges])
    for text in (told["access_token"], front.redirect.parameters["id_token"], tokens["id_token"]):
        assert text not in seen
        assert text.rpartition(".")[0] not in seen or text == told["access_token"]
    assert tokens["access_token"] in seen
    assert seen.count("(hidden)") >= 5


async def test_consent_is_asked_for_claims_of_others(make_world: MakeWorld) -> None:
    world = await make_world(RealmPolicy())
    client = await _people(world, bank=AGGREGATED)
    await world.add(records.consent("openid"))
    cookies = await world.sign_in(await _alice(world))
    answer = await client.authorize(cookies=cookies, prompt="none", claims=ASKED)
    assert answer.redirect.parameters["error"] == "consent_required"
    await world.change(Consent, member_id("web", "user-alice"), claims=("credit_score",))
    assert "code" in (await client.authorize(cookies=cookies, prompt="none", claims=ASKED)).redirect.parameters


async def test_what_a_person_was_not_asked_about_stays_untold(world: World) -> None:
    """A source that comes later was no part of what was consented to."""
    client = await world.people()
    tokens = await client.sign_in(claims=ASKED)
    await world.change(User, "user-alice", claim_sources={"bank": AGGREGATED})
    assert "_claim_names" not in await client.person(tokens)


async def test_all_claim_types_are_announced(world: World) -> None:
    document = await world.get_page("/.well-known/openid-configuration")
    assert document.json["claim_types_supported"] == ["normal", "aggregated", "distributed"]
