"""What a verified request object may say, and what its claims are as parameters (OIDC Core 6.1, RFC 9101 4, 6.3)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.errors import invalid_request, invalid_request_object
from oidc_harness.protocol.jose_error import shown
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.request import Pairs
from oidc_harness.protocol.spec import spec

CARRIERS = ("request", "request_uri")
"""The parameters that bring a request object."""
CLOCK_SKEW = 60
"""Seconds by which a client's clock may differ from the realm's."""
_OF_THE_JWT = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", *CARRIERS})
"""Claims that are about the object itself, and no parameters (RFC 7519 4.1)."""
_STRUCTURED = frozenset({"claims", "registration"})
"""Parameters that are JSON objects: inside they stand as they are, and not as text (OIDC Core 6.1)."""
_TEXTS = frozenset(
    {
        "client_id",
        "response_type",
        "response_mode",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "display",
        "prompt",
        "ui_locales",
        "claims_locales",
        "id_token_hint",
        "login_hint",
        "acr_values",
        "code_challenge",
        "code_challenge_method",
    }
)
"""Parameters that are text inside too; `max_age` is a number there (RFC 9101 4)."""


@dataclass(frozen=True, slots=True, eq=False)
class ContentQuestion:
    """Is this object good for this request?"""

    claims: Mapping[str, Any]
    outside: Parameters
    policy: RealmPolicy
    issuer: str
    client_id: str
    now: int


def inner_pairs(claims: Mapping[str, Any]) -> Pairs:
    """The claims as parameters. Raises `invalid_request_object` for a parameter that is no text and must be."""
    return tuple((name, _text(name, value)) for name, value in claims.items() if name not in _OF_THE_JWT)


def _text(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    fits = name not in _TEXTS and (name not in _STRUCTURED or isinstance(value, Mapping))
    if not fits:
        expected = "an object" if name in _STRUCTURED else "text"
        raise invalid_request_object(
            f"{name} in the request object is not {expected}",
            f"{name} is {shown(value)}; a parameter stands in the object as a JSON value of its kind, here {expected}",
            spec("RFC9101-4"),
        )
    return json.dumps(value, ensure_ascii=False)


def check_content(question: ContentQuestion) -> None:
    """Raises `invalid_request_object`, and `invalid_request` for what has to stand beside the object and does not."""
    for name in CARRIERS:
        if name in question.claims:
            detail = f"it has {name}; a request object does not lead to another one"
            raise invalid_request_object("the request object has a request object", detail)
    if question.policy.request_objects == "jar":
        _check_alone(question)
    else:
        _check_beside(question)
    _check_audience(question)
    _check_times(question)


def _check_beside(question: ContentQuestion) -> None:
    """The request around it is a valid OAuth request too, and says the same (OIDC Core 6.1)."""
    if "response_type" not in question.outside:
        raise invalid_request(
            "response_type is missing",
            "it has to stand outside the request object too; in a realm with the policy request_objects: jar it need"
            " not (RFC 9101 5)",
            spec("OIDCC-6.1"),
        )
    for name in ("client_id", "response_type"):
        inside, outside = question.claims.get(name), question.outside.get(name)
        if inside is not None and not _same(name, str(inside), outside or ""):
            raise _differs(name, outside, inside, "OIDCC-6.1")


def _same(name: str, inside: str, outside: str) -> bool:
    """The words of a response type have no order (Multiple Response Types 3)."""
    return inside == outside or (name == "response_type" and sorted(inside.split()) == sorted(outside.split()))


def _check_alone(question: ContentQuestion) -> None:
    """It has everything, and says who made it (RFC 9101 4, 5)."""
    for name in ("client_id", "iss"):
        if question.claims.get(name) != question.client_id:
            raise _differs(name, question.client_id, question.claims.get(name), "RFC9101-4")
    if "aud" not in question.claims:
        detail = f"aud is missing; expected the issuer {question.issuer!r}"
        raise invalid_request_object("the request object names no audience", detail, spec("RFC9101-4"))


def _differs(name: str, expected: object, found: object, where: str) -> Exception:
    return invalid_request_object(
        f"{name} of the request object does not fit the request",
        f"{name} inside is {shown(found)}; expected {shown(expected)}, as the request around it says",
        spec(where),
    )


def _check_audience(question: ContentQuestion) -> None:
    """One that is for somebody else must not be taken (RFC 7519 4.1.3)."""
    audience = question.claims.get("aud")
    values = audience if isinstance(audience, list) else [audience]
    if audience is not None and question.issuer not in values:
        detail = f"aud is {', '.join(map(shown, values))}; expected the issuer {question.issuer!r}"
        raise invalid_request_object("the request object is for somebody else", detail, spec("RFC7519-4.1.3"))


def _check_times(question: ContentQuestion) -> None:
    """`exp` and `nbf`, where they are given (RFC 7519 4.1.4, 4.1.5)."""
    for name in ("exp", "nbf"):
        value = question.claims.get(name, question.now)
        if isinstance(value, bool) or not isinstance(value, int | float):
            detail = f"{name} is {shown(value)}; expected seconds since 1970"
            raise invalid_request_object(f"{name} of the request object is no number", detail, spec("RFC7519-4.1"))
    _check_window(question, question.claims.get("exp"), question.claims.get("nbf"))


def _check_window(question: ContentQuestion, expires: float | None, begins: float | None) -> None:
    now = question.now
    if expires is not None and expires <= now - CLOCK_SKEW:
        detail = f"it expired at {expires}; the realm's time is {now}"
        raise invalid_request_object("the request object has expired", detail, spec("RFC7519-4.1.4"))
    if begins is not None and begins > now + CLOCK_SKEW:
        detail = f"it is good from {begins} on; the realm's time is {now}"
        raise invalid_request_object("the request object is not good yet", detail, spec("RFC7519-4.1.5"))
