"""`request_uri`: a request object by reference, from where its client registered (A7, OIDC Core 6.2, RFC 9101 5.2)."""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest
from urllib.parse import urlsplit

from oidc_harness.model.application import Application
from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.difference import describe_difference
from oidc_harness.protocol.errors import invalid_request_uri
from oidc_harness.protocol.jose_error import shown
from oidc_harness.protocol.spec import spec

LONGEST = 512
"""Characters of a request URI (OIDC Core 6.2)."""
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_HASH = re.compile(r"[A-Za-z0-9_-]{43}")


def why_not_registrable(uri: str) -> str | None:
    """Why no request object can be fetched from there, for a person; None if one can (OIDC Core 6.2)."""
    if not _VISIBLE.fullmatch(uri):
        return f"{uri!r} is not a URL of visible ASCII characters"
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"{uri!r} is not a URL: {error}"
    if parts.scheme not in ("https", "http") or not host:
        return f"{uri!r} is not an https URL, or an http one for signed request objects"
    if "@" in parts.netloc:
        return f"{uri!r} carries credentials; requests are sent without any"
    if "#" in uri and not _HASH.fullmatch(parts.fragment):
        return f"{uri!r}: its fragment is not the SHA-256 of a document, which is 43 characters of base64url"
    return None


def check_registered(uri: str, application: Application) -> None:
    """Whether the client registered it, so that it may be asked. Raises `invalid_request_uri`.

    A registered URI without a fragment may be sent with one, which only says more of what must stand there.
    """
    if len(uri) > LONGEST:
        detail = f"request_uri has {len(uri)} characters; at most {LONGEST} are taken"
        raise invalid_request_uri("request_uri is too long", detail)
    bare, hash_mark, stated = uri.partition("#")
    if uri in application.request_uris:
        return
    if bare in application.request_uris and hash_mark:
        _check_is_hash(stated)
        return
    told = "; ".join(describe_difference("request_uri", each, uri) for each in application.request_uris[:3])
    raise invalid_request_uri(
        "request_uri is not registered for this client",
        f"{told or 'none is registered'}. Put it into request_uris of application {application.id}",
    )


def _check_is_hash(stated: str) -> None:
    if not _HASH.fullmatch(stated):
        detail = f"its fragment is {shown(stated)}; expected the SHA-256 of the document, 43 characters of base64url"
        raise invalid_request_uri("the fragment of request_uri is no hash", detail)


def check_document(uri: str, document: FetchedDocument, policy: RealmPolicy) -> None:
    """Raises `invalid_request_uri` where no request object stood there, or another than the URI is for (RFC 9101 7)."""
    if document.content is None:
        raise invalid_request_uri("request_uri cannot be fetched", document.failure, spec("RFC9101-5.2.3"))
    stated = uri.partition("#")[2]
    if stated and policy.request_uri_hash == "verified":
        _check_hash(stated, document.content)


def has_hash(document: FetchedDocument, stated: str) -> bool:
    """Whether this is the document that a fragment is for; one that could not be had is none."""
    return document.content is not None and _hash(document.content) == stated


def _hash(content: str) -> str:
    return urlsafe_b64encode(sha256(content.encode()).digest()).rstrip(b"=").decode()


def _check_hash(stated: str, content: str) -> None:
    found = _hash(content)
    if not compare_digest(stated.encode(), found.encode()):
        raise invalid_request_uri(
            "request_uri does not fit its document",
            f"its fragment is {shown(stated)}, and the SHA-256 of what stands there is {found!r}; whenever the document"
            " changes, the fragment has to",
        )
