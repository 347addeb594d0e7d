"""The authorization request: which parameters are accepted, and what they mean (RFC 6749 4.1.1, OIDC Core 3.1.2.1)."""

from contextlib import suppress
from dataclasses import dataclass, field, replace

from oidc_harness.model.application import Application, ResponseType
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.about import About
from oidc_harness.protocol.claims_request import ClaimsRequest, parse_claims
from oidc_harness.protocol.errors import (
    OAuthError,
    ReplyTo,
    TellClient,
    TellPerson,
    invalid_request,
    not_supported,
)
from oidc_harness.protocol.language import read_tags
from oidc_harness.protocol.parameters import Parameters, first
from oidc_harness.protocol.pkce import accept_challenge, held_to
from oidc_harness.protocol.redirect_uri import accept_redirect_uri
from oidc_harness.protocol.response_type import (
    accept_response_type,
    check_mode,
    default_mode,
    gives_code,
    gives_id_token,
)
from oidc_harness.protocol.scope import parse_scope, permitted_scopes
from oidc_harness.protocol.spec import spec

RESPONSE_MODES = ("query", "fragment", "form_post")
PROMPTS = ("none", "login", "consent", "select_account")
_UNSUPPORTED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


@dataclass(frozen=True, slots=True, eq=False)
class AuthorizationRequestQuestion:
    """May this application ask for this?"""

    about: About
    parameters: Parameters
    application: Application | None
    policy: RealmPolicy


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request that was accepted, with every value checked and understood."""

    application: Application
    reply_to: ReplyTo
    scopes: tuple[str, ...]
    response_type: ResponseType = "code"
    nonce: str | None = None
    prompts: frozenset[str] = frozenset()
    max_age: int | None = None
    login_hint: str | None = None
    id_token_hint: str | None = None
    claims: ClaimsRequest = field(default_factory=dict)
    claims_locales: tuple[str, ...] = ()
    acr_values: tuple[str, ...] = ()
    """Most wanted first."""
    code_challenge: str | None = None
    code_challenge_method: str | None = None


def accept(question: AuthorizationRequestQuestion) -> AuthorizationRequest:
    """Accept or refuse an authorization request.

    Raises `TellPerson` while it is unknown where an answer may go, and `TellClient` from then on. A `state` that comes
    twice or is too long is told to the person: an answer without the client's own `state` would help nobody.
    """
    parameters, application = question.parameters, accept_client(question)
    reply_to = accept_reply_to(parameters, application, question.policy)
    try:
        parameters.check_once()
        reply_to = replace(reply_to, response_mode=_response_mode(parameters, reply_to.response_mode))
        return _understand(parameters, application, reply_to, question.policy)
    except OAuthError as error:
        raise TellClient(error, reply_to, application) from None


def accept_reply_to(parameters: Parameters, application: Application, policy: RealmPolicy) -> ReplyTo:
    """Where an answer may go, in the default mode of its response type. Raises `TellPerson` while that is unknown."""
    asked = parameters.get("redirect_uri")
    redirect_uri = accept_redirect_uri(asked, application, first_only=policy.first_redirect_uri_only)
    mode = default_mode(first(parameters.pairs, "response_type"))
    return ReplyTo(redirect_uri, mode, parameters.get("state"))


def refuse_unread(
    error: OAuthError, parameters: Parameters, application: Application, policy: RealmPolicy
) -> OAuthError | TellClient:
    """The refusal of a request that is not read any further: to its client if it names a registered place."""
    try:
        reply_to = accept_reply_to(parameters, application, policy)
    except OAuthError:
        return error
    # A mode that cannot be is told of another time; the first thing wrong is what the client hears.
    with suppress(OAuthError):
        reply_to = replace(reply_to, response_mode=_response_mode(parameters, reply_to.response_mode))
    return TellClient(error, reply_to, application)


def accept_client(question: AuthorizationRequestQuestion) -> Application:
    """The application that asks. Raises `TellPerson` (RFC 6749 4.1.2.1)."""
    if question.application is not None:
        return question.application
    client_id = question.parameters.get("client_id")
    if client_id is None:
        raise TellPerson("invalid_request", "client_id is missing", where=spec("RFC6749-4.1.1"))
    raise TellPerson(
        "invalid_request",
        "client_id is unknown",
        detail=f"no application of this realm has the client_id {client_id!r}; register it, or mend the client_id",
        where=spec("RFC6749-4.1.2.1"),
    )


def _response_mode(parameters: Parameters, default: str) -> str:
    """As asked for. A query that must not be is told where it may be told: in the default mode."""
    mode = parameters.get("response_mode") or default
    if mode not in RESPONSE_MODES:
        raise invalid_request(
            "response_mode is not supported",
            f"response_mode {mode!r}; this provider offers {', '.join(RESPONSE_MODES)}",
            spec("MULTIPLE-2.1"),
        )
    check_mode(mode, default)
    return mode


def _understand(
    parameters: Parameters, application: Application, reply_to: ReplyTo, policy: RealmPolicy
) -> AuthorizationRequest:
    for name, code in _UNSUPPORTED.items():
        if name in parameters:
            raise not_supported(code, f"{name} is not supported")
    asked = parameters.required("response_type", spec("RFC6749-3.1.1"))
    response_type = accept_response_type(asked, application, policy)
    held = held_to(policy, application)
    challenge, method = accept_challenge(parameters, held) if gives_code(response_type) else (None, None)
    scopes = permitted_scopes(parse_scope(parameters.get("scope")), application)
    return AuthorizationRequest(
        application=application,
        reply_to=reply_to,
        scopes=scopes,
        response_type=response_type,
        nonce=_nonce(parameters, response_type, scopes),
        prompts=_prompts(parameters.get("prompt")),
        max_age=_max_age(parameters.get("max_age"), application.default_max_age),
        login_hint=parameters.get("login_hint"),
        id_token_hint=parameters.get("id_token_hint"),
        claims=parse_claims(parameters.get("claims")) if "openid" in scopes else {},
        claims_locales=read_tags(parameters.get("claims_locales")),
        acr_values=tuple((parameters.get("acr_values") or "").split()) or application.default_acr_values,
        code_challenge=challenge,
        code_challenge_method=method,
    )


def _nonce(parameters: Parameters, response_type: ResponseType, scopes: tuple[str, ...]) -> str | None:
    """An ID token that comes through the browser is tied to its request by `nonce` (OIDC Core 3.2.2.1, 3.3.2.11)."""
    if not gives_id_token(response_type):
        return parameters.get("nonce")
    if "openid" not in scopes:
        raise invalid_request(
            f"response_type {response_type} needs scope openid",
            f"scope is {' '.join(scopes) or 'missing'}; an ID token is given for openid alone",
            spec("OIDCC-3.1.2.1"),
        )
    return parameters.required("nonce", spec("OIDCC-3.2.2.1"))


def _prompts(text: str | None) -> frozenset[str]:
    if text is None:
        return frozenset()
    prompts = frozenset(text.split(" "))
    unknown = prompts.difference(PROMPTS)
    if unknown:
        raise invalid_request(
            "prompt has an unknown value",
            f"prompt {text!r}: {', '.join(sorted(unknown))!r} is none of {', '.join(PROMPTS)}",
            spec("OIDCC-3.1.2.1"),
        )
    if "none" in prompts and len(prompts) > 1:
        raise invalid_request(
            "prompt none goes alone",
            f"prompt {text!r}: none excludes every other value",
            spec("OIDCC-3.1.2.1"),
        )
    return prompts


def _max_age(text: str | None, default: int | None) -> int | None:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise invalid_request(
            "max_age is not a number",
            f"max_age {text!r}: expected whole seconds, 0 or more",
            spec("OIDCC-3.1.2.1"),
        )
    return int(text)
