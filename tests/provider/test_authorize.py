"""The authorization endpoint as a browser meets it: modes, long values, pages in between (OIDC Core 3.1.2)."""

from typing import Any

import pytest

from oidc_harness.model.consent import Consent
from oidc_harness.model.member import Member
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.protocol.fingerprint import fingerprint
from tests.support import oracle, records
from tests.support.refusals import told_client, told_person
from tests.support.waiting import begin, go_on, interaction_of
from tests.support.world import MakeWorld, World

FORM = RealmPolicy()
IMPLIED = RealmPolicy(consent="implied")
LONG_STATE = "".join(chr(33 + n % 94) for n in range(128))
LONG_NONCE = "n" * 384
STATES = [
    LONG_STATE,
    "x",
    " ",
    "a b",
    "é漢😀",
    "a&b=c#d%20+",
    '"<script>',
    "\r\nSet-Cookie: a=b",
    "\0",
    "%EF%BF%BD",
    "\ufffd",
]


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_values_come_back_to_the_letter(mode: str, method: str, world: World) -> None:
    client = await world.people()
    for state in STATES:
        answer = await client.authorize(method, state=state, nonce=LONG_NONCE, response_mode=mode)
        code = oracle.accept_authorization(answer, client.addressee, state)
        assert answer.redirect.mode == mode
        assert answer.redirect.target == records.REDIRECT_URI
        tokens = await client.accept(await client.redeem(code), nonce=LONG_NONCE)
        assert tokens.claims["nonce"] == LONG_NONCE
        error = await client.authorize(method, state=state, prompt="none", response_mode=mode)
        told_client(error, "login_required", world.issuer, state)


