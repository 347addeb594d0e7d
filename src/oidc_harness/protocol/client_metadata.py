"""Client metadata: what a client says of itself when it registers, as RFC 7591 2 and OIDC Registration 2 name it.

One table says which member of a registration is which field of `Application`. Members that are not in it are ignored.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, get_args
from urllib.parse import urlsplit

from oidc_harness.model.application import (
    LONGEST_AGE,
    Application,
    ClientAuthenticationMethod,
    GrantType,
    IdTokenAlgorithm,
    ResponseType,
)
from oidc_harness.model.encryption import CONTENT_ENCRYPTIONS, ENCRYPTION_ALGORITHMS
from oidc_harness.protocol.client_certificate import NAMES
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.jose_compact import json_object
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.protocol.jwks import parse_client_jwks
from oidc_harness.protocol.language import is_tag
from oidc_harness.protocol.response_type import RESPONSE_TYPES, canonical, gives_code, gives_id_token, gives_token
from oidc_harness.protocol.spec import spec

LONGEST_TEXT = 2048
"""Characters of one text."""
SHORT = 255
"""Characters of a name for machines."""
MOST_TEXTS = 100
"""Texts of one list, and members in other languages."""
LOCALIZABLE = ("client_name", "client_uri", "logo_uri", "policy_uri", "tos_uri")
"""Members that may come once more for a language (OIDC Registration 2.1)."""
Metadata = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a registration, and the field of the application it is."""

    name: str
    field: str
    read: Callable[[Any], Any]
    """From JSON to the field. Raises `ValueError`, which says what is wrong."""
    show: Callable[[Any], Any] = lambda value: list(value) if isinstance(value, tuple) else value


def parse_metadata(text: str) -> Metadata:
    """The object in the body of a registration; a member that is null counts as left out (RFC 7592 2.2)."""
    try:
        document = json_object(text.encode("utf-8", "surrogatepass"), "body")
    except JoseError as reason:
        raise invalid_client_metadata(str(reason)) from None
    return {name: value for name, value in document.items() if value is not None}


def described(metadata: Metadata) -> dict[str, Any]:
    """The fields of the application that the metadata describe, defaults included (RFC 7591 2).

    Raises `invalid_redirect_uri` or `invalid_client_metadata`.
    """
    found = {member.field: _read(member, metadata[member.name]) for member in MEMBERS if member.name in metadata}
    found.setdefault("name", _name_of(found))
    _settle_types(found)
    return {**_DEFAULTS, **found, "localized": _localized(metadata)}


def members_of(application: Application) -> dict[str, Any]:
    """The metadata as they are registered, defaults included (RFC 7591 3.2.1)."""
    values = {member.name: member.show(getattr(application, member.field)) for member in MEMBERS}
    shown = {name: value for name, value in values.items() if value not in (None, [], "", {"keys": []})}
    return {"redirect_uris": [], "response_types": [], **shown, **application.localized}


def refused_field(field: str, message: str) -> OAuthError:
    """The refusal of a field of the application in the terms of the registration (RFC 7591 3.2.2)."""
    name, bracket, rest = field.partition("[")
    told = f"{_NAMES.get(name, name.removeprefix('localized.'))}{bracket}{rest}"
    make = invalid_redirect_uri if name == "redirect_uris" else invalid_client_metadata
    return make(f"{told}: {message}" if told else message)


def check_method(fields: Mapping[str, Any], methods: Iterable[str]) -> None:
    """Refuse a way to authenticate that this provider does not offer (RFC 7591 2)."""
    method = fields["token_endpoint_auth_method"]
    if method not in methods:
        raise refused_field("token_endpoint_auth_method", f"{method} is not offered here, only {', '.join(methods)}")


def invalid_redirect_uri(description: str) -> OAuthError:
    """A redirect URI cannot be registered (RFC 7591 3.2.2, OIDC Registration 3.3)."""
    return OAuthError("invalid_redirect_uri", description, where=spec("RFC7591-3.2.2"))


def invalid_client_metadata(description: str, detail: str = "") -> OAuthError:
    """What the client says of itself cannot be registered (RFC 7591 3.2.2, OIDC Registration 3.3)."""
    return OAuthError("invalid_client_metadata", description, detail=detail, where=spec("RFC7591-3.2.2"))


def _read(member: Member, value: object) -> Any:
    try:
        return member.read(value)
    except ValueError as reason:
        raise refused_field(member.field, str(reason)) from None


def _name_of(found: Mapping[str, Any]) -> str:
    """A client needs no name, an application does: where it answers is the next best thing to tell people."""
    for uri in (found.get("client_uri"), *found.get("redirect_uris", ())):
        # What is no URI is refused later, by the rules of applications.
        host = urlsplit(str(uri)).hostname if uri and "[" not in uri and "]" not in uri and uri.isascii() else None
        if host:
            return host[:64]
    return "Unnamed client"


def _settle_types(found: dict[str, Any]) -> None:
    """What is left out follows from what is said, so that both agree (RFC 7591 2.1)."""
    if "response_types" not in found:
        uses_code = "authorization_code" in found.get("grant_types", ("authorization_code",))
        found["response_types"] = ("code",) if uses_code else ()
    if "grant_types" not in found:
        types: tuple[ResponseType, ...] = found["response_types"]
        front = any(gives_token(each) or gives_id_token(each) for each in types)
        back = any(map(gives_code, types)) or not front
        found["grant_types"] = ("authorization_code",) * back + ("implicit",) * front


