"""The pre-generated keys: so that a realm costs no key generation. They are public; see `fixtures/keys/README.md`."""

import json
from functools import cache
from zlib import crc32

from oidc_harness.model.key import Key
from oidc_harness.protocol.jose_key import key_from_jwk
from oidc_harness.shipped import fixtures_directory

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "RSA-OAEP", "ECDH-ES")
"""What a new realm signs with, its first choice first, and what is encrypted to it."""


def keys_for(realm: str) -> tuple[Key, ...]:
    """The first keys of a realm: the same for the same name, mostly others for another."""
    number = crc32(realm.encode())
    return tuple(_key(alg, number % len(_private_jwks(alg))) for alg in ALGORITHMS)


@cache
def _key(alg: str, index: int) -> Key:
    return key_from_jwk(f"{alg.lower()}-{index}", _private_jwks(alg)[index], 0)


@cache
def _private_jwks(alg: str) -> list[dict[str, str]]:
    text = (fixtures_directory() / "keys" / f"{alg}.json").read_text("utf-8")
    keys: list[dict[str, str]] = json.loads(text)["keys"]
    return keys
