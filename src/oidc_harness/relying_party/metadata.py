"""What a provider says of itself, as far as a client needs it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from .client import Document, ProviderFault


@dataclass(frozen=True, slots=True)
class Metadata:
    """The members of a discovery document (OpenID Connect Discovery 3) that a client works with.

    `announces_iss` tells whether every authorization response carries `iss` (RFC 9207 3).
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    announces_iss: bool = False


REQUIRED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")


def discovery_url(issuer: str) -> str:
    """Where the discovery document of an issuer is (Discovery 4)."""
    return issuer.removesuffix("/") + "/.well-known/openid-configuration"


def checked_metadata(document: Document, issuer: str) -> Metadata:
    """The metadata of exactly this issuer (Discovery 4.3); raises ProviderFault naming the wrong member."""
    if document.get("issuer") != issuer:
        raise ProviderFault("wrong_issuer", f"asked {issuer!r}, answered {document.get('issuer')!r}")
    endpoints = {name: _endpoint(document, name) for name in REQUIRED}
    endpoints |= {name: _endpoint(document, name) for name in OPTIONAL if name in document}
    announces_iss = document.get("authorization_response_iss_parameter_supported") is True
    return Metadata(issuer=issuer, announces_iss=announces_iss, **endpoints)


def _endpoint(document: Document, name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not _is_web_address(value):
        raise ProviderFault("bad_metadata", f"{name} must be an http or https URL, it is {value!r}")
    return value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.fragment


def believed_metadata(document: Document) -> Metadata:
    """The same members taken as they come; raises KeyError when one that is needed is missing."""
    endpoints = {name: document[name] for name in REQUIRED}
    endpoints |= {name: document[name] for name in OPTIONAL if name in document}
    return Metadata(issuer=str(document.get("issuer")), **endpoints)
