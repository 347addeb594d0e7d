"""An exchange as people and other programs see it.

Passwords, client secrets, cookies, and the tokens of a registration are not repeated.
"""

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from oidc_harness.protocol.about import About
from oidc_harness.protocol.certificate import ClientCertificate
from oidc_harness.protocol.delivery import Delivery, HttpReply
from oidc_harness.protocol.errors import OAuthError, TellClient
from oidc_harness.protocol.request import Pairs, Request
from oidc_harness.protocol.spec import Spec
from oidc_harness.provider.exchange import Exchange, Fired
from oidc_harness.web.admin.claim_tokens import HIDDEN, SOURCES, hidden_sources, without_any_token, without_claim_tokens

SECRET_PARAMETERS = frozenset(
    {
        "password",
        "password_again",
        "client_secret",
        "confirmation",
        "registration_access_token",
        "initial_access_token",
    }
)
SECRET_HEADERS = frozenset({"cookie", "set-cookie"})
_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
_TOKEN_SCHEMES = frozenset({"bearer", "dpop"})
_UNTOLD = frozenset({"registration", "client_configuration", "claims"})
"""Endpoints whose tokens give the right to register or manage a client, or are for another provider's claims."""
_IN_ADDRESS = re.compile(rf"(?i)\b({'|'.join(sorted(SECRET_PARAMETERS))})=[^&#\s\"<>]*")
"""A secret parameter of an address, such as that of a page which sent its form by GET, wherever it is repeated."""
_IN_FORM = re.compile(rf'( name="(?:{"|".join(sorted(SECRET_PARAMETERS))})"[^>]*? value=")[^"]*')
"""What a field of one of our own pages sends as a secret parameter, as `web/pages/templates` write it."""
_IN_JSON = re.compile(rf'("(?:{"|".join(sorted(SECRET_PARAMETERS))})"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)')
"""A secret member of a JSON body, such as that of a registration; of a broken one up to its end."""
_PLAIN = (int, bool, type(None))
_DEEPEST = 12


def exchange_view(exchange: Exchange) -> dict[str, Any]:
    """The whole exchange: what came, what was decided and why, what switches did, what went out."""
    return {
        "number": exchange.number,
        "endpoint": exchange.endpoint,
        "request": request_view(exchange.request, tells_tokens=exchange.endpoint not in _UNTOLD),
        "about": about_view(exchange.about),
        "reply": reply_view(exchange.reply),
        "fired": [fired_view(fired) for fired in exchange.fired],
        "error": None if exchange.error is None else error_view(exchange.error),
        "at": exchange.at,
        "real_at": exchange.real_at,
        "trace": exchange.trace,
    }


def request_view(request: Request, *, tells_tokens: bool = True) -> dict[str, Any]:
    """Method, path, parameters and headers as they came."""
    headers = headers_view(request.headers.items())
    return {
        "method": request.method,
        "path": request.path,
        "asked_at": _addresses(_text(request.asked_at)),
        "client_address": request.client_address,
        "query": parameters_view(request.query),
        "form": parameters_view(request.form),
        "body": _without_secrets(request.body),
        "headers": headers if tells_tokens else [_without_token(*each) for each in headers],
        "certificate": None if request.certificate is None else certificate_view(request.certificate),
    }


def certificate_view(certificate: ClientCertificate) -> dict[str, Any]:
    """Which one the client presented on its connection, and whom it is of."""
    from oidc_harness.protocol.x509 import subject_of  # brings in cryptography, for few requests

    try:
        subject = subject_of(certificate.own)
    except ValueError as reason:
        subject = f"({reason})"
    return {"thumbprint": certificate.thumbprint, "subject": subject, "sent_along": len(certificate.chain) - 1}


def parameters_view(pairs: Pairs) -> list[list[str]]:
    """Names and values, in order. A value may be an address with parameters of its own."""
    return [[name, HIDDEN if _is_secret_parameter(name) else _addresses(value)] for name, value in pairs]


