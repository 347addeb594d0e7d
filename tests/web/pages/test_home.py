"""What is found at the issuer itself, and where there is nothing."""

import pytest

from oidc_harness.web.server import serving
from oidc_harness.web.settings import ServerSettings
from tests.support.http import Answer, Http, Sent
from tests.web.pages.visitor import Visitor


async def open_at(http: Http, url: str, method: str = "GET") -> Answer:
    return await http.send(Sent(method, url))


async def test_it_leads_to_what_is_public(visitor: Visitor) -> None:
    world = visitor.world
    answer = await world.send("GET", "")
    page = answer.page
    assert (answer.status, page.text_of("home-issuer")) == (200, world.issuer)
    assert (await open_at(world.http, page.link("home-discovery") or "")).json["issuer"] == world.issuer
    assert (await open_at(world.http, page.link("home-keys") or "")).json["keys"]
    control = (await open_at(world.http, page.link("home-control"))).page
    assert (await open_at(world.http, control.link("control-document"))).json["openapi"]
    for exposed in (visitor.application.name, "alice"):
        assert exposed not in answer.text


async def test_it_is_the_same_for_all_realms_but_for_the_issuer(http: Http) -> None:
    async with serving(ServerSettings(port=0)) as server:
        for name in ("default", "acme"):
            realm = await server.realms.make(name)
            page = (await open_at(http, realm.issuer)).page
            assert page.text_of("home-issuer") == realm.issuer
            assert (await open_at(http, page.link("home-discovery") or "")).json["issuer"] == realm.issuer
        assert (await open_at(http, server.base_url + "/")).page.has("home-page")


@pytest.mark.parametrize(
    "settings",
    [ServerSettings(port=0, admin_token="t" * 20), ServerSettings(port=0, internal_url="http://provider.example")],
)
async def test_where_the_control_api_is_closed_nothing_leads_there(settings: ServerSettings, http: Http) -> None:
    async with serving(settings) as server:
        await server.realms.make("acme")
        answer = await open_at(http, f"{server.base_url}/acme")
        assert answer.page.has("home-page")
        assert "_harness" not in answer.text


async def test_without_a_realm_at_the_root_it_says_so(http: Http) -> None:
    async with serving(ServerSettings(port=0, root_realm=None)) as server:
        await server.realms.make("secret-garden")
        answer = await open_at(http, server.base_url + "/")
        assert (answer.status, answer.json["name"]) == (200, "oidc-harness")
        assert "secret-garden" not in answer.text
        assert (await open_at(http, server.base_url + "/", "HEAD")).status == 200


@pytest.mark.parametrize(
    "path", ["/nowhere", "/nowhere/at/all", "/realm-1/", "/realm-1/tokens", "/a%0Ab/c", "/_harness"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
async def test_elsewhere_there_is_nothing(visitor: Visitor, path: str, method: str) -> None:
    base = visitor.world.issuer.removesuffix("/realm-1")
    answer = await open_at(visitor.world.http, base + path, method)
    assert (answer.status, answer.json["error"]) == (404, "not_found")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "realm-1" not in answer.text
