"""Encryption: what only the client is to read (OIDC Core 10.2, Registration 2)."""

from dataclasses import dataclass
from typing import Literal

from oidc_harness.model.application import Application
from oidc_harness.model.encryption import USUAL_ENC
from oidc_harness.protocol import jose

Encrypted = Literal["id_token", "userinfo"]
"""What a client can register for."""


@dataclass(frozen=True, slots=True)
class Encryption:
    """How one kind of document is encrypted."""

    alg: str
    enc: str


def registered_encryption(application: Application, purpose: Encrypted) -> Encryption | None:
    """What the client registered for; None: it gets the document open (OIDC Registration 2)."""
    alg = getattr(application, f"{purpose}_encrypted_response_alg")
    return (
        None if alg is None else Encryption(alg, getattr(application, f"{purpose}_encrypted_response_enc") or USUAL_ENC)
    )


def encrypt(text: str, application: Application, encryption: Encryption, cty: str | None = "JWT") -> str:
    """The text in a JWE for the client: a nested JWT where the text is one (RFC 7519 11.2, OIDC Core 10.2).

    Registration sees to it that there is a key; raises ValueError where it was taken away past it.
    """
    jwk = jose.encryption_key(application.jwks, encryption.alg)
    if jwk is None:
        raise ValueError(f"application {application.id} has no key to encrypt to under {encryption.alg}")
    return jose.encrypt(text, jwk, alg=encryption.alg, enc=encryption.enc, cty=cty)
