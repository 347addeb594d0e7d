"""The whole provider in one list: name, methods, path, and the file that has the functions of each endpoint."""

from oidc_harness.provider.endpoint import Endpoint

POST, EITHER = ("POST",), ("GET", "POST")
DOCUMENT = ("GET", "HEAD")
"""What waits for a server to come up often asks by HEAD."""
OPENID_CONFIGURATION = "/.well-known/openid-configuration"
OAUTH_AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server"
WEBFINGER = "/.well-known/webfinger"

ENDPOINTS = (
    Endpoint("discovery", DOCUMENT, OPENID_CONFIGURATION, "discovery", "all", document="metadata"),
    Endpoint("discovery", DOCUMENT, OAUTH_AUTHORIZATION_SERVER, "discovery", "all", document="metadata"),
    Endpoint("webfinger", DOCUMENT, WEBFINGER, "webfinger", "all"),
    Endpoint("jwks", DOCUMENT, "/jwks", "jwks", "all", document="jwks"),
    Endpoint("authorize", EITHER, "/authorize", "authorize"),
    Endpoint("token", POST, "/token", "token", "application"),
    Endpoint("userinfo", EITHER, "/userinfo", "userinfo", "application", "any"),
    Endpoint("claims", ("GET",), "/claims", "claims", "application"),
    Endpoint("introspection", POST, "/introspect", "introspect", "application"),
    Endpoint("revocation", POST, "/revoke", "revoke", "application"),
    Endpoint("registration", POST, "/register", "registration", body="json"),
    Endpoint(
        "client_configuration", ("GET", "PUT", "DELETE"), "/register/{client_id}", "client_configuration", body="json"
    ),
    Endpoint("end_session", EITHER, "/end_session", "end_session"),
    Endpoint("check_session", DOCUMENT, "/check_session", "check_session"),
)
