"""What an application that sends request objects must be (A7). Every function raises `Invalid`, naming the field."""

from typing import Protocol

from oidc_harness.model.application import Application
from oidc_harness.model.key import MAC_ALGORITHMS
from oidc_harness.protocol.jose_verification import suits
from oidc_harness.protocol.request_uri import why_not_registrable
from oidc_harness.protocol.signature import UNSIGNED
from oidc_harness.services.addresses import shown
from oidc_harness.services.errors import Invalid

_ALG = "request_object_signing_alg"
ENCRYPTION = ("request_object_encryption_alg", "request_object_encryption_enc")


class Decrypts(Protocol):
    """What of a realm these rules depend on."""

    @property
    def encryption_algorithms(self) -> tuple[str, ...]:
        """By what may be encrypted to keys of the realm."""


def check_request_uris(application: Application, realm: object) -> None:
    """A7: what this server may be made to ask for, each once (OIDC Registration 2)."""
    for index, uri in enumerate(application.request_uris):
        fault = why_not_registrable(uri)
        if fault is None and uri in application.request_uris[:index]:
            fault = f"{shown(uri)} is listed already"
        if fault is not None:
            raise Invalid(fault, field=f"request_uris[{index}]")


def check_request_object_algorithm(application: Application, realm: object) -> None:
    """A7: there is a key to verify with, wherever there has to be one (OIDC Registration 2)."""
    alg = application.request_object_signing_alg
    if alg is None or alg == UNSIGNED:
        return
    if alg in MAC_ALGORITHMS:
        if application.public:
            raise Invalid(f"{alg} is verified with the client secret, and a public client has none", field=_ALG)
    elif application.jwks_uri is None and not any(suits(jwk, alg) for jwk in application.jwks):
        raise Invalid(f"{alg}: jwks has no key that verifies it; register the public one", field=_ALG)


def check_request_object_encryption(application: Application, realm: Decrypts) -> None:
    """A7: the realm has a key for what the client may encrypt by (OIDC Registration 2)."""
    alg_field, enc_field = ENCRYPTION
    alg, enc = application.request_object_encryption_alg, application.request_object_encryption_enc
    if alg is None and enc is not None:
        raise Invalid(f"{enc}: needs {alg_field}, which is not set (OIDC Registration 2)", field=enc_field)
    if alg is not None and alg not in realm.encryption_algorithms:
        offered = ", ".join(realm.encryption_algorithms) or "nothing"
        raise Invalid(f"{alg}: this realm has no key for it; it opens {offered}", field=alg_field)
