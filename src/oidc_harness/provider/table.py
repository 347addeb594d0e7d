"""The whole provider in one list: name, methods, path, and the functions of each endpoint."""

from oidc_harness.provider import (
    authorize,
    discovery,
    end_session,
    introspect,
    jwks,
    revoke,
    token,
    userinfo,
)
from oidc_harness.provider.endpoint import Endpoint
from oidc_harness.provider.refusal import refuse_bearer, refuse_in_json

POST, EITHER = ("POST",), ("GET", "POST")
DOCUMENT = ("GET", "HEAD")
"""What waits for a server to come up often asks by HEAD."""
OPENID_CONFIGURATION = "/.well-known/openid-configuration"
OAUTH_AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server"

ENDPOINTS = (
    Endpoint(
        "discovery",
        DOCUMENT,
        OPENID_CONFIGURATION,
        discovery.load,
        discovery.decide,
        refuse_in_json,
        discovery.about,
        "all",
    ),
    Endpoint(
        "discovery",
        DOCUMENT,
        OAUTH_AUTHORIZATION_SERVER,
        discovery.load,
        discovery.decide,
        refuse_in_json,
        discovery.about,
        "all",
    ),
    Endpoint("jwks", DOCUMENT, "/jwks", jwks.load, jwks.decide, refuse_in_json, jwks.about, "all"),
    Endpoint("authorize", EITHER, "/authorize", authorize.load, authorize.decide, authorize.refuse, authorize.about),
    Endpoint("token", POST, "/token", token.load, token.decide, refuse_in_json, token.about, "application"),
    Endpoint(
        "userinfo",
        EITHER,
        "/userinfo",
        userinfo.load,
        userinfo.decide,
        refuse_bearer,
        userinfo.about,
        "application",
    ),
    Endpoint(
        "introspection",
        POST,
        "/introspect",
        introspect.load,
        introspect.decide,
        refuse_in_json,
        introspect.about,
        "application",
    ),
    Endpoint("revocation", POST, "/revoke", revoke.load, revoke.decide, refuse_in_json, revoke.about, "application"),
    Endpoint(
        "end_session",
        EITHER,
        "/end_session",
        end_session.load,
        end_session.decide,
        end_session.refuse,
        end_session.about,
    ),
)
