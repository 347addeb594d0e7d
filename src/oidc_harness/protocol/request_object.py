"""The request object: the parameters of an authorization request as a JWT (OIDC Core 6, RFC 9101)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.model.key import MAC_ALGORITHMS
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.authorization_request import refuse_unread
from oidc_harness.protocol.client_keys import ClientKeys
from oidc_harness.protocol.errors import OAuthError, invalid_request, invalid_request_object
from oidc_harness.protocol.jose_compact import decode_unverified
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.protocol.parameters import Parameters, first
from oidc_harness.protocol.request import Pairs
from oidc_harness.protocol.request_object_content import CARRIERS, ContentQuestion, check_content, inner_pairs
from oidc_harness.protocol.request_uri import check_document, check_registered
from oidc_harness.protocol.signature import REQUEST_OBJECT_ALGORITHMS, UNSIGNED
from oidc_harness.protocol.spec import spec

_TYPES = {
    "oidc": (None, "jwt", "oauth-authz-req+jwt"),
    "jar": (None, "oauth-authz-req+jwt"),
}
"""Values of `typ`, in small letters: a JWT of another type is for something else (RFC 8725 3.11, RFC 9101 10.8)."""


@dataclass(frozen=True, slots=True, eq=False)
class RequestObjectQuestion:
    """What do this request and its request object say together?"""

    parameters: Parameters
    """As they came."""
    application: Application
    document: FetchedDocument | None
    """What stood at `request_uri`; None where nothing was to be fetched."""
    opened: str
    """The object itself, decrypted where it came encrypted; empty where there is none to be looked at."""
    policy: RealmPolicy
    issuer: str
    client_keys: ClientKeys | None
    """The keys that stand at the client's `jwks_uri`; None where they are registered by value."""
    clear_secret: str | None
    """The client secret, where it is kept; for the HMAC algorithms."""
    now: int


def has_request_object(pairs: Pairs, policy: RealmPolicy) -> bool:
    """Whether there is one to be looked at. Where the policy is `off`, it is refused with the request around it."""
    return policy.request_objects != "off" and any(first(pairs, name) for name in CARRIERS)


def document_wanted(parameters: Parameters, application: Application, policy: RealmPolicy) -> str | None:
    """The URL to be fetched before the request can be understood, if there is one that may be."""
    if not has_request_object(parameters.pairs, policy):
        return None
    try:
        return _reference(parameters.check_once(), application)
    except OAuthError:
        # What is wrong is told when the request is understood.
        return None


def understand(question: RequestObjectQuestion) -> Parameters:
    """The parameters that count: those of the object, and with policy `oidc` those beside it that it does not have.

    Raises `TellClient` where the request, or else the object once it is verified, names a registered redirect URI
    (RFC 9101 6.3); what it raises otherwise is for the person.
    """
    outside, policy = question.parameters, question.policy
    if not has_request_object(outside.pairs, policy):
        return outside
    try:
        claims = _claims(question)
        together = Parameters(_together(outside.pairs, claims, policy))
    except OAuthError as error:
        raise refuse_unread(error, outside, question.application, policy) from None
    try:
        check_content(ContentQuestion(claims, outside, policy, question.issuer, question.application.id, question.now))
    except OAuthError as error:
        raise refuse_unread(error, together, question.application, policy) from None
    return together


def _together(outside: Pairs, claims: Mapping[str, Any], policy: RealmPolicy) -> Pairs:
    inside = inner_pairs(claims)
    if policy.request_objects == "jar":
        return inside
    replaced = {*CARRIERS, *(name for name, _ in inside)}
    return (*(pair for pair in outside if pair[0] not in replaced), *inside)


def _reference(parameters: Parameters, application: Application) -> str | None:
    """The `request_uri`, which is registered; None for an object by value. Raises `OAuthError`."""
    reference = parameters.get("request_uri")
    if reference is None:
        return None
    if "request" in parameters:
        detail = "the request has both request and request_uri; send one request object, by value or by reference"
        raise invalid_request("request and request_uri exclude each other", detail, spec("OIDCC-6.1"))
    check_registered(reference, application)
    return reference


def _claims(question: RequestObjectQuestion) -> Mapping[str, Any]:
    """What the object says, its signature verified. Raises `OAuthError`."""
    outside = question.parameters.check_once()
    reference = _reference(outside, question.application)
    if reference is None:
        outside.required("request")
        return _verified(question.opened, question)
    if question.document is None:
        raise ValueError(f"{reference} was not fetched before it was to be read")
    check_document(reference, question.document, question.policy)
    if not reference.startswith("https:"):
        _check_signed(question.opened)
    return _verified(question.opened, question)


def _check_signed(text: str) -> None:
    """By http anybody on the way could have written it (OIDC Core 6.2)."""
    if _header(text).get("alg") == UNSIGNED:
        detail = "it is unsigned and came by http; sign it, or serve it by https"
        raise invalid_request_object("the request object is not protected", detail, spec("OIDCC-6.2"))


def _verified(text: str, question: RequestObjectQuestion) -> Mapping[str, Any]:
    from oidc_harness.protocol.jose import verify  # loads the JOSE library, which few requests need

    header, application = _header(text), question.application
    _check_type(header, question.policy)
    own = application.request_object_signing_alg
    algorithms = REQUEST_OBJECT_ALGORITHMS if own is None else (own,)
    try:
        return verify(text, _keys(header, question), algorithms=algorithms).claims
    except JoseError as error:
        raise invalid_request_object("the request object cannot be verified", str(error)) from None


def _header(text: str) -> Mapping[str, Any]:
    try:
        return decode_unverified(text)[0]
    except JoseError as error:
        raise invalid_request_object("the request object is malformed", str(error)) from None


def _check_type(header: Mapping[str, Any], policy: RealmPolicy) -> None:
    typ, taken = header.get("typ"), _TYPES[policy.request_objects]
    plain = typ.lower().removeprefix("application/") if isinstance(typ, str) else typ
    if plain not in taken:
        expected = " or ".join(each or "none" for each in taken)
        raise invalid_request_object(
            "the request object is of another type", f"its typ is {typ!r}; expected {expected}", spec("RFC9101-10.8")
        )


def _keys(header: Mapping[str, Any], question: RequestObjectQuestion) -> tuple[Mapping[str, Any], ...] | str:
    if header.get("alg") not in MAC_ALGORITHMS:
        found = question.client_keys or ClientKeys(question.application.jwks)
        if found.fault:
            raise JoseError(found.fault)
        return found.keys
    if question.clear_secret is None:
        raise JoseError(
            "It is signed with a client secret of which no more than a fingerprint is kept, or there is none;"
            f" set request_object_signing_alg of the application to {header['alg']}"
        )
    return question.clear_secret
