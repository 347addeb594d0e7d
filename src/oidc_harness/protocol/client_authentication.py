"""Client authentication: is the client who it says it is (RFC 6749 2.3, OIDC Core 9, RFC 7523 3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, get_args

from oidc_harness.model.application import Application, ClientAuthenticationMethod
from oidc_harness.model.key import MAC_ALGORITHMS
from oidc_harness.protocol.about import About
from oidc_harness.protocol.client_certificate import BY_AUTHORITY, SELF_SIGNED, Presented, check_certificate
from oidc_harness.protocol.client_keys import ClientKeys
from oidc_harness.protocol.credentials import Credentials
from oidc_harness.protocol.errors import invalid_client
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.jose_algorithms import ALGORITHMS
from oidc_harness.protocol.jose_verification import suits

METHODS = get_args(ClientAuthenticationMethod)
CERTIFICATE_METHODS = (BY_AUTHORITY, SELF_SIGNED)
ASSERTION_ALGORITHMS: Mapping[str, tuple[str, ...]] = {
    "client_secret_jwt": MAC_ALGORITHMS,
    "private_key_jwt": ("RS256", "PS256", "ES256", "EdDSA"),
}
CLOCK_SKEW = 60
"""Seconds by which a client's clock may differ from the realm's."""
LONGEST_ASSERTION = 3600
"""Seconds an assertion may still be valid, so that remembering used ones stays bounded."""


@dataclass(frozen=True, slots=True, eq=False)
class ClientAuthenticationQuestion:
    """Do these credentials prove this application?"""

    about: About
    credentials: Credentials
    application: Application | None
    method: str | None
    """The method registered for this endpoint (A10, A11)."""
    audiences: tuple[str, ...]
    """What an assertion's `aud` may be: the issuer, the token endpoint's URL, and that of this endpoint."""
    clear_secret: str | None
    """The secret itself, where it is kept; for `client_secret_jwt`."""
    assertion_used: bool
    now: int
    fetched: ClientKeys | None = None
    """The keys at its `jwks_uri`; None: those it registered by value count."""
    presented: Presented = field(default_factory=Presented)
    """What the connection proves."""


def methods_offered(presented: Presented) -> tuple[str, ...]:
    """How clients can authenticate here: by certificates only where one can be presented, and trusted (RFC 8705 2)."""
    missing = {SELF_SIGNED: presented.address is None, BY_AUTHORITY: not (presented.address and presented.authorities)}
    return tuple(method for method in METHODS if not missing.get(method, False))


def authenticate(question: ClientAuthenticationQuestion) -> Application:
    """The application, proven. Raises `invalid_client` (RFC 6749 5.2)."""
    credentials, application = question.credentials, question.application
    if application is None:
        raise invalid_client("client_id is missing or unknown", _unknown(credentials))
    came = _method_that_came(credentials, question.method)
    if came != question.method:
        raise invalid_client(
            "wrong client authentication method",
            f"application {application.id} is registered for {question.method} here; the request used {came}",
        )
    if credentials.assertion is not None:
        _check_assertion(question, application, credentials.assertion)
    elif question.method in CERTIFICATE_METHODS:
        check_certificate(question.presented, application, question.method, _keys(question, application), question.now)
    elif question.method != "none" and not secret_fits(application, credentials.secret or ""):
        raise invalid_client("wrong client secret", _why_wrong(application, credentials))
    return application


def proves(jwk: Mapping[str, Any]) -> bool:
    """Whether an assertion of `private_key_jwt` can be verified with this key of a client (RFC 7517 4)."""
    return any(suits(jwk, alg) for alg in ASSERTION_ALGORITHMS["private_key_jwt"])


def assertion_keys() -> str:
    """What `proves`, for people: each algorithm with the type and curve of its keys."""
    taken = (ALGORITHMS[name] for name in ASSERTION_ALGORITHMS["private_key_jwt"])
    return ", ".join(f"{each.name} ({' '.join(filter(None, (each.kty, each.crv)))})" for each in taken)


def secret_fits(application: Application, secret: str) -> bool:
    """Whether this is the application's secret, in constant time."""
    stored = application.secret_hash
    return stored is not None and compare_digest(stored, fingerprint(secret))


