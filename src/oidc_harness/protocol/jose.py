"""JOSE: sign, compose, verify, encrypt, hash, seal. What the other layers use of the `jose_*` files, in one place.

No file of the family imports a cryptography library until a signature is made or checked: keys are made into
records, published and shown without one.
"""

from oidc_harness.protocol.jose_algorithms import ALGORITHMS, check_secret, left_half_hash
from oidc_harness.protocol.jose_compact import base64url, decode_unverified
from oidc_harness.protocol.jose_composer import (
    SigningKey,
    attach,
    compose,
    sign,
    sign_symmetric,
    signing_input,
    signing_key,
)
from oidc_harness.protocol.jose_encryption import encrypt, encryption_key
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.protocol.jose_key import key_from_jwk, public_part, thumbprint
from oidc_harness.protocol.jose_sealing import seal, unseal
from oidc_harness.protocol.jose_signature import generate_private_jwk, sign_bytes
from oidc_harness.protocol.jose_verification import KeySource, Verified, verify

__all__ = [
    "ALGORITHMS",
    "JoseError",
    "KeySource",
    "SigningKey",
    "Verified",
    "attach",
    "base64url",
    "check_secret",
    "compose",
    "decode_unverified",
    "encrypt",
    "encryption_key",
    "generate_private_jwk",
    "key_from_jwk",
    "left_half_hash",
    "public_part",
    "seal",
    "sign",
    "sign_bytes",
    "sign_symmetric",
    "signing_input",
    "signing_key",
    "thumbprint",
    "unseal",
    "verify",
]
