"""How a person's browser gets through the pages of a login and a logout."""

from collections import Counter
from urllib.parse import parse_qsl

import pytest
from aiohttp import web

from oidc_harness.relying_party.user_agent import UserAgent
from tests.relying_party.local_servers import Handler, Serve

LOGIN = """<main id="login-page"><form method="post" action="/session">
<input type="hidden" name="i" value="7">
<input id="login-username" name="user"><input id="login-password" name="pass" type="password">
<button id="login-submit">Sign in</button>
<button id="login-cancel" name="answer" value="cancel">Cancel</button></form></main>"""
PASSWORD_ONLY = LOGIN.replace('<input id="login-username" name="user">', "")
CONSENT = """<main id="consent-page"><form method="post" action="/consent">
<button id="consent-approve" name="answer" value="yes">Yes</button>
<button id="consent-deny" name="answer" value="no">No</button></form></main>"""
ERROR = '<main id="error-page"><code id="error-code">invalid_request</code>{link}</main>'
RETURN = '<a id="return-to-application" href="/home?error=1">Back</a>'
LOGOUT = """<main id="logout-page"><form method="post" action="/logout">
<button id="logout-confirm" name="answer" value="yes">Sign out</button>
<button id="logout-cancel" name="answer" value="no">Stay</button></form></main>"""


class Pages:
    """A site of plain pages that counts what is sent to it; `next_page` stands after each form."""

    def __init__(self, **next_page: str) -> None:
        self._next_page = next_page
        self.sent: Counter[str] = Counter()

    def routes(self) -> list[web.RouteDef]:
        shown = [
            web.get(f"/{name}", self._show(markup))
            for name, markup in {
                "login": LOGIN,
                "password": PASSWORD_ONLY,
                "consent": CONSENT,
                "error": ERROR.format(link=""),
                "error-with-return": ERROR.format(link=RETURN),
                "logout": LOGOUT,
                "home": '<p id="home">Home</p>',
            }.items()
        ]
        return shown + [web.post(f"/{name}", self._take(name)) for name in ("session", "consent", "logout")]

    def _show(self, markup: str) -> Handler:
        async def show(_: web.Request) -> web.Response:
            return web.Response(text=markup, content_type="text/html")

        return show

    def _take(self, name: str) -> Handler:
        async def take(request: web.Request) -> web.Response:
            fields = ",".join("=".join(pair) for pair in parse_qsl(await request.text()))
            self.sent[f"{name}:{fields}"] += 1
            return web.Response(status=303, headers={"Location": self._next_page[name]})

        return take


FILLED = "session:i=7,user=ann,pass=secret"


@pytest.mark.parametrize(
    ("start", "next_page", "end", "sent"),
    [
        ("/home", {}, "/home", []),
        ("/login", {"session": "/home"}, "/home", [FILLED]),
        ("/login", {"session": "/consent", "consent": "/home"}, "/home", [FILLED, "consent:answer=yes"]),
        ("/consent", {"consent": "/home"}, "/home", ["consent:answer=yes"]),
        ("/password", {"session": "/home"}, "/home", ["session:i=7,pass=secret"]),
        ("/login", {"session": "/error"}, "/error", [FILLED]),
        ("/login", {"session": "/error-with-return"}, "/error-with-return", [FILLED]),
        # A page that comes again is left alone.
        ("/login", {"session": "/login"}, "/login", [FILLED]),
        ("/consent", {"consent": "/consent"}, "/consent", ["consent:answer=yes"]),
    ],
)
async def test_sign_in_answers_each_page_once(
    serve: Serve, start: str, next_page: dict[str, str], end: str, sent: list[str]
) -> None:
    pages = Pages(**next_page)
    base = await serve(pages.routes())
    async with UserAgent() as agent:
        visit = await agent.sign_in(base + start, "ann", "secret")
    assert visit.page.url == base + end
    assert pages.sent == Counter(sent)
    assert [hop.status for hop in visit.hops] == [200] + [303, 200] * len(sent)


async def test_consent_is_denied(serve: Serve) -> None:
    pages = Pages(consent="/home")
    base = await serve(pages.routes())
    async with UserAgent() as agent:
        await agent.sign_in(f"{base}/consent", "ann", "secret", consent="deny")
    assert pages.sent == Counter(["consent:answer=no"])


@pytest.mark.parametrize(
    ("start", "end"), [("/error-with-return", "/home?error=1"), ("/error", "/error"), ("/home", "/home")]
)
async def test_error_pages_are_left_when_asked(serve: Serve, start: str, end: str) -> None:
    base = await serve(Pages().routes())
    async with UserAgent() as agent:
        visit = await agent.sign_in(base + start, "ann", "secret", leaves_error_pages=True)
    assert visit.page.url == base + end


async def test_a_login_page_that_comes_again_is_left_when_asked(serve: Serve) -> None:
    pages = Pages(session="/login")
    base = await serve(pages.routes())
    async with UserAgent() as agent:
        await agent.sign_in(f"{base}/login", "ann", "secret", leaves_error_pages=True)
    assert pages.sent == Counter([FILLED, "session:i=7,answer=cancel"])


@pytest.mark.parametrize(("confirms", "sent"), [(True, "logout:answer=yes"), (False, "logout:answer=no")])
async def test_sign_out_answers_the_question(serve: Serve, confirms: bool, sent: str) -> None:
    pages = Pages(logout="/home")
    base = await serve(pages.routes())
    async with UserAgent() as agent:
        visit = await agent.sign_out(f"{base}/logout", confirms=confirms)
    assert visit.page.url == f"{base}/home"
    assert pages.sent == Counter([sent])


@pytest.mark.parametrize(
    ("status", "text", "sub"),
    [
        (200, '{"sub": "ann"}', "ann"),
        (200, '{"sub": ""}', ""),
        (200, '{"sub": 7}', None),
        (200, "{}", None),
        (200, "[1]", None),
        (200, "<p>no JSON", None),
        (401, '{"sub": "ann"}', None),
    ],
)
async def test_a_probe_names_a_subject_only_when_it_is_shown(
    serve: Serve, status: int, text: str, sub: str | None
) -> None:
    async def whoami(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text, content_type="application/json")

    base = await serve([web.get("/whoami", whoami)])
    async with UserAgent() as agent:
        probe = await agent.probe(f"{base}/whoami")
    assert (probe.status, probe.sub) == (status, sub)
