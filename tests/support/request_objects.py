"""Request objects as clients make them: signed by Authlib, which shares no line with the provider (OIDC Core 6.1)."""

import hashlib
import json
from base64 import urlsafe_b64encode
from typing import Any

from tests.protocol.jose_keys import SECRET_ALGORITHMS, authlib_token, private_jwks
from tests.support.client import Client

INSIDE = "told-inside"
"""The `state` of every request object here: where it comes back, the object was obeyed."""


def claims(client: Client, **changes: Any) -> dict[str, Any]:
    """What an object says that takes the whole request into it; None: left out."""
    now = client.realm.clock.now()
    usual = {
        "iss": client.id,
        "aud": client.realm.issuer,
        "iat": now,
        "exp": now + 300,
        "client_id": client.id,
        "response_type": "code",
        "redirect_uri": client.application.redirect_uris[0],
        "scope": "openid email",
        "state": INSIDE,
        "nonce": "nonce-inside",
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def unsigned(said: dict[str, Any], **header: Any) -> str:
    """An object that anybody could have made."""
    return ".".join((encoded({"alg": "none", **header}), encoded(said), ""))


def signed(said: dict[str, Any], alg: str = "ES256", *, secret: str = "", number: int = 0, **header: Any) -> str:
    """An object under a key pair of the project's test keys, or under a secret."""
    if alg in SECRET_ALGORITHMS:
        return authlib_token({"alg": alg, **header}, said, {"kty": "oct", "alg": alg, "k": base64url(secret.encode())})
    return authlib_token({"alg": alg, **header}, said, private_jwks(alg)[number])


def hashed(url: str, content: str) -> str:
    """The URL with the hash of what stands there (OIDC Core 6.2)."""
    return f"{url}#{base64url(hashlib.sha256(content.encode()).digest())}"


def encoded(value: object) -> str:
    """JSON as a part of a JWT."""
    return base64url(json.dumps(value).encode())


def base64url(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
