"""Application: an OAuth client with a life of its own (rows A and B of the application model)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, get_args

from annotated_types import Ge, Le, MaxLen, MinLen

from oidc_harness.model.encryption import ContentEncryption, EncryptionAlgorithm
from oidc_harness.model.key import MacAlgorithm, SigningAlgorithm
from oidc_harness.model.record import Record

GrantType = Literal["authorization_code", "implicit", "refresh_token", "client_credentials", "password"]
ResponseType = Literal[
    "code", "id_token", "token", "id_token token", "code id_token", "code token", "code id_token token", "none"
]
EVERY_GRANT_TYPE: tuple[GrantType, ...] = get_args(GrantType)
EVERY_RESPONSE_TYPE: tuple[ResponseType, ...] = get_args(ResponseType)
ClientAuthenticationMethod = Literal[
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "tls_client_auth",
    "self_signed_tls_client_auth",
    "none",
]
IdTokenAlgorithm = Literal[SigningAlgorithm, MacAlgorithm, "none"]
IntrospectionAlgorithm = Literal[SigningAlgorithm, MacAlgorithm]
Uri = Annotated[str, MinLen(1), MaxLen(2048)]
CertificateName = Annotated[str, MinLen(1), MaxLen(1024)]
RequestUri = Annotated[str, MinLen(1), MaxLen(512)]
"""As long as OIDC Core 6.2 lets it be."""
AcrValue = Annotated[str, MinLen(1), MaxLen(255)]
LONGEST_AGE = 10 * 365 * 86400
"""Seconds: ten years."""
MOST_GROUPS = 1000
"""Groups that one user can be in."""
TokenLifetime: TypeAlias = Annotated[int, Ge(0), Le(LONGEST_AGE)] | Literal["default"] | None
"""Seconds; 0: born expired; None: never expires; "default": as the realm says (A16)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(Record):
    """One application of a realm; `id` is its `client_id`."""

    kind: ClassVar[str] = "application"

    name: Annotated[str, MinLen(1)]
    """Shown to people (A1). At most as long as the realm's policy says (`name_limit`)."""
    description: str = ""
    """At most as long as the realm's policy says (`description_limit`; A2)."""
    address: Uri | None = None
    """`scheme://host[:port]` of the application, for people; used for nothing (A4)."""
    application_type: Literal["web", "native"] = "web"
    redirect_uris: tuple[Uri, ...] = ()
    post_logout_redirect_uris: tuple[Uri, ...] = ()
    """Where none is registered, `redirect_uris` serves for logout too (A6)."""
    request_uris: tuple[RequestUri, ...] = ()
    """Where request objects of this client may be fetched from (A7, OIDC Core 6.2). A URL whose fragment is the SHA-256
    of the document, in base64url, stands for that document alone; to one without, a request may add it."""
    request_object_signing_alg: IdTokenAlgorithm | None = None
    """How request objects are signed; `none`: not at all. Unset: by any algorithm that the provider announces, `none`
    included (A7, OIDC Registration 2)."""
    request_object_encryption_alg: EncryptionAlgorithm | None = None
    """How the client may encrypt its request objects, once they are signed. It says so, and is not bound by it: others
    that the provider announces, and objects that are not encrypted, are taken too (OIDC Registration 2)."""
    request_object_encryption_enc: ContentEncryption | None = None
    """None: A128CBC-HS256, where `request_object_encryption_alg` is set (OIDC Registration 2)."""
    backchannel_logout_uri: Uri | None = None
    """Where the provider posts a logout token when a session of a user ends (OIDC Back-Channel Logout 2.2)."""
    backchannel_logout_session_required: bool = False
    """On: every logout token names the session by `sid`. Off: one without `sid` may end all sessions of a user."""
    backchannel_logout_claims: Literal["sub_and_sid", "sub", "sid"] = "sub_and_sid"
    """Whom a logout token names, where it could name both (OIDC Back-Channel Logout 2.4). `sub`: even the end of one
    session ends all of that user's at the client. `sid`: never the user."""
    frontchannel_logout_uri: Uri | None = None
    """What the page after a logout opens in a frame (OIDC Front-Channel Logout 2)."""
    frontchannel_logout_session_required: bool = False
    """Says that the client needs `iss` and `sid` there. They are always sent."""
    response_types: tuple[ResponseType, ...] = ("code",)
    grant_types: tuple[GrantType, ...] = ("authorization_code", "refresh_token")
    token_endpoint_auth_method: ClientAuthenticationMethod = "client_secret_basic"
    introspection_endpoint_auth_method: ClientAuthenticationMethod | None = None
    """None: as at the token endpoint (A11)."""
    revocation_endpoint_auth_method: ClientAuthenticationMethod | None = None
    """None: as at the token endpoint (A11)."""
    tls_client_auth_subject_dn: CertificateName | None = None
    """Subject of the certificate by which the client authenticates with `tls_client_auth`, as RFC 4514 writes it:
    `CN=shop,O=Example,C=DE`. That method takes exactly one of this and the next four (A10, RFC 8705 2.1.2)."""
    tls_client_auth_san_dns: CertificateName | None = None
    """A host name among the alternative names of that certificate."""
    tls_client_auth_san_uri: CertificateName | None = None
    """A URI among them; compared letter by letter."""
    tls_client_auth_san_ip: CertificateName | None = None
    """An IP address among them."""
    tls_client_auth_san_email: CertificateName | None = None
    """An e-mail address among them."""
    secret_hash: str | None = None
    """SHA-256 of the client secret, base64url. Kept by the services."""
    secret_sealed: str | None = None
    """The secret itself, sealed with the server's key; kept where a rule needs the clear text (A18)."""
    jwks: tuple[Mapping[str, Any], ...] = ()
    """Public keys of the client, for `private_key_jwt`, for signed request objects, and for what is encrypted to it;
    with their certificates (`x5c`) for `self_signed_tls_client_auth`."""
    jwks_uri: Uri | None = None
    """Where those keys stand instead: fetched when they are needed, and again for a `kid` that is not there (A25)."""
    id_token_signed_response_alg: IdTokenAlgorithm = "RS256"
    """One that the realm has a key for, or an HMAC algorithm, whose key is the client secret. `none`: unsigned, for a
    client that gets it over TLS from the token endpoint and relies on that (A12, OIDC Core 3.1.3.7)."""
    userinfo_signed_response_alg: IdTokenAlgorithm | None = None
    """How userinfo is signed, by the same rules as ID tokens; it is a JWT then, with `iss` and `aud`. None: plain JSON
    (OIDC Core 5.3.2)."""
    id_token_encrypted_response_alg: EncryptionAlgorithm | None = None
    """How ID tokens are encrypted after they were signed, to a key of the client. None: they are not (OIDC Core
    10.2)."""
    id_token_encrypted_response_enc: ContentEncryption | None = None
    """None: A128CBC-HS256, where ID tokens are encrypted at all (OIDC Registration 2)."""
    userinfo_encrypted_response_alg: EncryptionAlgorithm | None = None
    """How userinfo is encrypted, signed or not, to a key of the client. None: it is not (OIDC Core 5.3.2)."""
    userinfo_encrypted_response_enc: ContentEncryption | None = None
    """None: A128CBC-HS256, where userinfo is encrypted at all (OIDC Registration 2)."""
    introspection_signed_response_alg: IntrospectionAlgorithm | None = None
    """How introspection is signed where the request asks for a JWT; else it is plain JSON. None: RS256 (RFC 9701 6)."""
    require_auth_time: bool = False
    """On: `auth_time` is in every ID token (A13)."""
    max_groups_in_id_token: Annotated[int, Ge(0), Le(MOST_GROUPS)] | None = None
    """Of who is in more groups an ID token has no `groups` but `hasgroups`; userinfo has all. None: no limit (A24)."""
    default_max_age: Annotated[int, Ge(0), Le(LONGEST_AGE)] | None = None
    """Seconds a sign-in may be old where a request has no `max_age` (OIDC Registration 2). None: as old as it is."""
    default_acr_values: tuple[AcrValue, ...] = ()
    """Authentication contexts, most wanted first, where a request has no `acr_values` (OIDC Registration 2)."""
    subject_type: Literal["public", "pairwise"] = "public"
    sector_identifier_uri: Uri | None = None
    """Its host is the sector of pairwise subjects, so that redirect URIs may have different hosts (A14). What stands
    there is checked when a client registers itself."""
    access_token_format: Literal["opaque", "jwt"] = "opaque"
    """`jwt`: RFC 9068. Both kinds are revocable here, because every use looks the token up (A17)."""
    access_token_ttl: TokenLifetime = "default"
    refresh_token_ttl: TokenLifetime = "default"
    pkce: Literal["off", "allowed", "required", "S256"] = "allowed"
    """Public clients must use PKCE whatever this says; `S256` requires that method (A26)."""
    allowed_scopes: tuple[str, ...] = ()
    """Scopes this client may ask for; none listed: every scope of the realm. What a request without `scope` is for
    depends on the grant type (A23)."""
    allowed_origins: tuple[str, ...] = ()
    """Origins whose scripts may call token, userinfo, revocation and introspection; `*` allows all (A20)."""
    client_uri: Uri | None = None
    """Home page of the application, for people."""
    logo_uri: Uri | None = None
    """Image that login and consent page show (OIDC Registration 2)."""
    policy_uri: Uri | None = None
    """What it does with people's data; login and consent page lead there."""
    tos_uri: Uri | None = None
    """Its terms of service; login and consent page lead there."""
    contacts: tuple[str, ...] = ()
    """E-mail addresses of those who are responsible."""
    software_id: Annotated[str, MinLen(1), MaxLen(255)] | None = None
    """Of the software the client is an instance of: the same in all of them (RFC 7591 2)."""
    software_version: Annotated[str, MinLen(1), MaxLen(255)] | None = None
    """Of that software."""
    initiate_login_uri: Uri | None = None
    """Where a third party may begin a login, https only (OIDC Core 4)."""
    localized: Mapping[str, str] = field(default_factory=dict)
    """Names and addresses in other languages, for example `client_name#de` (OIDC Registration 2.1). Login and consent
    page show those that suit `ui_locales`, else the browser's languages."""
    status: Literal["active", "deactivated"] = "active"
    closed: bool = False
    """On: only members and invited people may sign in (B5)."""
    restricted: bool = False
    """On: only administrators of this application may sign in (B4)."""
    generation: str = ""
    """Replaced when everything issued to this application so far must die (B3). Kept by the services."""
    first_generation: str = ""
    """As `generation` was at first: tells it from a former application of the same id. Kept by the services."""

    @property
    def public(self) -> bool:
        """Whether the client cannot keep a secret (RFC 6749 2.1)."""
        return self.token_endpoint_auth_method == "none"

    @property
    def hears_of_each_session(self) -> bool:
        """Whether each logout token names one session (OIDC Back-Channel Logout 2.2, 2.4)."""
        return self.backchannel_logout_session_required or self.backchannel_logout_claims == "sid"

    def deactivated(self, generation: str) -> "Application":
        """The application shut down: whatever was issued under the old generation is dead (B3)."""
        return replace(self, status="deactivated", generation=generation)

    def reactivated(self) -> "Application":
        """The application open for business again; users have to authorize anew (B3)."""
        return replace(self, status="active")
