"""What an application must be to be created or changed: one function per rule, each names its row (A1 to A26).

Types and fixed limits are those of `Application` and are checked where the values come in; here stand the rules of the
realm's policy, and those between one field and another. Every function raises `Invalid`, which names the field.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.client_authentication import assertion_keys, proves
from oidc_harness.protocol.client_certificate import NAMES
from oidc_harness.protocol.jwks import parse_client_jwks
from oidc_harness.protocol.redirect_uri import RESPONSE_PARAMETERS, why_not_registrable, why_query_collides
from oidc_harness.protocol.response_type import gives_id_token
from oidc_harness.protocol.signature import UNSIGNED
from oidc_harness.services.addresses import shown, why_no_address, why_no_origin
from oidc_harness.services.certificate_rules import METHODS, check_certificate_name, check_registered_certificate
from oidc_harness.services.default_rules import check_default_contexts
from oidc_harness.services.errors import Invalid, ServiceError
from oidc_harness.services.flow_rules import check_agreement, check_distinct, check_permitted
from oidc_harness.services.lifetimes import dies_first
from oidc_harness.services.link_rules import LINKS, link_faults
from oidc_harness.services.logout_rules import check_backchannel_logout, check_frontchannel_logout
from oidc_harness.services.request_object_rules import (
    ENCRYPTION,
    check_request_object_algorithm,
    check_request_object_encryption,
    check_request_uris,
)
from oidc_harness.services.response_rules import RESPONSE_RULES, check_can_sign
from oidc_harness.services.texts import why_not_shown
from oidc_harness.services.web_uri_rules import check_web_redirect_uris

_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Realm:
    """What of a realm the rules depend on."""

    policy: RealmPolicy
    algorithms: tuple[str, ...]
    """Signing algorithms the realm has keys for."""
    encryption_algorithms: tuple[str, ...]
    """By what may be encrypted to keys of the realm."""


def check_application(application: Application, realm: Realm) -> None:
    """Hold the application against every rule, in the order in which a form shows the fields.

    What is raised is the first fault, with the others in it.
    """
    _hold_against(RULES, application, realm)


def check_changes(before: Application, after: Application, realm: Realm) -> None:
    """Hold a changed application against the rules that the change can break.

    The others may be broken since the realm's policy changed, and that is no fault of this change.
    """
    changed = {field.name for field in fields(after) if getattr(before, field.name) != getattr(after, field.name)}
    _hold_against([check for check, concerned in RULES.items() if not changed.isdisjoint(concerned)], after, realm)


def check_id(application: Application, realm: Realm) -> None:
    """A18: a client_id is visible ASCII (RFC 6749 appendix A.1) and can stand in a path."""
    if not _CLIENT_ID.fullmatch(application.id) or application.id in (".", ".."):
        raise Invalid(f"{shown(application.id)}: expected 1 to 255 visible ASCII characters without spaces", field="id")


def check_name(application: Application, realm: Realm) -> None:
    """A1, in every language: a page shows one of them in the place of the other (OIDC Registration 2.1)."""
    names = {f"localized.{key}": text for key, text in application.localized.items() if key.startswith("client_name#")}
    for field, name in {"name": application.name, **names}.items():
        if not name.strip():
            raise Invalid("is empty; give the application a name people will recognise", field=field)
        if (fault := why_not_shown(name)) is not None:
            raise Invalid(fault, field=field)
        _check_length(field, name, realm.policy.name_limit, "name_limit")


def check_description(application: Application, realm: Realm) -> None:
    """A2."""
    _check_length("description", application.description, realm.policy.description_limit, "description_limit")


def check_address(application: Application, realm: Realm) -> None:
    """A4."""
    if application.address is not None:
        fault = why_no_address(application.address, application.application_type)
        _refuse("address", fault)


def check_grant_types(application: Application, realm: Realm) -> None:
    """A8, A9: grant types and response types say the same (RFC 7591 2.1)."""
    grants = application.grant_types
    check_distinct("grant_types", grants)
    check_distinct("response_types", application.response_types)
    if not grants:
        raise Invalid("is empty; name at least one, for example authorization_code", field="grant_types")
    check_agreement(application)
    check_permitted(application, realm.policy)
    if "refresh_token" in grants and not {"authorization_code", "password"}.intersection(grants):
        raise Invalid(
            "has refresh_token, but neither authorization_code nor password, which would give one", field="grant_types"
        )
    if "client_credentials" in grants and application.public:
        raise Invalid(
            "has client_credentials, which only a client that authenticates may use (RFC 6749 4.4)", field="grant_types"
        )


def check_redirect_uris(application: Application, realm: Realm) -> None:
    """A5, A6."""
    if application.response_types and not application.redirect_uris:
        asking = application.response_types[0]
        raise Invalid(f"is empty; the response type {asking} needs at least one", field="redirect_uris")
    _raise_all(list(_uri_faults(application)))


def _uri_faults(application: Application) -> Iterator[Invalid]:
    for field, added in _ADDED.items():
        uris: tuple[str, ...] = getattr(application, field)
        for index, uri in enumerate(uris):
            fault = why_not_registrable(uri, application.application_type) or why_query_collides(uri, added)
            if fault is None and uri in uris[:index]:
                fault = f"{shown(uri)} is listed already"
            if fault is not None:
                yield Invalid(fault, field=f"{field}[{index}]")


def check_introspection_method(application: Application, realm: Realm) -> None:
    """A11: introspection asks for a proof (RFC 7662 2.1). Unset, a public client's `none` just means it may not ask."""
    if application.introspection_endpoint_auth_method == "none":
        raise Invalid(
            "none: introspection is only for clients that prove themselves (RFC 7662 2.1); choose another method, or"
            " leave it out where the application does not introspect",
            field="introspection_endpoint_auth_method",
        )


