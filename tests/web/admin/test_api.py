"""What every operation has in common: how it is found, what it takes for a body, and what becomes of its own faults."""

import logging
import zlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from oidc_harness.web.adapter import LARGEST_BODY
from oidc_harness.web.admin.api import ControlApi
from oidc_harness.web.admin.operation import Call, Operation
from oidc_harness.web.admin.shapes import Shape
from oidc_harness.web.admin.table import OPERATIONS
from oidc_harness.web.server import Server
from oidc_harness.web.settings import ServerSettings
from tests.support.http import Answer, Http
from tests.web.admin.api import BASE, Api


def refusal(answer: Answer) -> tuple[int, str, str]:
    """Status, code and field of an error, which has to be whole and of the one form."""
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    error = answer.json["error"]
    assert error.keys() == {"code", "message", "field"}
    assert error["message"]
    assert "Traceback" not in answer.text
    return answer.status, error["code"], error["field"]


NOWHERE = [
    "/",
    "/_",
    "/realm",
    "/realms/",
    "/realms/a/b",
    "/realms/a/../../b",
    "/realms//users",
    "/switches/a/b",
    "/%0A",
    "/realms/a%0Ab/nothing",
    "/%FF%FE",
    "/%00",
]


@pytest.mark.parametrize("path", NOWHERE)
async def test_where_nothing_is(api: Api, path: str) -> None:
    assert refusal(await api.ask("GET", path)) == (404, "not_found", "")


SEGMENTS = ["%2E", "%2E%2E", "%00", "%0A", "%FF", "%ED%A0%80", "%7Bid%7D", "%2F..%2F", "%25", "a" * 4000]


@pytest.mark.parametrize("segment", SEGMENTS)
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/realms/{}", "realm"),
        ("/realms/wonder/users/{}", ""),
        ("/switches/{}", "switch"),
        ("/realms/{}/keys", "realm"),
    ],
)
async def test_a_segment_that_names_nothing(api: Api, path: str, field: str, segment: str) -> None:
    await api.furnish()
    assert refusal(await api.ask("GET", path.format(segment))) == (404, "not_found", field)


METHODS = [
    ("PUT", "/realms", "GET, POST"),
    ("HEAD", "/realms", "GET, POST"),
    ("POST", "/realms/wonder", "DELETE, GET"),
    ("OPTIONS", "/switches", "GET"),
    ("GET", "/realms/wonder/clock/freeze", "POST"),
]


@pytest.mark.parametrize(("method", "path", "allowed"), METHODS)
async def test_a_method_that_does_nothing_here(api: Api, method: str, path: str, allowed: str) -> None:
    answer = await api.ask(method, path)
    assert (answer.status, answer.headers["Allow"]) == (405, allowed)
    if method != "HEAD":
        assert refusal(answer) == (405, "method_not_allowed", "")


DEEP = b'{"switch":"iss-wrong","parameters":{"value":' + b"[" * 5000 + b"]" * 5000 + b"}}"
BODIES = [
    (b"", ""),
    (b"{", ""),
    (b"null", ""),
    (b"[]", ""),
    (b'"iss-wrong"', ""),
    (b"\xff\xfe{\x00}\x00", ""),
    (b'{"switch":"\xff"}', ""),
    (b'{"switch":"\xed\xa0\x80"}', ""),
    (b'{"switch":"\\ud800"}', ""),
    (b'{"switch":"iss-wrong"} {}', ""),
    (b'{"switch":"iss-wrong","parameters":{"value":NaN}}', ""),
    (b'{"switch":"iss-wrong","parameters":{"value":-Infinity}}', ""),
    (b'{"switch":"iss-wrong","parameters":{"value":1e999}}', ""),
    (b'{"switch":"iss-wrong","parameters":{"value":%s}}' % (b"9" * 5000), ""),
    (b'{"switch":"iss-wrong","when":{"times":%s}}' % (b"9" * 4000), "when.times"),
    (b'{"switch":"iss-wrong","when":{"times":1.0}}', "when.times"),
    (DEEP, ""),
    (b'{"switch":"iss-wrong","parameters":{"value":%s}}' % (b"[" * 150 + b"]" * 150), "parameters.value"),
    (b'{"switch":"iss-wrong","parameters":{"\\u0000":1}}', "parameters.\x00"),
    (b'{"switch":"\\u0000"}', "switch"),
    (b'{"switch":"%s"}' % (b"s" * 256), "switch"),
    (b'{"switch":"aud-wrong","switch":"aud-wrong"}', "switch"),
    (b'{"switch":"aud-wrong","when":{"times":1,"times":2}}', "when.times"),
    (b'{"switch":"aud-wrong","parameters":{"value":[0,{"a":1,"\\u0061":1}]}}', "parameters.value[1].a"),
]


@pytest.mark.parametrize(("body", "field"), BODIES, ids=lambda value: repr(value)[:40])
async def test_a_body_that_will_not_do(api: Api, body: bytes, field: str) -> None:
    await api.furnish()
    assert refusal(await api.ask("POST", "/realms/wonder/armed", body)) == (400, "invalid", field)
    assert len(await api.done("GET", "/realms/wonder/armed")) == 1


