"""Applications that keep the rules about applications, and some that break one each."""

from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.jose import generate_private_jwk, public_part
from oidc_harness.services.application_rules import Realm
from tests.services import certificate_cases

WEB = Application(id="shop", name="Shop", redirect_uris=("https://shop.example/callback",))
PUBLIC: dict[str, Any] = {"token_endpoint_auth_method": "none"}
NATIVE: dict[str, Any] = {**PUBLIC, "application_type": "native"}
MACHINE: dict[str, Any] = {"grant_types": ("client_credentials",), "response_types": (), "redirect_uris": ()}
FRONT: dict[str, Any] = {
    "grant_types": ("authorization_code", "implicit", "refresh_token"),
    "response_types": ("code", "id_token", "token", "id_token token", "code id_token", "code token", "none"),
}
PRIVATE_KEY = generate_private_jwk("ES256")
PUBLIC_KEY = public_part(PRIVATE_KEY)


def without(jwk: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in jwk.items() if name not in names}


BY_KEY: dict[str, Any] = {"token_endpoint_auth_method": "private_key_jwt"}
ENCRYPTS = {**without(PUBLIC_KEY, "alg"), "use": "enc"}
NOBODYS_KEY = {"kty": "OKP", "crv": "X25519", "x": "A" * 43}
"""With it everybody agrees on the same secret (RFC 7748 6.1)."""
UNFIT = [
    ENCRYPTS,
    *[public_part(generate_private_jwk(alg)) for alg in ("ES384", "ES512", "ES256K", "RS384", "PS512")],
    without(public_part(generate_private_jwk("ES384")), "alg"),
    {**without(PUBLIC_KEY, "use"), "key_ops": ["encrypt"]},
]
REALM = Realm(RealmPolicy(web_redirect_uris="https_with_implicit"), ("RS256", "ES256"), ("RSA-OAEP", "RSA-OAEP-256"))