def headers_view(headers: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Names and values, in order."""
    return [[name, _header(name.lower(), value)] for name, value in headers]


def _without_token(name: str, value: str) -> list[str]:
    if name.lower() not in _CREDENTIALS:
        return [name, value]
    scheme, space, _ = value.partition(" ")
    return [name, f"{scheme} {HIDDEN}" if space else HIDDEN]


def _header(name: str, value: str) -> str:
    if name in SECRET_HEADERS:
        return HIDDEN
    if name in _CREDENTIALS:
        return _credentials(value)
    return _addresses(_text(value))


def _without_secrets(text: str) -> str:
    """Names may be spelt with escapes, so what is JSON is read; what is none is searched."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return without_any_token(_IN_JSON.sub(rf'\1"{HIDDEN}"', text))
    hidden = _hidden_members(document)
    return text if hidden == document else json.dumps(hidden, ensure_ascii=False)


def _hidden_members(value: Any) -> Any:
    if isinstance(value, list):
        return [_hidden_members(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _hidden_member(name, each) for name, each in value.items()}


def _hidden_member(name: str, value: Any) -> Any:
    if _is_secret_parameter(name):
        return HIDDEN
    return _hidden_members(hidden_sources(value) if name == SOURCES else value)


def _addresses(text: str) -> str:
    return _IN_ADDRESS.sub(rf"\1={HIDDEN}", without_claim_tokens(text))


def _credentials(value: str) -> str:
    """Tokens are told, for it is they that are tested; of anything else the scheme alone, where there is one."""
    scheme, space, _ = value.partition(" ")
    if scheme.lower() in _TOKEN_SCHEMES:
        return _text(value)
    return f"{_text(scheme)} {HIDDEN}" if space and scheme else HIDDEN


def _text(value: str) -> str:
    """With octets that were no UTF-8 written out: JSON has no place for them."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")


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
    return {
        "status": reply.status,
        "headers": headers_view(reply.headers),
        "body": _without_secrets(_IN_FORM.sub(rf"\1{HIDDEN}", _addresses(reply.body.decode("utf-8", "replace")))),
        "members": None if reply.members is None else shown(reply.members),
    }


def delivery_view(delivery: Delivery) -> dict[str, Any]:
    """How an answer was to go out; of its pieces only how many, how large and how slow they are together."""
    chunks = delivery.chunks
    return {
        "reply": reply_view(delivery.reply),
        "wait_seconds": delivery.wait_seconds,
        "chunks": None if chunks is None else len(chunks),
        "octets": None if chunks is None else sum(len(chunk.content) for chunk in chunks),
        "chunks_wait_seconds": None if chunks is None else sum(chunk.wait_seconds for chunk in chunks),
        "ending": delivery.ending,
        "declared_length": delivery.declared_length,
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
        "description": _addresses(error.description),
        "detail": _addresses(error.detail),
        "clause": str(error.where),
        "link": error.where.link,
    }


def shown(value: Any, depth: int = 0) -> Any:
    """Anything a seam can answer, as JSON types."""
    if isinstance(value, _PLAIN):
        return value
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, str | bytes):
        return _addresses(_text(value) if isinstance(value, str) else value.decode("utf-8", "replace"))
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, Delivery | HttpReply):
        return delivery_view(value) if isinstance(value, Delivery) else reply_view(value)
    if isinstance(value, OAuthError | TellClient):
        return error_view(value.error if isinstance(value, TellClient) else value)
    return _shown_whole(value, depth + 1)


def _shown_whole(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _shown_member(str(name), member, depth) for name, member in value.items()}
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


def _shown_member(name: str, value: Any, depth: int) -> Any:
    if _is_secret_parameter(name):
        return HIDDEN
    return shown(hidden_sources(value) if name == SOURCES else value, depth)


def _is_secret_parameter(name: str) -> bool:
    """A misspelt name hides its value too: clients that misspell are what this is for."""
    return name.casefold().replace("-", "_") in SECRET_PARAMETERS


def _is_secret(name: str) -> bool:
    unseen = name.endswith(("_hash", "_sealed", "password", "generation")) or name in ("private_jwk", "version")
    return unseen or _is_secret_parameter(name)
