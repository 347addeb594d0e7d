"""Encryption as clients do it: by Authlib, which shares no line with the provider (RFC 7516)."""

import warnings
from typing import Any

with warnings.catch_warnings():
    # Authlib points its users to the library that the provider uses, and insists on being heard.
    import authlib.deprecate  # noqa: F401

    warnings.simplefilter("ignore")
    from authlib.jose import JsonWebEncryption, JsonWebKey

from tests.support.world import World


async def realm_key(world: World, alg: str) -> dict[str, Any]:
    """The key in the key set that is for this."""
    keys: list[dict[str, Any]] = (await world.send("GET", "/jwks")).json["keys"]
    kty = "RSA" if alg.startswith("RSA") else "EC"
    found, *_ = [key for key in keys if (key["kty"], key["use"]) == (kty, "enc")]
    return found


def encrypted(text: str, jwk: dict[str, Any], alg: str, enc: str = "A128CBC-HS256", **header: Any) -> str:
    """A JWE in compact form; a member of the header that is None is left out."""
    members = {"alg": alg, "enc": enc, "kid": jwk["kid"], "cty": "JWT", **header}
    told = {name: value for name, value in members.items() if value is not None}
    # What Authlib makes with a kid in the key, it makes without one too.
    token: bytes = JsonWebEncryption().serialize_compact(told, text.encode(), JsonWebKey.import_key(jwk))
    return token.decode()


def decrypted(token: str, private_jwk: dict[str, Any]) -> str:
    """What is in a JWE."""
    payload: bytes = JsonWebEncryption().deserialize_compact(token, JsonWebKey.import_key(private_jwk))["payload"]
    return payload.decode()
