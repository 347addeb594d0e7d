"""Decision: what an endpoint wants done, as data. The runner does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oidc_harness.model.write import Write
from oidc_harness.protocol.about import About
from oidc_harness.protocol.delivery import HttpReply
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.redirection import Redirection

NOBODY = About()


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON answer."""

    members: Mapping[str, Any]
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    cacheable_seconds: int | None = None
    """None: `no-store`, as every answer with a token or a person in it (RFC 6749 5.1)."""
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Jwt:
    """A JWT that is the whole answer (RFC 7519 10.3.1); never cached, as there is a person in it."""

    text: str
    claims: Mapping[str, Any]
    """What it says, for the journal."""
    media_type: str = "application/jwt"


@dataclass(frozen=True, slots=True)
class Redirect:
    """Send the browser on by 303, which never repeats a form (RFC 9700 4.12)."""

    location: str


@dataclass(frozen=True, slots=True)
class FormPost:
    """Send the browser on by a form that posts itself (OAuth 2.0 Form Post Response Mode)."""

    answer: Redirection


@dataclass(frozen=True, slots=True)
class Page:
    """A page for a person; `name` is its template."""

    name: str
    facts: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Iframe:
    """The OP iframe: no page for people, but a script that others put into theirs (OIDC Session Management 3.2)."""

    cacheable_seconds: int


@dataclass(frozen=True, slots=True)
class Empty:
    """An answer without a body."""

    status: int = 200


Reply = Json | Jwt | Redirect | FormPost | Page | Iframe | Empty | HttpReply
"""What is said. An `HttpReply` is an answer that was put into bytes before, and is given again."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie of the realm. The web layer gives it its realm's name, path and attributes."""

    name: str
    """`session`, `browser` or `user_agent_state`."""
    value: str
    """Empty: forget the cookie."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Reply and writes; the writes happen all or not at all, and before the reply goes out."""

    reply: Reply
    writes: tuple[Write, ...] = ()
    about: About = NOBODY
    cookies: tuple[Cookie, ...] = ()
    error: OAuthError | None = field(default=None, compare=False)
    """The refusal that the reply tells, if it tells one; for journal and person."""