def _localized(metadata: Metadata) -> dict[str, str]:
    """Texts in other languages; what is none is ignored, as an unknown member is."""
    found = {name: value for name, value in metadata.items() if is_localized(name) and _is_text(value)}
    if len(found) > MOST_TEXTS:
        raise invalid_client_metadata(f"{len(found)} members in other languages; at most {MOST_TEXTS} are taken")
    return found


def is_localized(name: str) -> bool:
    """Whether this is a member with a language, such as `client_name#de`."""
    base, _, tag = name.partition("#")
    return base in LOCALIZABLE and is_tag(tag)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("is not text")
    if not _is_text(value):
        raise ValueError(f"has {len(value)} characters; expected 1 to {LONGEST_TEXT}")
    return value


def _short_text(value: object) -> str:
    text = _text(value)
    if len(text) > SHORT:
        raise ValueError(f"has {len(text)} characters; expected 1 to {SHORT}")
    return text


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("is not a list of texts")
    if len(value) > MOST_TEXTS:
        raise ValueError(f"has {len(value)} members; at most {MOST_TEXTS} are taken")
    return tuple(map(_text, value))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")
    return value


def _seconds(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LONGEST_AGE:
        raise ValueError(f"{_told(value)} is not a number of seconds from 0 to {LONGEST_AGE}")
    return value


def _one_of(choices: Iterable[str]) -> Callable[[object], str]:
    known = tuple(choices)

    def read(value: object) -> str:
        if value not in known:
            raise ValueError(f"{_told(value)} is not one of {', '.join(known)}")
        return str(value)

    return read


def _some_of(choices: Iterable[str]) -> Callable[[object], tuple[str, ...]]:
    one = _one_of(choices)
    return lambda value: tuple(map(one, _texts(value)))


def _response_types(value: object) -> tuple[ResponseType, ...]:
    """The order of the words of each is free (OAuth 2.0 Multiple Response Types 3)."""
    return tuple(map(_response_type, _texts(value)))


def _response_type(text: str) -> ResponseType:
    found = canonical(text)
    if found is None:
        raise ValueError(f"{_told(text)} is not one of {', '.join(RESPONSE_TYPES)}")
    return found


def _scope(value: object) -> tuple[str, ...]:
    scopes = tuple(dict.fromkeys(_text(value).split()))
    if not scopes:
        raise ValueError("has no scope in it; leave it out to ask for every scope of the realm")
    return scopes


def _told(value: object) -> str:
    return repr(value)[:60]


def _defaults(names: Iterable[str]) -> dict[str, Any]:
    known: dict[str, Field[Any]] = {each.name: each for each in fields(Application)}
    return {name: known[name].default for name in names if known[name].default is not MISSING}


_SIGNED = ("userinfo_signed_response_alg", "introspection_signed_response_alg", "request_object_signing_alg")
_ENCRYPTED = ("id_token", "userinfo")
_ALG, _ENC = _one_of(ENCRYPTION_ALGORITHMS), _one_of(CONTENT_ENCRYPTIONS)
MEMBERS = (
    Member("client_name", "name", _text),
    Member("redirect_uris", "redirect_uris", _texts),
    Member("response_types", "response_types", _response_types),
    Member("grant_types", "grant_types", _some_of(get_args(GrantType))),
    Member("application_type", "application_type", _one_of(("web", "native"))),
    Member("token_endpoint_auth_method", "token_endpoint_auth_method", _one_of(get_args(ClientAuthenticationMethod))),
    *(Member(name, name, _text) for name in NAMES),
    Member("scope", "allowed_scopes", _scope, " ".join),
    Member("contacts", "contacts", _texts),
    Member("client_uri", "client_uri", _text),
    Member("logo_uri", "logo_uri", _text),
    Member("policy_uri", "policy_uri", _text),
    Member("tos_uri", "tos_uri", _text),
    Member("jwks", "jwks", parse_client_jwks, lambda keys: {"keys": [dict(each) for each in keys]}),
    Member("jwks_uri", "jwks_uri", _text),
    Member("subject_type", "subject_type", _one_of(("public", "pairwise"))),
    Member("sector_identifier_uri", "sector_identifier_uri", _text),
    Member("id_token_signed_response_alg", "id_token_signed_response_alg", _one_of(get_args(IdTokenAlgorithm))),
    Member("require_auth_time", "require_auth_time", _flag),
    Member("default_max_age", "default_max_age", _seconds),
    Member("default_acr_values", "default_acr_values", _texts),
    Member("software_id", "software_id", _short_text),
    Member("software_version", "software_version", _short_text),
    Member("initiate_login_uri", "initiate_login_uri", _text),
    Member("post_logout_redirect_uris", "post_logout_redirect_uris", _texts),
    *(Member(name, name, _one_of(get_args(IdTokenAlgorithm))) for name in _SIGNED),
    *(Member(f"{name}_encrypted_response_alg", f"{name}_encrypted_response_alg", _ALG) for name in _ENCRYPTED),
    *(Member(f"{name}_encrypted_response_enc", f"{name}_encrypted_response_enc", _ENC) for name in _ENCRYPTED),
    Member("request_object_encryption_alg", "request_object_encryption_alg", _ALG),
    Member("request_object_encryption_enc", "request_object_encryption_enc", _ENC),
    Member("request_uris", "request_uris", _texts),
    Member("backchannel_logout_uri", "backchannel_logout_uri", _text),
    Member("backchannel_logout_session_required", "backchannel_logout_session_required", _flag),
    Member("frontchannel_logout_uri", "frontchannel_logout_uri", _text),
    Member("frontchannel_logout_session_required", "frontchannel_logout_session_required", _flag),
)
"""What a client can register."""
_DEFAULTS = _defaults(member.field for member in MEMBERS)
_NAMES = {**{member.field: member.name for member in MEMBERS}, "secret": "client_secret"}
