"""Client secrets: made or taken, kept as a fingerprint, sealed where a rule needs the clear text (A18, A19)."""

import re
from dataclasses import dataclass, replace

from oidc_harness.model.application import Application
from oidc_harness.model.key import MAC_ALGORITHMS
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.jose_algorithms import check_secret
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import Forbidden, Invalid

_SECRET = re.compile(r"[\x20-\x7e]{1,512}")
_GENERATED = 48
"""Bytes, which make 64 octets of text: as long as the longest hash that takes it as a key (RFC 7518 3.2)."""
_BY_SECRET = {"client_secret_post", "client_secret_basic", "client_secret_jwt"}


@dataclass(frozen=True, slots=True)
class ApplicationWithSecret:
    """An application, and its secret in the one moment in which it can be shown."""

    application: Application
    secret: str | None
    """None: the application has none, or an earlier one stays as it is."""


def needs_secret(application: Application) -> bool:
    """Whether any of its settings makes use of a client secret."""
    return not _BY_SECRET.isdisjoint(_methods(application)) or needs_clear_secret(application)


def needs_clear_secret(application: Application) -> bool:
    """Whether any of its settings makes the secret an HMAC key, which a fingerprint cannot be."""
    return bool(_serves_as_key_of(application))


def settle_secret(application: Application, given: str | None, circumstances: Circumstances) -> ApplicationWithSecret:
    """The application with the secret it needs: the one given, the one it has, or a new one.

    Raises `Invalid` for a given secret that cannot serve, or where the clear text of an earlier one is missing.
    """
    if given is not None:
        return ApplicationWithSecret(_with_secret(application, given, circumstances), given)
    if not needs_secret(application):
        return ApplicationWithSecret(_without_secret(application), None)
    if application.secret_hash is None:
        return new_secret(application, circumstances)
    return ApplicationWithSecret(_with_kept_secret(application, circumstances), None)


def new_secret(application: Application, circumstances: Circumstances) -> ApplicationWithSecret:
    """The application with a generated secret; the one before is void. Raises `Invalid` where it has no use for one."""
    if not needs_secret(application):
        raise Invalid(
            "this client does not authenticate with a secret; change token_endpoint_auth_method to one that does",
            field="token_endpoint_auth_method",
        )
    secret = circumstances.entropy.token(_GENERATED)
    return ApplicationWithSecret(_with_secret(application, secret, circumstances), secret)


def reveal_secret(application: Application, circumstances: Circumstances) -> str:
    """The secret in the clear, where the realm's policy lets people read it again (A18). Raises `Forbidden`."""
    if circumstances.policy.client_secrets != "viewable":
        raise Forbidden("secrets are shown once in this realm (policy client_secrets); make a new one to see it")
    if application.secret_sealed is None:
        raise Forbidden("there is no secret to read, or it was set before secrets became viewable; make a new one")
    return circumstances.unseal(application.secret_sealed)


def _methods(application: Application) -> set[str | None]:
    return {
        application.token_endpoint_auth_method,
        application.introspection_endpoint_auth_method,
        application.revocation_endpoint_auth_method,
    }


def _with_secret(application: Application, secret: str, circumstances: Circumstances) -> Application:
    if not needs_secret(application):
        raise Invalid("this client authenticates without a secret; leave it out, or change the method", field="secret")
    if not _SECRET.fullmatch(secret):
        raise Invalid("expected 1 to 512 printable ASCII characters (RFC 6749 appendix A.2)", field="secret")
    for alg in _serves_as_key_of(application):
        _check_serves_as_key(alg, secret)
    sealed = circumstances.seal(secret) if _seals(application, circumstances) else None
    return replace(application, secret_hash=fingerprint(secret), secret_sealed=sealed)


def _with_kept_secret(application: Application, circumstances: Circumstances) -> Application:
    if not _seals(application, circumstances):
        return replace(application, secret_sealed=None)
    if application.secret_sealed is not None:
        return _with_secret(application, circumstances.unseal(application.secret_sealed), circumstances)
    if needs_clear_secret(application):
        raise Invalid(
            "client_secret_jwt and signatures by HMAC need the secret itself, and only its fingerprint is kept;"
            " give a new secret together with this change, or, in an update by the client itself, the present one",
            field="secret",
        )
    return application


def _serves_as_key_of(application: Application) -> tuple[str, ...]:
    """The HMAC algorithms that its secret has to be long enough for; of assertions the shortest one will do."""
    assertions = ("HS256",) if "client_secret_jwt" in _methods(application) else ()
    signed = (
        application.id_token_signed_response_alg,
        application.userinfo_signed_response_alg,
        application.introspection_signed_response_alg,
        application.request_object_signing_alg,
    )
    return (*assertions, *(alg for alg in signed if alg is not None and alg in MAC_ALGORITHMS))


def _check_serves_as_key(alg: str, secret: str) -> None:
    try:
        check_secret(alg, secret)
    except JoseError as reason:
        raise Invalid(f"{reason}, whose key it is here", field="secret") from None


def _without_secret(application: Application) -> Application:
    return replace(application, secret_hash=None, secret_sealed=None)


def _seals(application: Application, circumstances: Circumstances) -> bool:
    return needs_clear_secret(application) or circumstances.policy.client_secrets == "viewable"
