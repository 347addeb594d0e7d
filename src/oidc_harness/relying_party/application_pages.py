"""The few pages of a client's web application; whatever comes from outside is escaped."""

from collections.abc import Iterable
from html import escape

from aiohttp import web

from .client import Refused, Session

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body id="{page_id}"><h1>{title}</h1>
{body}
</body></html>
"""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(page_id: str, title: str, body: Iterable[str], status: int = 200) -> web.Response:
    """A page; `body` holds lines of markup whose values are escaped already."""
    text = PAGE.format(page_id=page_id, title=escape(title), body="\n".join(body))
    return web.Response(text=text, content_type="text/html", status=status, headers=HEADERS)


def home(client_id: str, session: Session | None) -> web.Response:
    """Who is signed in, and what can be done next."""
    name = "nobody" if session is None else session.sub
    return page(
        "client-home",
        f"Application {client_id}",
        [
            f'<p>Signed in: <strong id="client-subject">{escape(name)}</strong></p>',
            '<p><a id="client-login" href="/login">Sign in</a></p>',
            '<p><a id="client-whoami" href="/whoami">Who am I</a></p>',
            '<form method="post" action="/api"><button id="client-api">Call the API</button></form>',
            '<form method="post" action="/refresh"><button id="client-refresh">Renew tokens</button></form>',
            '<p><a id="client-logout" href="/logout">Sign out</a></p>',
        ],
    )


def error_page(error: Refused) -> web.Response:
    """What was refused and why, and the way to start again."""
    return page(
        "error-page",
        "Signing in did not succeed",
        [
            f'<p>Code: <code id="error-code">{escape(error.code)}</code></p>',
            f'<p id="error-reason">{escape(error.reason)}</p>',
            '<p><a id="client-login" href="/login">Try again</a></p>',
        ],
        error.status,
    )


def logged_out(is_expected: bool) -> web.Response:
    """The page after a logout; the provider's answer is compared with the logout this browser started."""
    note = "The provider has answered." if is_expected else "The session here is over."
    return page(
        "client-logged-out",
        "Signed out",
        [f"<p>{escape(note)}</p>", '<p><a id="client-login" href="/login">Sign in</a></p>'],
    )
