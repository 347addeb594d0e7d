"""The page after a logout opens a frame for each application that wants it (OIDC Front-Channel Logout 1.0)."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from oic.oic.message import FrontChannelLogoutRequest

from oidc_harness.model.realm_policy import RealmPolicy
from tests.support import records
from tests.support.client import Client
from tests.support.http import Answer
from tests.support.world import MakeWorld, World

AFTERWARDS = "https://rp.example/signed-out"


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    world = await make_world(RealmPolicy(consent="implied"))
    await world.add(records.user())
    return world


async def framed(world: World, id: str = "web", host: str = "https://rp.example", **changes: Any) -> Client:
    """An application whose page wants to be opened."""
    usual = {
        "redirect_uris": (f"{host}/callback",),
        "post_logout_redirect_uris": (AFTERWARDS,),
        "frontchannel_logout_uri": f"{host}/out?of={id}",
    }
    return await world.client(**{"id": id, **usual, **changes})


async def leave(world: World, cookies: dict[str, str], hint: str, **changes: str) -> Answer:
    parameters = {"id_token_hint": hint, "post_logout_redirect_uri": AFTERWARDS, "state": 'a"<&b', **changes}
    return await world.get_page("/end_session", [pair for pair in parameters.items() if pair[1]], cookies)


def frames_of(answer: Answer) -> list[str]:
    """What a browser opens in frames: what the page says and its policy permits."""
    sources = [unescape(source) for source in re.findall(r'<iframe src="([^"]*)"', answer.text)]
    found = re.search(r"frame-src ([^;]*)", answer.headers["Content-Security-Policy"])
    permitted = found[1].split() if found else []
    assert {f"{urlsplit(source).scheme}://{urlsplit(source).netloc}" for source in sources} == set(permitted)
    return sources


async def test_oidcc_frontchannel_rp_initiated_logout(world: World) -> None:
    client = await framed(world)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    answer = await leave(world, cookies, tokens.id_token)
    assert (answer.status, answer.page.has("logged-out-page")) == (200, True)
    [frame] = frames_of(answer)
    base, _, query = frame.partition("?")
    assert base == "https://rp.example/out"
    told = FrontChannelLogoutRequest(**dict(parse_qsl(query)))
    assert told.verify()
    assert told.to_dict() == {"of": "web", "iss": world.issuer, "sid": tokens.claims["sid"]}
    # With a script, without one, and by hand the browser goes to the same place.
    onwards = f"{AFTERWARDS}?state=a%22%3C%26b"
    [refresh] = re.findall(r'<meta http-equiv="refresh" content="\d+; url=([^"]*)"', answer.text)
    [link] = re.findall(r'<a id="logged-out-continue" href="([^"]*)"', answer.text)
    assert unescape(refresh) == unescape(link) == onwards
    assert answer.cookie("oidc_session_") == ""


async def test_oidcc_frontchannel_logout_discovery_endpoint_verification(world: World) -> None:
    told = (await world.get_page("/.well-known/openid-configuration")).json
    assert told["frontchannel_logout_supported"] is True
    assert told["frontchannel_logout_session_supported"] is True


async def test_every_application_of_the_session_is_opened_and_no_other(world: World) -> None:
    cookies = await world.sign_in(records.user())
    elsewhere = await world.sign_in(records.user(), "d" * 43)
    reached = [await framed(world, id, f"https://{id}.example:8443") for id in ("web", "shop")]
    other = await framed(world, "other")
    silent = await framed(world, "silent", frontchannel_logout_uri=None)
    tokens = [await client.sign_in(cookies=cookies) for client in (*reached, silent)]
    await other.sign_in(cookies=elsewhere)
    answer = await leave(world, cookies, tokens[0].id_token)
    assert [urlsplit(frame).netloc for frame in frames_of(answer)] == ["web.example:8443", "shop.example:8443"]
    # Whoever asks once more has no session, and is sent on at once.
    assert (await leave(world, {}, tokens[0].id_token)).location.startswith(AFTERWARDS)


async def test_without_a_place_to_go_to_the_page_stays(world: World) -> None:
    client = await framed(world)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    answer = await leave(world, cookies, tokens.id_token, post_logout_redirect_uri="")
    assert len(frames_of(answer)) == 1
    assert "refresh" not in answer.text
    assert "<script" not in answer.text
    assert not answer.page.has("logged-out-continue")


async def test_the_person_who_confirms_has_them_told_too(world: World) -> None:
    client = await framed(world)
    cookies = await world.sign_in(records.user())
    await client.sign_in(cookies=cookies)
    question = await world.get_page("/end_session", (), cookies)
    assert frames_of(question) == []
    form, control = question.page.form_of("logout-confirm")
    answer = await world.send("POST", "/end_session", form=form.pairs({}, control), cookies=cookies)
    assert len(frames_of(answer)) == 1


async def test_where_nobody_wants_it_the_browser_is_sent_on_at_once(world: World) -> None:
    client = await framed(world, frontchannel_logout_uri=None)
    cookies = await world.sign_in(records.user())
    tokens = await client.sign_in(cookies=cookies)
    assert (await leave(world, cookies, tokens.id_token)).location.startswith(AFTERWARDS)
