"""Metadata: what the provider can do (OIDC Discovery 3, RFC 8414 2). It announces what works, nothing else."""

from dataclasses import dataclass
from typing import Any

from oidc_harness.model.encryption import CONTENT_ENCRYPTIONS, ENCRYPTION_ALGORITHMS
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol import (
    authorization_request,
    client_authentication,
    pkce,
    scope,
    signature,
    subject,
)
from oidc_harness.protocol.about import About
from oidc_harness.protocol.claim_sources import CLAIM_TYPES


@dataclass(frozen=True, slots=True, eq=False)
class Addresses:
    """Where a realm is reached. Browser and back channel may know it by different names."""

    issuer: str
    """The issuer identifier, and the base of everything a browser visits."""
    back: str
    """The base of everything a client's server calls; the same as `issuer` unless told otherwise."""
    mutual_tls: str | None = None
    """The base of what clients call that authenticate with a certificate. None: they cannot."""

    def front_channel(self, path: str) -> str:
        """The URL of a page or endpoint for browsers."""
        return self.issuer + path

    def back_channel(self, path: str) -> str:
        """The URL of an endpoint for clients."""
        return self.back + path

    def certificate_channel(self, path: str) -> str | None:
        """The URL at which the same endpoint takes client certificates, where it does (RFC 8705 5)."""
        return None if self.mutual_tls is None else self.mutual_tls + path

    def below(self, path: str) -> "Addresses":
        """The same of a realm whose name is in its path."""
        return Addresses(self.issuer + path, self.back + path, self.certificate_channel(path))


@dataclass(frozen=True, slots=True, eq=False)
class MetadataQuestion:
    """What is this realm?"""

    about: About
    addresses: Addresses
    policy: RealmPolicy
    algorithms: tuple[str, ...]
    """Signing algorithms the realm has keys for."""
    authentication_methods: tuple[str, ...]
    """How clients can authenticate."""
    encryption_algorithms: tuple[str, ...]
    """By what may be encrypted to keys of the realm."""


def metadata(question: MetadataQuestion) -> dict[str, Any]:
    """The one document behind both well-known URLs."""
    methods = list(question.authentication_methods)
    return {
        **_endpoints(question.addresses),
        **_registration(question),
        **_aliases(question),
        **_authorization(question.policy),
        **_request_objects(question),
        **_assertions("token", methods),
        **_assertions("introspection", [method for method in methods if method != "none"]),
        **_assertions("revocation", methods),
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "subject_types_supported": list(subject.SUBJECT_TYPES),
        **_answers(question.algorithms),
    }


def _answers(of_realm: tuple[str, ...]) -> dict[str, Any]:
    """How what is said of people and tokens can be signed, and encrypted (OIDC Core 5.3.2, 10; RFC 9701 7)."""
    signing = list(signature.introspection_algorithms(of_realm))
    told: dict[str, Any] = {"introspection_signing_alg_values_supported": signing}
    for answer in ("id_token", "userinfo"):
        told[f"{answer}_signing_alg_values_supported"] = list(signature.id_token_algorithms(of_realm))
        told[f"{answer}_encryption_alg_values_supported"] = list(ENCRYPTION_ALGORITHMS)
        told[f"{answer}_encryption_enc_values_supported"] = list(CONTENT_ENCRYPTIONS)
    return told


def _endpoints(addresses: Addresses) -> dict[str, Any]:
    return {
        "issuer": addresses.issuer,
        "authorization_endpoint": addresses.front_channel("/authorize"),
        "token_endpoint": addresses.back_channel("/token"),
        "userinfo_endpoint": addresses.back_channel("/userinfo"),
        "jwks_uri": addresses.back_channel("/jwks"),
        "introspection_endpoint": addresses.back_channel("/introspect"),
        "revocation_endpoint": addresses.back_channel("/revoke"),
        "end_session_endpoint": addresses.front_channel("/end_session"),
        "check_session_iframe": addresses.front_channel("/check_session"),
    }


def _registration(question: MetadataQuestion) -> dict[str, Any]:
    offered = question.policy.dynamic_registration != "off"
    return {"registration_endpoint": question.addresses.back_channel("/register")} if offered else {}


def _aliases(question: MetadataQuestion) -> dict[str, Any]:
    """Where the same endpoints take client certificates, so that others are never asked for one (RFC 8705 5)."""
    base = question.addresses.mutual_tls
    if base is None:
        return {}
    endpoints = {**_endpoints(question.addresses), **_registration(question)}
    found = {name: endpoints[name] for name in _ALIASED if name in endpoints}
    return {
        "mtls_endpoint_aliases": {name: base + url.removeprefix(question.addresses.back) for name, url in found.items()}
    }


_ALIASED = (
    "token_endpoint",
    "introspection_endpoint",
    "revocation_endpoint",
    "userinfo_endpoint",
    "registration_endpoint",
)


def _authorization(policy: RealmPolicy) -> dict[str, Any]:
    return {
        "scopes_supported": list(scope.SCOPES_SUPPORTED),
        "response_types_supported": list(policy.response_types),
        "response_modes_supported": list(authorization_request.RESPONSE_MODES),
        "grant_types_supported": list(policy.grant_types),
        "prompt_values_supported": list(authorization_request.PROMPTS),
        "acr_values_supported": list(policy.acr_values),
        "code_challenge_methods_supported": list(pkce.methods_offered(policy)),
        "claim_types_supported": list(CLAIM_TYPES),
        "claims_supported": [
            *scope.CLAIMS_SUPPORTED,
            "iss",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "nonce",
            "acr",
            "amr",
            "sid",
        ],
        "claims_parameter_supported": True,
        "authorization_response_iss_parameter_supported": policy.iss_parameter,
    }


def _request_objects(question: MetadataQuestion) -> dict[str, Any]:
    """Left out, `request_uri_parameter_supported` would mean true (OIDC Discovery 3)."""
    if question.policy.request_objects == "off":
        return {"request_parameter_supported": False, "request_uri_parameter_supported": False}
    return {
        "request_parameter_supported": True,
        "request_uri_parameter_supported": True,
        "require_request_uri_registration": True,
        "request_object_signing_alg_values_supported": list(signature.REQUEST_OBJECT_ALGORITHMS),
        **_request_object_encryption(question.encryption_algorithms),
    }


def _request_object_encryption(algorithms: tuple[str, ...]) -> dict[str, Any]:
    """Nothing, where the realm has published no key for it: no list is empty (RFC 8414 3.2)."""
    if not algorithms:
        return {}
    return {
        "request_object_encryption_alg_values_supported": list(algorithms),
        "request_object_encryption_enc_values_supported": list(CONTENT_ENCRYPTIONS),
    }


def _assertions(endpoint: str, methods: list[str]) -> dict[str, Any]:
    algorithms = [name for names in client_authentication.ASSERTION_ALGORITHMS.values() for name in names]
    return {
        f"{endpoint}_endpoint_auth_methods_supported": methods,
        f"{endpoint}_endpoint_auth_signing_alg_values_supported": algorithms,
    }