async def test_without_state_and_nonce_none_is_made_up(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in(state=None, nonce=None)
    assert "nonce" not in tokens.claims


async def test_the_order_of_scopes_and_parameters_is_free(world: World) -> None:
    client = await world.people()
    pairs = [
        ("nonce", "n"),
        ("scope", "email openid"),
        ("redirect_uri", records.REDIRECT_URI),
        ("state", "s"),
        ("response_type", "code"),
        ("client_id", "web"),
    ]
    answer = await world.get_page("/authorize", pairs)
    assert "code" in answer.redirect.parameters
    assert (await client.sign_in("email openid")).members["scope"] == "email openid"


@pytest.mark.parametrize(
    "changes",
    [
        {"display": "page"},
        {"display": "popup"},
        {"display": "nonsense"},
        {"ui_locales": "se"},
        {"claims_locales": "se"},
        {"acr_values": "1 2"},
        {"acr_values": "unknown"},
        {"extra": "foobar"},
        {"resource": "https://api.example"},
        {"id_token_hint": ""},
    ],
)
async def test_what_must_not_hurt(changes: dict[str, Any], world: World) -> None:
    client = await world.people()
    assert (await client.sign_in(**changes)).claims["acr"] == "1"


async def test_answers_are_not_kept_by_browsers(world: World) -> None:
    client = await world.people()
    for changes in ({}, {"response_mode": "form_post"}, {"prompt": "none"}, {"client_id": "unknown"}):
        fields: dict[str, Any] = changes
        answer = await client.authorize(**fields)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.status in (200, 303, 400)


async def test_form_post_leads_to_the_client_and_nowhere_else(world: World) -> None:
    client = await world.people()
    answer = await client.authorize(response_mode="form_post", state='"><form action="https://attacker.example">')
    [form] = answer.page.forms
    assert (form.method, form.action) == ("POST", records.REDIRECT_URI)
    assert "script-src 'sha256-" in answer.headers["Content-Security-Policy"]


async def test_who_is_not_signed_in_is_sent_to_the_login_page(make_world: MakeWorld) -> None:
    world = await make_world(FORM)
    client = await world.people()
    answer = await client.authorize(state=LONG_STATE)
    interaction = await interaction_of(answer, "/login", world)
    assert dict(interaction.parameters)["state"] == LONG_STATE
    [cookie] = answer.set_cookies
    name = f"oidc_browser_{world.realm.name}"
    assert cookie.startswith(f"{name}=")
    for attribute in (f"Path=/{world.realm.name}", "HttpOnly", "SameSite=Lax"):
        assert attribute in cookie.split("; ")
    assert interaction.browser == fingerprint(answer.cookie(name) or "")
    assert (answer.cookie(name) or "?") not in repr(interaction)


async def test_login_then_consent_then_the_answer(make_world: MakeWorld) -> None:
    world = await make_world(FORM)
    client = await world.people()
    interaction, cookies = await begin(world, client, scope="openid email", state=LONG_STATE, nonce=LONG_NONCE)
    # The login page gives the browser a session and notes it on the interaction.
    cookies |= await world.sign_in(records.user())
    answer = await go_on(world, interaction, cookies)
    assert await interaction_of(answer, "/consent", world) == interaction
    await world.put(interaction.answered("approved", "user-alice"))
    answer = await go_on(world, interaction, cookies)
    code = oracle.accept_authorization(answer, client.addressee, LONG_STATE)
    await client.accept(await client.redeem(code), LONG_NONCE)
    [consent], [member] = await world.all(Consent), await world.all(Member)
    assert consent.scopes == ("openid", "email")
    assert (member.application_id, member.user_id, member.joined_at) == ("web", "user-alice", world.now)
    # It is answered once.
    told_person(await go_on(world, interaction, cookies))
    # And not asked again.
    assert "code" in (await client.authorize(cookies=cookies, scope="email openid", prompt="none")).redirect.parameters


async def test_denial_is_told_with_state(make_world: MakeWorld) -> None:
    """F2."""
    world = await make_world(FORM)
    client = await world.people()
    interaction, cookies = await begin(world, client, cookies=await world.sign_in(records.user()))
    await world.put(interaction.answered("denied", "user-alice"))
    told_client(await go_on(world, interaction, cookies), "access_denied", world.issuer)
    assert not await world.all(Consent)
    assert not await world.all(Member)


async def test_consent_is_asked_for_what_is_new(make_world: MakeWorld) -> None:
    world = await make_world(FORM)
    client = await world.people()
    await world.add(records.consent("openid", "email"), records.member())
    cookies = await world.sign_in(records.user())
    assert "code" in (await client.authorize(cookies=cookies, scope="openid")).redirect.parameters
    told_client(
        await client.authorize(cookies=cookies, scope="openid phone", prompt="none"), "consent_required", world.issuer
    )
    interaction, cookies = await begin(world, client, cookies=cookies, scope="openid phone")
    await world.put(interaction.answered("approved", "user-alice"))
    await go_on(world, interaction, cookies)
    [consent] = await world.all(Consent)
    assert consent.scopes == ("openid", "email", "phone")


async def test_prompt_login_asks_again_and_moves_auth_time(make_world: MakeWorld) -> None:
    world = await make_world(IMPLIED)
    client = await world.people()
    world.realm.clock.freeze()
    cookies = await world.sign_in(records.user(), auth_time=world.now)
    first = await client.sign_in(max_age="10000", cookies=cookies)
    world.realm.clock.advance(60)
    for changes in ({"prompt": "login"}, {"max_age": "1"}, {"max_age": "0"}):
        fields: dict[str, Any] = {"max_age": "10000", **changes}
        interaction, browser = await begin(world, client, cookies=cookies, **fields)
        again = await go_on(world, interaction, browser)
        assert await interaction_of(again, "/login", world) == interaction
    unchanged = await client.sign_in(max_age="10000", cookies=cookies, prompt="none")
    assert unchanged.claims["auth_time"] == first.claims["auth_time"]
    assert unchanged.claims["sub"] == first.claims["sub"]


@pytest.mark.parametrize(
    ("cookie", "read"), [("c" * 43, True), ("", False), ("short", False), ("é", False), ('"\\015\\012X: y"', False)]
)
async def test_cookies_that_were_not_made_here_are_not_read(cookie: str, read: bool, make_world: MakeWorld) -> None:
    world = await make_world(FORM)
    client = await world.people()
    answer = await client.authorize(cookies={f"oidc_browser_{world.realm.name}": cookie})
    made = answer.cookie("oidc_browser_")
    assert (made == cookie) is read
    assert len(made or "") == 43


async def test_the_session_of_a_sign_in_without_page(world: World) -> None:
    client = await world.people()
    world.realm.clock.freeze()
    answer = await client.authorize()
    [cookie] = [each for each in answer.set_cookies if each.startswith("oidc_session_")]
    assert f"Path=/{world.realm.name}; HttpOnly; SameSite=Lax" in cookie
    [session] = await world.all(Session)
    value = answer.cookie("oidc_session_") or ""
    assert session.id == fingerprint(value)
    assert session.expires_at == world.now + 12 * 3600
    cookies = {f"oidc_session_{world.realm.name}": value}
    cookies[f"oidc_user_agent_state_{world.realm.name}"] = answer.cookie("oidc_user_agent_state_") or ""
    again = await client.authorize(cookies=cookies, prompt="none")
    assert "code" in again.redirect.parameters
    assert again.set_cookies == ()
    world.realm.clock.advance(12 * 3600)
    told_client(await client.authorize(cookies=cookies, prompt="none"), "login_required", world.issuer)
