"""Response types: what the authorization endpoint answers with (RFC 6749 3.1.1, OAuth 2.0 Multiple Response Types)."""

from oidc_harness.model.application import EVERY_RESPONSE_TYPE, Application, ResponseType
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.errors import invalid_request, unauthorized_client, unsupported_response_type
from oidc_harness.protocol.spec import spec

RESPONSE_TYPES = EVERY_RESPONSE_TYPE
_BY_WORDS = {frozenset(name.split()): name for name in RESPONSE_TYPES}
FRONT_CHANNEL = frozenset({"token", "id_token"})
"""What is handed over through the browser itself, and so never in the query (Multiple Response Types 3, 5)."""


def canonical(text: str) -> ResponseType | None:
    """The response type under its registered spelling, None for an unknown one: the order of its words is free."""
    words = text.split(" ")
    return _BY_WORDS.get(frozenset(words)) if len(set(words)) == len(words) else None


def accept_response_type(text: str, application: Application, policy: RealmPolicy) -> ResponseType:
    """The response type of a request. Raises `unsupported_response_type` and `unauthorized_client`."""
    found = canonical(text)
    if found is None or found not in policy.response_types:
        raise unsupported_response_type(
            f"response_type {text} is not supported",
            f"response_type {text!r}; this provider offers {', '.join(policy.response_types)}",
        )
    if found not in application.response_types:
        raise unauthorized_client(
            f"response_type {found} is not registered for this client",
            f"application {application.id} registered {', '.join(application.response_types) or 'no response type'}",
            spec("RFC6749-4.1.2.1"),
        )
    return found


def default_mode(text: str | None) -> str:
    """How a response travels unless the request says otherwise (Multiple Response Types 2.1, 3, 4, 5)."""
    return "fragment" if text is not None and FRONT_CHANNEL.intersection(text.split(" ")) else "query"


def check_mode(mode: str, default: str) -> None:
    """A query goes into logs and `Referer` headers; tokens do not go there. Raises `invalid_request`."""
    if mode == "query" and default == "fragment":
        raise invalid_request(
            "response_mode query is not for this response_type",
            "tokens would stand in the query, which is logged and passed on; use fragment or form_post",
            spec("MULTIPLE-5"),
        )


def gives_code(response_type: ResponseType) -> bool:
    """Whether an authorization code is handed over."""
    return "code" in response_type.split()


def gives_token(response_type: ResponseType) -> bool:
    """Whether an access token comes through the browser."""
    return "token" in response_type.split()


def gives_id_token(response_type: ResponseType) -> bool:
    """Whether an ID token comes through the browser."""
    return "id_token" in response_type.split()
