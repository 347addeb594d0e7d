"""The project's test keys and two JOSE libraries of other people, for the tests beside this file."""

import json
import warnings
from pathlib import Path
from typing import Any, get_args

from jwkest.jwk import keyrep
from jwkest.jws import JWS

from oidc_harness.model.key import Key, SigningAlgorithm
from oidc_harness.protocol.jose import key_from_jwk

with warnings.catch_warnings():
    # Authlib points its users to joserfc, which would not be independent of what is tested here. It insists on
    # being heard with a filter of its own, so that is set first.
    import authlib.deprecate  # noqa: F401

    warnings.simplefilter("ignore")
    from authlib.jose import JsonWebKey, JsonWebSignature

KEY_FOLDER = Path(__file__).parents[2] / "fixtures" / "keys"
KEY_PAIR_ALGORITHMS = get_args(SigningAlgorithm)
SECRET_ALGORITHMS = ("HS256", "HS384", "HS512")
SECRET = "a secret of sixty-four octets, long enough for every hash: 012345"
JWKEST_ALGORITHMS = tuple(alg for alg in KEY_PAIR_ALGORITHMS if alg not in {"ES256K", "EdDSA"})


def private_jwks(alg: str) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = json.loads((KEY_FOLDER / f"{alg}.json").read_text(encoding="utf-8"))["keys"]
    return keys


def key(alg: str, number: int = 0) -> Key:
    return key_from_jwk(f"{alg}-{number}", private_jwks(alg)[number], created_at=number)


def public_jwk(alg: str, number: int = 0) -> dict[str, Any]:
    jwk: dict[str, Any] = json.loads(key(alg, number).public_jwk)
    return jwk


def authlib_claims(token: str, jwk: dict[str, Any]) -> dict[str, Any]:
    """The claims, once Authlib has verified the token. It raises otherwise."""
    verified = JsonWebSignature(algorithms=[jwk["alg"]]).deserialize_compact(token, JsonWebKey.import_key(jwk))
    claims: dict[str, Any] = json.loads(verified["payload"])
    return claims


def authlib_token(header: dict[str, Any], claims: dict[str, Any], jwk: dict[str, Any]) -> str:
    """A token that Authlib signed."""
    signer = JsonWebSignature(algorithms=[header["alg"]])
    token: bytes = signer.serialize_compact(header, json.dumps(claims).encode(), JsonWebKey.import_key(jwk))
    return token.decode()


def jwkest_claims(token: str, jwk: dict[str, Any]) -> dict[str, Any]:
    """The claims, once pyoidc's library has verified the token. It raises otherwise."""
    claims: dict[str, Any] = JWS().verify_compact(token, [keyrep(jwk)])
    return claims
