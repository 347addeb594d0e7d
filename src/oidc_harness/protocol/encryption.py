"""Encryption: what only the client is to read (OIDC Core 10.2, Registration 2)."""

from dataclasses import dataclass
from typing import Literal

from oidc_harness.model.application import Application
from oidc_harness.model.encryption import USUAL_ENC
from oidc_harness.protocol import jose
from oidc_harness.protocol.client_keys import ClientKeys
from oidc_harness.protocol.errors import OAuthError, unauthorized_client
from oidc_harness.protocol.jose_encryption import keys_for
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.protocol.spec import spec

Encrypted = Literal["id_token", "userinfo"]
"""What a client can register for."""


@dataclass(frozen=True, slots=True)
class Encryption:
    """How one kind of document is encrypted for one client."""

    alg: str
    enc: str
    keys: ClientKeys
    """What it may be encrypted to; whether something fits is seen when something is encrypted."""


def registered_encryption(application: Application, purpose: Encrypted, keys: ClientKeys) -> Encryption | None:
    """How the client wants these documents; None: open (OIDC Registration 2). `keys`: those of the client."""
    alg = getattr(application, f"{purpose}_encrypted_response_alg")
    enc = getattr(application, f"{purpose}_encrypted_response_enc") or USUAL_ENC
    return None if alg is None else Encryption(alg, enc, keys)


def encrypt(text: str, encryption: Encryption, cty: str | None = "JWT") -> str:
    """The text in a JWE for the client: a nested JWT where the text is one (RFC 7519 11.2, OIDC Core 10.2).

    Raises `unauthorized_client` where there is nothing to encrypt to: what is to be encrypted never goes out open.
    """
    alg, found = encryption.alg, encryption.keys
    jwk = jose.encryption_key(found.keys, alg)
    if jwk is None:
        raise _no_key(alg, found.fault or f"the client has no key of type {keys_for(alg)} that is for encryption")
    try:
        return jose.encrypt(text, jwk, alg=alg, enc=encryption.enc, cty=cty)
    except JoseError as reason:
        raise _no_key(alg, str(reason)) from None


def _no_key(alg: str, reason: str) -> OAuthError:
    """The client as it registered cannot be answered (RFC 6749 4.1.2.1, 5.2): no specification has a better code."""
    description = f"there is no key of the client to encrypt to under {alg}"
    return unauthorized_client(description, f"{alg}: {reason}", spec("OIDCC-10.2"))
