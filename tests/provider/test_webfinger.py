"""WebFinger over HTTP, asked as pyoidc asks (RFC 7033, OIDC Discovery 2)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest
from oic.utils.webfinger import OIC_ISSUER, WebFinger

from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import ServerSettings
from tests.support import records
from tests.support.http import Answer, Sent
from tests.support.world import World

BASE = "http://login.example:8443"
"""Stands for the address of the server, which is known once it runs."""


@pytest.fixture
async def hosted() -> AsyncIterator[Server]:
    """A realm at the root and one below."""
    async with serving(ServerSettings(port=0)) as server:
        await server.realms.make("default")
        await server.realms.make("shop")
        yield server


@pytest.fixture
async def rootless() -> AsyncIterator[Server]:
    """A server all of whose realms have a path."""
    async with serving(ServerSettings(port=0, root_realm=None)) as server:
        await server.realms.make("shop")
        yield server


def here(server: Server, text: str) -> str:
    """With the name and port under which the server runs."""
    authority = server.base_url.removeprefix("http://")
    return text.replace("login.example:8443", authority).replace("login.example", "127.0.0.1")


async def ask(server: Server, query: Sequence[tuple[str, str]]) -> tuple[int, dict[str, Any], Mapping[str, str]]:
    params = [(name, here(server, value)) for name, value in query]
    url = server.base_url + "/.well-known/webfinger"
    async with aiohttp.ClientSession() as session, session.get(url, params=params) as answer:
        return answer.status, await answer.json(content_type=None), answer.headers


ISSUERS = [
    ("acct:alice@login.example", BASE),
    ("acct:nobody-at-all@login.example", BASE),
    ("acct:alice@login.example:8443", BASE),
    ("acct:alice%40people.example@login.example", BASE),
    ("ACCT:alice@login.example", BASE),
    ("HTTP://login.example:8443", BASE),
    (f"{BASE}/alice", BASE),
    (BASE, BASE),
    (f"{BASE}/", BASE),
    (f"{BASE}/shop", f"{BASE}/shop"),
    (f"{BASE}/shop/", f"{BASE}/shop"),
    (f"{BASE}/shop/alice", f"{BASE}/shop"),
    (f"{BASE}/shopping", BASE),
    (f"{BASE}/shop?a=b#c", f"{BASE}/shop"),
]


@pytest.mark.parametrize(("resource", "issuer"), ISSUERS)
async def test_the_issuer_of_a_resource(hosted: Server, resource: str, issuer: str) -> None:
    status, document, headers = await ask(hosted, [("resource", resource), ("rel", OIC_ISSUER)])
    assert (status, headers["Content-Type"]) == (200, "application/jrd+json")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert document == {"subject": here(hosted, resource), "links": [{"rel": OIC_ISSUER, "href": here(hosted, issuer)}]}


@pytest.mark.parametrize(
    ("resource", "status", "error"),
    [
        ("acct:alice@other.example", 404, "not_found"),
        ("acct:alice@login.example:9400", 404, "not_found"),
        ("https://other.example/alice", 404, "not_found"),
        ("https://login.example/alice", 404, "not_found"),
        ("", 400, "invalid_request"),
        ("alice", 400, "invalid_request"),
        ("acct:alice", 400, "invalid_request"),
        ("acct:@login.example", 400, "invalid_request"),
        ("acct:alice@login.example/path", 400, "invalid_request"),
        ("acct:alice@[::1", 400, "invalid_request"),
        ("acct:al ice@login.example", 400, "invalid_request"),
        ("https://", 400, "invalid_request"),
        ("https://login.example:port/", 400, "invalid_request"),
        ("mailto:alice@login.example", 400, "invalid_request"),
        ("acct:" + "a" * 2048 + "@login.example", 400, "invalid_request"),
    ],
)
async def test_a_resource_that_is_not_answered(hosted: Server, resource: str, status: int, error: str) -> None:
    found, document, headers = await ask(hosted, [("resource", resource)])
    assert (found, document["error"]) == (status, error)
    assert headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("query", [[], [("rel", OIC_ISSUER)], [("resource", BASE), ("resource", BASE)]])
async def test_a_query_has_one_resource(hosted: Server, query: list[tuple[str, str]]) -> None:
    assert (await ask(hosted, query))[0] == 400


@pytest.mark.parametrize(
    ("relations", "number"),
    [([], 1), ([OIC_ISSUER], 1), (["http://x.example/rel", OIC_ISSUER], 1), (["http://x.example/rel"], 0)],
)
async def test_only_the_relations_that_are_asked_for(hosted: Server, relations: list[str], number: int) -> None:
    query = [("resource", BASE), *(("rel", relation) for relation in relations)]
    status, document, _ = await ask(hosted, query)
    assert (status, len(document["links"])) == (200, number)


@pytest.mark.parametrize(
    ("resource", "status"), [(f"{BASE}/shop", 200), (BASE, 404), ("acct:alice@login.example", 404), ("", 404)]
)
async def test_without_a_realm_at_the_root(rootless: Server, resource: str, status: int) -> None:
    assert (await ask(rootless, [("resource", resource)]))[0] == status


async def asked_by_pyoidc(world: World, resource: str) -> Answer:
    """The query that pyoidc would send, sent to this server: it would insist on port 443."""
    url = WebFinger().query(resource, rel=OIC_ISSUER)
    return await world.http.send(
        Sent("GET", world.issuer + "/.well-known/webfinger", query=parse_qsl(urlsplit(url).query))
    )


async def test_pyoidc_understands_the_answer(world: World) -> None:
    answer = await asked_by_pyoidc(world, f"{records.ALICE}@{urlsplit(world.issuer).hostname}")
    [link] = WebFinger.load(answer.text)["links"]
    assert (link["rel"], link["href"]) == (OIC_ISSUER, world.issuer)
    assert world.last.endpoint == "webfinger"


async def test_who_is_known_is_not_told(world: World) -> None:
    await world.people()
    host = urlsplit(world.issuer).hostname
    answers = [await asked_by_pyoidc(world, f"{name}@{host}") for name in (records.ALICE, "nobody")]
    assert answers[0].text.replace(records.ALICE, "nobody") == answers[1].text
