"""The requests of a client, written by pyoidc: the same ones for the careful and the careless client."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .client import PendingLogin, Refused
from .metadata import Metadata
from .registration import Registration

PASSED_ON = ("prompt", "login_hint", "max_age", "acr_values", "scope", "response_mode")
PYOIDC_AUTHENTICATION = ("client_secret_basic", "client_secret_post", "client_secret_jwt")


@dataclass(frozen=True, slots=True)
class FormRequest:
    """A POST to the token endpoint: `form` is the encoded body, `headers` carry HTTP Basic where used."""

    form: str
    headers: Mapping[str, str]


def new_pending(wishes: Mapping[str, str], started_at: float, attempt: int) -> PendingLogin:
    """Fresh state, nonce and code verifier, 256 bits or more each, for one request (RFC 7636 4.1)."""
    kept = {name: value for name, value in wishes.items() if name in PASSED_ON}
    return PendingLogin(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        code_verifier=secrets.token_urlsafe(48),
        started_at=started_at,
        wishes=kept,
        attempt=attempt,
    )


def code_challenge(verifier: str, method: str) -> dict[str, str]:
    """The PKCE parameters of an authorization request (RFC 7636 4.2, 4.3); none for an empty method."""
    if not method:
        return {}
    if method == "plain":
        return {"code_challenge": verifier, "code_challenge_method": "plain"}
    digest = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    return {"code_challenge": digest.rstrip(b"=").decode(), "code_challenge_method": "S256"}


def authorization_url(registration: Registration, metadata: Metadata, pending: PendingLogin) -> str:
    """An authorization request for a code (Core 3.1.2.1); raises Refused when pyoidc can't write a wish."""
    arguments = {
        "response_type": "code",
        "redirect_uri": registration.redirect_uri,
        "scope": registration.scope,
        "state": pending.state,
        "nonce": pending.nonce,
        **code_challenge(pending.code_verifier, registration.code_challenge_method),
        **pending.wishes,
    }
    client = pyoidc_client(registration, metadata)
    try:
        request = client.construct_AuthorizationRequest(request_args=arguments)
        return str(request.request(metadata.authorization_endpoint))
    # pyoidc's own exceptions, ValueError and AttributeError alike tell of a parameter it can't write.
    except Exception as error:
        raise Refused("bad_request", f"the authorization request can't be written: {error}") from error


def code_request(registration: Registration, metadata: Metadata, code: str, pending: PendingLogin) -> FormRequest:
    """The redemption of a code (RFC 6749 4.1.3, RFC 7636 4.5)."""
    arguments = {"grant_type": "authorization_code", "code": code, "redirect_uri": registration.redirect_uri}
    if registration.code_challenge_method:
        arguments["code_verifier"] = pending.code_verifier
    return _token_request(registration, metadata, "AccessTokenRequest", arguments)


def refresh_request(registration: Registration, metadata: Metadata, refresh_token: str) -> FormRequest:
    """The use of a refresh token (RFC 6749 6)."""
    arguments = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _token_request(registration, metadata, "RefreshAccessTokenRequest", arguments)


def _token_request(
    registration: Registration, metadata: Metadata, message: str, arguments: dict[str, str]
) -> FormRequest:
    client = pyoidc_client(registration, metadata)
    request = getattr(_library().message, message)(client_id=registration.client_id, **arguments)
    headers: dict[str, str] = {}
    if registration.auth_method in PYOIDC_AUTHENTICATION:
        method = client.client_authn_method[registration.auth_method](client)
        sent = method.construct(request, {}, {}, authn_endpoint="token")
        headers = (sent or {}).get("headers", {})
    return FormRequest(form=request.to_urlencoded(), headers=headers)


def logout_url(registration: Registration, endpoint: str, id_token: str, state: str) -> str:
    """A logout request (RP-Initiated Logout 2)."""
    request = _library().message.EndSessionRequest(
        id_token_hint=id_token,
        post_logout_redirect_uri=registration.post_logout_redirect_uri,
        state=state,
        client_id=registration.client_id,
    )
    return str(request.request(endpoint))


def _library() -> Any:
    # Imported when the first request is written: pyoidc costs more than the rest of the start together.
    import oic.oic

    return oic.oic


def pyoidc_client(registration: Registration, metadata: Metadata) -> Any:
    """A pyoidc client for one exchange; it never opens a connection and is forgotten afterwards."""
    from oic.utils.authn.client import CLIENT_AUTHN_METHOD
    from oic.utils.settings import OicClientSettings

    # Stated here because pyoidc would otherwise read them from the environment of the process.
    settings = OicClientSettings(verify_ssl=True, client_cert=None, timeout=5, requests_session=None)
    client = _library().Client(
        client_id=registration.client_id, client_authn_method=CLIENT_AUTHN_METHOD, settings=settings
    )
    client.client_secret = registration.client_secret or ""
    client.redirect_uris = [registration.redirect_uri]
    client.provider_info = {"issuer": metadata.issuer, "token_endpoint": metadata.token_endpoint}
    return client