def _why_wrong(application: Application, credentials: Credentials) -> str:
    """For people: the client is refused either way, because decoding is what RFC 6749 2.3.1 asks for."""
    if secret_fits(application, credentials.undecoded_secret or ""):
        return (
            f"the secret sent for {application.id} would fit if it were not decoded: the client has to form-encode"
            " client_id and secret before it joins them for Basic (RFC 6749 2.3.1)"
        )
    return f"the secret sent for {application.id} is not the registered one"


def _method_that_came(credentials: Credentials, registered: str | None) -> str:
    if credentials.method == "none" and registered in CERTIFICATE_METHODS and registered is not None:
        # Such a request carries a client_id and nothing else (RFC 8705 2).
        return registered
    if credentials.method != "assertion":
        return credentials.method
    return registered if registered in ASSERTION_ALGORITHMS and registered is not None else "a client assertion"


def _check_assertion(question: ClientAuthenticationQuestion, application: Application, assertion: str) -> None:
    from oidc_harness.protocol.jose import (
        JoseError,
        verify,
    )  # loads the JOSE library, which few requests need

    method = question.method or ""
    registered = _keys(question, application)
    if method == "private_key_jwt" and registered.fault:
        raise invalid_client("client_assertion cannot be verified", registered.fault)
    keys = question.clear_secret if method == "client_secret_jwt" else registered.keys
    try:
        claims = verify(assertion, keys or (), algorithms=ASSERTION_ALGORITHMS[method]).claims
    except JoseError as error:
        raise invalid_client("client_assertion cannot be verified", str(error)) from None
    fault = _fault_in(claims, question, application.id)
    if fault:
        raise invalid_client("client_assertion is not acceptable", fault)


def _keys(question: ClientAuthenticationQuestion, application: Application) -> ClientKeys:
    return ClientKeys(application.jwks) if question.fetched is None else question.fetched


def _fault_in(claims: dict[str, object], question: ClientAuthenticationQuestion, client_id: str) -> str | None:
    for name in ("iss", "sub"):
        if claims.get(name) != client_id:
            return f"{name} is {claims.get(name)!r}; expected the client_id {client_id!r} (RFC 7523 3)"
    audience = claims.get("aud")
    if not any(value in question.audiences for value in (audience if isinstance(audience, list) else [audience])):
        return f"aud is {audience!r}; expected one of {', '.join(question.audiences)} (RFC 7523 3)"
    return _fault_in_time(claims, question) or _fault_in_use(claims, question)


def _fault_in_time(claims: dict[str, object], question: ClientAuthenticationQuestion) -> str | None:
    expires = claims.get("exp")
    if not isinstance(expires, int | float) or isinstance(expires, bool):
        return "exp is missing or no number (RFC 7523 3)"
    if expires <= question.now - CLOCK_SKEW:
        return f"it expired at {expires}; the realm's time is {question.now}"
    if expires > question.now + LONGEST_ASSERTION + CLOCK_SKEW:
        return f"exp is {expires}, more than {LONGEST_ASSERTION} seconds ahead of the realm's time {question.now}"
    for name in ("iat", "nbf"):
        value = claims.get(name)
        if isinstance(value, int | float) and value > question.now + CLOCK_SKEW:
            return f"{name} is {value}, ahead of the realm's time {question.now}"
    return None


def _fault_in_use(claims: dict[str, object], question: ClientAuthenticationQuestion) -> str | None:
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti:
        return "jti is missing (OIDC Core 9)"
    if question.assertion_used:
        return f"the assertion with jti {jti!r} was used before; make a new one for each request (OIDC Core 9)"
    return None


def _unknown(credentials: Credentials) -> str:
    if credentials.client_id is None:
        return "the request names no client: no Authorization header, client_id or client_assertion"
    return f"no application of this realm has the client_id {credentials.client_id!r}"
