"""The OP iframe as HTML: the one page of a realm that other sites may frame (OIDC Session Management 3.2)."""

from functools import cache
from html import escape
from pathlib import Path

from oidc_harness.harness.realm import Realm
from oidc_harness.protocol.delivery import Headers, HttpReply
from oidc_harness.web.adapter import cookie_name
from oidc_harness.web.render import READ_BY_SCRIPT
from oidc_harness.web.templates import source_of

_SCRIPT = Path(__file__).parent / "pages" / "templates" / "check_session.js"
_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>check_session_iframe</title></head>
<body data-cookie="{cookie}"><script>{script}</script></body>
</html>
"""


def render_iframe(realm: Realm, headers: Headers) -> HttpReply:
    """The script with the name of the cookie it reads. Nothing says who may frame it: everybody may."""
    script = check_session_script()
    policy = f"default-src 'none'; script-src {source_of(script)}; base-uri 'none'"
    own = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    )
    page = _PAGE.format(cookie=escape(cookie_name(READ_BY_SCRIPT, realm.name)), script=script)
    return HttpReply(200, own + headers, page.encode())


@cache
def check_session_script() -> str:
    """What runs in the iframe, in old-style script."""
    return _SCRIPT.read_text("utf-8")
