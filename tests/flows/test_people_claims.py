"""What a client learns about a person: by scope, and under which subject (OIDC Core 5.1, 5.4, 8)."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from oidc_harness.model.user import Address, Profile, User
from tests.support import records
from tests.support.world import World

PROFILE = {
    name: value
    for name, value in asdict(records.FULL_PROFILE).items()
    if name not in ("phone_number", "phone_number_verified", "address")
} | {"updated_at": 1_700_000_000}
EMAIL = {"email": "alice@people.example", "email_verified": True}
PHONE = {"phone_number": "+44 20 7946 0000", "phone_number_verified": True}
ADDRESS = {"address": {"street_address": "Deanery", "locality": "Oxford", "country": "GB"}}

BY_SCOPE = [
    ("openid", {}),
    ("openid profile", PROFILE),
    ("openid email", EMAIL),
    ("openid phone", PHONE),
    ("openid address", ADDRESS),
    ("openid offline_access", {}),
    ("phone address openid email profile", PROFILE | EMAIL | PHONE | ADDRESS),
]


@pytest.mark.parametrize(("scope", "claims"), BY_SCOPE)
async def test_each_scope_has_its_claims(scope: str, claims: dict[str, Any], world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in(scope)
    assert await client.person(tokens) == {"sub": "user-alice", **claims}


async def test_what_a_person_has_not_told_is_left_out(world: World) -> None:
    client = await world.people()
    user = await world.get(User, "user-alice")
    sparse = Profile(name="Alice", nickname="", phone_number="+1", phone_number_verified=False, address=Address())
    await world.put(replace(user, profile=sparse, updated_at=None, email_verified=False))
    tokens = await client.sign_in("openid profile email phone address")
    assert await client.person(tokens) == {
        "sub": "user-alice",
        "name": "Alice",
        "email": "alice@people.example",
        "email_verified": False,
        "phone_number": "+1",
        "phone_number_verified": False,
    }


async def test_userinfo_is_as_the_person_is_now(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in("openid email")
    await world.change(User, "user-alice", email="new@people.example")
    assert (await client.person(tokens))["email"] == "new@people.example"


async def test_any_character_survives(world: World) -> None:
    client = await world.people()
    user = await world.get(User, "user-alice")
    name = 'Ælïçé "Q" \\ <b>漢字</b> 😀 \u202e \u0000'
    await world.put(replace(user, profile=replace(user.profile, name=name)))
    tokens = await client.sign_in("openid profile", claims='{"id_token": {"name": null}}')
    assert tokens.claims["name"] == (await client.person(tokens))["name"] == name


async def test_public_subjects_are_one_for_all(world: World) -> None:
    one, other = await world.people(), await world.client(id="other")
    subjects = {(await client.sign_in()).claims["sub"] for client in (one, other)}
    assert subjects == {"user-alice"}


async def test_pairwise_subjects_are_one_per_sector(world: World) -> None:
    await world.people()
    await world.add(records.user("bob"))
    pairwise = {"subject_type": "pairwise"}
    one = await world.client(id="one", redirect_uris=("https://a.example/cb", "https://a.example/other"), **pairwise)
    same = await world.client(id="same", redirect_uris=("https://a.example:8443/else",), **pairwise)
    other = await world.client(id="other", redirect_uris=("https://b.example/cb",), **pairwise)
    app = await world.client(id="app", redirect_uris=("com.example.app:/cb",), application_type="native", **pairwise)
    subjects = [(await client.sign_in()).claims["sub"] for client in (one, same, other, app)]
    assert subjects[0] == subjects[1]
    assert len({*subjects, "user-alice"}) == 4
    bob = (await one.sign_in(login_hint="bob")).claims["sub"]
    assert bob not in subjects
    # The same another time, and the same everywhere.
    again = await one.sign_in("openid offline_access")
    assert again.claims["sub"] == subjects[0]
    assert (await one.person(again))["sub"] == subjects[0]
    assert (await one.renew(again)).claims["sub"] == subjects[0]
    assert (await one.introspect(again.access)).json["sub"] == subjects[0]
    assert "user-alice" not in str(again.claims)


async def test_a_pairwise_subject_in_hint_and_claims(world: World) -> None:
    await world.people()
    client = await world.client(id="one", subject_type="pairwise")
    tokens = await client.sign_in()
    subject = tokens.claims["sub"]
    assert (await client.sign_in(id_token_hint=tokens.id_token)).claims["sub"] == subject
    asked = '{"id_token": {"sub": {"value": "%s"}}}'
    assert (await client.sign_in(claims=asked.replace("%s", subject))).claims["sub"] == subject
    answer = await client.authorize(claims=asked.replace("%s", "user-alice"))
    assert answer.redirect.parameters["error"] == "login_required"