KEPT: list[dict[str, Any]] = [
    *certificate_cases.KEPT,
    {},
    {"id": "!", "name": "x" * 64, "description": "x" * 255},
    {"name": "Café ☕"},
    {"address": "https://shop.example"},
    {"address": "http://[::1]:8080"},
    {"address": "https://Shop.example:8443"},
    {**NATIVE, "address": "myapp://callback"},
    {**NATIVE, "address": "com.example.shop://open:1"},
    {"redirect_uris": ("https://shop.example/a?b=c",), "post_logout_redirect_uris": ("https://shop.example/?code=1",)},
    {"redirect_uris": ("http://shop.example/a?b=c",)},
    {**NATIVE, "redirect_uris": ("com.example.app:/callback", "myapp://callback")},
    {**NATIVE, "redirect_uris": ("http://127.0.0.1/callback", "http://[::1]/callback", "https://app.example/cb")},
    {"post_logout_redirect_uris": ("https://shop.example/bye",)},
    {"backchannel_logout_uri": "https://shop.example:8443/out?of=all", "backchannel_logout_session_required": True},
    {"backchannel_logout_uri": "http://shop.internal/out"},
    *(
        {"backchannel_logout_uri": "https://shop.example/out", "backchannel_logout_claims": claims}
        for claims in ("sub", "sid", "sub_and_sid")
    ),
    {**PUBLIC, "backchannel_logout_uri": "http://127.0.0.1:8000/out"},
    {**NATIVE, "redirect_uris": ("myapp:/cb",), "backchannel_logout_uri": "http://localhost/out"},
    {"frontchannel_logout_uri": "https://shop.example:443/out?a=b", "frontchannel_logout_session_required": True},
    {"redirect_uris": ("http://[::1]:80/cb",), "frontchannel_logout_uri": "http://[::1]/out"},
    MACHINE,
    {**MACHINE, "grant_types": ("password", "refresh_token")},
    {"token_endpoint_auth_method": "private_key_jwt", "jwks": (PUBLIC_KEY,)},
    *[{**BY_KEY, "jwks": (public_part(generate_private_jwk(alg)),)} for alg in ("RS256", "PS256", "EdDSA")],
    {**BY_KEY, "jwks": ({**ENCRYPTS, "kid": "enc"}, PUBLIC_KEY)},
    {**BY_KEY, "jwks": (without(PUBLIC_KEY, "alg", "use"),)},
    {"jwks": (ENCRYPTS,)},
    {**PUBLIC, "introspection_endpoint_auth_method": "client_secret_post"},
    FRONT,
    {"grant_types": ("implicit",), "response_types": ("id_token",)},
    {"grant_types": ("implicit", "authorization_code"), "response_types": ("code id_token token",)},
    {"grant_types": ("client_credentials",), "response_types": ("none",)},
    {**FRONT, "response_types": ("code", "code token"), "id_token_signed_response_alg": "none"},
    {"id_token_signed_response_alg": "ES256"},
    {"id_token_signed_response_alg": "HS256"},
    {"id_token_signed_response_alg": "HS512"},
    {"id_token_signed_response_alg": "none"},
    {**PUBLIC, "id_token_signed_response_alg": "none"},
    {"request_uris": ("https://shop.example/o.jwt", f"https://shop.example/o.jwt?a=b#{'h' * 43}", "http://a.example/")},
    {"request_object_signing_alg": "none"},
    {**PUBLIC, "request_object_signing_alg": "none"},
    {"request_object_signing_alg": "HS256"},
    {"request_object_encryption_alg": "RSA-OAEP-256", "request_object_encryption_enc": "A256GCM"},
    {"request_object_signing_alg": "ES256", "jwks": (ENCRYPTS, PUBLIC_KEY)},
    *[{"userinfo_signed_response_alg": alg} for alg in (None, "RS256", "ES256", "HS512", "none")],
    {**FRONT, "userinfo_signed_response_alg": "none"},
    {"introspection_signed_response_alg": "ES256"},
    {"introspection_signed_response_alg": "RS256"},
    {"introspection_signed_response_alg": "HS256"},
    {"id_token_encrypted_response_alg": "ECDH-ES", "jwks": (ENCRYPTS,)},
    {"id_token_encrypted_response_alg": "RSA-OAEP", "jwks_uri": "https://rp.example/jwks"},
    {"id_token_encrypted_response_alg": "ECDH-ES+A128KW", "jwks": (PUBLIC_KEY, without(ENCRYPTS, "use"))},
    {
        "userinfo_encrypted_response_alg": "ECDH-ES",
        "userinfo_encrypted_response_enc": "A256GCM",
        "jwks": (ENCRYPTS,),
    },
    {"subject_type": "pairwise", "redirect_uris": ("https://shop.example/a", "https://shop.example:8443/b")},
    {**NATIVE, "subject_type": "pairwise", "redirect_uris": ("myapp:/cb",)},
    {**PUBLIC, "pkce": "S256"},
    {"pkce": "off"},
    {"access_token_ttl": 0, "refresh_token_ttl": 0},
    {"access_token_ttl": None, "refresh_token_ttl": None},
    {"access_token_ttl": None, "grant_types": ("authorization_code",)},
    {"refresh_token_ttl": 3600},
    {"allowed_scopes": ("openid", "urn:x:read")},
    {"allowed_origins": ("*", "https://shop.example", "http://localhost:3000", "http://[::1]:3000")},
]

