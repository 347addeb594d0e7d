"""The private halves of a client's encryption keys, and how it opens what comes encrypted: by three libraries."""

from functools import cache
from typing import Any

from joserfc.jwe import decrypt_compact
from joserfc.jwk import generate_key, import_key
from oic.oauth2.message import Message
from oic.utils.keyio import KeyBundle, KeyJar

from tests.support.encryption import decrypted
from tests.support.jwt_oracle import header_of

ECDH = ("ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW")
ALGORITHMS = ("RSA-OAEP", "RSA-OAEP-256", *ECDH)
ENCODINGS = ("A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM")

BEYOND_PYOIDC = (*ECDH, "A192GCM")
"""What it announces and fails at: without `apu` in the header it joins text to octets, and the other is misnamed."""


@cache
def private_key(kty: str, crv: str | None = None) -> dict[str, Any]:
    """A private JWK of this type; the same one each time."""
    made: Any = generate_key
    key = made(kty, crv or 2048)
    return {**key.as_dict(private=True), "kid": f"{kty}-{crv}", "use": "enc"}


def public(jwk: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Its public half with these members; None: without."""
    members = {**import_key(jwk).as_dict(private=False), **changes}
    return {name: value for name, value in members.items() if value is not None}


def key_for(alg: str) -> dict[str, Any]:
    """A private JWK for this algorithm."""
    return private_key("RSA") if alg.startswith("RSA") else private_key("EC", "P-256")


def opened(token: str, jwk: dict[str, Any], alg: str, enc: str, cty: str | None = "JWT") -> str:
    """What is in the JWE, which has to say of itself just this."""
    header = header_of(token)
    header.pop("epk", None)
    expected = {"alg": alg, "enc": enc, "kid": jwk.get("kid"), "cty": cty}
    assert header == {name: value for name, value in expected.items() if value is not None}
    private = {name: value for name, value in jwk.items() if value is not None}
    plaintext = decrypt_compact(token, import_key(private), algorithms=[alg, enc]).plaintext
    assert plaintext is not None
    assert decrypted(token, private) == plaintext.decode()
    return plaintext.decode()


def read_by_pyoidc(token: str, jwk: dict[str, Any], key_set: dict[str, Any], issuer: str) -> Any:
    """The claims as pyoidc decrypts and verifies them by itself.

    It is not told which `alg` and `enc` to expect: it looks for them in the wrong place, and fails.
    """
    jar = KeyJar()
    jar.import_jwks(key_set, issuer)
    jar.add_kb("", KeyBundle([jwk]))
    return Message().from_jwt(token, keyjar=jar, sender=issuer).to_dict()
