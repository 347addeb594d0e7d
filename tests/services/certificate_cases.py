"""Applications that authenticate with certificates, and some that cannot (A10, A11, RFC 8705 2)."""

from typing import Any

from tests.support.certificates import certificate

BY_AUTHORITY: dict[str, Any] = {"token_endpoint_auth_method": "tls_client_auth"}
SELF_SIGNED: dict[str, Any] = {"token_endpoint_auth_method": "self_signed_tls_client_auth"}
SUBJECT = "tls_client_auth_subject_dn"
_MINE, _OTHER = certificate().jwk(), certificate().jwk()
_BARE = {name: value for name, value in _MINE.items() if name != "x5c"}

KEPT: list[dict[str, Any]] = [
    {**BY_AUTHORITY, SUBJECT: "CN=shop,OU=a\\, b+OU=c,O=Example,2.5.4.97=#0c0161,emailAddress=a@b.c,C=DE"},
    {**BY_AUTHORITY, "tls_client_auth_san_dns": "shop.example"},
    {**BY_AUTHORITY, "tls_client_auth_san_uri": "urn:example:shop"},
    {**BY_AUTHORITY, "tls_client_auth_san_ip": "2001:db8::1"},
    {**BY_AUTHORITY, "tls_client_auth_san_ip": "192.0.2.1"},
    {**BY_AUTHORITY, "tls_client_auth_san_email": "shop@example.com"},
    {"introspection_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "shop"},
    {"tls_client_auth_san_dns": "shop"},
    {**SELF_SIGNED, "jwks": (_BARE, _OTHER)},
    {**SELF_SIGNED, "jwks": ({**_MINE, "x5c": [*_MINE["x5c"], *_OTHER["x5c"]]},)},
    {**SELF_SIGNED, "jwks_uri": "https://shop.example/jwks"},
    {"jwks": (_MINE,)},
]

BROKEN: list[tuple[str, dict[str, Any], str]] = [
    (SUBJECT, BY_AUTHORITY, "is missing; tls_client_auth needs exactly one of"),
    (SUBJECT, {"revocation_endpoint_auth_method": "tls_client_auth"}, "is missing"),
    (
        "tls_client_auth_san_ip",
        {**BY_AUTHORITY, SUBJECT: "CN=shop", "tls_client_auth_san_ip": "192.0.2.1"},
        "tls_client_auth_subject_dn too",
    ),
    *[
        (SUBJECT, {**BY_AUTHORITY, SUBJECT: name}, "such as CN=shop,O=Example,C=DE")
        for name in (" ", "shop", "/CN=shop/O=Example", "CN=shop,", "Color=red", "CN=shop, O=Example", "1.2.x=a")
    ],
    *[
        ("tls_client_auth_san_dns", {**BY_AUTHORITY, "tls_client_auth_san_dns": name}, "is no host name")
        for name in ("*.example", "https://shop.example", "shop.example.", "a" * 64, "café")
    ],
    *[
        ("tls_client_auth_san_uri", {**BY_AUTHORITY, "tls_client_auth_san_uri": uri}, "is no absolute URI")
        for uri in ("shop", "https://", "urn:", "https://shop.example/a b", "https://[::1", "https://café.example")
    ],
    ("tls_client_auth_san_ip", {**BY_AUTHORITY, "tls_client_auth_san_ip": "192.0.2.0/24"}, "is no IP address"),
    ("tls_client_auth_san_email", {**BY_AUTHORITY, "tls_client_auth_san_email": "shop"}, "is no e-mail address"),
    ("jwks", SELF_SIGNED, "has no key with a certificate"),
    ("jwks", {**SELF_SIGNED, "jwks": (_BARE,)}, "has no key with a certificate"),
    ("jwks", {"introspection_endpoint_auth_method": "self_signed_tls_client_auth"}, "has no key with a certificate"),
    ("jwks[0].x5c[0]", {"jwks": ({**_MINE, "x5c": _OTHER["x5c"]},)}, "a certificate of another key"),
    ("jwks[0].x5c[0]", {"jwks": ({**_MINE, "x5c": ["AAAA"]},)}, "is no X.509 certificate"),
    *[("jwks[0].x5c", {"jwks": ({**_MINE, "x5c": x5c},)}, "in base64") for x5c in ([], "AAAA", ["_-"], [1], None)],
]
