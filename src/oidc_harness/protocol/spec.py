"""Spec: a tag such as ``OIDCC-3.1.3.7`` turned into a title and a link. The only links in the package."""

from dataclasses import dataclass
from functools import cache

_OPENID = "https://openid.net/specs/"
_RFC = "https://www.rfc-editor.org/rfc/rfc"

_DOCUMENTS = {
    "OIDCC": ("OpenID Connect Core 1.0", _OPENID + "openid-connect-core-1_0.html#rfc.section."),
    "OIDCD": ("OpenID Connect Discovery 1.0", _OPENID + "openid-connect-discovery-1_0.html#rfc.section."),
    "OIDCR": (
        "OpenID Connect Registration 1.0",
        _OPENID + "openid-connect-registration-1_0.html#rfc.section.",
    ),
    "OIDCRPL": (
        "OpenID Connect RP-Initiated Logout 1.0",
        _OPENID + "openid-connect-rpinitiated-1_0.html#rfc.section.",
    ),
    "OIDCFCL": (
        "OpenID Connect Front-Channel Logout 1.0",
        _OPENID + "openid-connect-frontchannel-1_0.html#rfc.section.",
    ),
    "OIDCBCL": (
        "OpenID Connect Back-Channel Logout 1.0",
        _OPENID + "openid-connect-backchannel-1_0.html#rfc.section.",
    ),
    "FORMPOST": (
        "OAuth 2.0 Form Post Response Mode",
        _OPENID + "oauth-v2-form-post-response-mode-1_0.html#rfc.section.",
    ),
    "MULTIPLE": (
        "OAuth 2.0 Multiple Response Types",
        _OPENID + "oauth-v2-multiple-response-types-1_0.html#rfc.section.",
    ),
    "HARNESS": ("oidc-harness application model", ""),
}
_RFC_TITLES = {
    "6749": "OAuth 2.0",
    "6750": "OAuth 2.0 Bearer Token Usage",
    "7009": "OAuth 2.0 Token Revocation",
    "7033": "WebFinger",
    "7515": "JSON Web Signature",
    "7517": "JSON Web Key",
    "7518": "JSON Web Algorithms",
    "7519": "JSON Web Token",
    "7523": "JWT Profile for OAuth 2.0 Client Authentication",
    "7591": "OAuth 2.0 Dynamic Client Registration",
    "7592": "OAuth 2.0 Dynamic Client Registration Management",
    "7636": "Proof Key for Code Exchange",
    "7662": "OAuth 2.0 Token Introspection",
    "8252": "OAuth 2.0 for Native Apps",
    "8414": "OAuth 2.0 Authorization Server Metadata",
    "8705": "OAuth 2.0 Mutual-TLS Client Authentication",
    "8725": "JSON Web Token Best Current Practices",
    "9068": "JWT Profile for OAuth 2.0 Access Tokens",
    "9101": "OAuth 2.0 JWT-Secured Authorization Request",
    "9110": "HTTP Semantics",
    "9112": "HTTP/1.1",
    "9207": "OAuth 2.0 Authorization Server Issuer Identification",
    "9440": "Client-Cert HTTP Header Field",
    "9700": "Best Current Practice for OAuth 2.0 Security",
    "9701": "JWT Response for OAuth Token Introspection",
}


@dataclass(frozen=True, slots=True)
class Spec:
    """A place in a specification. Make one with `spec`."""

    tag: str
    """Document and section, for example `OIDCC-3.1.3.7` or `RFC6749-4.1.3`."""
    title: str
    link: str
    """Empty where the rule is this project's own (the application model)."""
    rule: int | None = None
    """Number of the rule in a section that numbers its rules."""

    def __str__(self) -> str:
        """The tag, and the rule if there is one."""
        return self.tag if self.rule is None else f"{self.tag} rule {self.rule}"


@cache
def spec(tag: str, rule: int | None = None) -> Spec:
    """The place in a specification that a tag names.

    Raises `ValueError` for a document that is not known here, so that a wrong tag fails when it is written.
    """
    document, _, section = tag.partition("-")
    if not section:
        raise ValueError(f"spec tag {tag!r}: expected DOCUMENT-SECTION, for example RFC6749-4.1.3")
    if document.startswith("RFC") and document[3:] in _RFC_TITLES:
        number = document[3:]
        anchor = f"section-{section}" if section[0].isdigit() else f"appendix-{section}"
        return Spec(tag, f"RFC {number} {_RFC_TITLES[number]}, {section}", f"{_RFC}{number}#{anchor}", rule)
    if document not in _DOCUMENTS:
        known = ", ".join([*_DOCUMENTS, *("RFC" + number for number in _RFC_TITLES)])
        raise ValueError(f"spec tag {tag!r}: document {document!r} is not known; known: {known}")
    title, base = _DOCUMENTS[document]
    return Spec(tag, f"{title}, {section}", base + section if base else "", rule)
