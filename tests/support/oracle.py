"""The oracle: every honest answer is read and judged by pyoidc, which shares no line with the provider.

Two things pyoidc can't do, and they are done otherwise here: it has no EdDSA and no ES256K, so joserfc verifies those
signatures and pyoidc judges the claims alone; and it takes no issuer by http, so metadata are judged as if they were
served by https.
"""

import json
import re
import time
import warnings
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import import_key
from jwkest.jws import left_hash
from oic.oauth2.message import TokenErrorResponse
from oic.oic.message import (
    AccessTokenResponse,
    AuthorizationErrorResponse,
    AuthorizationResponse,
    IdToken,
    OpenIDSchema,
    ProviderConfigurationResponse,
)
from oic.utils.keyio import KeyJar

from tests.support.http import Answer

Document = Mapping[str, Any]
TOKEN_MEMBERS = {"access_token", "token_type", "expires_in", "refresh_token", "id_token", "scope"}
NOT_SIGNED_IN_PYOIDC = ("EdDSA", "ES256K")
BEYOND_PYOIDC = ("unmet_authentication_requirements",)
"""Registered error codes that pyoidc does not know."""
SESSION_STATE = re.compile(r"[0-9a-f]{64}\.[A-Za-z0-9_-]{22}")
"""A SHA-256 and its salt (OIDC Session Management 3.2)."""


@dataclass(frozen=True)
class Addressee:
    """Whom an answer is for, and when."""

    issuer: str
    client_id: str
    secret: str
    alg: str
    """Of the ID tokens."""
    now: Callable[[], int]
    """The realm's time."""

    @property
    def skew(self) -> int:
        """pyoidc reads the system clock; the realm's may be elsewhere."""
        return abs(int(time.time()) - self.now()) + 5


def accept_authorization(answer: Answer, addressee: Addressee, state: str | None) -> str:
    """The code of a successful authorization response (RFC 6749 4.1.2, RFC 9207)."""
    parameters = answer.redirect.parameters
    expected = {"code", "iss", "session_state"} | ({"state"} if state is not None else set())
    assert parameters.keys() == expected, parameters
    assert SESSION_STATE.fullmatch(parameters["session_state"])
    response = AuthorizationResponse().from_dict(parameters)
    assert response.verify(iss=addressee.issuer, client_id=addressee.client_id)
    assert response.get("state") == state
    assert len(response["code"]) >= 32
    return str(response["code"])


def accept_front_channel(
    answer: Answer, response_type: str, addressee: Addressee, key_set: Document, state: str, nonce: str | None
) -> Mapping[str, str]:
    """What a response of any type hands over, without what every response has (OIDC Core 3.2.2.5, 3.3.2.5)."""
    parameters = dict(answer.redirect.parameters)
    assert (parameters.pop("state"), parameters.pop("iss")) == (state, addressee.issuer)
    assert SESSION_STATE.fullmatch(parameters.pop("session_state"))
    words = set(response_type.split()) - {"none"}
    assert parameters.keys() == {name for word in words for name in HANDED_OVER[word]}, parameters
    assert parameters.get("token_type", "Bearer") == "Bearer"
    for name in ("code", "access_token"):
        assert len(parameters.get(name, "x" * 32)) >= 32
    if "id_token" in words:
        claims = _judged_in_front(parameters, addressee, key_set)
        hashed = {"at_hash": parameters.get("access_token"), "c_hash": parameters.get("code"), "s_hash": state}
        expected = {name: left_hash(text, _hash_of(addressee.alg)) for name, text in hashed.items() if text}
        assert {name: claims[name] for name in claims if name.endswith("_hash")} == expected
        assert claims.get("nonce") == nonce
    return parameters


HANDED_OVER = {
    "code": ("code",),
    "token": ("access_token", "token_type", "expires_in", "scope"),
    "id_token": ("id_token",),
}


def _judged_in_front(parameters: Mapping[str, str], addressee: Addressee, key_set: Document) -> Document:
    held = {"iss": addressee.issuer, "client_id": addressee.client_id, "skew": addressee.skew}
    if addressee.alg in NOT_SIGNED_IN_PYOIDC:
        return _verified_by_joserfc(parameters["id_token"], addressee.alg, key_set, held)
    jar = KeyJar()
    jar.import_jwks(key_set, addressee.issuer)
    if addressee.alg.startswith("HS"):
        jar.add_symmetric("", addressee.secret, ["ver"])
    response = AuthorizationResponse().from_dict(dict(parameters))
    assert response.verify(keyjar=jar, algs={"sign": addressee.alg}, **held)
    return plain(response["id_token"].jwt)