# field, changes, a part of the message
BROKEN: list[tuple[str, dict[str, Any], str]] = [
    *certificate_cases.BROKEN,
    ("logo_uri", {"logo_uri": "javascript:alert(1)"}, "http(s)://host[:port]"),
    ("logo_uri", {"logo_uri": "https://me@rp.example/logo"}, "http(s)://host[:port]"),
    ("policy_uri", {"policy_uri": 'https://rp.example/"onload='}, "visible ASCII"),
    ("tos_uri", {"tos_uri": "https://rp.example:99999/"}, "http(s)://host[:port]"),
    ("jwks_uri", {"jwks_uri": "file:///etc/passwd"}, "http(s)://host[:port]"),
    ("jwks_uri", {"jwks_uri": "https://rp.example/jwks", "jwks": (PUBLIC_KEY,)}, "keys stand in one place"),
    ("sector_identifier_uri", {"sector_identifier_uri": "rp.example"}, "http(s)://host[:port]"),
    ("initiate_login_uri", {"initiate_login_uri": "http://rp.example/"}, "must be https"),
    ("contacts[0]", {"contacts": ("",)}, "expected 1 to 2048"),
    ("localized.name#de", {"localized": {"name#de": "Hut"}}, "is no member with a language"),
    ("localized.tos_uri#de", {"localized": {"tos_uri#de": "javascript:x"}}, "http(s)://host[:port]"),
    ("localized.logo_uri#de", {"localized": {"logo_uri#de": ""}}, "expected 1 to 2048"),
    ("name", {"name": "Shop\u202ekcatta"}, "cannot be shown"),
    ("localized.client_name#de", {"localized": {"client_name#de": "A\nB"}}, "cannot be shown"),
    ("localized.client_name#de", {"localized": {"client_name#de": " "}}, "is empty"),
    ("localized.client_name#de", {"localized": {"client_name#de": "x" * 65}}, "is 64 (name_limit)"),
    ("id", {"id": "has space"}, "visible ASCII"),
    ("id", {"id": "x" * 256}, "1 to 255"),
    ("id", {"id": "café"}, "visible ASCII"),
    ("id", {"id": ".."}, "visible ASCII"),
    ("name", {"name": "  "}, "is empty"),
    ("name", {"name": "x" * 65}, "has 65 characters; the limit of this realm is 64 (name_limit)"),
    ("name", {"name": "x" * 300}, "has 300 characters; the limit of this realm is 64 (name_limit)"),
    ("description", {"description": "x" * 256}, "has 256 characters; the limit of this realm is 255"),
    ("address", {"address": "shop.example"}, "scheme://host[:port]"),
    ("address", {"address": "https://shop.example/path"}, "nothing else"),
    ("address", {"address": "https://shop.example?"}, "nothing else"),
    ("address", {"address": "https://me@shop.example"}, "nothing else"),
    ("address", {"address": "https://shop.example:99999"}, "is no address"),
    ("address", {"address": "https://shop.\texample"}, "is no address"),
    ("address", {"address": "myapp://callback"}, "a web application's is http or https"),
    ("address", {"address": "javascript://shop.example"}, "can run or open local content"),
    ("address", {**NATIVE, "address": "javascript:alert(1)"}, "can run or open local content"),
    ("address", {**NATIVE, "address": "data://x"}, "can run or open local content"),
    ("address", {**NATIVE, "address": "FILE://etc"}, "can run or open local content"),
    ("address", {**NATIVE, "address": "myapp:"}, "nothing else"),
    ("address", {**NATIVE, "address": "myapp://"}, "nothing else"),
    ("address", {**NATIVE, "address": "myapp:/callback"}, "nothing else"),
    ("address", {**NATIVE, "address": "myapp://callback/path"}, "nothing else"),
    ("address", {**NATIVE, "address": "myapp://callback#x"}, "nothing else"),
    ("address", {**NATIVE, "address": "myapp://me@callback"}, "nothing else"),
    ("address", {"address": "https://*.example"}, "nothing else"),
    ("address", {"address": "https://shop.example\\@evil.example"}, "nothing else"),
    ("grant_types", {"grant_types": ()}, "is empty"),
    ("grant_types[1]", {"grant_types": ("authorization_code",) * 2}, "'authorization_code' is listed already"),
    ("response_types[1]", {"response_types": ("code", "code")}, "'code' is listed already"),
    ("response_types", {"response_types": ()}, "none that the grant type authorization_code is for"),
    ("response_types", {"grant_types": ("authorization_code", "implicit")}, "none that the grant type implicit is for"),
    ("response_types", {"response_types": ("code", "id_token")}, "grant_types lacks implicit"),
    (
        "response_types",
        {"response_types": ("code id_token",), "grant_types": ("implicit",)},
        "lacks authorization_code",
    ),
    ("id_token_signed_response_alg", {**FRONT, "id_token_signed_response_alg": "none"}, "from the token endpoint"),
    ("response_types", {"grant_types": ("client_credentials",)}, "make both agree"),
    ("grant_types", {**MACHINE, "grant_types": ("refresh_token",)}, "neither"),
    ("grant_types", {**MACHINE, **PUBLIC}, "RFC 6749 4.4"),
    ("redirect_uris", {"redirect_uris": ()}, "needs at least one"),
    ("redirect_uris[0]", {"redirect_uris": ("/callback",)}, "absolute"),
    ("redirect_uris[1]", {"redirect_uris": ("https://a.example/", "https://a.example/#x")}, "fragment"),
    (
        "redirect_uris[0]",
        {
            "redirect_uris": ("http://a.example/",),
            "response_types": ("code", "id_token"),
            "grant_types": ("authorization_code", "implicit"),
        },
        "must be https, because",
    ),
    ("redirect_uris[0]", {"redirect_uris": ("https://*.example/",)}, "no wildcards"),
    ("redirect_uris[0]", {"redirect_uris": ("myapp:/callback",)}, "private-use schemes are for native"),
    ("redirect_uris[0]", {**NATIVE, "redirect_uris": ("http://app.example/cb",)}, "loopback interface only"),
    ("redirect_uris[0]", {**NATIVE, "redirect_uris": ("javascript:alert(1)",)}, "javascript"),
    ("redirect_uris[1]", {"redirect_uris": ("https://a.example/",) * 2}, "listed already"),
    ("redirect_uris[0]", {"redirect_uris": ("https://a.example/?code=1",)}, "its query has code"),
    ("post_logout_redirect_uris[0]", {"post_logout_redirect_uris": ("https://a.example/?state=1",)}, "has state"),
    ("post_logout_redirect_uris[0]", {"post_logout_redirect_uris": ("https://a.example/#",)}, "fragment"),
    ("backchannel_logout_uri", {"backchannel_logout_session_required": True}, "is missing"),
    (
        "backchannel_logout_claims",
        {
            "backchannel_logout_uri": "https://shop.example/out",
            "backchannel_logout_session_required": True,
            "backchannel_logout_claims": "sub",
        },
        "leaves out sid",
    ),
    ("backchannel_logout_uri", {"backchannel_logout_uri": "/out"}, "absolute"),
    ("backchannel_logout_uri", {"backchannel_logout_uri": "https://shop.example/out#"}, "fragment"),
    ("backchannel_logout_uri", {"backchannel_logout_uri": "https://me@shop.example/out"}, "user before the host"),
    ("backchannel_logout_uri", {**NATIVE, "backchannel_logout_uri": "myapp:/out"}, "has to be http or https"),
    ("backchannel_logout_uri", {**NATIVE, "backchannel_logout_uri": "http://app.example/out"}, "loopback"),
    ("backchannel_logout_uri", {"backchannel_logout_uri": "https://shop.example;a/out"}, "expected scheme://host"),
    ("frontchannel_logout_uri", {"frontchannel_logout_session_required": True}, "is missing"),
    ("frontchannel_logout_uri", {"frontchannel_logout_uri": "https://shop.example/out#"}, "fragment"),
    ("frontchannel_logout_uri", {"frontchannel_logout_uri": "https://shop.example/out?sid=1"}, "has sid"),
    ("frontchannel_logout_uri", {"frontchannel_logout_uri": "http://shop.example/out"}, "those of a redirect URI"),
    ("frontchannel_logout_uri", {"frontchannel_logout_uri": "https://shop.example:1/out"}, "those of a redirect URI"),
    ("frontchannel_logout_uri", {"frontchannel_logout_uri": "https://www.shop.example/"}, "those of a redirect URI"),
    ("frontchannel_logout_uri", {**NATIVE, "frontchannel_logout_uri": "myapp:/out"}, "has to be http or https"),
    ("backchannel_logout_uri", {**PUBLIC, "backchannel_logout_uri": "http://shop.example/out"}, "by https only"),
    ("jwks", {"token_endpoint_auth_method": "private_key_jwt"}, "needs at least one public key"),
    ("jwks", {"introspection_endpoint_auth_method": "private_key_jwt"}, "needs at least one public key"),
    ("jwks[0].d", {"jwks": (PRIVATE_KEY,)}, "private member"),
    *[
        ("jwks", {**BY_KEY, "jwks": (jwk,)}, "RS256 (RSA), PS256 (RSA), ES256 (EC P-256), EdDSA (OKP Ed25519)")
        for jwk in UNFIT
    ],
    ("jwks", {"revocation_endpoint_auth_method": "private_key_jwt", "jwks": (ENCRYPTS,)}, "has no key for"),
    ("introspection_endpoint_auth_method", {"introspection_endpoint_auth_method": "none"}, "RFC 7662 2.1"),
    ("introspection_endpoint_auth_method", {**PUBLIC, "introspection_endpoint_auth_method": "none"}, "leave it out"),
    ("jwks[1].kty", {"jwks": (PUBLIC_KEY, {})}, "is missing"),
    (
        "id_token_signed_response_alg",
        {"id_token_signed_response_alg": "PS256"},
        "signs with RS256, ES256, HS256, HS384, HS512, none",
    ),
    ("id_token_signed_response_alg", {"id_token_signed_response_alg": "ES512"}, "no key for it"),
    ("id_token_signed_response_alg", {**PUBLIC, "id_token_signed_response_alg": "HS256"}, "public client has none"),
    ("userinfo_signed_response_alg", {"userinfo_signed_response_alg": "ES512"}, "no key for it"),
    ("userinfo_signed_response_alg", {**PUBLIC, "userinfo_signed_response_alg": "HS256"}, "public client has none"),
    ("request_object_encryption_alg", {"request_object_encryption_alg": "ECDH-ES"}, "opens RSA-OAEP, RSA-OAEP-256"),
    (
        "request_object_encryption_enc",
        {"request_object_encryption_enc": "A128GCM"},
        "needs request_object_encryption_alg",
    ),
    *[
        case
        for answer in ("id_token", "userinfo")
        for case in (
            (
                f"{answer}_encrypted_response_enc",
                {f"{answer}_encrypted_response_enc": "A128GCM", "jwks": (ENCRYPTS,)},
                f"needs {answer}_encrypted_response_alg",
            ),
            ("jwks", {f"{answer}_encrypted_response_alg": "RSA-OAEP"}, f"no key for {answer}_encrypted_response_alg"),
            ("jwks", {f"{answer}_encrypted_response_alg": "RSA-OAEP", "jwks": (ENCRYPTS,)}, "takes one of type RSA;"),
            ("jwks", {f"{answer}_encrypted_response_alg": "ECDH-ES", "jwks": (PUBLIC_KEY,)}, "must be enc"),
            ("jwks", {f"{answer}_encrypted_response_alg": "ECDH-ES", "jwks": (NOBODYS_KEY,)}, "has no key"),
        )
    ],
    ("introspection_signed_response_alg", {"introspection_signed_response_alg": "ES512"}, "no key for it"),
    ("id_token_signed_response_alg", {**PUBLIC, "id_token_signed_response_alg": "HS384"}, "public client has none"),
    *[
        ("request_uris[0]", {"request_uris": (uri,)}, told)
        for uri, told in (
            ("ftp://shop.example/o", "is not an https URL"),
            ("urn:ietf:params:oauth:request_uri:x", "is not an https URL"),
            ("https:///o", "is not an https URL"),
            ("https://shop.example:99999/", "is not a URL"),
            ("https://shop.example/a b", "visible ASCII"),
            ("https://café.example/", "visible ASCII"),
            ("https://me@shop.example/", "credentials"),
            ("https://shop.example/o#", "SHA-256"),
            (f"https://shop.example/o#{'h' * 42}=", "SHA-256"),
        )
    ],
    ("request_uris[1]", {"request_uris": ("https://shop.example/o",) * 2}, "is listed already"),
    ("request_object_signing_alg", {**PUBLIC, "request_object_signing_alg": "HS256"}, "public client has none"),
    ("request_object_signing_alg", {"request_object_signing_alg": "ES256"}, "no key that verifies it"),
    ("request_object_signing_alg", {"request_object_signing_alg": "ES256", "jwks": (ENCRYPTS,)}, "no key that"),
    ("request_object_signing_alg", {"request_object_signing_alg": "RS256", "jwks": (PUBLIC_KEY,)}, "no key that"),
    (
        "subject_type",
        {"subject_type": "pairwise", "redirect_uris": ("https://a.example/", "https://b.example/")},
        "found a.example, b.example",
    ),
    ("subject_type", {**MACHINE, "subject_type": "pairwise"}, "found no redirect URI"),
    ("pkce", {**NATIVE, "pkce": "off"}, "must use PKCE"),
    ("refresh_token_ttl", {"refresh_token_ttl": 3599}, "would live 3599 s, access tokens 3600 s"),
    ("access_token_ttl", {"access_token_ttl": None}, "would live 7776000 s, access tokens forever"),
    ("refresh_token_ttl", {"access_token_ttl": 20, "refresh_token_ttl": 10}, "live 10 s, access tokens 20 s"),
    ("default_acr_values[1]", {"default_acr_values": ("1", "two words")}, "visible ASCII"),
    ("allowed_scopes[1]", {"allowed_scopes": ("openid", "two words")}, "one scope"),
    ("allowed_origins[0]", {"allowed_origins": ("shop.example",)}, "is no origin"),
    ("allowed_origins[0]", {"allowed_origins": ("https://shop.example/",)}, "expected https://shop.example"),
    ("allowed_origins[0]", {"allowed_origins": ("https://Shop.example:443",)}, "expected https://shop.example"),
    ("allowed_origins[0]", {"allowed_origins": ("https://café.example",)}, "is no origin"),
    ("allowed_origins[0]", {"allowed_origins": ("http://*.example",)}, "is no origin"),
]