def check_jwks(application: Application, realm: Realm) -> None:
    """A10, A11, A25: `private_key_jwt` needs a public key that it can be verified with."""
    methods = [getattr(application, method) for method in METHODS]
    if application.jwks and application.jwks_uri is not None:
        raise Invalid("is given and jwks too; keys stand in one place (RFC 7591 2)", field="jwks_uri")
    if not application.jwks:
        if "private_key_jwt" in methods and application.jwks_uri is None:
            raise Invalid("is empty; private_key_jwt needs at least one public key, or jwks_uri", field="jwks")
        return
    try:
        parse_client_jwks({"keys": list(application.jwks)})
    except ValueError as reason:
        path, _, fault = str(reason).partition(": ")
        raise Invalid(fault, field="jwks" + path.removeprefix("keys")) from None
    if "private_key_jwt" in methods and not any(proves(jwk) for jwk in application.jwks):
        raise Invalid(
            f"has no key for private_key_jwt, which takes {assertion_keys()};"
            " alg, use and key_ops of a key, where given, must permit that",
            field="jwks",
        )


def check_signing_algorithm(application: Application, realm: Realm) -> None:
    """A12: the realm has a key, or the client a secret, or there is to be no signature."""
    alg = application.id_token_signed_response_alg
    check_can_sign(_ALG, application, realm)
    if alg == UNSIGNED and any(map(gives_id_token, application.response_types)):
        raise Invalid("none is only for ID tokens from the token endpoint (OIDC Registration 2)", field=_ALG)


def check_subject_type(application: Application, realm: Realm) -> None:
    """A14: pairwise subjects need one sector, and the shared host of the redirect URIs is it (OIDC Core 8.1)."""
    if application.subject_type == "public" or any(_uri_faults(application)):
        return
    if application.sector_identifier_uri is not None:
        return
    hosts = {urlsplit(uri).hostname or urlsplit(uri).scheme for uri in application.redirect_uris}
    if len(hosts) != 1:
        found = ", ".join(sorted(hosts)) or "no redirect URI"
        raise Invalid(f"pairwise needs redirect URIs that all share one host; found {found}", field="subject_type")


def check_pkce(application: Application, realm: Realm) -> None:
    """A15, A26: who has no secret proves by PKCE that it asked for the code (RFC 8252 6, RFC 9700 2.1.1)."""
    if application.public and application.pkce == "off":
        raise Invalid("is off, but public clients must use PKCE; choose required or S256", field="pkce")


def check_lifetimes(application: Application, realm: Realm) -> None:
    """A16: refresh tokens that die before their access tokens are a mistake, unless the policy permits them."""
    if not realm.policy.refresh_must_outlive_access or "refresh_token" not in application.grant_types:
        return
    refresh = _lifetime(application.refresh_token_ttl, realm.policy.refresh_token_ttl)
    fault = dies_first(refresh, _lifetime(application.access_token_ttl, realm.policy.access_token_ttl))
    _refuse("refresh_token_ttl" if application.refresh_token_ttl != "default" else "access_token_ttl", fault)


