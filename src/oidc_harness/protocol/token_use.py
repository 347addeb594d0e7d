"""Token use: bearer rules at a protected resource (RFC 6750)."""

import re
from dataclasses import dataclass
from typing import NoReturn

from oidc_harness.model.grant import Grant
from oidc_harness.model.token import AccessToken
from oidc_harness.protocol.about import About
from oidc_harness.protocol.authorization_header import authorization_header
from oidc_harness.protocol.errors import (
    BEARER_CHALLENGE,
    OAuthError,
    insufficient_scope,
    invalid_request,
    invalid_token,
)
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.protocol.standing import Standing, why_dead

_B64TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""What may follow `Bearer` (RFC 6750 2.1)."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenUseQuestion:
    """May this access token be used here?"""

    about: About
    token: AccessToken | None
    grant: Grant | None
    standing: Standing
    scope: str | None
    """The scope the resource demands."""
    now: int


def use(question: TokenUseQuestion) -> Grant:
    """The grant under which the token was issued. Raises `invalid_token` or `insufficient_scope` (RFC 6750 3.1)."""
    token, grant = question.token, question.grant
    if token is None or grant is None:
        raise invalid_token("the access token is unknown", "no such token was issued here, or it expired long ago")
    reason = why_token_dead(token, grant, question.standing, question.now)
    if reason is not None:
        raise invalid_token("the access token is expired or revoked", reason)
    if question.scope is not None and question.scope not in token.scopes:
        raise insufficient_scope(
            f"scope {question.scope} is needed", f"the token has {' '.join(token.scopes) or 'no scope'}"
        )
    return grant


def why_token_dead(token: AccessToken, grant: Grant, standing: Standing, now: int) -> str | None:
    """Why a known token no longer works, for a person; None while it does."""
    if token.revoked_at is not None:
        return f"the token was revoked at {token.revoked_at}"
    if token.expires_at is not None and now >= token.expires_at:
        return f"the token expired at {token.expires_at}; the realm's time is {now}"
    return why_dead(grant, standing)


def presented_token(request: Request) -> str:
    """The bearer token of a request: header or form body, one of them (RFC 6750 2). Raises `OAuthError`."""
    header = authorization_header(request, spec("RFC6750-2")) or ""
    scheme, space, token = header.partition(" ")
    form = Parameters(request.form).check_once()
    if any(name == "access_token" for name, _ in request.query):
        raise _ill_placed("access_token in the query", "this provider does not take tokens from the URL", "2.3")
    if scheme.lower() != "bearer":
        return form.get("access_token") or _nothing_presented(scheme if space else "")
    if "access_token" in form:
        raise _ill_placed("the access token is sent twice", "header and form body both carry a token", "2")
    token = token.strip()
    if not _B64TOKEN.fullmatch(token):
        detail = "expected 'Bearer', a space and a token of ASCII letters, digits and -._~+/ with = only at its end"
        raise _ill_placed("malformed Authorization header", detail, "2.1")
    return token


def _nothing_presented(scheme: str) -> NoReturn:
    """A request without a token, or with another scheme, gets a challenge without an error code (RFC 6750 3.1).

    One word alone may be the token itself, and is not repeated.
    """
    detail = f"the Authorization header has scheme {scheme!r}; expected Bearer" if scheme else ""
    error = OAuthError("", "no access token", detail=detail, where=spec("RFC6750-3.1"), status=401)
    raise error.challenging(BEARER_CHALLENGE)


def _ill_placed(description: str, detail: str, section: str) -> OAuthError:
    return invalid_request(description, detail, spec(f"RFC6750-{section}"))
