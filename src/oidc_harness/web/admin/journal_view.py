"""An exchange as people and other programs see it. Passwords, client secrets and cookies are not repeated."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from oidc_harness.protocol.about import About
from oidc_harness.protocol.delivery import HttpReply
from oidc_harness.protocol.errors import OAuthError, TellClient
from oidc_harness.protocol.request import Pairs, Request
from oidc_harness.protocol.spec import Spec
from oidc_harness.provider.exchange import Exchange, Fired

HIDDEN = "(hidden)"
SECRET_PARAMETERS = frozenset({"password", "password_again", "client_secret", "confirmation"})
SECRET_HEADERS = frozenset({"cookie", "set-cookie"})
_PLAIN = (str, int, float, bool, type(None))
_DEEPEST = 12


def exchange_view(exchange: Exchange) -> dict[str, Any]:
    """The whole exchange: what came, what was decided and why, what switches did, what went out."""
    return {
        "number": exchange.number,
        "endpoint": exchange.endpoint,
        "request": request_view(exchange.request),
        "about": about_view(exchange.about),
        "reply": reply_view(exchange.reply),
        "fired": [fired_view(fired) for fired in exchange.fired],
        "error": None if exchange.error is None else error_view(exchange.error),
        "at": exchange.at,
        "real_at": exchange.real_at,
        "trace": exchange.trace,
    }


def request_view(request: Request) -> dict[str, Any]:
    """Method, path, parameters and headers as they came."""
    return {
        "method": request.method,
        "path": request.path,
        "query": parameters_view(request.query),
        "form": parameters_view(request.form),
        "headers": [[name, _header(name, value)] for name, value in request.headers.items()],
    }


def parameters_view(pairs: Pairs) -> list[list[str]]:
    """Names and values, in order."""
    return [[name, HIDDEN if name in SECRET_PARAMETERS else value] for name, value in pairs]


def _header(name: str, value: str) -> str:
    if name.lower() in SECRET_HEADERS:
        return HIDDEN
    if name.lower() == "authorization" and value[:6].lower() == "basic ":
        return f"Basic {HIDDEN}"
    return value


def about_view(about: About) -> dict[str, Any]:
    """Whom it concerned, by id."""
    return {
        "application": about.application.id if about.application else None,
        "user": about.user.id if about.user else None,
        "username": about.user.username if about.user else None,
        "flow": about.grant_id,
    }


def reply_view(reply: HttpReply | None) -> dict[str, Any] | None:
    """Status, headers and body as they went out."""
    if reply is None:
        return None
    headers = [[name, _header(name, value)] for name, value in reply.headers]
    members = None if reply.members is None else shown(reply.members)
    return {
        "status": reply.status,
        "headers": headers,
        "body": reply.body.decode("utf-8", "replace"),
        "members": members,
    }


def fired_view(fired: Fired) -> dict[str, Any]:
    """Truth and lie side by side."""
    return {
        "armed": fired.armed_id,
        "switch": fired.switch,
        "seam": fired.seam,
        "honest": shown(fired.honest),
        "given": shown(fired.given),
    }


def error_view(error: OAuthError) -> dict[str, Any]:
    """What the client was told, and what people are told."""
    return {
        "code": error.code,
        "description": error.description,
        "detail": error.detail,
        "clause": str(error.where),
        "link": error.where.link,
    }


def shown(value: Any, depth: int = 0) -> Any:
    """Anything a seam can answer, as JSON types."""
    if isinstance(value, _PLAIN):
        return value
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, OAuthError | TellClient):
        return error_view(value.error if isinstance(value, TellClient) else value)
    return _shown_whole(value, depth + 1)


def _shown_whole(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {str(name): shown(member, depth) for name, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [shown(member, depth) for member in value]
    if isinstance(value, Spec):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        members = {
            field.name: shown(getattr(value, field.name), depth)
            for field in dataclasses.fields(value)
            if not _is_secret(field.name)
        }
        return {"kind": type(value).__name__, **members}
    return str(value)


def _is_secret(name: str) -> bool:
    return name.endswith(("_hash", "_sealed", "password", "generation")) or name in ("private_jwk", "version")
