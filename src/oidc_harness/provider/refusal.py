"""How errors are told at the endpoints that clients' servers call (RFC 6749 5.2, RFC 6750 3)."""

from oidc_harness.protocol.errors import BEARER_CHALLENGE, OAuthError, TellClient
from oidc_harness.protocol.request import Request
from oidc_harness.provider.decision import Decision, Json
from oidc_harness.provider.endpoint import Refusal
from oidc_harness.provider.provider import Provider


def as_oauth_error(refusal: Refusal) -> OAuthError:
    """The error itself, wherever it was to be told."""
    return refusal.error if isinstance(refusal, TellClient) else refusal


def refuse_in_json(refusal: Refusal, request: Request, provider: Provider) -> Decision:
    """`error` and `error_description`, nothing else (RFC 6749 5.2)."""
    error = as_oauth_error(refusal)
    headers = () if error.challenge is None else (("WWW-Authenticate", error.challenge),)
    members = {"error": error.code, "error_description": error.description}
    return Decision(Json(members, error.status, headers), error.writes, error=error)


_ABOUT_TOKENS = ("", "invalid_request", "invalid_token", "insufficient_scope")
"""Where it is something else, another token would not help, and none is asked for (RFC 6750 3.1)."""


def refuse_bearer(refusal: Refusal, request: Request, provider: Provider) -> Decision:
    """The challenge in the header, and the same members in the body (RFC 6750 3)."""
    error = as_oauth_error(refusal)
    if error.code not in _ABOUT_TOKENS:
        return refuse_in_json(refusal, request, provider)
    challenge = error.challenge
    if challenge is None:
        challenge = f'{BEARER_CHALLENGE}, error="{error.code}", error_description="{error.description}"'
    members = {"error": error.code, "error_description": error.description} if error.code else {}
    return Decision(Json(members, error.status, (("WWW-Authenticate", challenge),)), error.writes, error=error)
