"""The journal repeats no password, no client secret, no Basic header and no cookie, whatever became of the request."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from math import nan
from typing import Any, TypeAlias
from urllib.parse import quote, quote_plus, urlsplit

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.record import Record
from oidc_harness.protocol.about import About
from oidc_harness.protocol.delivery import Chunk, Delivery, HttpReply
from oidc_harness.protocol.request import Request
from oidc_harness.provider.exchange import Exchange, Fired
from oidc_harness.relying_party.user_agent import UserAgent
from oidc_harness.web.admin.journal_view import exchange_view
from oidc_harness.web.server import Server
from tests.support import records
from tests.support.client import basic
from tests.support.http import Http
from tests.support.world import World
from tests.web.admin.api import Api
from tests.web.pages.visitor import CALLBACK, Visitor

SECRET = "Frumious Bandersnatch/+=&?%-37"
"""In need of every kind of escaping, so that each way of writing it down would be noticed."""
WRONG = "Jubjub+bird of 38"


@dataclass(frozen=True)
class Scene:
    """A realm in which SECRET is the password of the person and the secret of the application."""

    api: Api
    visitor: Visitor

    @property
    def here(self) -> str:
        return f"/realms/{self.visitor.world.realm.name}"

    async def log_in(self, password: str = SECRET) -> Any:
        return (await self.visitor.log_in(await self.visitor.start(), "alice", password)).page

    async def register(self, password: str, again: str) -> Any:
        page = (await self.visitor.agent.follow(await self.visitor.start(), "login-register")).page
        filled = {
            "register-email": "dodo@people.example",
            "register-password": password,
            "register-password-again": again,
        }
        return (await self.visitor.agent.submit(page, "register-submit", filled)).page

    async def journal(self) -> list[Any]:
        """All of it, page by page."""
        items: list[Any] = []
        while True:
            after = items[-1]["number"] if items else 0
            page = await self.api.done("GET", f"{self.here}/journal?limit=2&after={after}")
            items += page["items"]
            if page["next"] is None:
                return items


@pytest.fixture
async def scene(api: Api, server: Server, http: Http) -> AsyncIterator[Scene]:
    here = "/realms/tulgey"
    await api.done("POST", "/realms", {"name": "tulgey"})
    person = {"id": "alice", "username": "alice", "email": "alice@people.example", "password": SECRET}
    await api.done("POST", f"{here}/users", person)
    application = {
        "id": "web",
        "name": "Web",
        "secret": SECRET,
        "application_type": "native",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token", "client_credentials", "password"],
    }
    await api.done("POST", f"{here}/applications", application)
    realm = server.realms.find("tulgey")
    assert realm is not None
    world = World(realm, http)
    async with UserAgent() as agent:
        yield Scene(api, Visitor(world, await world.get(Application, "web"), agent))


Act: TypeAlias = Callable[[Scene], Awaitable[None]]


async def signs_in_and_consents(scene: Scene) -> None:
    await scene.visitor.press(await scene.log_in(), "consent-approve")


async def mistypes_the_password(scene: Scene) -> None:
    assert (await scene.log_in(WRONG)).has("login-page")


async def registers(scene: Scene) -> None:
    assert (await scene.register(SECRET, SECRET)).has("consent-page")


async def mistypes_the_second_password(scene: Scene) -> None:
    assert (await scene.register(SECRET, WRONG)).has("register-page")


ACTS: list[tuple[str, int, Act]] = [
    ("login", 303, signs_in_and_consents),
    ("login", 403, mistypes_the_password),
    ("register", 303, registers),
    ("register", 400, mistypes_the_second_password),
]

Pairs: TypeAlias = list[tuple[str, str]]
BY = {"Authorization": basic("web", SECRET)}
GRANT = [("grant_type", "client_credentials")]
PASSWORD = [("grant_type", "password"), ("username", "alice"), ("password", SECRET)]
ADDRESS = f"https://rp.example/?a=b&client_secret={quote(SECRET)}&password={quote_plus(WRONG)}"
REQUESTS: list[tuple[str, int, Pairs, Pairs, dict[str, str]]] = [
    ("/token", 200, [], GRANT, BY),
    ("/token", 401, [], GRANT, {"Authorization": basic("web", WRONG)}),
    ("/token", 200, [], GRANT, {"Authorization": f"basic{BY['Authorization'][5:]}"}),
    ("/token", 401, [], GRANT, {"Authorization": f"Secret {quote(SECRET)}"}),
    ("/token", 401, [], GRANT, {"Authorization": quote(SECRET)}),
    ("/token", 200, [], GRANT, {**BY, "Proxy-Authorization": BY["Authorization"]}),
    ("/token", 200, [], GRANT, {**BY, "Referer": ADDRESS}),
    ("/token", 401, [], [*GRANT, ("client_id", "web"), ("client_secret", SECRET)], {}),
    ("/token", 400, [], [*GRANT, ("client_secret", SECRET), ("client_secret", WRONG)], {}),
    ("/token", 400, [], [*GRANT, ("client_secret", SECRET)], BY),
    ("/token", 401, [("client_secret", SECRET)], GRANT, {}),
    ("/token", 200, [], PASSWORD, BY),
    ("/token", 400, [], [*PASSWORD[:2], ("password", WRONG)], BY),
    ("/token", 400, [], [*PASSWORD, ("password", WRONG)], BY),
    ("/introspect", 200, [], [("token", "x")], BY),
    ("/revoke", 200, [], [("token", "x")], BY),
    ("/authorize", 400, [("client_id", "web"), ("redirect_uri", ADDRESS)], [], {}),
    ("/authorize", 400, [], [("client_id", "web"), ("redirect_uri", ADDRESS)], {}),
    ("/token", 400, [], [("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", ADDRESS)], BY),
    ("/end_session", 303, [], [("client_id", "web"), ("post_logout_redirect_uri", ADDRESS)], {}),
    ("/login", 400, [], PASSWORD, {}),
    ("/login", 400, [("password", SECRET)], [], {"Cookie": f"oidc_session_tulgey={quote(SECRET)}"}),
]


def _written(secret: str) -> set[str]:
    """Each way in which a secret can stand in a text."""
    encoded = {b64encode(text.encode()).decode() for text in (secret, f"web:{secret}", f"web:{quote_plus(secret)}")}
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], *encoded}


async def _repeated(scene: Scene) -> list[str]:
    cookies = scene.visitor.agent.cookies(f"{scene.visitor.world.issuer}/").values()
    text = json.dumps(await scene.journal(), ensure_ascii=False)
    return [each for each in _written(SECRET) | _written(WRONG) | set(cookies) if each in text]


@pytest.mark.parametrize(("endpoint", "status", "act"), ACTS)
async def test_what_a_person_types_is_not_repeated(scene: Scene, endpoint: str, status: int, act: Act) -> None:
    await act(scene)
    assert (endpoint, status) in [(each["endpoint"], each["reply"]["status"]) for each in await scene.journal()]
    assert scene.visitor.agent.cookies(f"{scene.visitor.world.issuer}/")
    assert await _repeated(scene) == []


async def test_what_a_page_sends_back_to_prove_that_it_was_seen_is_not_repeated(scene: Scene) -> None:
    page = await scene.log_in()
    form, _ = page.form_of("consent-approve")
    (confirmation,) = [control.value for control in form.controls if control.name == "confirmation"]
    assert confirmation
    await scene.visitor.press(page, "consent-approve")
    journal = json.dumps(await scene.journal())
    assert confirmation not in journal
    assert json.dumps('name="confirmation" value="(hidden)"')[1:-1] in journal


@pytest.mark.parametrize(("path", "status", "query", "form", "headers"), REQUESTS)
async def test_what_a_client_authenticates_with_is_not_repeated(
    scene: Scene, path: str, status: int, query: Pairs, form: Pairs, headers: dict[str, str]
) -> None:
    answer = await scene.visitor.world.send("POST", path, query=query, form=form, headers=headers)
    (exchange,) = await scene.journal()
    assert (answer.status, exchange["reply"]["status"]) == (status, status)
    assert await _repeated(scene) == []


async def test_octets_that_are_no_text_are_written_out(scene: Scene) -> None:
    url = urlsplit(scene.visitor.world.issuer)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    head = f"GET {url.path}/jwks HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\nX-Jabber: "
    writer.write(head.encode() + b"w\xffck\r\n\r\n")
    await reader.read()
    writer.close()
    (exchange,) = await scene.journal()
    assert ["X-Jabber", "w\\udcffck"] in exchange["request"]["headers"]


def _fired(given: Any) -> Any:
    request, about = Request("GET", "/jwks"), About("jwks")
    fired = Fired("foreign-1", "foreign", "delivery", Delivery(REPLY), given)
    exchange = Exchange(1, "jwks", request, about, REPLY, (fired,), None, 0, 0.0)
    (shown,) = exchange_view(exchange)["fired"]
    return shown


REPLY = HttpReply(200, (("Set-Cookie", f"session={WRONG}"), ("X-Shoe", "37")), b"{}", {"sole": nan})


def test_an_answer_that_a_switch_replaced_is_shown_without_its_cookies() -> None:
    shown = _fired(Delivery(REPLY, chunks=(Chunk(b"{"), Chunk(b"}", 2.0))))
    headers = [["Set-Cookie", "(hidden)"], ["X-Shoe", "37"]]
    assert shown["honest"]["reply"]["headers"] == shown["given"]["reply"]["headers"] == headers
    assert (shown["given"]["chunks"], shown["given"]["octets"], shown["given"]["chunks_wait_seconds"]) == (2, 2, 2.0)
    assert shown["given"]["reply"]["members"] == {"sole": "nan"}
    assert WRONG not in json.dumps(shown, allow_nan=False)


SECRETIVE = [
    records.user(test_password=WRONG, password_hash=WRONG, generation=WRONG),
    records.application(secret_hash=WRONG, secret_sealed=WRONG, generation=WRONG),
    records.member(generation=WRONG),
]


@pytest.mark.parametrize("record", SECRETIVE, ids=lambda record: record.kind)
def test_a_record_that_a_seam_answers_is_shown_without_its_secrets(record: Record) -> None:
    shown = _fired({"found": [record]})["given"]["found"]
    assert shown[0]["id"] == record.id
    assert WRONG not in json.dumps(shown)


def test_what_leads_into_itself_ends() -> None:
    endless: dict[str, Any] = {}
    endless["more"] = endless
    assert "…" in json.dumps(_fired(endless), ensure_ascii=False)