def accept_authorization_error(answer: Answer, issuer: str, state: str | None) -> Mapping[str, str]:
    """The parameters of an error that goes to the client through the browser (RFC 6749 4.1.2.1)."""
    parameters = answer.redirect.parameters
    expected = {"error", "error_description", "iss", "session_state"} | ({"state"} if state is not None else set())
    assert parameters.keys() == expected, parameters
    assert SESSION_STATE.fullmatch(parameters["session_state"])
    if parameters["error"] not in BEYOND_PYOIDC:
        assert AuthorizationErrorResponse().from_dict(parameters).verify()
    assert parameters["iss"] == issuer
    assert parameters.get("state") == state
    return parameters


def accept_tokens(answer: Answer, addressee: Addressee, key_set: Document) -> tuple[Document, Document]:
    """Members and ID token claims of a token response (RFC 6749 5.1, OIDC Core 3.1.3.3, 3.1.3.7)."""
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"
    members = answer.json
    assert members.keys() <= TOKEN_MEMBERS, members
    assert members["token_type"] == "Bearer"
    assert len(members["access_token"]) >= 32
    response = AccessTokenResponse().from_dict(members)
    if "id_token" not in members:
        assert response.verify()
        return members, {}
    claims = _judged(members, addressee, key_set)
    if addressee.alg == "none":
        assert "at_hash" not in claims
    else:
        assert claims["at_hash"] == left_hash(members["access_token"], _hash_of(addressee.alg))
    return members, claims


def _judged(members: Document, addressee: Addressee, key_set: Document) -> Document:
    held = {"iss": addressee.issuer, "client_id": addressee.client_id, "skew": addressee.skew}
    if addressee.alg in NOT_SIGNED_IN_PYOIDC:
        return _verified_by_joserfc(members["id_token"], addressee.alg, key_set, held)
    jar = KeyJar()
    jar.import_jwks(key_set, addressee.issuer)
    if addressee.alg.startswith("HS"):
        jar.add_symmetric("", addressee.secret, ["ver"])
    response = AccessTokenResponse().from_dict(members)
    assert response.verify(keyjar=jar, algs={"sign": addressee.alg}, **held)
    token = response["id_token"]
    if addressee.alg == "none":
        assert members["id_token"].endswith(".")
        assert token.jws_header == {"alg": "none"}
    elif not addressee.alg.startswith("HS"):
        assert token.jws_header["kid"] in {key["kid"] for key in key_set["keys"]}
    return plain(token.jwt)


def _verified_by_joserfc(token: str, alg: str, key_set: Document, held: Document) -> Document:
    parsed = jws.extract_compact(token.encode())
    header = parsed.headers()
    assert header["alg"] == alg
    [jwk] = [key for key in key_set["keys"] if key["kid"] == header["kid"]]
    with warnings.catch_warnings():
        # joserfc warns of the name EdDSA, which RFC 9864 replaces by Ed25519; OpenID Connect still uses the old one.
        warnings.simplefilter("ignore", SecurityWarning)
        # Raises for a wrong signature.
        jws.deserialize_compact(token, import_key(jwk), algorithms=[alg])
    claims: Document = json.loads(parsed.payload)
    assert IdToken().from_dict(dict(claims)).verify(**held)
    return claims


def plain(token: str) -> Document:
    """The claims as they stand in a token that was verified; pyoidc changes some when it reads them."""
    payload = token.split(".")[1]
    claims: Document = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert None not in claims.values(), claims
    return claims


def _hash_of(alg: str) -> str:
    return {"EdDSA": "HS512", "ES256K": "HS256"}.get(alg, f"HS{alg[-3:]}")


def accept_userinfo(answer: Answer, subject: str) -> Document:
    """The claims of a userinfo response (OIDC Core 5.3.2, 5.3.4)."""
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert OpenIDSchema().from_dict(dict(answer.json)).verify()
    assert answer.json["sub"] == subject
    assert None not in answer.json.values()
    return answer.json


def accept_metadata(document: Document) -> Document:
    """A discovery document (OIDC Discovery 3), judged as if it came by https."""
    secure = {name: by_https(value) for name, value in document.items()}
    assert ProviderConfigurationResponse().from_dict(secure).verify()
    return document


def by_https(value: object) -> object:
    return value.replace("http://", "https://", 1) if isinstance(value, str) else value


def accept_token_error(members: Document) -> None:
    """The members of an error of the token endpoint (RFC 6749 5.2)."""
    assert TokenErrorResponse().from_dict(dict(members)).verify()
