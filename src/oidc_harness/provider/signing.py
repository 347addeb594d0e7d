"""Sign what goes to a client: in the algorithm it registered for this kind of document (OIDC Registration 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.key import MAC_ALGORITHMS
from oidc_harness.protocol.about import About
from oidc_harness.protocol.signature import Purpose, SignatureQuestion, introspection_algorithm
from oidc_harness.provider.client import clear_secret
from oidc_harness.provider.provider import Provider


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """What is to be signed, and for whom."""

    about: About
    application: Application
    purpose: Purpose
    claims: Mapping[str, Any]


def sign(document: Document, provider: Provider) -> str:
    """The document as compact text, by the seam `signature`."""
    application = document.application
    alg = _algorithm(document, provider)
    secret = clear_secret(application, provider) if alg in MAC_ALGORITHMS else None
    question = SignatureQuestion(document.about, document.purpose, document.claims, alg, provider.keys, secret)
    return provider.conduct.signature(question)


def _algorithm(document: Document, provider: Provider) -> str:
    """An access token is not for the client to read: the realm's first algorithm will do (RFC 9068 2.1)."""
    registered = {
        "id_token": document.application.id_token_signed_response_alg,
        "introspection": introspection_algorithm(document.application),
        "userinfo": document.application.userinfo_signed_response_alg,
    }
    return registered.get(document.purpose) or provider.keys.algorithms()[0]
