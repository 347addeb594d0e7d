"""How answers to an application are signed and encrypted (A12, A25): what it registers for, and the keys that takes."""

from collections.abc import Callable
from typing import Protocol

from oidc_harness.model.application import Application
from oidc_harness.model.encryption import USUAL_ENC
from oidc_harness.model.key import MAC_ALGORITHMS
from oidc_harness.protocol.encryption import Encrypted
from oidc_harness.protocol.jose_encryption import encrypt, encryption_key, keys_for
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.protocol.signature import id_token_algorithms
from oidc_harness.services.errors import Invalid


class Signs(Protocol):
    """What of a realm these rules depend on."""

    @property
    def algorithms(self) -> tuple[str, ...]:
        """Signing algorithms the realm has keys for."""


def check_userinfo_signature(application: Application, realm: Signs) -> None:
    """A12: as for ID tokens; `none` does no harm, as userinfo never comes through a browser."""
    check_can_sign("userinfo_signed_response_alg", application, realm)


def check_introspection_signature(application: Application, realm: Signs) -> None:
    """A12: as for ID tokens, and never `none`, which the field does not take."""
    check_can_sign("introspection_signed_response_alg", application, realm)


def check_can_sign(field: str, application: Application, realm: Signs) -> None:
    """A12: the realm has a key for what the field says, or the client a secret."""
    alg, offered = getattr(application, field), id_token_algorithms(realm.algorithms)
    if alg is not None and alg not in offered:
        raise Invalid(f"{alg}: this realm has no key for it; it signs with {', '.join(offered)}", field=field)
    if alg in MAC_ALGORITHMS and application.public:
        raise Invalid(f"{alg} signs with the client secret, and a public client has none", field=field)


def check_id_token_encryption(application: Application, realm: Signs) -> None:
    """A25: encrypted ID tokens need a key to encrypt to, or a place where it stands."""
    _check_encryption(application, "id_token")


def check_userinfo_encryption(application: Application, realm: Signs) -> None:
    """A25: so does encrypted userinfo."""
    _check_encryption(application, "userinfo")


def _check_encryption(application: Application, purpose: Encrypted) -> None:
    alg_field, enc_field = _encryption_fields(purpose)
    alg, enc = getattr(application, alg_field), getattr(application, enc_field)
    if alg is None and enc is not None:
        raise Invalid(f"{enc}: needs {alg_field}, which is not set (OIDC Registration 2)", field=enc_field)
    if alg is not None and application.jwks_uri is None and not _can_encrypt(application, alg):
        raise Invalid(
            f"has no key for {alg_field} {alg}, which takes one of type {keys_for(alg)}; use of the key, where given,"
            " must be enc, and alg and key_ops must permit it; keys at jwks_uri are looked at when they are needed",
            field="jwks",
        )


def _can_encrypt(application: Application, alg: str) -> bool:
    """Tried, because a key can look sound and not work."""
    jwk = encryption_key(application.jwks, alg)
    try:
        return jwk is not None and bool(encrypt("", jwk, alg=alg, enc=USUAL_ENC, cty=None))
    except JoseError:
        return False


def _encryption_fields(purpose: Encrypted) -> tuple[str, str]:
    return f"{purpose}_encrypted_response_alg", f"{purpose}_encrypted_response_enc"


RESPONSE_RULES: tuple[tuple[Callable[[Application, Signs], None], tuple[str, ...]], ...] = (
    (check_userinfo_signature, ("userinfo_signed_response_alg", "token_endpoint_auth_method")),
    (check_introspection_signature, ("introspection_signed_response_alg", "token_endpoint_auth_method")),
    (check_id_token_encryption, (*_encryption_fields("id_token"), "jwks", "jwks_uri")),
    (check_userinfo_encryption, (*_encryption_fields("userinfo"), "jwks", "jwks_uri")),
)
"""Every rule here, and the fields of the application that it looks at."""
