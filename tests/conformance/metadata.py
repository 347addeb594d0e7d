"""The schema of provider metadata: every name that is registered, and the type of its value.

The names are those of the IANA registry "OAuth Authorization Server Metadata" that a provider of OpenID Connect has a
use for. One that is not among them is a slip of the pen, or an invention.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

LANGUAGE_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
)
"""A language tag in the letter case that BCP 47 recommends (RFC 5646 2.1, 2.1.1)."""
SCOPE_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")


def https(value: Any) -> bool:
    """An address that is reached by TLS, without a fragment."""
    return isinstance(value, str) and value.startswith("https://") and "#" not in value


def flag(value: Any) -> bool:
    """True or false, and no text of these words."""
    return isinstance(value, bool)


def words(value: Any) -> bool:
    """A list that is not empty, of strings of which none comes twice."""
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value) and _distinct(value)


def scopes(value: Any) -> bool:
    """Scope values (RFC 6749 3.3)."""
    return words(value) and all(SCOPE_TOKEN.fullmatch(each) for each in value)


def languages(value: Any) -> bool:
    """Language tags."""
    return words(value) and all(LANGUAGE_TAG.fullmatch(each) for each in value)


def _distinct(value: list[str]) -> bool:
    return 0 < len(value) == len(set(value))


_WORDS = """
response_types_supported response_modes_supported grant_types_supported acr_values_supported subject_types_supported
id_token_signing_alg_values_supported id_token_encryption_alg_values_supported
id_token_encryption_enc_values_supported userinfo_signing_alg_values_supported
userinfo_encryption_alg_values_supported userinfo_encryption_enc_values_supported
request_object_signing_alg_values_supported request_object_encryption_alg_values_supported
request_object_encryption_enc_values_supported token_endpoint_auth_methods_supported
token_endpoint_auth_signing_alg_values_supported revocation_endpoint_auth_methods_supported
revocation_endpoint_auth_signing_alg_values_supported introspection_endpoint_auth_methods_supported
introspection_endpoint_auth_signing_alg_values_supported introspection_signing_alg_values_supported
introspection_encryption_alg_values_supported introspection_encryption_enc_values_supported display_values_supported
claim_types_supported claims_supported code_challenge_methods_supported prompt_values_supported
dpop_signing_alg_values_supported authorization_signing_alg_values_supported
authorization_encryption_alg_values_supported authorization_encryption_enc_values_supported
authorization_details_types_supported backchannel_token_delivery_modes_supported
backchannel_authentication_request_signing_alg_values_supported
"""
_FLAGS = """
claims_parameter_supported request_parameter_supported request_uri_parameter_supported
require_request_uri_registration require_signed_request_object require_pushed_authorization_requests
authorization_response_iss_parameter_supported tls_client_certificate_bound_access_tokens
frontchannel_logout_supported frontchannel_logout_session_supported backchannel_logout_supported
backchannel_logout_session_supported backchannel_user_code_parameter_supported
"""
_ADDRESSES = """
issuer authorization_endpoint token_endpoint userinfo_endpoint jwks_uri registration_endpoint introspection_endpoint
revocation_endpoint end_session_endpoint check_session_iframe device_authorization_endpoint
pushed_authorization_request_endpoint backchannel_authentication_endpoint service_documentation op_policy_uri op_tos_uri
"""
KNOWN: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(_WORDS.split(), words),
    **dict.fromkeys(_FLAGS.split(), flag),
    **dict.fromkeys(_ADDRESSES.split(), https),
    "scopes_supported": scopes,
    "ui_locales_supported": languages,
    "claims_locales_supported": languages,
    "mtls_endpoint_aliases": lambda value: isinstance(value, dict) and all(map(https, value.values())),
    "protected_resources": words,
}
REQUIRED = {
    "issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "scopes_supported",
    "response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported", "claims_supported",
}  # fmt: skip


def faults(document: Mapping[str, Any]) -> list[str]:
    """The members that are unknown, of the wrong type, or missing."""
    wrong = [name for name, value in document.items() if name not in KNOWN or not KNOWN[name](value)]
    return sorted({*wrong, *(REQUIRED - document.keys())})
