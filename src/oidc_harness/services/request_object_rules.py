"""What an application that sends request objects must be (A7). Every function raises `Invalid`, naming the field."""

from oidc_harness.model.application import Application
from oidc_harness.model.key import MAC_ALGORITHMS
from oidc_harness.protocol.jose_verification import suits
from oidc_harness.protocol.request_uri import why_not_registrable
from oidc_harness.protocol.signature import UNSIGNED
from oidc_harness.services.addresses import shown
from oidc_harness.services.errors import Invalid

_ALG = "request_object_signing_alg"


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
