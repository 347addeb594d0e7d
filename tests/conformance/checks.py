"""What the suite looks at in every answer, whatever module it is in; signatures and messages are the oracle's part."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tests.support.http import Answer
from tests.support.refusals import DESCRIPTION

Document = Mapping[str, Any]

PROTOCOL_CLAIMS = {
    "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "s_hash", "sid",
}  # fmt: skip
"""What may be in an ID token unrequested."""
CLAIMS_OF_SCOPE: Mapping[str, set[str]] = {
    "profile": {
        "name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
        "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at",
    },
    "email": {"email", "email_verified"},
    "address": {"address"},
    "phone": {"phone_number", "phone_number_verified"},
}  # fmt: skip
"""OIDC Core 5.4."""
_OTHER_TYPES: Mapping[str, type] = {
    "email_verified": bool,
    "phone_number_verified": bool,
    "updated_at": int,
    "address": dict,
}
NOT_SIGNED_IN = {"login_required", "interaction_required", "account_selection_required", "consent_required"}
AUTHORIZATION_ERRORS = NOT_SIGNED_IN | {
    "invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type", "invalid_scope",
    "server_error", "temporarily_unavailable", "invalid_request_uri", "invalid_request_object", "request_not_supported",
    "request_uri_not_supported", "registration_not_supported",
}  # fmt: skip
"""RFC 6749 4.1.2.1 and OIDC Core 3.1.2.6."""
SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*")


def entropy(text: str) -> float:
    """Bits that a string of this length and variety can hold at most (Shannon)."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -len(text) * sum(share * math.log2(share) for share in shares)


def check_secret(text: str) -> None:
    """A code or token that nobody guesses (RFC 6749 10.10)."""
    assert len(text) >= 22
    assert entropy(text) >= 96


def check_claims(claims: Document) -> None:
    """The types of the standard claims (OIDC Core 5.1)."""
    for name in set().union(*CLAIMS_OF_SCOPE.values()) & claims.keys():
        assert type(claims[name]) is _OTHER_TYPES.get(name, str), name
        assert claims[name] not in ("", {}), name


def check_id_token(claims: Document, now: int, client_id: str, requested: Iterable[str] = ()) -> None:
    """The claims of a verified ID token (OIDC Core 2, 3.1.3.7), with no other than what was requested."""
    assert claims.keys() <= PROTOCOL_CLAIMS | set(requested)
    audience = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]
    assert audience == [client_id]
    assert claims.get("azp", client_id) == client_id
    assert claims["exp"] > now
    assert abs(claims["iat"] - now) <= 300
    assert 0 < len(claims["sub"]) <= 255
    assert claims["sub"].isascii()
    check_claims(claims)


def check_token_response(answer: Answer) -> None:
    """RFC 6749 5.1."""
    assert answer.status == 200, answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    members = answer.json
    assert members["token_type"] == "Bearer"
    assert members["expires_in"] > 0
    assert SCOPE.fullmatch(members.get("scope", "openid"))
    for name in {"access_token", "refresh_token"} & members.keys():
        check_secret(members[name])


def check_told_client(parameters: Document, state: str, issuer: str) -> str:
    """An error in an authorization response (RFC 6749 4.1.2.1, RFC 9207); gives its code."""
    assert parameters.keys() == {"error", "error_description", "state", "iss", "session_state"}
    assert parameters["error"] in AUTHORIZATION_ERRORS
    assert DESCRIPTION.fullmatch(parameters["error_description"])
    assert (parameters["state"], parameters["iss"]) == (state, issuer)
    return str(parameters["error"])


def check_told_person(answer: Answer) -> None:
    """An error page: no way leads from it to the client by itself, and a person can see what was wrong."""
    assert answer.status in (400, 403), answer.status
    assert "Location" not in answer.headers
    assert answer.page.has("error-page"), answer.text
    assert answer.page.text_of("error-code") in AUTHORIZATION_ERRORS
    assert not answer.page.submits_itself
    assert "http-equiv" not in answer.text


def check_error(answer: Answer) -> None:
    """An error in JSON (RFC 6749 5.2, RFC 7591 3.2.2)."""
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json.keys() == {"error", "error_description"}
    assert DESCRIPTION.fullmatch(answer.json["error_description"])
    assert "no-store" in answer.headers["Cache-Control"]


def check_registration(answer: Answer, asked: Document) -> Document:
    """The answer to a registration that succeeded (RFC 7591 3.2.1, OIDC Registration 3.2); gives its members."""
    assert answer.status == 201, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    assert "no-store" in answer.headers["Cache-Control"]
    told = answer.json
    assert {name: told.get(name) for name in asked} == asked
    if "client_secret" in told:
        assert told["client_secret_expires_at"] == 0
        assert entropy(told["client_secret"]) >= 96
    assert told["registration_client_uri"].startswith("https://")
    assert told["registration_access_token"]
    return told
