"""The `claims` parameter, languages, and authentication contexts, in whole flows (OIDC Core 5.2, 5.5)."""

import json
from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.user import User
from tests.support import records
from tests.support.world import AUTOMATIC, MakeWorld, World

PLACES = ("id_token", "userinfo")
NAME = "Alice Liddell"
VALUES: list[tuple[dict[str, Any] | None, bool]] = [
    (None, True),
    ({}, True),
    ({"essential": True}, True),
    ({"value": NAME}, True),
    ({"essential": True, "value": NAME}, True),
    ({"values": ["Bob", NAME]}, True),
    ({"values": []}, True),
    ({"value": None}, True),
    ({"value": "Bob"}, False),
    ({"essential": True, "value": "Bob"}, False),
    ({"values": ["Bob", "Carol"]}, False),
    ({"value": ["Alice Liddell"]}, False),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("request_", "is_told"), VALUES)
async def test_a_claim_is_told_where_it_has_a_value_that_was_asked_for(
    place: str, request_: dict[str, Any] | None, is_told: bool, world: World
) -> None:
    """An essential one that is not to be had is no error (OIDC Core 5.5.1)."""
    client = await world.people()
    tokens = await client.sign_in(claims=json.dumps({place: {"name": request_, "nothing_known": {"essential": True}}}))
    found = {"id_token": tokens.claims, "userinfo": await client.person(tokens)}
    assert found[place].get("name") == (NAME if is_told else None)
    assert [other for other in PLACES if other != place and "name" in found[other]] == []
    assert "nothing_known" not in found[place]


async def test_true_is_no_number(world: World) -> None:
    client = await world.people()
    asked = {"userinfo": {"email_verified": {"value": 1}, "phone_number_verified": {"value": True}}}
    person = await client.person(await client.sign_in(claims=json.dumps(asked)))
    assert person == {"sub": "user-alice", "phone_number_verified": True}


SUBJECTS: list[tuple[dict[str, Any], str | None]] = [
    ({"value": "user-alice"}, None),
    ({"values": ["user-bob", "user-alice"]}, None),
    ({"essential": True}, None),
    ({"value": "user-bob"}, "login_required"),
    ({"essential": True, "value": "user-bob"}, "login_required"),
    ({"values": ["user-bob", "nobody"]}, "login_required"),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("subject", "error"), SUBJECTS)
async def test_nobody_is_spoken_of_but_who_was_asked_for(
    place: str, subject: dict[str, Any], error: str | None, world: World
) -> None:
    """OIDC Core 5.5.1."""
    client = await world.people()
    await world.add(records.user("bob"), records.consent("openid"))
    cookies = await world.sign_in(await world.get(User, "user-alice"))
    answer = await client.authorize(cookies=cookies, prompt="none", claims=json.dumps({place: {"sub": subject}}))
    assert answer.redirect.parameters.get("error") == error
    assert ("code" in answer.redirect.parameters) == (error is None)


