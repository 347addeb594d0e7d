"""ID tokens to verify: good ones, and every part of one to be changed."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from oidc_harness.relying_party.client import Document
from oidc_harness.relying_party.registration import Registration
from oidc_harness.relying_party.verification import Expected

NOW = 1_750_000_000
ISSUER = "http://127.0.0.1:9400/realm"
SECRET = "a secret of at least sixty-four bytes, so that it is long enough for HS512 too"
ACCESS_TOKEN = "the-access-token"
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1"})
PUBLIC_PEM = RSA.as_pem(private=False)
KEYS: dict[str, Key] = {
    "RS": RSA,
    "PS": RSA,
    "ES256": ECKey.generate_key("P-256", {"kid": "ec-256"}),
    "ES384": ECKey.generate_key("P-384", {"kid": "ec-384"}),
    "ES512": ECKey.generate_key("P-521", {"kid": "ec-521"}),
    "HS": OctKey.import_key(SECRET),
}
OTHER_RSA = RSAKey.generate_key(2048, {"kid": "rsa-1"})
KEY_SET: Document = {
    "keys": [
        {"kty": "AKP", "kid": "post-quantum", "pub": "AAAA"},
        {"kty": "RSA", "kid": "broken", "n": "***", "e": "AQAB"},
        "not a key",
        {"kid": "no type"},
        OKPKey.generate_key("Ed25519", {"kid": "ed"}).as_dict(private=False),
        *(KEYS[name].as_dict(private=False) for name in ("ES512", "ES384", "ES256", "RS")),
    ]
}
CLAIMS: Document = {
    "iss": ISSUER,
    "sub": "ann",
    "aud": "client-1",
    "exp": NOW + 300,
    "iat": NOW,
    "nonce": "the-nonce",
}


def key_for(algorithm: str) -> Key:
    return KEYS.get(algorithm) or KEYS[algorithm[:2]]


def signed(claims: Document, algorithm: str = "RS256", key: Key | None = None, **header: Any) -> str:
    key = key or key_for(algorithm)
    members = {"alg": algorithm, **({"kid": key.kid} if key.kid else {}), **header}
    kept = {name: value for name, value in members.items() if value is not None}
    return jws.serialize_compact(kept, json.dumps(claims), key, algorithms=[algorithm])


def response(id_token: str, **members: Any) -> Document:
    return {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": id_token, **members}


def expected(algorithm: str = "RS256", **changed: Any) -> Expected:
    registration = Registration(ISSUER, "client-1", SECRET, "http://rp/cb", "http://rp/", id_token_alg=algorithm)
    return Expected(**{"registration": registration, "now": NOW, "nonce": "the-nonce", **changed})


def claims_without(name: str) -> Document:
    return {key: value for key, value in CLAIMS.items() if key != name}


def at_hash(token: str, bits: int = 256) -> str:
    digest = hashlib.new(f"sha{bits}", token.encode()).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def unsigned(**header: Any) -> str:
    parts = ({"alg": "none", **header}, CLAIMS)
    encoded = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, ""])


def with_other_signature(token: str) -> str:
    return ".".join([*token.split(".")[:2], signed({**CLAIMS, "sub": "bob"}).split(".")[2]])


def signed_with_the_public_key() -> str:
    """The public key taken for a shared secret; no library lends a hand for this."""
    text = unsigned(alg="HS256", kid="rsa-1").rstrip(".")
    mac = hmac.new(PUBLIC_PEM, text.encode(), "sha256").digest()
    return f"{text}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"
