"""The suite's own keys. As it registers one by value it has no kid; what stands at a jwks_uri has."""

from collections.abc import Mapping
from typing import Any

from joserfc import jwt

from tests.support import assertions

ALG = "RS256"


def public(kid: str = "") -> dict[str, Any]:
    """A public JWK, the same one for the same name; without a name it has no kid."""
    jwk = {**assertions.public(ALG, kid or "suite"), "alg": ALG}
    return jwk if kid else {name: value for name, value in jwk.items() if name != "kid"}


def signed(claims: Mapping[str, Any], kid: str = "", **header: str) -> str:
    """A JWT under the private half of such a key."""
    told = {"kid": kid} if kid else {}
    return jwt.encode({"alg": ALG, **told, **header}, dict(claims), assertions.key(ALG, kid or "suite"))
