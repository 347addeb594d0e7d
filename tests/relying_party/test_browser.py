"""How a browser travels: redirects, cookies, forms, and where it stops."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web

from oidc_harness.relying_party.browser import Browser, BrowserError, Visit
from tests.relying_party.local_servers import Handler, Serve


async def echo(request: web.Request) -> web.Response:
    """Tell what was asked."""
    return web.json_response(
        {
            "method": request.method,
            "path": request.raw_path,
            "form": parse_qsl(await request.text()),
            "origin": request.headers.get("Origin"),
            "cookies": dict(request.cookies),
        }
    )


def answering(status: int = 200, markup: str = "", **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=markup, content_type="text/html", headers=headers)

    return answer


def told(visit: Visit) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(visit.page.text)
    return document


FORM = """<form method="post" action="{action}">
<input name="a" value="1 &amp; 2"><button id="go">Go</button></form>"""


@pytest.mark.parametrize(
    ("status", "method", "form"),
    [
        (301, "GET", []),
        (302, "GET", []),
        (303, "GET", []),
        (307, "POST", [["a", "1 & 2"]]),
        (308, "POST", [["a", "1 & 2"]]),
    ],
)
async def test_a_redirected_form(serve: Serve, status: int, method: str, form: list[list[str]]) -> None:
    base = await serve(
        [
            web.get("/", answering(markup=FORM.format(action="/move"))),
            web.post("/move", answering(status, Location="/end?x=%2F")),
            web.route("*", "/end", echo),
        ]
    )
    async with Browser() as browser:
        visit = await browser.submit((await browser.get(base)).page, "go")
    answer = told(visit)
    assert (answer["method"], answer["form"], answer["path"]) == (method, form, "/end?x=%2F")
    assert [(hop.method, hop.url, hop.status) for hop in visit.hops] == [
        ("POST", f"{base}/move", status),
        (method, f"{base}/end?x=%2F", 200),
    ]


async def test_a_form_tells_the_origin_of_its_page(serve: Serve) -> None:
    target = await serve([web.post("/end", echo)])
    base = await serve([web.get("/", answering(markup=FORM.format(action=f"{target}/end")))])
    async with Browser() as browser:
        visit = await browser.submit((await browser.get(base)).page, "go")
        direct = await browser.post(f"{target}/end", [("a", "b")])
        foreign = await browser.post(f"{target}/end", [], origin="https://evil.example")
    assert told(visit)["origin"] == base
    assert told(direct)["origin"] == target
    assert told(foreign)["origin"] == "https://evil.example"


async def test_a_form_sent_on_to_another_origin_has_an_opaque_one(serve: Serve) -> None:
    target = await serve([web.post("/end", echo)])
    base = await serve(
        [
            web.get("/", answering(markup=FORM.format(action="/move"))),
            web.post("/move", answering(307, Location=f"{target}/end")),
        ]
    )
    async with Browser() as browser:
        visit = await browser.submit((await browser.get(base)).page, "go")
    assert told(visit)["origin"] == "null"


async def test_a_form_by_get_puts_its_fields_into_the_query(serve: Serve) -> None:
    markup = '<form action="/end?old=1"><input name="q" value="a b"><button id="go">Go</button></form>'
    base = await serve([web.get("/", answering(markup=markup)), web.get("/end", echo)])
    async with Browser() as browser:
        visit = await browser.submit((await browser.get(base)).page, "go")
    assert (told(visit)["path"], told(visit)["origin"]) == ("/end?q=a+b", None)


async def test_a_form_post_page_is_sent_by_itself(serve: Serve) -> None:
    callback = await serve([web.post("/callback", echo)])
    markup = (
        f'<form id="form-post" method="post" action="{callback}/callback">'
        '<input type="hidden" name="code" value="c"><input type="hidden" name="state" value="s">'
        "<noscript><button>Continue</button></noscript></form>"
    )
    base = await serve([web.get("/authorize", answering(markup=markup))])
    async with Browser() as browser:
        visit = await browser.get(f"{base}/authorize")
    assert told(visit)["form"] == [["code", "c"], ["state", "s"]]
    assert told(visit)["origin"] == base
    assert [hop.method for hop in visit.hops] == ["GET", "POST"]


async def test_cookies_go_by_host_and_path_and_not_by_port(serve: Serve) -> None:
    async def set_cookies(_: web.Request) -> web.Response:
        response = web.Response()
        response.set_cookie("everywhere", "1", httponly=True, samesite="Lax")
        response.set_cookie("below", "2", path="/realm")
        response.set_cookie("gone", "3", max_age=0)
        return response

    base = await serve([web.get("/set", set_cookies), web.get("/{tail:.*}", echo)])
    other = await serve([web.get("/", echo)])
    async with Browser() as browser:
        await browser.get(f"{base}/set")
        assert told(await browser.get(f"{base}/"))["cookies"] == {"everywhere": "1"}
        assert told(await browser.get(f"{base}/realm/x"))["cookies"] == {"everywhere": "1", "below": "2"}
        assert told(await browser.get(f"{other}/"))["cookies"] == {"everywhere": "1"}
        assert browser.cookies(f"{base}/realm/") == {"everywhere": "1", "below": "2"}
    async with Browser() as another:
        assert told(await another.get(f"{base}/realm/x"))["cookies"] == {}


@pytest.mark.parametrize("expires", ["Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 01-Jan-1970 00:00:00 GMT"])
async def test_a_cookie_that_expired_at_the_epoch_is_gone(expires: str, serve: Serve) -> None:
    async def keep(_: web.Request) -> web.Response:
        return web.Response(headers={"Set-Cookie": "session=s"})

    async def forget(_: web.Request) -> web.Response:
        return web.Response(headers={"Set-Cookie": f"session=; expires={expires}; HttpOnly"})

    base = await serve([web.get("/keep", keep), web.get("/forget", forget), web.get("/", echo)])
    async with Browser() as browser:
        await browser.get(f"{base}/keep")
        await browser.get(f"{base}/forget")
        assert told(await browser.get(f"{base}/"))["cookies"] == {}


async def test_cookies_set_by_a_redirect_are_kept(serve: Serve) -> None:
    async def move(_: web.Request) -> web.Response:
        response = web.Response(status=302, headers={"Location": "/end"})
        response.set_cookie("session", "s")
        return response

    base = await serve([web.get("/", move), web.get("/end", echo)])
    async with Browser() as browser:
        assert told(await browser.get(base))["cookies"] == {"session": "s"}


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_native_address_ends_the_visit(serve: Serve, status: int) -> None:
    address = "myapp://callback?code=c&state=s#part"
    base = await serve([web.get("/authorize", answering(status, Location=address))])
    async with Browser() as browser:
        visit = await browser.get(f"{base}/authorize")
    assert (visit.handed_over, visit.page.status, len(visit.hops)) == (address, status, 1)


@pytest.mark.parametrize(
    ("location", "arrived"),
    [("/end#new", "/end#new"), ("/end", "/end#old"), ("end?a=b", "/end?a=b#old")],
)
async def test_the_fragment_travels_on_unless_there_is_a_new_one(serve: Serve, location: str, arrived: str) -> None:
    base = await serve([web.get("/", answering(302, Location=location)), web.get("/end", answering())])
    async with Browser() as browser:
        visit = await browser.get(f"{base}/#old")
    assert visit.page.url == base + arrived


async def test_a_redirect_without_a_location_is_a_page(serve: Serve) -> None:
    base = await serve([web.get("/", answering(302, '<p id="here">x</p>'))])
    async with Browser() as browser:
        assert (await browser.get(base)).page.has("here")


async def test_redirects_without_end_are_left(serve: Serve) -> None:
    asked: list[str] = []

    async def move(request: web.Request) -> web.Response:
        asked.append(request.raw_path)
        return web.Response(status=302, headers={"Location": f"/{len(asked)}"})

    base = await serve([web.get("/{tail:.*}", move)])
    async with Browser() as browser:
        with pytest.raises(BrowserError, match="20 requests"):
            await browser.get(base)
    assert len(asked) == 20


async def reset(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def too_large(_: web.Request) -> web.Response:
    return web.Response(body=b"x" * 5_000_001)


@pytest.mark.parametrize("handler", [reset, too_large])
async def test_an_answer_that_can_not_be_read_is_told_and_not_asked_for_again(serve: Serve, handler: Handler) -> None:
    asked: list[str] = []

    async def count(request: web.Request) -> web.StreamResponse:
        asked.append(request.method)
        return await handler(request)

    base = await serve([web.get("/", count)])
    async with Browser() as browser:
        with pytest.raises(BrowserError, match=f"GET {base} failed"):
            await browser.get(base)
    assert asked == ["GET"]


async def test_a_page_in_an_unknown_charset_is_read_as_utf_8(serve: Serve) -> None:
    async def odd(_: web.Request) -> web.Response:
        markup = '<p id="name">Zoë</p>'.encode()
        return web.Response(body=markup, headers={"Content-Type": "text/html; charset=no-such-thing"})

    base = await serve([web.get("/", odd)])
    async with Browser() as browser:
        assert (await browser.get(base)).page.text_of("name") == "Zoë"


async def test_a_location_with_blanks_is_quoted(serve: Serve) -> None:
    base = await serve([web.get("/", answering(302, Location="/end?q=a b")), web.get("/end", echo)])
    async with Browser() as browser:
        assert told(await browser.get(base))["path"] in ("/end?q=a%20b", "/end?q=a+b")


async def test_a_link_is_followed(serve: Serve) -> None:
    base = await serve([web.get("/", answering(markup='<a id="next" href="/end">n</a>')), web.get("/end", echo)])
    async with Browser() as browser:
        visit = await browser.follow((await browser.get(base)).page, "next")
    assert told(visit)["path"] == "/end"
