"""Encryption: the algorithms in which something can be encrypted to a client, or to a realm (RFC 7518 4.1, 5.1)."""

from collections.abc import Mapping
from typing import Literal, get_args

EncryptionAlgorithm = Literal[
    "RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"
]
"""How the content key is handed over: `alg`."""
ENCRYPTION_ALGORITHMS: tuple[str, ...] = get_args(EncryptionAlgorithm)

DecryptionAlgorithm = Literal["RSA-OAEP", "ECDH-ES"]
"""What a realm can have key pairs for that others encrypt to."""
OPENED_WITH: Mapping[str, tuple[EncryptionAlgorithm, ...]] = {
    "RSA-OAEP": ("RSA-OAEP", "RSA-OAEP-256"),
    "ECDH-ES": ("ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"),
}
"""What a key pair for each of them opens: the whole family (RFC 7518 4.3, 4.6)."""

ContentEncryption = Literal["A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM"]
"""How the content is encrypted with that key: `enc`."""
CONTENT_ENCRYPTIONS: tuple[str, ...] = get_args(ContentEncryption)
USUAL_ENC: ContentEncryption = "A128CBC-HS256"
"""Where a client registers for an `alg` alone (OIDC Registration 2)."""
