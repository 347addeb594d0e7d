"""The keys of a realm on a page: each step of their life by a button, and what is refused."""

import pytest

from oidc_harness.relying_party.page import Page
from oidc_harness.web.server import Server
from tests.support.http import Answer, Http, Sent
from tests.support.world import World


def address(server: Server, world: World) -> str:
    return f"{server.base_url}/_harness/realms/{world.realm.name}/keys"


async def open_page(http: Http, url: str) -> Page:
    answer = await http.send(Sent("GET", url))
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    return answer.page


async def press(http: Http, url: str, **fields: str) -> Answer:
    """Send a form of the page as it came, with these fields in it."""
    page = await open_page(http, url)
    form = next(form for form in page.forms if any(control.id == "control-keys-publish" for control in form.controls))
    sent = [(name, value) for name, value in form.pairs({}) if name == "form"]
    assert form.action == url
    return await http.send(Sent("POST", url, form=[*sent, *fields.items()]))


async def published(world: World) -> list[dict[str, str]]:
    keys: list[dict[str, str]] = (await world.send("GET", "/jwks")).json["keys"]
    return keys


async def kids(world: World, alg: str) -> list[str]:
    return [key["kid"] for key in await published(world) if key.get("alg") == alg]


async def test_a_key_is_led_through_its_life(http: Http, server: Server, world: World) -> None:
    url = address(server, world)
    (first,) = await kids(world, "ES256")
    assert (await press(http, url, action="publish", alg="ES256")).location == url
    old, new = await kids(world, "ES256")
    assert old == first
    assert (await press(http, url, action="use", kid=new)).location == url
    assert world.realm.keys.signing_key("ES256").kid == new
    assert set(await kids(world, "ES256")) == {old, new}
    assert (await press(http, url, action="remove", kid=old)).location == url
    assert await kids(world, "ES256") == [new]
    assert (await press(http, url, action="rotate", alg="ES256")).location == url
    assert len(await kids(world, "ES256")) == 2
    assert world.realm.keys.signing_key("ES256").kid != new
    assert (await press(http, url, action="publish", alg="ES384")).location == url
    (other,) = await kids(world, "ES384")
    await press(http, url, action="use", kid=other)
    assert (await press(http, url, action="retire", kid=other)).location == url
    assert "ES384" not in world.realm.keys.algorithms()


async def test_a_key_that_others_encrypt_to_has_a_life_too(http: Http, server: Server, world: World) -> None:
    url = address(server, world)
    (first,) = [key["kid"] for key in await published(world) if (key["kty"], key["use"]) == ("EC", "enc")]
    assert "opens what is encrypted to it" in (await open_page(http, url)).text_of(f"key-{first}")
    assert (await press(http, url, action="rotate", alg="ECDH-ES")).location == url
    assert "no longer published" in (await open_page(http, url)).text_of(f"key-{first}")
    assert first not in [key["kid"] for key in await published(world)]
    assert (await press(http, url, action="remove", kid=first)).location == url
    assert first not in {key.kid for key in world.realm.keys.keys}


async def test_it_shows_each_key_and_what_can_become_of_it(http: Http, server: Server, world: World) -> None:
    url = address(server, world)
    await press(http, url, action="publish", alg="RS256")
    page = await open_page(http, url)
    for kid in await kids(world, "RS256"):
        assert kid in page.text_of(f"key-{kid}")
    old, new = await kids(world, "RS256")
    assert ("signs" in page.text_of(f"key-{old}"), "does not sign yet" in page.text_of(f"key-{new}")) == (True, True)
    offered = {
        control.value for form in page.forms for control in form.controls if dict(form.pairs({})).get("kid") == new
    } - {new, dict(page.forms[0].pairs({}))["form"]}
    assert offered == {"use", "remove"}


REFUSED = [
    ({"action": "retire", "kid": "RS256"}, 409, "every provider signs with RS256"),
    ({"action": "remove", "kid": "RS256"}, 409, "this key signs for RS256"),
    ({"action": "use", "kid": "none-such"}, 404, "there is no key 'none-such' in this realm"),
    ({"action": "use"}, 404, "there is no key '' in this realm"),
    ({"action": "publish", "alg": "none"}, 400, "alg: found 'none'; expected one of RS256"),
    ({"action": "rotate"}, 400, "alg: found ''; expected one of RS256"),
    ({"action": "<script>"}, 400, "action: found '<script>'; expected publish, rotate, use, retire, remove"),
    ({}, 400, "action: found ''; expected publish"),
]


@pytest.mark.parametrize(("fields", "status", "told"), REFUSED)
async def test_what_is_refused_is_told_and_changes_nothing(
    http: Http, server: Server, world: World, fields: dict[str, str], status: int, told: str
) -> None:
    before = await published(world)
    named = {"kid": (await kids(world, "RS256"))[0]} if fields.get("kid") == "RS256" else {}
    answer = await press(http, address(server, world), **{**fields, **named})
    assert (answer.status, told in answer.page.text_of("control-keys-error")) == (status, True), answer.text
    assert "<script>" not in answer.text
    assert await published(world) == before


@pytest.mark.parametrize("form", [(), (("form", ""),), (("form", "0" * 64),), (("form", "é"),)])
async def test_a_form_that_is_not_of_this_page_does_nothing(
    http: Http, server: Server, world: World, form: tuple[tuple[str, str], ...]
) -> None:
    url = address(server, world)
    answer = await http.send(Sent("POST", url, form=[*form, ("action", "publish"), ("alg", "ES256")]))
    assert (answer.status, answer.page.has("control-keys-error")) == (403, True)
    assert len(await kids(world, "ES256")) == 1


async def test_of_a_realm_that_is_not_there_there_is_no_page(http: Http, server: Server) -> None:
    for name in ("none-such", "%3Cscript%3E", "a%0Ab"):
        answer = await http.send(Sent("GET", f"{server.base_url}/_harness/realms/{name}/keys"))
        assert (answer.status, answer.page.has("control-refused-page")) == (404, True)
        assert "<script>" not in answer.text
