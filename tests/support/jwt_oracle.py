"""The oracle for answers that are a JWT: pyoidc reads them; what it cannot sign or decrypt, joserfc does for it."""

import json
import warnings
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import import_key
from oic.oic.message import OpenIDSchema
from oic.utils.keyio import KeyJar

from tests.support.http import Answer
from tests.support.oracle import NOT_SIGNED_IN_PYOIDC, Addressee, Document, plain


def accept_jwt(answer: Answer, media_type: str = "application/jwt") -> str:
    """The text of an answer that is a JWT (OIDC Core 5.3.2, RFC 9701 5)."""
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def accept_userinfo(text: str, subject: str, addressee: Addressee, key_set: Document) -> Document:
    """The claims of signed userinfo for this addressee, whose `alg` is that of its userinfo."""
    claims = verified(text, addressee, key_set)
    assert OpenIDSchema().from_dict(dict(claims)).verify()
    assert (claims["iss"], claims["aud"], claims["sub"]) == (addressee.issuer, addressee.client_id, subject)
    # It answers a request, and not an authorization: nothing of one is in it.
    assert claims.keys().isdisjoint({"nonce", "exp", "at_hash", "acr"})
    return claims


def verified(text: str, addressee: Addressee, key_set: Document) -> Document:
    """The claims of a JWT in the addressee's algorithm."""
    header = header_of(text)
    assert header["alg"] == addressee.alg
    if addressee.alg in NOT_SIGNED_IN_PYOIDC:
        return _by_joserfc(text, header, key_set)
    jar = KeyJar()
    jar.import_jwks(key_set, addressee.issuer)
    jar.import_jwks(key_set, "")
    jar.add_symmetric("", addressee.secret, ["ver"])
    OpenIDSchema().from_jwt(text, keyjar=jar, sender=addressee.issuer, algs={"sign": addressee.alg})
    return plain(text)


def _by_joserfc(text: str, header: Mapping[str, Any], key_set: Document) -> Document:
    [jwk] = [key for key in key_set["keys"] if key["kid"] == header["kid"]]
    with warnings.catch_warnings():
        # See the oracle: the name EdDSA is out of fashion.
        warnings.simplefilter("ignore", SecurityWarning)
        jws.deserialize_compact(text, import_key(jwk), algorithms=[header["alg"]])
    return plain(text)


def header_of(text: str) -> dict[str, Any]:
    """The header of a token in compact form, signed or encrypted."""
    first = text.partition(".")[0]
    header: dict[str, Any] = json.loads(urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    return header
