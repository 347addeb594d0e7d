"""RealmPolicy: what a conforming provider may do either way, decided per realm."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le, MaxLen, MinLen

from oidc_harness.model.application import EVERY_GRANT_TYPE, EVERY_RESPONSE_TYPE, AcrValue, GrantType, ResponseType

Seconds = Annotated[int, Ge(0), Le(10 * 365 * 86400)]
"""A duration in seconds, from none to ten years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealmPolicy:
    """Every policy of a realm with its default. A deviation no conforming provider may show is a switch instead."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    sign_in: Literal["form", "auto"] = "form"
    """`form`: people sign in through pages. `auto`: the user of `login_hint`, else `default_persona`, is signed in and
    consents without a page."""
    default_persona: str | None = None
    """Username of the person who signs in under `auto` when the request has no `login_hint`."""
    registration: Literal["open", "invited"] = "open"
    """Who may make an account on the register page: everybody, or only the addressee of an invitation."""
    dynamic_registration: Literal["off", "open", "initial_access_token"] = "off"
    """Whether clients may register themselves (OIDC Registration 3, RFC 7591): nobody, everybody, or who presents
    `initial_access_token`."""
    initial_access_token: Annotated[str, MinLen(16), MaxLen(512)] | None = field(default=None, repr=False)
    """What a client presents to register itself where `dynamic_registration` asks for it (RFC 7591 3). It is not shown
    again."""
    software_statements: Literal["off", "accepted", "required"] = "off"
    """What clients that register themselves may have another party say of them (RFC 7591 2.3). `off`: a statement is
    ignored, as an unknown member is. `required`: without one nobody registers."""
    software_statement_issuers: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    """Whose statements count: the `iss` of each, and the public keys (JWK) that it signs with."""
    registration_token_rotation: bool = False
    """Each read or update of a registration gives a new registration access token and spends the old one (RFC 7592)."""
    code_lifetime: Annotated[int, Ge(1), Le(3600)] = 600
    """Seconds an authorization code may wait to be redeemed (RFC 6749 4.1.2)."""
    access_token_ttl: Seconds | None = 3600
    """Seconds an access token lives where the application sets nothing. 0: born expired. None: never expires."""
    refresh_token_ttl: Seconds | None = 90 * 86400
    """Seconds a refresh token lives where the application sets nothing. 0: born expired. None: never expires."""
    refresh_must_outlive_access: bool = True
    """An application whose refresh tokens would die before its access tokens is refused (A16)."""
    id_token_ttl: Seconds = 3600
    """Seconds an ID token is valid. 0: born expired."""
    session_lifetime: Annotated[int, Ge(60), Le(365 * 86400)] = 12 * 3600
    """Seconds after which a signed-in browser has to sign in again."""
    interaction_lifetime: Annotated[int, Ge(60), Le(86400)] = 3600
    """Seconds an authorization request waits for a person."""
    refresh_rotation: bool = True
    """Each refresh gives a new refresh token and spends the old one (RFC 9700 4.14.2)."""
    refresh_grace: Annotated[int, Ge(0), Le(3600)] = 0
    """Seconds during which a spent refresh token is still taken, for clients that lost the answer."""
    refresh_tokens: Literal["offline_access", "always"] = "offline_access"
    """When a refresh token is given: on a granted `offline_access` scope (OIDCC 11), or with every code."""
    logout_revokes: Literal["nothing", "online_access", "everything"] = "online_access"
    """What ends with a session that somebody ends. `online_access`: codes and tokens issued in it without
    `offline_access` (OIDC Back-Channel Logout 2.7). `everything`: the others too. `nothing`: they live on."""
    consent: Literal["ask", "implied"] = "ask"
    """`ask`: a person approves each new scope once per application. `implied`: signing in is consent, unless the client
    asks for the page (`prompt=consent`)."""
    first_redirect_uri_only: bool = False
    """Only the first registered redirect URI is accepted (A5; one product does that)."""
    web_redirect_uris: Literal["any", "https_with_implicit"] = "any"
    """`https_with_implicit`: web applications with an implicit response type register https, and not `localhost` (OIDC
    Registration 2). `any`: http too, as on a developer's machine (A5)."""
    response_types: Annotated[tuple[ResponseType, ...], MinLen(1)] = EVERY_RESPONSE_TYPE
    """What may be asked of the authorization endpoint; another one is `unsupported_response_type` (A8)."""
    grant_types: Annotated[tuple[GrantType, ...], MinLen(1)] = EVERY_GRANT_TYPE
    """What may be used at the token endpoint; another one is `unsupported_grant_type` (A9). Without `refresh_token`
    none is given; `implicit` is for response types that hand over tokens."""
    pkce: Literal["allowed", "required", "S256"] = "allowed"
    """The least that every application is held to, whatever its own setting (A26, RFC 9700 2.1.1)."""
    acr_values: Annotated[tuple[AcrValue, ...], MinLen(1)] = ("1",)
    """Authentication contexts that a sign-in reaches here. An answer names the one that its request wants most, else
    the first (OIDC Core 3.1.2.1, 5.5.1.1)."""
    jwks_max_age: Annotated[int, Ge(0), Le(86400)] = 0
    """Seconds for which clients may keep the key set (`Cache-Control: max-age`). 0: they ask each time (`no-cache`)."""
    iss_parameter: bool = True
    """Authorization responses carry `iss` (RFC 9207), and the metadata says so."""
    request_objects: Literal["oidc", "jar", "off"] = "oidc"
    """`oidc`: what a request object does not say, the request around it does (OIDC Core 6.1). `jar`: the object alone
    counts, and names its issuer and audience (RFC 9101 5). `off`: they are refused as not supported."""
    request_uri_hash: Literal["verified", "ignored"] = "verified"
    """`verified`: what stands at a request URI has to have the hash that is the URI's fragment. `ignored`: another
    fragment makes it another URI, and that is all (OIDC Core 6.2 asks no more of a provider)."""
    client_secrets: Literal["hashed", "viewable"] = "hashed"
    """`hashed`: a secret is shown once. `viewable`: it can be read again later."""
    deletion: Literal["cascade", "refuse_with_users"] = "cascade"
    """What happens when an application that still has users is deleted (B2)."""
    name_limit: Annotated[int, Ge(1), Le(255)] = 64
    """Longest name of an application, in characters (A1)."""
    description_limit: Annotated[int, Ge(0), Le(500)] = 255
    """Longest description of an application, in characters (A2)."""
    journal_limit: Annotated[int, Ge(10), Le(100_000)] = 1000
    """How many exchanges the journal remembers; older ones are dropped."""
