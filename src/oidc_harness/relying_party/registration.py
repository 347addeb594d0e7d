"""What a client knows of itself: the data it was given when it was registered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registration:
    """One client at one provider (RFC 7591 2, OpenID Connect Registration 2).

    `issuer` is compared character by character with what the provider says of itself. `client_secret` is None
    for a public client. `auth_method` is one of `none`, `client_secret_basic`, `client_secret_post` and
    `client_secret_jwt`. `id_token_alg` is the only signing algorithm this client takes in an ID token.
    `code_challenge_method` is `S256` or `plain`, or empty for a client that sends no PKCE challenge (RFC 7636
    4.2). `timeout_seconds` bounds one whole request to the provider, body included. `resource_url` is the
    protected resource the client calls with its access token; None means the provider's userinfo endpoint.
    """

    issuer: str
    client_id: str
    client_secret: str | None
    redirect_uri: str
    post_logout_redirect_uri: str
    scope: str = "openid profile email"
    auth_method: str = "client_secret_basic"
    id_token_alg: str = "RS256"
    timeout_seconds: float = 5.0
    code_challenge_method: str = "S256"
    resource_url: str | None = None
