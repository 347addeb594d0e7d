"""Client assertions as clients make them: with joserfc, from private keys that the provider never sees (RFC 7523)."""

import warnings
from functools import cache
from itertools import count
from typing import Any

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from tests.support.client import Client

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_numbers = count(1)

AnyKey = RSAKey | ECKey | OKPKey | OctKey


@cache
def key(alg: str, name: str = "client-key") -> AnyKey:
    """A private key for an algorithm, the same one for the same name."""
    parameters: Any = {"kid": name, "use": "sig"}
    if alg.startswith(("RS", "PS")):
        return RSAKey.generate_key(2048, parameters)
    if alg == "EdDSA":
        return OKPKey.generate_key("Ed25519", parameters)
    return ECKey.generate_key("P-256", parameters)


def public(alg: str, name: str = "client-key") -> dict[str, Any]:
    """The JWK that the client registers."""
    return dict(key(alg, name).as_dict(private=False))


def claims(client: Client, **changes: Any) -> dict[str, Any]:
    """The claims of a good assertion with these changes; None: left out."""
    now = client.realm.clock.now()
    usual = {
        "iss": client.id,
        "sub": client.id,
        "aud": client.realm.issuer,
        "jti": f"assertion-{next(_numbers)}",
        "iat": now,
        "exp": now + 60,
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def by_secret(client: Client, alg: str = "HS256", secret: str | None = None, **changes: Any) -> str:
    """An assertion under the client secret."""
    octets = OctKey.import_key(secret or client.secret)
    return jwt.encode({"alg": alg}, claims(client, **changes), octets, algorithms=[alg])


def by_key(client: Client, alg: str = "ES256", name: str = "client-key", **changes: Any) -> str:
    """An assertion under a key pair."""
    with warnings.catch_warnings():
        # joserfc warns of the name EdDSA, which RFC 9864 replaces by Ed25519; clients in use know the old one.
        warnings.simplefilter("ignore", SecurityWarning)
        return jwt.encode({"alg": alg, "kid": name}, claims(client, **changes), key(alg, name), algorithms=[alg])


def form(assertion: str, **more: str) -> list[tuple[str, str]]:
    """How an assertion is sent (RFC 7523 2.2)."""
    return [("client_assertion_type", JWT_BEARER), ("client_assertion", assertion), *more.items()]
