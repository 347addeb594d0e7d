"""Pages as HTML: the templates, and the headers that keep a page from doing more than it should."""

import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from oidc_harness.harness.realm import Realm
from oidc_harness.model.user import User
from oidc_harness.protocol.delivery import Headers, HttpReply
from oidc_harness.protocol.origin import origin_of
from oidc_harness.provider.decision import FormPost, Page
from oidc_harness.web.render import NO_STORE
from oidc_harness.web.strings import CATALOGUES, choose_catalogue

_FOLDER = Path(__file__).parent / "pages" / "templates"
SUBMIT_SCRIPT = 'document.getElementById("form-post").submit();'
"""In a form that the oldest browsers understand, and those without a screen."""
WITH_LOGO = frozenset({"login", "consent"})
"""Pages that show the logo of a client."""
_ORIGIN = re.compile(r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?=[/?#]|$)")
FRAMES_SCRIPT = (
    'var onwards = document.getElementById("logged-out-continue").href;'
    "function go() { window.location.replace(onwards); }"
    "window.onload = go; window.setTimeout(go, 5000);"
)
"""Goes on once every frame has loaded, and after five seconds at most."""
UNFOLLOWABLE = frozenset({"javascript", "data", "vbscript", "file", "about", "blob"})
"""Schemes no link leads to, even where a switch has made the provider accept such a redirect URI."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What every page is made with."""

    environment: Environment
    style: str
    policy: str
    headers: Headers
    headers_with_script: Headers


def render_page(reply: Page | FormPost, realm: Realm, extra_headers: Headers) -> HttpReply:
    """The page of a reply, in the first of the languages asked for by the fact `ui_locales` that there is."""
    look = _look()
    if isinstance(reply, FormPost):
        answer = reply.answer
        facts = {"target": answer.target, "parameters": answer.parameters, "script": SUBMIT_SCRIPT}
        body = _fill(look, "form_post", facts, realm.issuer)
        return HttpReply(200, look.headers_with_script + extra_headers, body)
    body = _fill(look, reply.name, {"script": FRAMES_SCRIPT, **reply.facts}, realm.issuer)
    return HttpReply(reply.status, _headers_for(reply, look) + extra_headers, body)


def render_page_of_server(name: str, facts: dict[str, Any], base_url: str, status: int) -> HttpReply:
    """A page that belongs to no realm; `base_url` stands where the issuer does on others."""
    look = _look()
    return HttpReply(status, look.headers, _fill(look, name, facts, base_url))


def _headers_for(reply: Page, look: _Look) -> Headers:
    """Those of every page; and what frames it opens, or from where it shows the logo of a client."""
    opened = reply.facts.get("frames")
    if opened:
        return _headers_with_frames(look, opened)
    client = reply.facts.get("client") if reply.name in WITH_LOGO else None
    origin = image_origin(str(client.logo)) if client and client.logo else None
    if origin is None:
        return look.headers
    return _headers(look.policy.replace("img-src data:", f"img-src data: {origin}"), "same-origin")


def image_origin(url: str) -> str | None:
    """The origin of an image, as a source expression (CSP 3, 2.3.1); None for what could say more than that."""
    found = _ORIGIN.match(url)
    return found[0].lower() if found else None


def _headers_with_frames(look: _Look, opened: tuple[str, ...]) -> Headers:
    """Exactly the places that are opened may be, and one script may run."""
    places = " ".join(dict.fromkeys(map(origin_of, opened)))
    return _headers(f"{look.policy}; frame-src {places}; script-src {source_of(FRAMES_SCRIPT)}", "no-referrer")


def _fill(look: _Look, name: str, facts: dict[str, Any], issuer: str) -> bytes:
    catalogue = choose_catalogue(facts.get("ui_locales"), CATALOGUES)
    template = look.environment.get_template(f"{name}.html")
    return template.render(facts, t=catalogue, style=look.style, issuer=issuer).encode()


@cache
def _look() -> _Look:
    style = (_FOLDER / "style.css").read_text("utf-8")
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["person"] = describe_person
    environment.tests["followable"] = is_followable
    environment.tests["web_address"] = is_web_address
    # Under `no-referrer` a form would be posted with `Origin: null` (Fetch 3.2); ours have to say where they are from,
    # and a client that is answered by form_post may want to know it too.
    policy = f"default-src 'none'; style-src {source_of(style)}; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    with_script = f"{policy}; script-src {source_of(SUBMIT_SCRIPT)}"
    return _Look(environment, style, policy, _headers(policy, "same-origin"), _headers(with_script, "strict-origin"))


def _headers(policy: str, referrer_policy: str) -> Headers:
    """No `form-action` in the policy: browsers apply it to the redirects after a form, and those go to clients."""
    return (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", referrer_policy),
        *NO_STORE,
    )


def source_of(text: str) -> str:
    """The source expression that allows exactly this inline text (CSP 3, 2.3.1)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def describe_person(user: User) -> str:
    """A user as people call them: by name and address, or by username where there is no name."""
    profile = user.profile
    name = profile.name or " ".join(part for part in (profile.given_name, profile.family_name) if part)
    return f"{name} ({user.email})" if name else user.username


def is_followable(url: str) -> bool:
    """Whether a link may lead there."""
    try:
        return urlsplit(url).scheme not in UNFOLLOWABLE
    except ValueError:
        return False


def is_web_address(url: str | None) -> bool:
    """Whether a browser can open it (A4: a native application's address is shown and used for nothing)."""
    return url is not None and url.startswith(("http://", "https://"))