@pytest.mark.parametrize("request_", [None, {"essential": True}, {"essential": False}])
async def test_auth_time_is_told_to_who_asks(request_: dict[str, Any] | None, world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    tokens = await client.sign_in(claims=json.dumps({"id_token": {"auth_time": request_}}))
    assert tokens.claims["auth_time"] == world.now
    assert "auth_time" not in (await client.sign_in()).claims


IN_LANGUAGES = {"name#de": "Alice im Wunderland", "name#ja-Kana-JP": "アリス", "given_name#de-CH": "Älis"}
LANGUAGES = [
    ({"scope": "openid profile"}, {"name": NAME, "given_name": "Alice"}),
    ({"scope": "openid profile", "claims_locales": "de"}, {"name": "Alice im Wunderland", "given_name": "Älis"}),
    ({"scope": "openid profile", "claims_locales": "de-AT"}, {"name": "Alice im Wunderland", "given_name": "Alice"}),
    ({"scope": "openid profile", "claims_locales": "fr"}, {"name": NAME, "given_name": "Alice"}),
    (
        {"scope": "openid profile", "claims_locales": "fr de ja"},
        {
            "name": NAME,
            "name#de": "Alice im Wunderland",
            "name#ja": "アリス",
            "given_name": "Alice",
            "given_name#de": "Älis",
        },
    ),
    ({"claims": '{"userinfo": {"name#ja-Kana-JP": null, "given_name#fr": null}}'}, {"name#ja-Kana-JP": "アリス"}),
    ({"claims": '{"userinfo": {"name#JA-kana-jp": null, "email#de": null}}'}, {"name#JA-kana-jp": "アリス"}),
    ({"claims": '{"userinfo": {"name#": null, "name##": null, "sub#de": null}}'}, {}),
]


@pytest.mark.parametrize(("changes", "expected"), LANGUAGES)
async def test_claims_in_languages(changes: dict[str, Any], expected: dict[str, str], world: World) -> None:
    """One language: without a tag; several: each with its own (OIDC Core 5.2)."""
    client = await world.people()
    await world.change(User, "user-alice", localized=IN_LANGUAGES)
    person = await client.person(await client.sign_in(**changes))
    names = [name for name in person if name.partition("#")[0] in ("name", "given_name", "email", "sub")]
    assert {name: person[name] for name in names} == {"sub": "user-alice", **expected}


async def test_an_id_token_speaks_the_language_asked_for(world: World) -> None:
    client = await world.people()
    await world.change(User, "user-alice", localized=IN_LANGUAGES)
    tokens = await client.sign_in(claims='{"id_token": {"name": null}}', claims_locales="de-DE")
    assert tokens.claims["name"] == "Alice im Wunderland"


CONTEXTS: list[tuple[dict[str, str], str]] = [
    ({}, "1"),
    ({"acr_values": "gold"}, "gold"),
    ({"acr_values": "diamond silver gold"}, "silver"),
    ({"acr_values": "diamond"}, "1"),
    ({"claims": '{"id_token": {"acr": {"essential": true, "values": ["diamond", "gold"]}}}'}, "gold"),
    ({"claims": '{"id_token": {"acr": {"value": "silver"}}}', "acr_values": "gold"}, "silver"),
    ({"claims": '{"id_token": {"acr": {"values": ["diamond", 5]}}}'}, "1"),
]


@pytest.mark.parametrize(("changes", "acr"), CONTEXTS)
async def test_the_most_wanted_context_that_is_reached(
    changes: dict[str, Any], acr: str, make_world: MakeWorld
) -> None:
    """OIDC Core 3.1.2.1, 5.5.1.1."""
    world = await make_world(replace(AUTOMATIC, acr_values=("1", "silver", "gold")))
    client = await world.people()
    assert (await client.sign_in(**changes)).claims["acr"] == acr


async def test_an_essential_context_that_is_not_reached_is_refused(make_world: MakeWorld) -> None:
    world = await make_world(replace(AUTOMATIC, acr_values=("silver",)))
    client = await world.people()
    wanted = '{"id_token": {"acr": {"essential": true, "values": ["1", "gold"]}}}'
    assert (await client.authorize(claims=wanted)).redirect.parameters["error"] == "unmet_authentication_requirements"
    discovery = await world.get_page("/.well-known/openid-configuration")
    assert discovery.json["acr_values_supported"] == ["silver"]


async def test_what_a_client_asks_by_default(make_world: MakeWorld) -> None:
    """OIDC Registration 2: unless the request says otherwise."""
    world = await make_world(replace(AUTOMATIC, acr_values=("1", "silver", "gold")))
    world.realm.clock.freeze()
    client = await world.people(default_max_age=60, default_acr_values=("diamond", "gold"))
    await world.add(records.consent("openid"))
    cookies = await world.sign_in(await world.get(User, "user-alice"))
    asked: dict[str, Any] = {"cookies": cookies, "prompt": "none"}
    tokens = await client.accept(await client.redeem(await client.code(**asked)), nonce="n-0S6_WzA2Mj")
    assert (tokens.claims["acr"], tokens.claims["auth_time"]) == ("gold", world.now)
    assert (await client.sign_in(acr_values="silver")).claims["acr"] == "silver"
    world.realm.clock.advance(61)
    assert (await client.authorize(**asked)).redirect.parameters["error"] == "login_required"
    assert "code" in (await client.authorize(**asked, max_age="1000")).redirect.parameters