def check_scopes(application: Application, realm: Realm) -> None:
    """Each allowed scope is one scope value (RFC 6749 3.3)."""
    for index, scope in enumerate(application.allowed_scopes):
        if not _SCOPE.fullmatch(scope):
            fault = f"{shown(scope)}: expected one scope of printable ASCII without space, quote and backslash"
            raise Invalid(fault, field=f"allowed_scopes[{index}]")


def check_origins(application: Application, realm: Realm) -> None:
    """A20."""
    for index, origin in enumerate(application.allowed_origins):
        _refuse(f"allowed_origins[{index}]", why_no_origin(origin))


def check_links(application: Application, realm: Realm) -> None:
    """What pages lead to, and where documents of the client stand."""
    _raise_all(list(link_faults(application)))


def check_web_uris(application: Application, realm: Realm) -> None:
    """A5, as far as the realm's policy narrows it."""
    check_web_redirect_uris(application, realm.policy)


Rule = Callable[[Application, Realm], None]
_ALG = "id_token_signed_response_alg"
_BACKCHANNEL_LOGOUT = ("backchannel_logout_uri", "backchannel_logout_session_required")
_FRONTCHANNEL_LOGOUT = ("frontchannel_logout_uri", "frontchannel_logout_session_required")
_URIS = ("redirect_uris", "post_logout_redirect_uris")
RULES: Mapping[Rule, tuple[str, ...]] = {
    check_id: ("id",),
    check_name: ("name", "localized"),
    check_description: ("description",),
    check_address: ("address", "application_type"),
    check_grant_types: ("grant_types", "response_types", "token_endpoint_auth_method"),
    check_redirect_uris: (*_URIS, "application_type", "response_types"),
    check_web_uris: ("redirect_uris", "application_type", "grant_types"),
    check_backchannel_logout: (*_BACKCHANNEL_LOGOUT, "application_type", "token_endpoint_auth_method"),
    check_frontchannel_logout: (*_FRONTCHANNEL_LOGOUT, "application_type", "redirect_uris"),
    check_introspection_method: ("introspection_endpoint_auth_method",),
    check_jwks: (*METHODS, "jwks", "jwks_uri"),
    check_certificate_name: (*METHODS, *NAMES),
    check_registered_certificate: (*METHODS, "jwks", "jwks_uri"),
    check_signing_algorithm: ("id_token_signed_response_alg", "token_endpoint_auth_method", "response_types"),
    check_request_uris: ("request_uris",),
    check_request_object_algorithm: ("request_object_signing_alg", "jwks", "jwks_uri", "token_endpoint_auth_method"),
    check_request_object_encryption: ENCRYPTION,
    **dict[Rule, tuple[str, ...]](RESPONSE_RULES),
    check_subject_type: ("subject_type", "redirect_uris", "sector_identifier_uri"),
    check_pkce: ("pkce", "token_endpoint_auth_method"),
    check_lifetimes: ("access_token_ttl", "refresh_token_ttl", "grant_types"),
    check_scopes: ("allowed_scopes",),
    check_default_contexts: ("default_acr_values",),
    check_origins: ("allowed_origins",),
    check_links: LINKS,
}
"""Every rule, and the fields of the application that it looks at."""
_ADDED = dict(zip(_URIS, (RESPONSE_PARAMETERS, frozenset({"state"})), strict=True))
"""What is added to the query of these URIs (RFC 6749 4.1.2, OIDC RP-Initiated Logout 3)."""


def _check_length(field: str, text: str, limit: int, policy: str) -> None:
    if len(text) > limit:
        raise Invalid(f"has {len(text)} characters; the limit of this realm is {limit} ({policy})", field=field)


def _hold_against(checks: Iterable[Rule], application: Application, realm: Realm) -> None:
    _raise_all([fault for check in checks for fault in _faults(check, application, realm)])


def _faults(check: Rule, application: Application, realm: Realm) -> tuple[ServiceError, ...]:
    try:
        check(application, realm)
    except Invalid as fault:
        return (fault, *fault.others)
    return ()


def _raise_all(faults: Sequence[ServiceError]) -> None:
    if faults:
        faults[0].others = tuple(faults[1:])
        raise faults[0]


def _refuse(field: str, fault: str | None) -> None:
    if fault is not None:
        raise Invalid(fault, field=field)


def _lifetime(own: object, of_realm: int | None) -> int | None:
    return of_realm if own == "default" or not isinstance(own, int | None) else own