async def test_a_body_may_be_as_large_as_the_server_takes(api: Api) -> None:
    spaces = b" " * (LARGEST_BODY - len(b'{"name":"tea"}'))
    assert (await api.ask("POST", "/realms", b'{"name":"tea"}' + spaces)).status == 201
    assert refusal(await api.ask("POST", "/realms", b'{"name":"cup"}' + spaces + b" ")) == (413, "too_large", "")


KINDS = ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", "json"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_body_of_another_kind(api: Api, server: Server, kind: str) -> None:
    """No page of another site can send `application/json` unasked."""
    answer = await api.ask("POST", "/realms", b'{"name":"tea"}', **{"Content-Type": kind})
    assert refusal(answer) == (415, "unsupported_media_type", "")
    assert list(server.realms) == []


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=x"])
async def test_a_body_of_the_right_kind(api: Api, kind: str) -> None:
    assert (await api.ask("POST", "/realms", b'{"name":"tea"}', **{"Content-Type": kind})).status == 201


PACKED = [
    (zlib.compress(b'{"name":"tea"}'), "deflate", 201),
    (b"tea", "gzip", 400),
    (b"\x1f\x8b\x08\x00", "gzip", 400),
]


@pytest.mark.parametrize(("body", "encoding", "status"), PACKED)
async def test_a_packed_body(api: Api, body: bytes, encoding: str, status: int) -> None:
    answer = await api.ask("POST", "/realms", body, **{"Content-Encoding": encoding})
    assert answer.status == status
    if status == 400:
        assert refusal(answer) == (400, "invalid", "")


LIMITS = ["0", "101", "-1", "1e1", "1.0", "%D9%A3", "%C2%B2", "", "0x10", "9" * 5000, "%201", "%FF", "%00"]


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("path", ["/realms", "/switches"])
async def test_a_limit_that_is_none(api: Api, path: str, limit: str) -> None:
    assert refusal(await api.ask("GET", f"{path}?limit={limit}")) == (400, "invalid", "limit")


@pytest.mark.parametrize("after", ["", "%00", "%FF", "%ED%A0%80", "~", "a" * 4000, "%F0%9F%A6%84"])
@pytest.mark.parametrize("kind", ["users", "applications", "applications/web/members", "applications/web/invitations"])
async def test_a_page_may_begin_anywhere(api: Api, kind: str, after: str) -> None:
    named = await api.furnish()
    assert (await api.ask("GET", f"/realms/{named['realm']}/{kind}?after={after}")).status == 200


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
async def test_a_query_that_nobody_looks_at(api: Api, operation: Operation) -> None:
    path = operation.path.format(**await api.furnish())
    answer = await api.ask(operation.method, f"{path}?sort=name")
    assert refusal(answer) == (400, "invalid", "sort")
    assert ("limit" in answer.json["error"]["message"]) is operation.paged
    assert (await api.ask("GET", "/realms/wonder")).status == 200


async def test_page_after_page_shows_everything_once(api: Api) -> None:
    await api.furnish()
    for number in range(7):
        await api.done("POST", "/realms/wonder/users", {"id": f"guest-{number}", "email": f"g{number}@people.example"})
    seen: list[str] = []
    after: str | None = ""
    pages = 0
    while after is not None:
        pages += 1
        page = await api.done("GET", f"/realms/wonder/users?limit=3&after={after}")
        assert len(page["items"]) <= 3
        seen += [each["id"] for each in page["items"]]
        after = page["next"]
    assert pages == 3
    assert seen == [*(f"guest-{number}" for number in range(7)), "user-alice", "user-hatter"]


class Jabberwock(Exception):
    """Nothing that anybody expects."""


async def _fail(call: Call) -> str:
    raise Jabberwock("burbled")


async def _mumble(call: Call) -> object:
    return object()


BROKEN = (
    Operation("fail", "POST", "/fail", "Fail", _fail, Shape(str)),
    Operation("mumble", "POST", "/mumble", "Answer something else than it says", _mumble, Shape(str)),
)


@pytest.fixture
async def broken(server: Server, http: Http) -> AsyncIterator[Api]:
    control = ControlApi(server.realms, ServerSettings(), "http://127.0.0.1", BROKEN)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", control.answer)
    async with TestServer(application) as running:
        yield Api(http, str(running.make_url("")).rstrip("/"))


@pytest.mark.parametrize("path", ["/fail", "/mumble"])
async def test_a_fault_of_its_own_is_told_to_the_log_alone(
    broken: Api, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "oidc_harness"):
        answer = await broken.ask("POST", path)
    assert refusal(answer) == (500, "internal_error", "")
    assert "burbled" not in answer.text
    (logged,) = [record for record in caplog.records if record.name.startswith("oidc_harness")]
    assert logged.exc_info is not None
    assert f"POST '{BASE}{path}'" in logged.getMessage()
