"""Who may register a client, and who may manage a registration (RFC 7591 3, RFC 7592 2)."""

from hmac import compare_digest

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.registration import Registration
from oidc_harness.protocol.authorization_header import authorization_header
from oidc_harness.protocol.errors import OAuthError, invalid_token
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec

CHALLENGE = 'Bearer realm="registration"'


def check_offered(policy: RealmPolicy) -> None:
    """Nothing is here where clients may not register themselves."""
    if policy.dynamic_registration == "off":
        raise OAuthError(
            "not_found",
            "clients cannot register themselves here",
            detail="the policy dynamic_registration of this realm is off; set it to open or initial_access_token",
            where=spec("RFC7591-3"),
            status=404,
        )


def check_may_register(request: Request, policy: RealmPolicy) -> None:
    """Hold the request against the policy. Raises `invalid_token` for a wrong initial access token."""
    check_offered(policy)
    if policy.dynamic_registration == "open":
        return
    presented = bearer(request)
    if not compare_digest(fingerprint(presented), fingerprint(policy.initial_access_token or "")):
        raise _wrong("the initial access token is wrong", "it is not that of the policy initial_access_token", "7591-3")


def check_may_manage(
    presented: str, registration: Registration | None, application: Application | None
) -> tuple[Registration, Application]:
    """Both, where this is the registration access token of the two (RFC 7592 2)."""
    if registration is None or application is None:
        detail = "no client of this realm registered itself under this client_id, or it was deleted"
        raise _wrong("the registration access token is wrong", detail, "7592-2")
    if not compare_digest(fingerprint(presented), registration.token_hash):
        raise _wrong("the registration access token is wrong", "it is not, or no longer, this client's", "7592-2")
    if application.status != "active":
        raise OAuthError(
            "access_denied",
            "the application is deactivated",
            detail=f"application {application.id} was deactivated; reactivate it first",
            where=spec("RFC7592-2.1"),
            status=403,
        )
    return registration, application


def bearer(request: Request) -> str:
    """The token in the Authorization header; only there may it be (RFC 7592 2). Raises a bare challenge without."""
    header = authorization_header(request, spec("RFC6750-2")) or ""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        error = OAuthError("", "no access token", where=spec("RFC6750-3.1"), status=401)
        raise error.challenging(CHALLENGE)
    return token.strip()


def _wrong(description: str, detail: str, section: str) -> OAuthError:
    error = invalid_token(description, detail, spec(f"RFC{section}"))
    return error.challenging(f'{CHALLENGE}, error="invalid_token", error_description="{description}"')
